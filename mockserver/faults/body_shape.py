"""Bodies of another shape than the document's."""

from collections.abc import Callable
from typing import Any

from mockserver.behaviours.faults import Fault, Place, Plant
from mockserver.behaviours.registry import Call
from mockserver.faults.items import (
    each_item,
    is_number,
    names_something,
    nudged,
    payload_of,
    with_payload,
)
from mockserver.faults.reaching import both, kinds, shows_item
from mockserver.faults.relations import fixed_names
from mockserver.faults.schemas import (
    Schema,
    branches_of,
    item_properties,
    item_schema_of,
    required_somewhere,
)
from mockserver.model import Document, Json, Reply

CATEGORY = "Body shape"
BODY = "the answer's body does not fit its schema"

Change = Callable[[Document], Json]
InPlace = Callable[[Document, Place], Json]
Answer = Callable[[Call, Reply, Plant], Reply]


def _each(change: Change) -> Answer:
    return lambda call, reply, plant: each_item(call, reply, plant, change)


def _each_in_place(change: InPlace) -> Answer:
    """Like `_each`, for a change that looks at what the document says of the items."""

    def answer(call: Call, reply: Reply, plant: Plant) -> Reply:
        place = plant.around.place(call.operation)
        return each_item(call, reply, plant, lambda item: change(item, place))

    return answer


def _first(is_meant: Callable[[Json], bool], become: Callable[[Json], Json]) -> Answer:
    """Changes the first property of each item whose value is meant."""

    def change(item: Document) -> Document:
        for name, value in item.items():
            if is_meant(value):
                return {**item, name: become(value)}
        return item

    return _each(change)


def _last_required(item: Document, place: Place) -> str | None:
    """The last property of *item* that its schema requires and that is no null."""
    required = required_somewhere(place.operation.document, item_schema_of(place))
    return next((name for name in reversed(item) if name in required and item[name]), None)


def _without_required(item: Document, place: Place) -> Document:
    dropped = _last_required(item, place)
    return {name: value for name, value in item.items() if name != dropped}


def _with_null(item: Document, place: Place) -> Document:
    name = _last_required(item, place)
    declared = item_properties(place)
    if name is None or declared.get(name, {}).get("nullable"):
        name = next((one for one in item if not declared.get(one, {}).get("nullable")), name)
    return item if name is None else {**item, name: None}


def _malformed(item: Document, place: Place) -> Document:
    """The first value of a known format loses what makes it one."""
    for name, declared in item_properties(place).items():
        value = item.get(name)
        if isinstance(value, str) and value and declared.get("format") in _SPOILT:
            return {**item, name: _SPOILT[declared["format"]](value)}
    return item


_SPOILT: dict[str, Callable[[str], str]] = {
    "date-time": lambda text: text.removesuffix("Z").partition("+")[0],
    "date": lambda text: text.replace("-", "/"),
    "uri": lambda text: text.partition("://")[2],
    "email": lambda text: text.replace("@", " at "),
    "uuid": lambda text: text.replace("-", "", 1),
}


def _has_format(place: Place) -> bool:
    declared = item_properties(place).values()
    return shows_item(place) and any(one.get("format") in _SPOILT for one in declared)


def _out_of_bounds(item: Document, place: Place) -> Document:
    """A value that has bounds is beyond them: one that counts rather than any number."""
    bounded = {
        name: declared
        for name, declared in item_properties(place).items()
        if item.get(name) is not None and _beyond(declared) is not None
    }
    names = sorted(bounded, key=lambda name: (names_something(name), _is_wide(bounded[name])))
    return {**item, names[0]: _beyond(bounded[names[0]])} if names else item


def _is_wide(declared: Schema) -> bool:
    return bool(declared.get("minimum", 0) < 0)


def _beyond(declared: Schema) -> Json:
    """A value just outside the bounds; None where there are none."""
    if "minimum" in declared:
        return declared["minimum"] - 1
    if "maximum" in declared:
        return declared["maximum"] + 1
    if "maxLength" in declared:
        return "x" * (declared["maxLength"] + 1)
    return "another" if "enum" in declared and declared.get("type") == "string" else None


def _has_bounds(place: Place) -> bool:
    declared = item_properties(place).values()
    return shows_item(place) and any(_beyond(one) is not None for one in declared)


def _renamed(item: Document, place: Place) -> Document:
    """A required name of several words in another spelling: `eventTypeId` as `event_type_id`."""
    required = required_somewhere(place.operation.document, item_schema_of(place))
    names = [*(name for name in item if name in required), *item]
    old = next((name for name in names if _snake(name) != name), names[0] if names else "")
    new = _snake(old) if _snake(old) != old else f"_{old}"
    return {(new if name == old else name): value for name, value in item.items()}


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


def _leaky(item: Document) -> Document:
    return {**item, "internalNote": "seen by nobody", "passwordHash": "$2b$10$J8f0"}


def _empty_as_null(call: Call, reply: Reply, plant: Plant) -> Reply:
    payload = payload_of(call, reply, plant)
    return with_payload(call, reply, plant, None) if payload == [] else reply


def _bare_hit(call: Call, reply: Reply, plant: Plant) -> Reply:
    payload = payload_of(call, reply, plant)
    is_one = isinstance(payload, list) and len(payload) == 1
    return with_payload(call, reply, plant, payload[0]) if is_one else reply


