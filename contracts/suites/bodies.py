"""Good values made from schemas: bodies, properties, enums and parameters.

Same document, same values in the same order; bad ones are made in `flawed`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from contracts.yardstick import Yardstick
from mockserver.model import Document, Json
from mockserver.openapi import Parameter

UNKNOWN_PROPERTY: Final = "understudyUnknownProperty"
STORED: Final = 2**31 - 1
"""Bounds this far out speak of how a number is stored, not of what it means."""
_SEEDS: Final = 8


def plain(yardstick: Yardstick, schema: Mapping[str, Json]) -> Document:
    """*schema* without composition: the first way in which it can be met."""
    return next(iter(yardstick.sampler.ways(schema)), {})


def properties(yardstick: Yardstick, schema: Mapping[str, Json]) -> dict[str, Mapping[str, Json]]:
    """The properties that an object schema speaks of, in any of its branches."""
    found: dict[str, Mapping[str, Json]] = {}
    for way in yardstick.sampler.ways(schema):
        found = {**way.get("properties", {}), **found}
    return found


def required(yardstick: Yardstick, schema: Mapping[str, Json]) -> tuple[str, ...]:
    """The names that every value of an object schema must have."""
    ways = yardstick.sampler.ways(schema)
    names = ways[0].get("required", ()) if ways else ()
    return tuple(name for name in names if all(name in way.get("required", ()) for way in ways))


def optional(yardstick: Yardstick, schema: Mapping[str, Json]) -> tuple[str, ...]:
    """The names that a request may leave out, in the document's order; not those that only an
    answer shows."""
    must = required(yardstick, schema)
    return tuple(
        name
        for name, inner in properties(yardstick, schema).items()
        if name not in must and plain(yardstick, inner).get("readOnly") is not True
    )


def least(yardstick: Yardstick, schema: Mapping[str, Json], pointer: str) -> Json:
    """A good request body with no more than its schema requires."""
    body = yardstick.sampler.sample(schema, pointer=pointer, direction="request")
    if not isinstance(body, dict):
        return body
    validator = yardstick.validator(schema, "request")
    for name in list(body):
        shorter = {key: body[key] for key in body if key != name}
        body = shorter if validator.is_valid(shorter) else body
    return body


def with_property(
    yardstick: Yardstick, schema: Mapping[str, Json], base: Document, name: str
) -> Document | None:
    """*base* with a good value for one more property; None where no value makes a good body."""
    inner = properties(yardstick, schema)[name]
    validator = yardstick.validator(schema, "request")
    for seed in range(_SEEDS):
        value = yardstick.sampler.sample(
            inner, seed=seed, pointer=name, dynamic=seed > 0, direction="request"
        )
        body = {**base, name: value}
        if validator.is_valid(body):
            return body
    return None


def good_texts(yardstick: Yardstick, parameter: Parameter) -> list[str]:
    """Texts that a parameter's schema takes: each member of its enum, else its bounds, else one
    sample; none where the style is one that is not written here."""
    schema = plain(yardstick, parameter.schema)
    if parameter.style not in ("form", "simple") or schema.get("type") in ("array", "object"):
        return []
    if "enum" in schema:
        return [text_of_value(member) for member in schema["enum"] if member is not None]
    sampled = yardstick.sampler.sample(
        parameter.schema, pointer=parameter.name, direction="request"
    )
    values = [sampled]
    if schema.get("type") == "integer":
        bounds = [schema[key] for key in ("minimum", "maximum") if key in schema]
        values += [bound for bound in bounds if abs(bound) < STORED and bound not in values]
    validator = yardstick.validator(parameter.schema, "request")
    return [text_of_value(value) for value in values if validator.is_valid(value)]


@dataclass(frozen=True, slots=True)
class EnumPlace:
    """Where a request body chooses among *members*. *paths* have the keys that lead there: of one
    property, all places with the same members, which often go together."""

    paths: tuple[tuple[str | int, ...], ...]
    members: tuple[Json, ...]

    @property
    def pointer(self) -> str:
        return "/".join(str(key) for key in self.paths[0])

    def put(self, body: Json, member: Json) -> Json:
        """*body* with *member* chosen."""
        for path in self.paths:
            body = replaced(body, path, member)
        return body


def enum_places(
    yardstick: Yardstick, schema: Mapping[str, Json], base: Document
) -> Iterator[tuple[EnumPlace, Document]]:
    """Every place with more than one member, and a good body that has it."""
    for name, inner in properties(yardstick, schema).items():
        body = base if name in base else with_property(yardstick, schema, base, name)
        found = [] if body is None else list(_enums(yardstick, inner, body[name], (name,)))
        for members in dict.fromkeys(members for _, members in found):
            paths = tuple(path for path, others in found if others == members)
            yield EnumPlace(paths, members), body or base


def replaced(value: Json, path: Sequence[str | int], new: Json) -> Json:
    """*value* with *new* at *path*; the original stays as it is."""
    if not path:
        return new
    if isinstance(value, list):
        index = int(path[0])
        return [*value[:index], replaced(value[index], path[1:], new), *value[index + 1 :]]
    return {**value, path[0]: replaced(value.get(path[0]), path[1:], new)}


def _enums(
    yardstick: Yardstick, schema: Mapping[str, Json], value: Json, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], tuple[Json, ...]]]:
    """Paths inside a good value, and their members; of branches, the one that the value is in."""
    ways = yardstick.sampler.ways(schema)
    way = next((one for one in ways if yardstick.sampler.fits(one, value, "request")), None)
    if way is None:
        return
    members = tuple(member for member in way.get("enum", ()) if isinstance(member, str | int))
    if len(members) > 1:
        yield path, members
    if isinstance(value, dict):
        for name in value:
            if name in way.get("properties", {}):
                yield from _enums(yardstick, way["properties"][name], value[name], (*path, name))
    if isinstance(value, list) and value and isinstance(way.get("items"), dict):
        yield from _enums(yardstick, way["items"], value[0], (*path, 0))


def text_of_value(value: Json) -> str:
    """A value as it stands in a query or a header."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)
