"""Bad values made from good ones: bodies and parameters with one flaw each.

Nothing is called bad because of how it was made: every value is held against the whole schema,
and only what that refuses is given. Same document, same values in the same order.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.exchange import json_of
from contracts.suites.bodies import (
    plain,
    properties,
    required,
    text_of_value,
    with_property,
)
from contracts.yardstick import Yardstick
from mockserver.model import MISSING, Document, Json
from mockserver.openapi import Parameter

TRAILING: Final = "trailing-letters"
_DEEPEST: Final = 3
_MOST_WAYS: Final = 24
_EXACT: Final = 2**53
"""Whole numbers beyond this are not the same for all readers. Source: RFC 8259 section 6."""
_BAD_TEXTS: Final = {
    "date-time": ("not-a-date",),
    "date": ("2030-13-45",),
    "email": ("nobody-at-nowhere",),
    "uuid": ("not-a-uuid",),
    "uri": ("no address",),
    "ipv4": ("1.2.3",),
    "ipv6": ("1.2.3",),
}
_OF_OTHER_TYPE: Final[Mapping[str, Json]] = {
    "integer": "not a number",
    "number": "not a number",
    "boolean": "maybe",
    "string": 12345,
    "array": "not a list",
    "object": "not an object",
}


@dataclass(frozen=True, slots=True)
class Flawed:
    """A value with one flaw. *flaw* is its kind (`wrong-type`, `below-minimum`), *pointer* says
    where it is inside the value, *says* what stands there against what is documented."""

    value: Json
    pointer: str
    flaw: str
    says: str


def flawed_bodies(
    yardstick: Yardstick, schema: Mapping[str, Json], base: Document
) -> Iterator[Flawed]:
    """Bodies with one flaw each, made from the good body *base* and every documented property."""
    validator = yardstick.validator(schema, "request")
    seen: set[str] = set()
    for one in _flaws_of_object(yardstick, schema, base):
        text = json.dumps(one.value)
        if text not in seen and not validator.is_valid(one.value):
            seen.add(text)
            yield one


def flawed_texts(yardstick: Yardstick, parameter: Parameter) -> Iterator[Flawed]:
    """Texts that a parameter's schema refuses, each with one flaw; none where it takes any."""
    schema = plain(yardstick, parameter.schema)
    if schema.get("type") in ("array", "object") or parameter.style == "json":
        return
    validator = yardstick.validator(parameter.schema, "request")
    for one in _flaws(yardstick, schema, MISSING, 0):
        text = one.value if isinstance(one.value, str) else text_of_value(one.value)
        if text and not validator.is_valid(_read(schema, text)):
            yield Flawed(text, "", one.flaw, one.says)
    if schema.get("type") == "integer":
        yield Flawed("1abc", "", TRAILING, "has letters behind its digits, and the type is integer")


def _flaws_of_object(
    yardstick: Yardstick, schema: Mapping[str, Json], base: Document
) -> Iterator[Flawed]:
    for name in required(yardstick, schema):
        without = {key: value for key, value in base.items() if key != name}
        yield Flawed(without, f"/{name}", "missing", "is missing, and it is required")
    validator = yardstick.validator(schema, "request")
    for name, inner in properties(yardstick, schema).items():
        body = base if name in base else with_property(yardstick, schema, base, name)
        if body is None:
            continue
        null = {**body, name: None}
        yield Flawed(null, f"/{name}", "null", "is null, and the document has no null for it")
        for way, good in _ways(yardstick, inner, body[name]):
            if validator.is_valid({**body, name: good}):
                for one in _flaws(yardstick, way, good, 0):
                    value = {**body, name: one.value}
                    yield Flawed(value, f"/{name}{one.pointer}", one.flaw, one.says)
    forbidden = plain(yardstick, schema).get("not", {}).get("required", ())
    together = dict(base)
    for name in forbidden:
        alone = with_property(yardstick, schema, {}, name) or {}
        together[name] = alone.get(name)
    if forbidden and None not in together.values():
        both = " and ".join(forbidden)
        yield Flawed(together, "", "exclusive", f"has {both}, which exclude one another")


def _ways(
    yardstick: Yardstick, schema: Mapping[str, Json], good: Json
) -> Iterator[tuple[Document, Json]]:
    """Each way in which *schema* can be met, and a good value that meets it so: *good* itself
    where it does."""
    sampler = yardstick.sampler
    for way in sampler.ways(schema)[:_MOST_WAYS]:
        is_met = good is not MISSING and sampler.fits(way, good, "request")
        yield way, good if is_met else sampler.sample(way, direction="request")