def _both_variants(item: Document, place: Place) -> Document:
    """*item* with what the other branches of its schema require as well."""
    for branch in branches_of(place.operation.document, item_schema_of(place)):
        for name in branch.get("required", ()):
            if name not in item:
                declared = branch.get("properties", {}).get(name, {})
                item = {**item, name: _value_for(declared)}
    return item


def _value_for(declared: Schema) -> Json:
    if declared.get("format") == "date-time":
        return "2030-01-01T00:00:00.000Z"
    return {"number": 1, "integer": 1, "boolean": True}.get(str(declared.get("type")), "x")


def _has_variants(place: Place) -> bool:
    branches = branches_of(place.operation.document, item_schema_of(place))
    return shows_item(place) and len(branches) > 1


def _no_variant(item: Document, place: Place) -> Document:
    """*item* without what tells one branch from another."""
    branches = branches_of(place.operation.document, item_schema_of(place))
    required = [set(branch.get("required", ())) for branch in branches]
    telling = set[str]().union(*required) - set.intersection(*required)
    return {name: value for name, value in item.items() if name not in telling}


def _tagged(change: Callable[[Document], Document]) -> Change:
    """Changes the first object with a `type` in the item, or in a list in the item."""

    def changed(item: Document) -> Document:
        for name, value in item.items():
            first = value[0] if isinstance(value, list) and value else value
            if isinstance(first, dict) and "type" in first:
                new = change(first)
                return {**item, name: [new, *value[1:]] if isinstance(value, list) else new}
        return item

    return changed


def _untagged(part: Document) -> Document:
    return {name: value for name, value in part.items() if name != "type"}


def _mistagged(part: Document) -> Document:
    return {**part, "type": "somethingElse"}


def _has_tagged_parts(place: Place) -> bool:
    document = place.operation.document
    parts = [one.get("items", one) for one in item_properties(place).values()]
    return shows_item(place) and any(branches_of(document, part) for part in parts)


def _id_as_text(item: Document, place: Place) -> Document:
    name = place.action.resource.id_field if place.action else ""
    return {**item, name: str(item[name])} if name in item else item


def _has_numeric_id(place: Place) -> bool:
    return place.action is not None and place.action.resource.id_kind == "integer"


def _other_value(item: Document, place: Place) -> Document:
    return nudged(item, item_properties(place), fixed_names(place))


def _something_else(call: Call, reply: Reply, plant: Plant) -> Reply:
    return reply._replace(body={"message": "ok"}) if 200 <= reply.status < 300 else reply


def _shape(name: str, about: str, answer: Answer, **more: Any) -> Fault:
    given = {"exposed_by": BODY, "reaches": shows_item, **more}
    return Fault(name=name, category=CATEGORY, about=about, on_answer=answer, **given)


FAULTS = (
    _shape(
        "required-property-dropped",
        "a property listed as required is absent from an otherwise good answer",
        _each_in_place(_without_required),
    ),
    _shape("wrong-type", "a number is sent as text", _first(is_number, str)),
    _shape(
        "null-not-nullable",
        "null where the schema does not allow it",
        _each_in_place(_with_null),
    ),
    _shape(
        "format-violation",
        "an instant without its offset, or a link without its scheme",
        _each_in_place(_malformed),
        reaches=_has_format,
    ),
    _shape(
        "constraint-violation-in-response",
        "a value beyond the bounds of its schema",
        _each_in_place(_out_of_bounds),
        reaches=_has_bounds,
    ),
    _shape("renamed-property", "another spelling of a property's name", _each_in_place(_renamed)),
    _shape(
        "empty-list-null",
        "an empty collection comes back as null",
        _empty_as_null,
        reaches=both(shows_item, kinds("list")),
    ),
    _shape(
        "scalar-instead-of-array",
        "one hit is returned bare, not as a list of one",
        _bare_hit,
        reaches=both(shows_item, kinds("list")),
    ),
    _shape(
        "oneof-both-variants",
        "the item fits two branches of its oneOf at once",
        _each_in_place(_both_variants),
        reaches=both(_has_variants, kinds("create", "read", "update")),
    ),
    _shape(
        "nested-oneof-both-variants",
        "the items of a list fit two branches at once",
        _each_in_place(_both_variants),
        reaches=both(_has_variants, kinds("list")),
    ),
    _shape(
        "oneof-neither-variant",
        "the item has lost what tells its branch",
        _each_in_place(_no_variant),
        reaches=_has_variants,
    ),
    _shape(
        "nested-oneof-neither-variant",
        "a part of the item has lost its tag, so no branch fits",
        _each(_tagged(_untagged)),
        reaches=_has_tagged_parts,
    ),
    _shape(
        "discriminator-mismatch",
        "the tag of a part names no variant that there is",
        _each(_tagged(_mistagged)),
        reaches=_has_tagged_parts,
    ),
    _shape(
        "extra-property-leaked",
        "properties that the document does not know, one of them secret",
        _each(_leaky),
        exposed_by="the answer shows properties that are not documented",
    ),
    _shape(
        "id-type-differs-between-endpoints",
        "ids are text in lists and numbers elsewhere",
        _each_in_place(_id_as_text),
        reaches=both(shows_item, kinds("list"), _has_numeric_id),
    ),
    _shape(
        "list-item-differs-from-detail",
        "an item shows other values in a list than by itself",
        _each_in_place(_other_value),
        reaches=both(shows_item, kinds("list")),
        exposed_by="list and detail of one item differ",
    ),
    _shape(
        "item-without-any-property",
        "an object came that has nothing of the item in it",
        _something_else,
    ),
)
