"""Variants of a document that one value can satisfy at once, each pair with such a value."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations, product
from typing import Final

from contracts.checks.variants import shown, telling_properties
from contracts.checks.variants_places import Branch, Place, Variants
from contracts.findings import Finding, Severity
from contracts.yardstick import Yardstick
from mockserver.model import Document, Json
from mockserver.openapi import Direction

_SEEDS: Final = (1, 2)
_MOST_JOINED: Final = 64
_WITNESS_SHOWN: Final = 400


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two variants of *place*, and a *witness*: a value that a validator accepts for both."""

    place: Place
    one: Branch
    other: Branch
    witness: Json
    note: str


def overlaps(yardstick: Yardstick, variants: Variants | None = None) -> list[Overlap]:
    """Every overlap of the document, in its order; places with the same variants count once."""
    found = variants or Variants(yardstick)
    return [one for place in distinct_places(found) for one in overlaps_at(yardstick, place)]


def distinct_places(variants: Variants) -> list[Place]:
    """One place of each set of variants."""
    places: dict[tuple[tuple[str, ...], tuple[int, ...], str], Place] = {}
    for place in variants.places:
        names = tuple(sorted(place.names))
        unnamed = () if _are_named(place) else (id(place.schema),)
        places.setdefault((names, unnamed, place.keyword), place)
    return list(places.values())


def overlaps_at(yardstick: Yardstick, place: Place) -> list[Overlap]:
    """The overlaps of one place. An `anyOf` may overlap, and a discriminator tells variants apart:
    both have none."""
    if place.keyword == "anyOf" or place.tag or not place.occurrences:
        return []
    direction = place.occurrences[0].direction
    samples = [_samples(yardstick, branch, direction) for branch in place.branches]
    found = []
    for one, other in combinations(range(len(place.branches)), 2):
        if _are_apart(place.branches[one], place.branches[other]):
            continue
        candidates = chain(
            _joined(samples[one], samples[other]), _made(yardstick, place, one, other, direction)
        )
        for witness in candidates:
            if _fits_both(yardstick, place, one, other, witness, direction):
                found.append(_overlap(yardstick.document, place, one, other, witness))
                break
    return found


def overlap_finding(overlap: Overlap) -> Finding:
    """What an overlap says about the document, for those who own it."""
    place = overlap.place
    return Finding(
        rule="oneof-overlap",
        operation=place.occurrences[0].operation.label,
        severity=Severity.LOW,
        message=overlap.note,
        expected="no value fits two variants",
        source=f"document {place.pointer}/{place.keyword}",
        came=shown(overlap.witness),
        cause=f"{place.pointer} {overlap.one.name} {overlap.other.name}",
    )


def _overlap(document: Document, place: Place, one: int, other: int, witness: Json) -> Overlap:
    first, second = place.branches[one], place.branches[other]
    closing = _advice(document, place, one, other, witness)
    note = (
        f"{first.name} and {second.name} both accept {shown(witness, _WITNESS_SHOWN)}; {closing} "
        f"(document {place.pointer}/{place.keyword})"
    )
    return Overlap(place, first, second, witness, note)


def _advice(document: Document, place: Place, one: int, other: int, witness: Json) -> str:
    """What to add to the document so that the two do not overlap."""
    if not isinstance(witness, dict):
        return "leave one of the two variants out, or make their types differ"
    telling = [telling_properties(document, place, witness, index) for index in (one, other)]
    if all(telling) and set(telling[0]) != set(telling[1]):
        return "close both with `additionalProperties: false`, or add a discriminator"
    return "give each a required property with a value of its own, or add a discriminator"


def _are_named(place: Place) -> bool:
    return all("$ref" in branch.schema for branch in place.branches)


def _are_apart(one: Branch, other: Branch) -> bool:
    """Whether a required property has other values in each, so that no value fits both."""
    shared = one.tags.keys() & other.tags.keys()
    return any(not any(v in other.tags[name] for v in one.tags[name]) for name in shared)


def _samples(yardstick: Yardstick, branch: Branch, direction: Direction) -> list[Json]:
    """A few values of a variant that are really valid."""
    sampler, whole = yardstick.sampler, branch.whole
    plain = sampler.sample(whole, pointer=branch.name, direction=direction)
    others = (
        sampler.sample(whole, seed=seed, pointer=branch.name, dynamic=True, direction=direction)
        for seed in _SEEDS
    )
    validator = yardstick.validator(whole, direction)
    return [value for value in (plain, *others) if validator.is_valid(value)]


def _joined(ones: list[Json], others: list[Json]) -> Iterator[Json]:
    """Values that may fit both: samples of each, and the union of their properties."""
    yield from ones
    yield from others
    for one, other in product(ones, others):
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _unions(one, other)


def _unions(one: Document, other: Document) -> Iterator[Document]:
    """Both objects in one, with either's value where both have a property."""
    differing = [name for name in one if name in other and one[name] != other[name]]
    both = {**other, **one}
    choices = product(*((one[name], other[name]) for name in differing))
    for number, values in enumerate(choices):
        if number == _MOST_JOINED:
            return
        yield {**both, **dict(zip(differing, values, strict=True))}


def _made(
    yardstick: Yardstick, place: Place, one: int, other: int, direction: Direction
) -> Iterator[Json]:
    """What the sampler makes of both schemas at once."""
    both = {"allOf": [place.branches[one].whole, place.branches[other].whole]}
    yield yardstick.sampler.sample(both, pointer=place.pointer, direction=direction)


def _fits_both(
    yardstick: Yardstick, place: Place, one: int, other: int, value: Json, direction: Direction
) -> bool:
    return all(
        yardstick.validator(place.branches[index].whole, direction).is_valid(value)
        for index in (one, other)
    )
