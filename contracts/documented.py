"""Everything in a document that can be seen in traffic, by the names that people know."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from contracts.checks.shapes import Branch, Choice, Shape, shapes_of
from contracts.yardstick import Yardstick, is_json
from mockserver.model import Document, Json
from mockserver.openapi import Direction, Operation, Parameter, follow

Key: TypeAlias = tuple[str, ...]
"""Identifies one thing of a kind; the values of the tables below are what people call it."""

_MARKS: Final = {"query": "?", "header": "header ", "path": "", "cookie": "cookie "}
_VARIANT_KEYS: Final = frozenset({"type", "enum", "items", "allOf", "oneOf", "anyOf"})


@dataclass(frozen=True, slots=True)
class Variant:
    """One branch of one choice of a document."""

    place: str
    direction: Direction
    branch: Branch
    name: str


@dataclass(frozen=True, slots=True)
class Documented:
    """What a document has. Properties and enum members of a component count once, by whichever
    operations they are reached; statuses and parameters by operation."""

    operations: dict[Key, str] = field(default_factory=dict)
    statuses: dict[Key, str] = field(default_factory=dict)
    parameters: dict[Key, str] = field(default_factory=dict)
    properties: dict[Direction, dict[Key, str]] = field(default_factory=dict)
    members: dict[Key, str] = field(default_factory=dict)
    variants: list[Variant] = field(default_factory=list)


def documented_in(yardstick: Yardstick) -> Documented:
    """Everything that the yardstick's document has."""
    found = Documented()
    for operation in yardstick.operations:
        found.operations[(operation.id,)] = operation.label
        for status in operation.responses:
            found.statuses[operation.id, status] = f"{operation.label} {status}"
        for parameter in operation.parameters:
            name = f"{operation.label} {_MARKS.get(parameter.where, '')}{parameter.name}"
            found.parameters[operation.id, parameter.where, parameter.name] = name
            for member in members_of(parameter, operation.document):
                key = (operation.id, parameter.where, parameter.name, member)
                found.members[key] = f"{name}={member}"
    for direction in ("request", "response"):
        found.properties[direction] = {}
        for shape in _shapes(yardstick, direction):
            _add(found, shape, direction)
    return found


def members_of(parameter: Parameter, document: Document) -> list[str]:
    """The values that a parameter, or an item of it, may have, as they are sent."""
    plain: Document = follow(document, parameter.schema)
    items: Document = follow(document, plain.get("items") or {})
    return [text_of(value) for value in plain.get("enum") or items.get("enum") or ()]


def text_of(value: Json) -> str:
    """A value of an enum as text; `true` and `1` as JSON has them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _shapes(yardstick: Yardstick, direction: Direction) -> Iterator[Shape]:
    shapes = shapes_of(yardstick, direction)
    seen: set[int] = set()
    for operation in yardstick.operations:
        for name, schema in _schemas(operation, direction):
            root = (
                shapes.of_request(operation, schema)
                if direction == "request"
                else shapes.of_response(operation, name, schema)
            )
            for shape in shapes.reachable(root):
                if id(shape) not in seen:
                    seen.add(id(shape))
                    yield shape


def _schemas(
    operation: Operation, direction: Direction
) -> Iterator[tuple[str, Mapping[str, Json]]]:
    contents = {"": operation.body_content} if direction == "request" else operation.responses
    for name, content in contents.items():
        for kind, schema in content.items():
            if schema is not None and is_json(kind):
                yield name, schema


def _add(found: Documented, shape: Shape, direction: Direction) -> None:
    hidden = "readOnly" if direction == "request" else "writeOnly"
    for name, inner in shape.properties.items():
        if inner.schema.get(hidden) is not True:
            found.properties[direction][shape.name, name] = f"{shape.name}.{name}"
    for text in [text_of(value) for value in shape.enum if value is not None]:
        found.members[direction, shape.name, text] = f'{shape.name} "{text}" in a {direction}'
    for choice in shape.choices:
        if has_variants(choice, shape):
            for branch in choice.branches:
                name = f"{shape.name}: {branch.name} in a {direction}"
                found.variants.append(Variant(choice.place, direction, branch, name))


def has_variants(choice: Choice, holder: Shape) -> bool:
    """Whether the branches are things of their own, and not only rules for the one thing that
    *holder* is."""
    return any(
        _VARIANT_KEYS & branch.shape.schema.keys()
        or branch.shape.properties.keys() - holder.properties.keys()
        for branch in choice.branches
    )
