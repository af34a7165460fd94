"""Schemas without composition: what `$ref`, `allOf`, `oneOf` and `anyOf` come down to."""

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any

from mockserver.model import Document, Json
from mockserver.openapi.pointers import follow

COMBINATIONS_TRIED = 64
_DEEPEST = 8

_HIGHER = ("minimum", "minLength", "minItems", "minProperties")
_LOWER = ("maximum", "maxLength", "maxItems", "maxProperties")


def flattened(document: Document, schema: Mapping[str, Json]) -> Iterator[Document]:
    """The ways to fit *schema*, as schemas of plain keywords, the first branches first.

    A value that fits one of them fits *schema* as well, unless branches of a `oneOf` overlap.
    """
    yield from islice(_flat(document, schema, 0), COMBINATIONS_TRIED)


def _flat(document: Document, schema: Mapping[str, Json], depth: int) -> Iterator[Document]:
    schema = follow(document, schema)
    own = {key: value for key, value in schema.items() if key not in ("allOf", "oneOf", "anyOf")}
    if depth > _DEEPEST:
        yield own
        return
    groups = [list(_flat(document, part, depth + 1)) for part in schema.get("allOf", ())]
    for key in ("oneOf", "anyOf"):
        if schema.get(key):
            groups.append(
                [
                    flat
                    for branch in schema[key]
                    for flat in islice(_flat(document, branch, depth + 1), COMBINATIONS_TRIED)
                ]
            )
    for parts in product(*groups):
        merged = own
        for part in parts:
            merged = _both(merged, part)
        yield merged


def _both(one: Mapping[str, Any], other: Mapping[str, Any]) -> Document:
    """The schema of what fits *one* and *other*."""
    result = {**other, **one}
    for key, choose in [(name, max) for name in _HIGHER] + [(name, min) for name in _LOWER]:
        if key in one and key in other:
            result[key] = choose(one[key], other[key])
    if "enum" in one and "enum" in other:
        result["enum"] = [value for value in one["enum"] if value in other["enum"]]
    if "required" in one or "required" in other:
        both = [*one.get("required", ()), *other.get("required", ())]
        result["required"] = list(dict.fromkeys(both))
    if "properties" in one and "properties" in other:
        result["properties"] = {**one["properties"], **other["properties"]}
        for name in one["properties"].keys() & other["properties"].keys():
            pair = [one["properties"][name], other["properties"][name]]
            result["properties"][name] = pair[0] if pair[0] == pair[1] else {"allOf": pair}
    if one.get("uniqueItems") or other.get("uniqueItems"):
        result["uniqueItems"] = True
    if {one.get("type"), other.get("type")} == {"integer", "number"}:
        result["type"] = "integer"
    if "example" in one or "example" in other:
        result.update(_joint_example(one, other))
    if one.get("nullable") != other.get("nullable"):
        result.pop("nullable", None)
    return result


def _joint_example(one: Mapping[str, Any], other: Mapping[str, Any]) -> Document:
    """Examples of objects are joined; of anything else, the outer one counts."""
    examples = [part["example"] for part in (other, one) if "example" in part]
    if all(isinstance(example, dict) for example in examples):
        return {"example": {key: value for example in examples for key, value in example.items()}}
    return {"example": examples[-1]}
