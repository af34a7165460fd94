"""The shape of a resource's documents: what its schema says of their properties, read once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mockserver.model import Document, Json
from mockserver.openapi.pointers import follow

Schema = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Shape:
    """Properties by name, references followed; those of every variant, where there are variants.

    *required* holds what every variant requires. *is_free* tells that the schema says itself that
    other properties may stand beside the declared ones.
    """

    properties: Mapping[str, Schema]
    required: frozenset[str]
    is_free: bool

    def having(self, keyword: str) -> frozenset[str]:
        """The properties of which *keyword* (`readOnly`, `writeOnly`, `nullable`) is true."""
        return frozenset(name for name, one in self.properties.items() if one.get(keyword) is True)

    def is_shown(self, name: str) -> bool:
        """Whether an answer may hold the property *name*."""
        if name in self.properties:
            return self.properties[name].get("writeOnly") is not True
        return self.is_free or not self.properties


def shape_of(schema: Schema | None, document: Document) -> Shape:
    """Read *schema*, which may hold references into *document*."""
    return _shape(schema or {}, document, frozenset())


def _shape(schema: Schema, document: Document, seen: frozenset[str]) -> Shape:
    if isinstance(ref := schema.get("$ref"), str):
        if ref in seen:
            return Shape({}, frozenset(), False)  # a variant that names its own family again
        seen = seen | {ref}
        schema = follow(document, schema)
    declared = schema.get("properties", {})
    properties = {name: _followed(one, document) for name, one in declared.items()}
    required = frozenset(schema.get("required", ()))
    is_free = schema.get("additionalProperties", False) is not False
    for part in _shapes(schema.get("allOf", ()), document, seen):
        properties = {**part.properties, **properties}
        required |= part.required
        is_free = is_free or part.is_free
    for keyword in ("oneOf", "anyOf"):
        variants = _shapes(schema.get(keyword, ()), document, seen)
        for variant in variants:
            properties = {**variant.properties, **properties}
            is_free = is_free or variant.is_free
        if variants:
            required |= frozenset.intersection(*(variant.required for variant in variants))
    return Shape(properties, required, is_free)


def _shapes(schemas: Iterable[Schema], document: Document, seen: frozenset[str]) -> list[Shape]:
    return [_shape(schema, document, seen) for schema in schemas]


def _followed(schema: Schema, document: Document) -> Schema:
    """*schema* itself; keywords beside a reference or inside a lone `allOf` count as its own."""
    beside = {key: value for key, value in schema.items() if key not in ("$ref", "allOf")}
    if "$ref" in schema:
        return {**follow(document, schema), **beside}
    parts = schema.get("allOf", ())
    if len(parts) == 1:
        return {**_followed(parts[0], document), **beside}
    return schema
