"""Schemas of OpenAPI 3.0 as JSON Schema draft 4, which a compiler of schemas understands.

Each schema is converted once for each direction and may be asked for its original. What OpenAPI
adds becomes plain draft 4: `nullable` a type or a branch, `int32` two bounds, `readOnly` and
`writeOnly` the absence of a requirement or of the property.

Source: OpenAPI 3.0.3 "Schema Object"; reference stack section 5 (`nullable` beside a composition
or an `enum` lets null in, as schemathesis reads it).
"""

import json
from collections.abc import Mapping

from mockserver.model import Document, Json
from mockserver.openapi.pointers import follow

BASE = "understudy:schemas"
"""The name under which converted schemas refer to each other."""

_COPIED = (
    "type", "multipleOf", "maximum", "minimum", "maxLength", "minLength", "pattern", "maxItems",
    "minItems", "uniqueItems", "maxProperties", "minProperties", "format",
)  # fmt: skip
_COMPOSED = ("oneOf", "anyOf", "allOf", "not", "$ref")
_BOUNDS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}


class Draft4:
    """Converts the schemas of one document for one direction, `request` or `response`."""

    def __init__(self, document: Document, direction: str) -> None:
        self._document = document
        self._unneeded = "readOnly" if direction == "request" else "writeOnly"
        self._definitions: dict[str, Document] = {}
        self._names: dict[str, str] = {}
        self._origins: dict[int, tuple[Document, Mapping[str, Json]]] = {}
        self._rules: dict[int, str] = {}
        self._nullable: set[int] = set()

    def convert(self, schema: Mapping[str, Json]) -> Document:
        """The draft 4 form of *schema*, with everything that it refers to among `definitions`."""
        if "$ref" in schema:
            converted: Document = {"$ref": self._reference(schema["$ref"])}
        else:
            converted = self._plain(schema)
        if schema.get("nullable") is True:
            converted = self._with_null(converted, schema)
        return self._kept(converted, schema)

    @property
    def definitions(self) -> Document:
        """The one document that every reference leads into."""
        return {"definitions": self._definitions}

    def target(self, ref: str) -> Document:
        """The converted schema behind a reference of a converted schema."""
        return self._definitions[ref.rpartition("/")[2]]

    def origin(self, converted: Document) -> Mapping[str, Json]:
        """The schema of the document that *converted* was made from."""
        return self._origins[id(converted)][1]

    def rule(self, converted: Document) -> str | None:
        """The OpenAPI rule that *converted* stands for, where it is not one of draft 4."""
        return self._rules.get(id(converted))

    def is_null_or_other(self, converted: Document) -> bool:
        """Whether *converted* is null as first branch, the schema itself as second."""
        return id(converted) in self._nullable

    def _kept(
        self, converted: Document, origin: Mapping[str, Json], rule: str | None = None
    ) -> Document:
        self._origins[id(converted)] = converted, origin
        if rule is not None:
            self._rules[id(converted)] = rule
        return converted

    def _reference(self, ref: str) -> str:
        if ref not in self._names:
            name = self._names[ref] = str(len(self._names))
            self._definitions[name] = {}
            self._definitions[name] = self.convert(follow(self._document, {"$ref": ref}))
        return f"{BASE}#/definitions/{self._names[ref]}"

    def _plain(self, schema: Mapping[str, Json]) -> Document:
        result = {key: schema[key] for key in _COPIED if key in schema}
        for bound in ("Maximum", "Minimum"):
            if bound.lower() in schema and schema.get(f"exclusive{bound}") is True:
                result[f"exclusive{bound}"] = True
        if schema.get("enum"):
            result["enum"] = _distinct(schema["enum"])
        for key in ("oneOf", "anyOf", "allOf"):
            if schema.get(key):
                result[key] = [self.convert(branch) for branch in schema[key]]
        for key in ("not", "items", "additionalProperties"):
            if isinstance(schema.get(key), dict):
                result[key] = self.convert(schema[key])
        if schema.get("additionalProperties") is False:
            result["additionalProperties"] = False
        self._add_properties(schema, result)
        self._add_bounds(schema, result)
        return result

    def _add_properties(self, schema: Mapping[str, Json], result: Document) -> None:
        if properties := schema.get("properties"):
            result["properties"] = {
                name: self._property(declared) for name, declared in properties.items()
            }
        if isinstance(required := schema.get("required"), list):
            needed = [name for name in dict.fromkeys(required) if self._is_needed(schema, name)]
            if needed:
                result["required"] = needed

    def _property(self, declared: Mapping[str, Json]) -> Document:
        if not self._is_unneeded(declared):
            return self.convert(declared)
        plain = follow(self._document, declared)
        if self._unneeded == "writeOnly":
            return self._kept({"not": {}}, plain, rule="writeOnly")
        return self._kept({}, plain)

    def _is_unneeded(self, declared: Mapping[str, Json]) -> bool:
        return follow(self._document, declared).get(self._unneeded) is True

    def _is_needed(self, schema: Mapping[str, Json], name: str) -> bool:
        """Whether a required property is required in this direction."""
        declared = schema.get("properties", {}).get(name)
        if declared is not None:
            return not self._is_unneeded(declared)
        parts = (follow(self._document, part) for part in schema.get("allOf", ()))
        return all(self._is_needed(part, name) for part in parts)

    def _add_bounds(self, schema: Mapping[str, Json], result: Document) -> None:
        bounds = _BOUNDS.get(schema.get("format", ""))
        if bounds and schema.get("type") in ("integer", "number"):
            limits = self._kept({"minimum": bounds[0], "maximum": bounds[1]}, schema, rule="format")
            result["allOf"] = [*result.get("allOf", ()), limits]

    def _with_null(self, converted: Document, schema: Mapping[str, Json]) -> Document:
        if any(key in schema for key in _COMPOSED):
            either: Document = {
                "anyOf": [self._kept({"enum": [None]}, schema), self._kept(converted, schema)]
            }
            self._nullable.add(id(either))
            return either
        if isinstance(converted.get("type"), str):
            converted["type"] = [converted["type"], "null"]
        if "enum" in converted and None not in converted["enum"]:
            converted["enum"] = [*converted["enum"], None]
        return converted


def _distinct(values: list[Json]) -> list[Json]:
    return list({json.dumps(value, sort_keys=True): value for value in values}.values())
