"""Rules for the properties of a body, and what this API answers about each broken one.

A table of properties is walked in its order; a broken one gives an entry with all its broken
rules, a broken inner object an entry with children. Values are never converted.

Source: reference conventions section 6.1 (R class-validator 0.14).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mockserver.domains.calcom.settings.web_address import is_web_address
from mockserver.model import MISSING, Document, Json


@dataclass(frozen=True, slots=True)
class Rule:
    """One demand, by the API's own *key*.

    *refusal* is given the property's name, its value and the object it stands in; it gives the
    API's words where the demand is not met.
    """

    key: str
    refusal: Callable[[str, Json, Document], str | None]


def rule(key: str, text: str, holds: Callable[[Json], bool]) -> Rule:
    """A rule of the value alone; `$` in *text* is the property's name."""
    return Rule(key, lambda name, value, _: None if holds(value) else text.replace("$", name))


@dataclass(frozen=True, slots=True)
class Property:
    """The rules of one property, in the order in which the API lists what is broken.

    *inner* gives the properties of the object that stands here, or of each of them in an array;
    it is given the object, since some decide what they are by a key.
    """

    name: str
    rules: tuple[Rule, ...] = ()
    required: bool = False
    inner: "Callable[[Document], Sequence[Property]] | None" = None
    many: bool = False


@dataclass(frozen=True, slots=True)
class PropertyTable:
    """The *properties* of a body, in the API's order."""

    properties: Sequence[Property]
    optional: Mapping[str, Property]
    required: tuple[Property, ...]

    def is_met_by(self, body: Document) -> bool:
        """Tell whether nothing is wrong with *body*; looks only at what was sent."""
        for name, value in body.items():
            one = self.optional.get(name)
            if one is not None and value is not None and _entry(body, one) is not None:
                return False
        return all([_entry(body, one) is None for one in self.required])


def table_of(properties: Sequence[Property]) -> PropertyTable:
    required = tuple([one for one in properties if one.required])
    optional = {one.name: one for one in properties if not one.required}
    return PropertyTable(properties, optional, required)


def entries(body: Document, properties: Sequence[Property]) -> list[Document]:
    """What is wrong with *body*, one entry for each property; null counts as not sent."""
    sent = [one for one in properties if one.required or body.get(one.name) is not None]
    found = [_entry(body, one) for one in sent]
    return [entry for entry in found if entry is not None]


def texts(body: Document, properties: Sequence[Property]) -> str:
    """What is wrong with *body* in one line, or nothing."""
    return ", ".join(
        text for entry in entries(body, properties) for text in entry["constraints"].values()
    )


def _entry(body: Document, one: Property) -> Document | None:
    value = body.get(one.name, MISSING)
    broken: dict[str, str] = {}
    for rule in one.rules:
        text = rule.refusal(one.name, value, body)
        if text is not None:
            broken[rule.key] = text
    children = [] if one.inner is None else _children(value, one)
    if one.inner is not None and not isinstance(value, dict | list):
        broken["nestedValidation"] = _not_nested(one)
    if not broken and not children:
        return None
    sent = {} if value is MISSING else {"value": value}
    entry = {"target": body, **sent, "property": one.name, "children": children}
    return {**entry, "constraints": broken} if broken else entry


def _not_nested(one: Property) -> str:
    each = "each value in " if one.many else ""
    return f"{each}nested property {one.name} must be either object or array"


def _children(value: Json, one: Property) -> list[Document]:
    assert one.inner is not None
    if isinstance(value, dict):
        return entries(value, one.inner(value))
    if not isinstance(value, list):
        return []
    return [child for place, item in enumerate(value) for child in _item(value, place, item, one)]


def _item(items: Json, place: int, item: Json, one: Property) -> list[Document]:
    assert one.inner is not None
    if isinstance(item, dict):
        inside = entries(item, one.inner(item))
        if not inside:
            return []
        return [{"target": items, "value": item, "property": str(place), "children": inside}]
    return [
        {
            "target": items,
            "value": item,
            "property": str(place),
            "children": [],
            "constraints": {"nestedValidation": _not_nested(one)},
        }
    ]


def is_whole(value: Json) -> bool:
    """JavaScript knows no difference between 30 and 30.0."""
    return not isinstance(value, bool) and (
        isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    )


def is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def at_least(minimum: int) -> Rule:
    return rule(
        "min",
        f"$ must not be less than {minimum}",
        lambda value: is_number(value) and value >= minimum,
    )


def at_most(maximum: int) -> Rule:
    return rule(
        "max",
        f"$ must not be greater than {maximum}",
        lambda value: is_number(value) and value <= maximum,
    )


def one_of(values: Sequence[str], *, key: str = "isEnum") -> Rule:
    text = f"$ must be one of the following values: {', '.join(values)}"
    return rule(key, text, lambda value: isinstance(value, str) and value in values)


def each(one: Rule) -> Rule:
    """*one* for every item of an array; what is no array is looked at as one value."""

    def refusal(name: str, value: Json, body: Document) -> str | None:
        items = value if isinstance(value, list) else [value]
        texts = (one.refusal(name, item, body) for item in items)
        return next((f"each value in {text}" for text in texts if text is not None), None)

    return Rule(one.key, refusal)


WHOLE = rule("isInt", "$ must be an integer number", is_whole)
TEXT = rule("isString", "$ must be a string", lambda value: isinstance(value, str))
FLAG = rule("isBoolean", "$ must be a boolean value", lambda value: isinstance(value, bool))
LIST = rule("isArray", "$ must be an array", lambda value: isinstance(value, list))
FILLED = rule(
    "arrayNotEmpty", "$ should not be empty", lambda value: isinstance(value, list) and bool(value)
)
DISTINCT = rule(
    "arrayUnique",
    "All $'s elements must be unique",
    lambda value: isinstance(value, list) and all(v not in value[:i] for i, v in enumerate(value)),
)
URL = rule("isUrl", "$ must be a URL address", is_web_address)
