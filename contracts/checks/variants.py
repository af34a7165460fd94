"""Holds values to the `oneOf`s of the document: one variant, none, or several, and why.

The plain schema check says that a value fits none of two variants; here every variant gets its
own reason, each item of a list is judged alone, and a discriminator has the last word.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from contracts.checks.variants_places import (
    Branch,
    Place,
    Schema,
    Variants,
    properties_in,
    required_in,
)
from contracts.exchange import Exchange
from contracts.findings import Finding, Severity
from contracts.yardstick import Yardstick
from mockserver.model import MISSING, Document, Json, Violation
from mockserver.openapi import Direction, follow

_NEAREST: Final = 4
_REASONS: Final = 2
_SHOWN: Final = 160


@dataclass(frozen=True, slots=True)
class Judgement:
    """A value held to a place. *fitting* are indexes of branches; *reasons* say of each branch why
    it does not fit, the nearest first, where none does."""

    place: Place
    where: tuple[str | int, ...]
    value: Json
    fitting: tuple[int, ...]
    reasons: tuple[tuple[str, str], ...] = ()

    @property
    def is_good(self) -> bool:
        """One variant fits; or, of an `anyOf`, at least one."""
        return len(self.fitting) == 1 or (self.place.keyword == "anyOf" and bool(self.fitting))

    @property
    def branch(self) -> Branch | None:
        """The one variant that fits, if it is one."""
        return self.place.branches[self.fitting[0]] if len(self.fitting) == 1 else None

    @property
    def path(self) -> tuple[str, ...]:
        """Like `Occurrence.path`: names, `[]` for an index."""
        return tuple(key if isinstance(key, str) else "[]" for key in self.where)


def judged(
    yardstick: Yardstick,
    place: Place,
    value: Json,
    direction: Direction,
    where: tuple[str | int, ...] = (),
) -> Judgement:
    """*value* held to *place* alone, not to what its variants hold themselves."""
    validators = [yardstick.validator(one.whole, direction) for one in place.branches]
    fitting = tuple(index for index, one in enumerate(validators) if one.is_valid(value))
    if place.tag:
        return _by_tag(yardstick, Judgement(place, where, value, fitting), direction)
    if fitting:
        return Judgement(place, where, value, fitting)
    broken = [one.violations(value, direction) for one in validators]
    nearest = sorted(range(len(broken)), key=lambda index: _distance(place, index, broken[index]))
    reasons = tuple((place.branches[index].name, _text(broken[index])) for index in nearest)
    return Judgement(place, where, value, (), reasons)


def judgements(
    variants: Variants, schema: Schema, value: Json, direction: Direction
) -> Iterator[Judgement]:
    """Every place that *value* passes through, the outer before the inner.

    A value that fits no variant because something inside the one that is meant does not, is judged
    there only.
    """
    yield from _walk(variants, schema, value, direction, (), frozenset())


def answer_judgements(variants: Variants, exchange: Exchange) -> list[Judgement]:
    """The judgements on an answer; none where the document has no schema for it."""
    if exchange.operation is None or exchange.response.json is MISSING:
        return []
    schema = variants.yardstick.response_schema(exchange.operation, exchange.response.status)
    if schema is None:
        return []
    return list(judgements(variants, schema, exchange.response.json, "response"))


def variant_findings(
    document: Document, exchange: Exchange, found: Iterable[Judgement]
) -> Iterator[Finding]:
    """A finding for each answer's value that fits none or several variants."""
    for judgement in found:
        if judgement.is_good:
            continue
        place = judgement.place
        is_none = not judgement.fitting
        why = _none(judgement) if is_none else _several(document, judgement)
        at = _at(judgement.path)
        yield Finding(
            rule=f"{place.keyword.lower()}-{'none' if is_none else 'several'}",
            operation=exchange.label,
            severity=Severity.HIGH,
            message=f"`{_at(judgement.where)}` in the answer fits {why}",
            expected=f"`{at}` fits {_wanted(place)} of {_listed(place.names)}",
            source=f"document {place.pointer}/{place.keyword}",
            came=shown(judgement.value),
            exchange=exchange,
            cause=f"{place.pointer} {at} {_reason_cause(judgement)}",
        )


