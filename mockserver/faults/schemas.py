"""What faults read in schemas."""

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.behaviours.faults import Place
from mockserver.model import Document, Json
from mockserver.openapi import follow

Schema = Mapping[str, Any]

_TELLING = ("enum", "format", "pattern", "const")
_DEEPEST = 6


def item_schema_of(place: Place) -> Schema:
    """The schema of the items that an operation's answer shows; {} where it shows none."""
    if place.action is None or place.action.envelope is None or place.schema is None:
        return {}
    document = place.operation.document
    schema: Schema = follow(document, place.schema)
    for key in place.action.envelope.path or ():
        schema = follow(document, schema.get("properties", {}).get(key, {}))
    if place.kind == "list":
        schema = follow(document, schema.get("items", {}))
    return schema


def branches_of(document: Document, schema: Schema) -> list[Schema]:
    """The branches of a oneOf; none where there is no such choice."""
    return [follow(document, branch) for branch in schema.get("oneOf", ())]


def parts_of(document: Document, schema: Schema, depth: int = 0) -> Iterator[Schema]:
    """The schema itself, and everything that it is composed of."""
    found = follow(document, schema)
    yield found
    if depth < _DEEPEST:
        for key in ("allOf", "oneOf", "anyOf"):
            for part in found.get(key, ()):
                yield from parts_of(document, part, depth + 1)


def properties_of(document: Document, schema: Schema) -> dict[str, Schema]:
    """All declared properties by name, those of every branch among them."""
    return {
        name: follow(document, declared)
        for part in parts_of(document, schema)
        for name, declared in part.get("properties", {}).items()
    }


def required_by(document: Document, schema: Schema) -> frozenset[str]:
    """What *schema* requires whatever branch is meant."""
    found = follow(document, schema)
    names = set(found.get("required", ()))
    for part in found.get("allOf", ()):
        names |= required_by(document, part)
    return frozenset(names)


def required_somewhere(document: Document, schema: Schema) -> frozenset[str]:
    """What *schema* or one of its branches requires."""
    parts = parts_of(document, schema)
    return frozenset(name for part in parts for name in part.get("required", ()))


def item_properties(place: Place) -> dict[str, Schema]:
    """The declared properties of the resource's items, by name."""
    if place.action is None:
        return {}
    return properties_of(place.operation.document, place.action.resource.item_schema)


def body_properties(place: Place) -> dict[str, Schema]:
    """The declared properties of the request's body, by name."""
    return properties_of(place.operation.document, place.body or {})


def is_free_text(declared: Schema) -> bool:
    """Whether any text will do."""
    return declared.get("type") == "string" and not any(key in declared for key in _TELLING)


def first_choice(document: Document, schema: Schema) -> tuple[str, Json] | None:
    """The first property that has several values to choose from, and the last of these."""
    level = [schema]
    for _ in range(_DEEPEST):
        below: list[Schema] = []
        for one in level:
            for name, declared in properties_of(document, one).items():
                choices = [choice for choice in declared.get("enum", ()) if choice is not None]
                if len(choices) > 1:
                    return name, choices[-1]
                below.append(declared.get("items", declared))
        level = below
    return None
