"""Connexion's view of a document: what it needs of it, and its own check made quick.

Connexion resolves whatever looks like a reference, examples included, and takes the servers' URLs
apart; it needs neither. Its check walks the whole document in Python, which takes a third of a
start. The structure has been checked before, by a later edition of the same schema; that defaults
fit where they stand is compiled here. Where that finds anything, Connexion's own check has the
word.
"""

from collections.abc import Iterator
from typing import Any

from connexion.json_schema import NullableTypeValidator
from connexion.spec import OpenAPISpecification
from jsonschema import Draft4Validator  # type: ignore[import-untyped]
from jsonschema.validators import extend  # type: ignore[import-untyped]

from mockserver.model import Document, Json
from mockserver.openapi.pointers import DATA_KEYS, NAMED_KEYS

_MAPS = NAMED_KEYS | {
    *("schemas", "responses", "parameters", "examples", "requestBodies", "headers", "links"),
    *("securitySchemes", "callbacks", "paths", "content", "encoding", "variables"),
}
"""Keys whose values map names, not keywords, to what is described."""

_UNNEEDED = frozenset({"example", "examples", "servers"})


class QuickSpecification(OpenAPISpecification):  # type: ignore[misc]  # Connexion ships no types
    """A document as Connexion holds it. Raises Connexion's InvalidSpecification."""

    def __init__(self, document: Document) -> None:
        super().__init__(_Given(_needed(document, is_map=False)))

    @classmethod
    def _validate_spec(cls, spec: Document) -> None:
        if not _have_good_defaults(spec):
            super()._validate_spec(spec)


class _Given(dict[str, Json]):
    """A document that is Connexion's own already: it need not copy it, and does so twice."""

    def __deepcopy__(self, _: object) -> "_Given":
        return self


def _needed(node: Json, *, is_map: bool) -> Json:
    """A copy of what Connexion looks at."""
    if isinstance(node, list):
        return [_needed(item, is_map=False) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _needed(value, is_map=not is_map and key in _MAPS)
        for key, value in node.items()
        if is_map or _is_needed(key, value)
    }


def _is_needed(key: str, value: Json) -> bool:
    """Not extensions, and no data that Connexion would take for a reference."""
    if key in _UNNEEDED or key.startswith("x-"):
        return False
    return key not in DATA_KEYS or not _holds_reference(value)


def _holds_reference(value: Json) -> bool:
    if isinstance(value, dict):
        return "$ref" in value or any(map(_holds_reference, value.values()))
    return isinstance(value, list) and any(map(_holds_reference, value))


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
            if is_map or key not in DATA_KEYS:
                yield from _with_default(value, is_map=not is_map and key in _MAPS)