def shown(value: Json, limit: int = _SHOWN) -> str:
    """*value* as JSON in one line."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else text[:limit] + "..."


def telling_properties(document: Document, place: Place, value: Json, index: int) -> list[str]:
    """The properties of *value* that branch *index* declares and not every other branch does."""
    if not isinstance(value, dict):
        return []
    declared = [set(properties_in(document, one.schema)) for one in place.branches]
    others = [names for number, names in enumerate(declared) if number != index]
    shared = set.intersection(*others) if others else set()
    own = [name for name in value if name in declared[index] and name not in shared]
    required = required_in(document, place.branches[index].schema)
    return own or [name for name in value if name in required]


def _walk(
    variants: Variants,
    schema: Schema,
    value: Json,
    direction: Direction,
    where: tuple[str | int, ...],
    within: frozenset[int],
) -> Iterator[Judgement]:
    schema = follow(variants.yardstick.document, schema)
    if id(schema) in within or (value is None and schema.get("nullable") is True):
        return
    within |= {id(schema)}
    for place in variants.held_by(schema):
        judgement = judged(variants.yardstick, place, value, direction, where)
        meant = judgement.fitting or _meant(variants.yardstick, place, value, direction)
        inner = [
            one
            for index in meant
            for one in _walk(
                variants, place.branches[index].schema, value, direction, where, within
            )
        ]
        if judgement.fitting or all(one.is_good for one in inner):
            yield judgement
        yield from inner
    for part in schema.get("allOf", ()):
        yield from _walk(variants, part, value, direction, where, within)
    for key, below, inside in _inside(schema, value):
        yield from _walk(variants, below, inside, direction, (*where, key), frozenset())


def _inside(schema: Schema, value: Json) -> Iterator[tuple[str | int, Schema, Json]]:
    """What stands in *value*, with the schema that holds for it."""
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        for index, item in enumerate(value):
            yield index, schema["items"], item
    elif isinstance(value, dict):
        declared = schema.get("properties", {})
        rest = schema.get("additionalProperties")
        for name, inside in value.items():
            if name in declared:
                yield name, declared[name], inside
            elif isinstance(rest, dict):
                yield name, rest, inside


def _by_tag(yardstick: Yardstick, judgement: Judgement, direction: Direction) -> Judgement:
    """What the discriminator makes of a judgement: its variant, or none."""
    place, value, where = judgement.place, judgement.value, judgement.where
    tag = value.get(place.tag, MISSING) if isinstance(value, dict) else MISSING
    index = place.tagged.get(tag, -1) if isinstance(tag, str) else -1
    if index in judgement.fitting:
        return Judgement(place, where, value, (index,))
    if index < 0:
        known = ", ".join(shown(one) for one in place.tagged)
        is_there = "is missing" if tag is MISSING else f"is {shown(tag)}"
        reason = f"{place.tag} {is_there}, and must be one of {known}"
        return Judgement(place, where, value, (), (("the discriminator", reason),))
    broken = yardstick.validator(place.branches[index].whole, direction).violations(
        value, direction
    )
    reasons = ((place.branches[index].name, _text(broken)),)
    return Judgement(place, where, value, (), reasons)


def _meant(
    yardstick: Yardstick, place: Place, value: Json, direction: Direction
) -> tuple[int, ...]:
    """The one variant that *value* can only mean, though it does not fit; none otherwise."""
    if place.tag:
        tag = value.get(place.tag) if isinstance(value, dict) else None
        return (place.tagged[tag],) if isinstance(tag, str) and tag in place.tagged else ()
    near = tuple(
        index
        for index, branch in enumerate(place.branches)
        if not _is_other(
            place, index, yardstick.validator(branch.whole, direction).violations(value, direction)
        )
    )
    return near if len(near) == 1 else ()


def _is_other(place: Place, index: int, broken: Sequence[Violation]) -> bool:
    """Whether what is broken shows that another variant is meant: type, tag, required name."""
    tags = place.branches[index].tags
    return any(
        not one.place or (len(one.place) == 1 and (one.rule == "required" or one.place[0] in tags))
        for one in broken
    )


def _distance(place: Place, index: int, broken: Sequence[Violation]) -> tuple[int, int, int]:
    tags = place.branches[index].tags
    wrong_type = any(not one.place for one in broken)
    wrong_tag = any(
        len(one.place) == 1 and one.place[0] in tags and one.rule != "required" for one in broken
    )
    return wrong_type, wrong_tag, len(broken)


def _text(broken: Sequence[Violation]) -> str:
    texts = []
    for one in broken[:_REASONS]:
        place = _at(one.place)
        texts.append(f"{place} {one.message}" if one.place else one.message)
    more = len(broken) - _REASONS
    return ", ".join(texts) + (f", and {more} more" if more > 0 else "")


def _none(judgement: Judgement) -> str:
    count = len(judgement.place.branches)
    named = [f"{name}: {reason}" for name, reason in judgement.reasons[:_NEAREST]]
    more = len(judgement.reasons) - _NEAREST
    rest = f"; and {more} more are further off" if more > 0 else ""
    return f"none of {count} variants: {'; '.join(named)}{rest}"


def _several(document: Document, judgement: Judgement) -> str:
    place = judgement.place
    named = []
    for index in judgement.fitting:
        telling = telling_properties(document, place, judgement.value, index)
        by = f" (by {', '.join(telling)})" if telling else ""
        named.append(f"{place.branches[index].name}{by}")
    count, all_of_them = len(judgement.fitting), len(place.branches)
    return f"{count} of {all_of_them} variants at once: {' and '.join(named)}"


def _wanted(place: Place) -> str:
    return "exactly one" if place.keyword == "oneOf" else "at least one"


def _reason_cause(judgement: Judgement) -> str:
    if judgement.fitting:
        return ", ".join(judgement.place.branches[index].name for index in judgement.fitting)
    return "; ".join(f"{name}: {reason}" for name, reason in judgement.reasons[:_NEAREST])


def _listed(names: Sequence[str]) -> str:
    if len(names) <= _NEAREST:
        return ", ".join(names)
    return f"{', '.join(names[:_NEAREST])} and {len(names) - _NEAREST} more"


def _at(where: Sequence[str | int]) -> str:
    """`data[1].locations[0]`; `the body` for the whole."""
    text = ""
    for key in where:
        if isinstance(key, int):
            text += f"[{key}]"
        elif key == "[]":
            text += key
        else:
            text += f".{key}" if text else key
    return text or "the body"
