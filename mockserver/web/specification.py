"""Connexion's view of a document, with Connexion's own check made quick.

The check walks the whole document in Python, which takes a third of a start. It is the schema of
documents that Connexion brings along, and that defaults fit where they stand. Compiled, the first
takes milliseconds, and so does the second for the few schemas that have a default. Where either
finds anything, Connexion's own check has the word.
"""

from collections.abc import Iterator
from typing import Any

from connexion.json_schema import NullableTypeValidator
from connexion.spec import OpenAPISpecification
from jsonschema import Draft4Validator  # type: ignore[import-untyped]
from jsonschema.validators import extend  # type: ignore[import-untyped]
from jsonschema_rs import Draft4Validator as CompiledValidator

from mockserver.model import Document, Json
from mockserver.openapi.pointers import DATA_KEYS, NAMED_KEYS

_MAPS = NAMED_KEYS | {
    *("schemas", "responses", "parameters", "examples", "requestBodies", "headers", "links"),
    *("securitySchemes", "callbacks", "paths", "content", "encoding", "variables"),
}
"""Keys whose values map names, not keywords, to what is described."""


class QuickSpecification(OpenAPISpecification):  # type: ignore[misc]  # Connexion ships no types
    """A document as Connexion holds it. Raises Connexion's InvalidSpecification."""

    @classmethod
    def _validate_spec(cls, spec: Document) -> None:
        compiled = CompiledValidator(cls.openapi_schema, validate_formats=False)
        if not compiled.is_valid(spec) or not _have_good_defaults(spec):
            super()._validate_spec(spec)


def _have_good_defaults(document: Document) -> bool:
    validator: Any = extend(Draft4Validator, {"type": NullableTypeValidator})(document)
    return all(
        validator.evolve(schema=schema).is_valid(schema["default"])
        for schema in _with_default(document, is_map=False)
    )


def _with_default(node: Json, *, is_map: bool) -> Iterator[Document]:
    """Every object that says itself what its default is."""
    if isinstance(node, list):
        for item in node:
            yield from _with_default(item, is_map=False)
    elif isinstance(node, dict):
        if "default" in node and not is_map:
            yield node
        for key, value in node.items():
            if is_map or (key not in DATA_KEYS and not key.startswith("x-")):
                yield from _with_default(value, is_map=not is_map and key in _MAPS)
