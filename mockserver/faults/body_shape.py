"""Bodies of another shape than the document's."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mockserver.behaviours.faults import Fault, Place, Plant
from mockserver.behaviours.registry import Call
from mockserver.faults.items import each_item, payload_of, with_payload
from mockserver.faults.reaching import both, item_properties, kinds, shows_item
from mockserver.faults.schemas import branches_of, item_schema_of
from mockserver.model import Document, Json, Reply

CATEGORY = "Body shape"
BODY = "the answer's body does not fit its schema"

Change = Callable[[Document], Json]
Answer = Callable[[Call, Reply, Plant], Reply]


def _each(change: Change) -> Answer:
    return lambda call, reply, plant: each_item(call, reply, plant, change)


def _first(is_meant: Callable[[Json], bool], become: Callable[[Json], Json]) -> Answer:
    """Changes the first property of each item whose value is meant."""

    def change(item: Document) -> Document:
        for name, value in item.items():
            if is_meant(value):
                return {**item, name: become(value)}
        return item

    return _each(change)


def _is_number(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_instant(value: Json) -> bool:
    return isinstance(value, str) and value[4:5] == "-" and value.endswith("Z") and "T" in value


def _is_link(value: Json) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _without_first(item: Document) -> Document:
    return {name: item[name] for name in list(item)[1:]}


def _with_null(item: Document) -> Document:
    return {**item, next(iter(item)): None} if item else item


def _malformed(item: Document) -> Document:
    for name, value in item.items():
        if _is_instant(value):
            return {**item, name: value.removesuffix("Z")}
        if _is_link(value):
            return {**item, name: value.partition("://")[2]}
    return item


def _renamed(item: Document) -> Document:
    """The first name of several words in another spelling: `eventTypeId` as `event_type_id`."""
    for name in item:
        snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
        if snake != name:
            return {(snake if key == name else key): value for key, value in item.items()}
    return {f"_{key}" if key == next(iter(item)) else key: item[key] for key in item}


def _leaky(item: Document) -> Document:
    return {**item, "internalNote": "seen by nobody", "passwordHash": "$2b$10$J8f0"}


def _empty_as_null(call: Call, reply: Reply, plant: Plant) -> Reply:
    payload = payload_of(call, reply, plant)
    return with_payload(call, reply, plant, None) if payload == [] else reply


def _bare_hit(call: Call, reply: Reply, plant: Plant) -> Reply:
    payload = payload_of(call, reply, plant)
    is_one = isinstance(payload, list) and len(payload) == 1
    return with_payload(call, reply, plant, payload[0]) if is_one else reply


def _both_variants(item: Document, schema: Mapping[str, Any], place: Place) -> Document:
    """*item* with what the other branches of its schema require as well."""
    for branch in branches_of(place.operation.document, schema):
        for name in branch.get("required", ()):
            if name not in item:
                declared = branch.get("properties", {}).get(name, {})
                item = {**item, name: _value_for(declared)}
    return item


def _value_for(declared: Mapping[str, Any]) -> Json:
    if declared.get("format") == "date-time":
        return "2030-01-01T00:00:00.000Z"
    return {"number": 1, "integer": 1, "boolean": True}.get(str(declared.get("type")), "x")


def _has_variants(place: Place) -> bool:
    return (
        shows_item(place) and len(branches_of(place.operation.document, item_schema_of(place))) > 1
    )


def _oneof_both(call: Call, reply: Reply, plant: Plant) -> Reply:
    place = plant.around.place(call.operation)
    schema = item_schema_of(place)
    return each_item(call, reply, plant, lambda item: _both_variants(item, schema, place))


def _oneof_neither(call: Call, reply: Reply, plant: Plant) -> Reply:
    """Items lose what tells one branch from another."""
    place = plant.around.place(call.operation)
    branches = branches_of(place.operation.document, item_schema_of(place))
    required = [set(branch.get("required", ())) for branch in branches]
    telling = set.union(*required) - set.intersection(*required)

    def change(item: Document) -> Document:
        return {name: value for name, value in item.items() if name not in telling}

    return each_item(call, reply, plant, change)


def _tagged(change: Callable[[Document], Document]) -> Change:
    """Changes the first object with a `type` in a list inside the item."""

    def changed(item: Document) -> Document:
        for name, value in item.items():
            first = value[0] if isinstance(value, list) and value else None
            if isinstance(first, dict) and "type" in first:
                return {**item, name: [change(first), *value[1:]]}
        return item

    return changed


def _untagged(part: Document) -> Document:
    return {name: value for name, value in part.items() if name != "type"}


def _has_tagged_parts(place: Place) -> bool:
    return shows_item(place) and any(
        declared.get("type") == "array" and "items" in declared
        for declared in item_properties(place).values()
    )


def _id_as_text(call: Call, reply: Reply, plant: Plant) -> Reply:
    action = plant.around.place(call.operation).action
    name = action.resource.id_field if action else ""

    def change(item: Document) -> Document:
        return {**item, name: str(item[name])} if name in item else item

    return each_item(call, reply, plant, change)


def _has_numeric_id(place: Place) -> bool:
    return place.action is not None and place.action.resource.id_kind == "integer"


def _other_text(item: Document) -> Document:
    """Another value of the right kind, in a property that has one."""
    for name, value in reversed(item.items()):
        if isinstance(value, bool):
            return {**item, name: not value}
    for name, value in reversed(item.items()):
        if _is_number(value):
            return {**item, name: value + 1}
    return item


def _error_inside(call: Call, reply: Reply, plant: Plant) -> Reply:
    return replace(reply, body={"message": "ok"}) if 200 <= reply.status < 300 else reply


def _shape(name: str, about: str, answer: Answer, **more: Any) -> Fault:
    given = {"exposed_by": BODY, "reaches": shows_item, **more}
    return Fault(name=name, category=CATEGORY, about=about, on_answer=answer, **given)


FAULTS = (
    _shape(
        "required-property-dropped",
        "a property listed as required is absent from an otherwise good answer",
        _each(_without_first),
    ),
    _shape("wrong-type", "a number is sent as text", _first(_is_number, str)),
    _shape("null-not-nullable", "null where the schema does not allow it", _each(_with_null)),
    _shape(
        "format-violation",
        "an instant without its offset, or a link without its scheme",
        _each(_malformed),
    ),
    _shape("renamed-property", "another spelling of a property's name", _each(_renamed)),
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
        _oneof_both,
        reaches=both(_has_variants, kinds("create", "read", "update")),
    ),
    _shape(
        "nested-oneof-both-variants",
        "the items of a list fit two branches at once",
        _oneof_both,
        reaches=both(_has_variants, kinds("list")),
    ),
    _shape(
        "oneof-neither-variant",
        "the item has lost what tells its branch",
        _oneof_neither,
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
        _each(_tagged(lambda part: {**part, "type": "somethingElse"})),
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
        _id_as_text,
        reaches=both(shows_item, kinds("list"), _has_numeric_id),
    ),
    _shape(
        "list-item-differs-from-detail",
        "an item shows other values in a list than by itself",
        _each(_other_text),
        reaches=both(shows_item, kinds("list")),
        exposed_by="list and detail of one item differ",
    ),
    _shape(
        "item-without-any-property",
        "an object came that has nothing of the item in it",
        _error_inside,
    ),
)
