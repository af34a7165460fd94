"""Compiled schemas: one fast verdict, and all reasons when the verdict is no."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

import jsonschema_rs

from mockserver.errors import SetupError
from mockserver.model import MISSING, Document, Json, Violation
from mockserver.openapi.draft4 import BASE, Draft4
from mockserver.openapi.pointers import pointer_to
from mockserver.openapi.violations import Explanation

Direction = Literal["request", "response"]

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


FORMATS: Mapping[str, Callable[[str], bool]] = {"uuid": is_uuid, "byte": is_base64}
"""Formats that draft 4 does not know. It checks date-time, date, email, uri, ipv4, ipv6 itself;
`int32` and `int64` are bounds (see draft4)."""


class Validator:
    """One compiled schema. `is_valid(value)` is the fast way, `violations` the one with reasons."""

    __slots__ = ("_compiled", "_explanation", "is_valid")

    def __init__(self, compiled: jsonschema_rs.Draft4Validator, explanation: Explanation) -> None:
        self._compiled = compiled
        self._explanation = explanation
        self.is_valid: Callable[[Json], bool] = compiled.is_valid

    def violations(self, value: Json, where: str) -> list[Violation]:
        """Every rule that *value* breaks; empty when it is valid."""
        errors = list(self._compiled.iter_errors(value))
        found = self._explanation.violations(errors, where)
        return [replace(one, value=_value_at(value, one.place)) for one in found]


class SchemaCompiler:
    """Compiles schemas of one document; what they refer to is converted once per direction."""

    def __init__(self, document: Document) -> None:
        self._drafts: dict[Direction, Draft4] = {
            "request": Draft4(document, "request"),
            "response": Draft4(document, "response"),
        }
        self._registries: dict[Direction, tuple[int, jsonschema_rs.Registry]] = {}
        named = document.get("components", {}).get("schemas", {})
        for draft in self._drafts.values():
            for name in named:
                draft.convert({"$ref": pointer_to("components", "schemas", name)})

    def compile(
        self, schema: Mapping[str, Json], direction: Direction, *, place: str = ""
    ) -> Validator:
        """Compile *schema*, which may hold `$ref`s into the document.

        Raises SetupError, naming *place*, where it is no schema.
        """
        draft = self._drafts[direction]
        converted = draft.convert(schema)
        try:
            compiled = jsonschema_rs.Draft4Validator(
                converted,
                formats=dict(FORMATS),
                validate_formats=True,
                registry=self._registry(direction),
            )
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
            reason = f"not a usable schema: {_first_line(error)}"
            raise SetupError(reason, place=place, value=_shown(schema)) from None
        return Validator(compiled, Explanation(draft, converted))

    def _registry(self, direction: Direction) -> jsonschema_rs.Registry:
        """Built again only after a schema referred to something outside `components.schemas`."""
        definitions = self._drafts[direction].definitions
        count = len(definitions["definitions"])
        known = self._registries.get(direction)
        if known is None or known[0] != count:
            registry = jsonschema_rs.Registry([(BASE, definitions)], draft=jsonschema_rs.Draft4)
            known = self._registries[direction] = count, registry
        return known[1]


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _shown(schema: Mapping[str, Json]) -> str:
    return ", ".join(sorted(schema)) or "an empty schema"


def _value_at(value: Json, place: tuple[str | int, ...]) -> Json:
    """What stands there in the value as it was sent; a compiled schema sorts and copies it."""
    for key in place:
        if isinstance(value, dict) and key not in value:
            return MISSING
        value = value[key]
    return value