def _flaws(yardstick: Yardstick, schema: Document, good: Json, depth: int) -> Iterator[Flawed]:
    """Values that break one rule of a schema without composition; some may yet be good."""
    kind = schema.get("type")
    if "enum" in schema:
        odd = "understudy-no-member" if kind in (None, "string") else 987654
        yield Flawed(odd, "", "not-in-enum", f"is {odd!r}, which is no member of the enum")
        yield from _other_letters(schema["enum"])
    elif isinstance(kind, str) and kind in _OF_OTHER_TYPE:
        odd = _OF_OTHER_TYPE[kind]
        yield Flawed(odd, "", "wrong-type", f"is {odd!r}, and the type is {kind}")
    if kind in ("integer", "number"):
        yield from _flaws_of_number(schema)
    elif kind == "string" or "pattern" in schema or "format" in schema:
        yield from _flaws_of_text(schema, good)
    elif kind == "array":
        yield from _flaws_of_array(yardstick, schema, good, depth)
    elif kind == "object" and isinstance(good, dict) and depth < _DEEPEST:
        yield from _flaws_inside(yardstick, schema, good, depth)


def _other_letters(members: Sequence[Json]) -> Iterator[Flawed]:
    """The first member that is a word, in other letters."""
    word = next((one for one in members if isinstance(one, str)), "")
    other = word.lower() if word.isupper() else word.upper()
    if other not in members:
        yield Flawed(other, "", "other-letters", f"is {other!r}, and the member is {word!r}")


def _flaws_of_number(schema: Document) -> Iterator[Flawed]:
    if schema["type"] == "integer":
        base = max(schema.get("minimum", 1), 1)
        yield Flawed(base + 0.5, "", "fraction", f"is {base + 0.5}, and the type is integer")
    low, high, step = (schema.get(key) for key in ("minimum", "maximum", "multipleOf"))
    if low is not None and abs(low) < _EXACT:
        below = low if schema.get("exclusiveMinimum") else low - 1
        yield Flawed(below, "", "below-minimum", f"is {below}, and the minimum is {low}")
    if high is not None and abs(high) < _EXACT:
        above = high if schema.get("exclusiveMaximum") else high + 1
        yield Flawed(above, "", "above-maximum", f"is {above}, and the maximum is {high}")
    if step is not None:
        off = step * 3 + step / 2
        yield Flawed(off, "", "off-step", f"is {off}, which is no multiple of {step}")


def _flaws_of_text(schema: Document, good: Json) -> Iterator[Flawed]:
    text = good if isinstance(good, str) and good else "understudy"
    if (least := schema.get("minLength", 0)) > 0:
        yield Flawed(text[: least - 1], "", "too-short", f"is shorter than minLength {least}")
    if (most := schema.get("maxLength")) is not None:
        long = (text * (most // len(text) + 1))[: most + 1]
        yield Flawed(long, "", "too-long", f"is longer than maxLength {most}")
    for odd in _BAD_TEXTS.get(schema.get("format", ""), ()):
        says = f"is {odd!r}, which is no {schema['format']}"
        yield Flawed(odd, "", "wrong-format", says)
    if "pattern" in schema:
        for odd in ("understudy no match", "!", "0"):
            yield Flawed(odd, "", "off-pattern", f"is {odd!r}, which does not match the pattern")


def _flaws_of_array(
    yardstick: Yardstick, schema: Document, good: Json, depth: int
) -> Iterator[Flawed]:
    items = good if isinstance(good, list) and good else None
    if (least := schema.get("minItems", 0)) > 0 and items:
        yield Flawed(items[: least - 1], "", "too-few-items", f"has fewer than {least} items")
    if (most := schema.get("maxItems")) is not None and items:
        many = (items * (most + 1))[: most + 1]
        yield Flawed(many, "", "too-many-items", f"has more than {most} items")
    if schema.get("uniqueItems") and items:
        yield Flawed([*items, items[0]], "", "repeated-item", "has an item twice")
    if items:
        yield Flawed([None, *items[1:]], "/0", "null-item", "is null, and no item may be")
    if items and isinstance(schema.get("items"), dict) and depth < _DEEPEST:
        for way, first in _ways(yardstick, schema["items"], items[0]):
            for one in _flaws(yardstick, way, first, depth + 1):
                yield Flawed([one.value, *items[1:]], f"/0{one.pointer}", one.flaw, one.says)


def _flaws_inside(
    yardstick: Yardstick, schema: Document, good: Document, depth: int
) -> Iterator[Flawed]:
    """Flaws of an object inside a body: what it requires, and those of each property."""
    for name in schema.get("required", ()):
        without = {key: value for key, value in good.items() if key != name}
        yield Flawed(without, f"/{name}", "missing", "is missing, and it is required")
    for name, inner in schema.get("properties", {}).items():
        for way, value in _ways(yardstick, inner, good.get(name, MISSING)):
            for one in _flaws(yardstick, way, value, depth + 1):
                changed = {**good, name: one.value}
                yield Flawed(changed, f"/{name}{one.pointer}", one.flaw, one.says)


def _read(schema: Document, text: str) -> Any:
    """What a text of a path, query or header means for a type."""
    if schema.get("type", "string") == "string":
        return text
    value = json_of(text.encode())
    return text if value is MISSING else value
