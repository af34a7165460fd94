"""Holds a target to every `oneOf` and `anyOf` of the document: in requests, answers and itself."""

from collections.abc import Callable, Iterator
from functools import partial

from contracts.checks.variants_overlaps import distinct_places
from contracts.checks.variants_places import Occurrence, Place, Variants
from contracts.suites.session import Case, Options, Session
from contracts.suites.variants.overlapping import tell_overlaps
from contracts.suites.variants.private_links import link_cases
from contracts.suites.variants.requests import try_requests
from contracts.suites.variants.responses import see_errors, see_responses
from contracts.yardstick import Yardstick
from mockserver.openapi import Direction

SUITE = "variants"


def cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """A case for each place and direction, one for each set of variants that may overlap, and the
    known rules of private links.

    A place in requests has a case for each of its operations, a place in answers one for all. A
    quick run leaves out overlaps, and places of the same name at other operations.
    """
    variants = Variants(yardstick)
    names = _Names()
    known: set[str] = set()
    for place in variants.places:
        for occurrence in place.at("request"):
            if _is_new(known, place, "request") or not options.quick:
                run = partial(try_requests, variants=variants, place=place, occurrence=occurrence)
                rule = names.rule("request", occurrence, place)
                yield _case(occurrence, rule, run, writes=True)
        if good := _answers(place, "2"):
            if _is_new(known, place, "response") or not options.quick:
                run = partial(see_responses, variants=variants, place=place, occurrences=good)
                writes = any(one.operation.method != "GET" for one in good)
                yield _case(good[0], names.rule("response", good[0], place), run, writes=writes)
        elif (errors := _answers(place, "4")) and not options.quick:
            run = partial(see_errors, variants=variants, place=place, occurrences=errors)
            yield _case(errors[0], names.rule("response", errors[0], place), run, writes=True)
    for place in distinct_places(variants):
        if place.keyword == "oneOf" and not options.quick:
            first = place.occurrences[0]
            yield _case(first, names.rule("overlap", first, place), partial(_tell, place=place))
    if yardstick.domain == "calcom":
        yield from link_cases(variants, options)


class _Names:
    """Rules that are unique at their operation: `request-locations`; of the second place with the
    same path, `request-locations-of-Seats`."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def rule(self, kind: str, occurrence: Occurrence, place: Place) -> str:
        rule = f"{kind}-{_short(occurrence)}"
        if f"{occurrence.operation.label}/{rule}" in self._taken:
            rule += f"-of-{_holder(place)}"
        number, plain = 1, rule
        while f"{occurrence.operation.label}/{rule}" in self._taken:
            number += 1
            rule = f"{plain}-{number}"
        self._taken.add(f"{occurrence.operation.label}/{rule}")
        return rule


def _case(
    occurrence: Occurrence, rule: str, run: Callable[[Session], None], *, writes: bool = False
) -> Case:
    return Case(SUITE, occurrence.operation.label, rule, run, writes=writes)


def _tell(session: Session, place: Place) -> None:
    tell_overlaps(session, place)


def _answers(place: Place, first: str) -> list[Occurrence]:
    """Where answers whose status begins with *first* have the place; `default` counts as error."""
    return [
        one
        for one in place.at("response")
        if one.status.startswith(first) or (first == "4" and one.status == "default")
    ]


def _is_new(known: set[str], place: Place, direction: Direction) -> bool:
    """Whether no place of that name, with as good as the same variants, was met before."""
    key = f"{direction} {_short(place.at(direction)[0])}"
    is_new = key not in known
    known.add(key)
    return is_new


def _short(occurrence: Occurrence) -> str:
    names = [key for key in occurrence.path if key not in ("[]", "*")]
    return "-".join(names) or "body"


def _holder(place: Place) -> str:
    """The component that holds the place; the last key of its pointer outside components."""
    parts = place.pointer.split("/")
    is_component = parts[1:3] == ["components", "schemas"]
    return parts[3] if is_component else parts[-1]
