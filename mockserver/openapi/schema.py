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
from mockserver.openapi.verdict import VerdictForms
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
    """One compiled schema. `is_valid(value)` is the fast way, `violations` the one with reasons.

    *verdict* is a form of the schema that tells no reasons, *compile_exactly* compiles the schema
    as it is; that is done when first somebody asks for reasons.
    """

    __slots__ = ("_compile_exactly", "_exact", "_explanation", "is_valid")

    def __init__(
        self,
        verdict: jsonschema_rs.Draft4Validator,
        compile_exactly: Callable[[], jsonschema_rs.Draft4Validator],
        explanation: Explanation,
    ) -> None:
        self._compile_exactly = compile_exactly
        self._exact: jsonschema_rs.Draft4Validator | None = None
        self._explanation = explanation
        self.is_valid: Callable[[Json], bool] = verdict.is_valid

    def violations(self, value: Json, where: str) -> list[Violation]:
        """Every rule that *value* breaks; empty when it is valid."""
        if self._exact is None:
            self._exact = self._compile_exactly()
        errors = list(self._exact.iter_errors(value))
        found = self._explanation.violations(errors, where)
        return [replace(one, value=_value_at(value, one.place)) for one in found]


class SchemaCompiler:
    """Compiles schemas of one document; what they refer to is converted once per direction."""

    def __init__(self, document: Document) -> None:
        self._directions: dict[Direction, _Direction] = {}
        self._document = document

    def compile(
        self, schema: Mapping[str, Json], direction: Direction, *, place: str = ""
    ) -> Validator:
        """Compile *schema*, which may hold `$ref`s into the document.

        Raises SetupError, naming *place*, where it is no schema.
        """
        known = self._directions.get(direction)
        if known is None:
            known = self._directions[direction] = _Direction(self._document, direction)
        try:
            return known.compile(schema)
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
            reason = f"not a usable schema: {_first_line(error)}"
            raise SetupError(reason, place=place, value=_shown(schema)) from None


class _Direction:
    """The schemas of one document for one direction: exact, and as forms for the verdict.

    Schemas that read the same share one validator: a document says most things many times.
    """

    def __init__(self, document: Document, direction: Direction) -> None:
        self._draft = Draft4(document, direction)
        self._forms = VerdictForms(self._draft)
        self._exact, self._verdict = _Definitions(), _Definitions()
        self._validators: dict[str, Validator] = {}
        for name in document.get("components", {}).get("schemas", {}):
            self._draft.convert({"$ref": pointer_to("components", "schemas", name)})

    def compile(self, schema: Mapping[str, Json]) -> Validator:
        text = repr(schema)
        known = self._validators.get(text)
        if known is None:
            known = self._validators[text] = self._new(schema)
        return known

    def _new(self, schema: Mapping[str, Json]) -> Validator:
        draft, exact = self._draft, self._exact
        converted = draft.convert(schema)
        return Validator(
            self._verdict.compile(self._forms.form(converted), self._forms.definitions()),
            # not by way of *self*, which keeps the validator: it could never be freed at once
            lambda: exact.compile(converted, draft.definitions),
            Explanation(draft, converted),
        )


class _Definitions:
    """Compiles schemas together with what they refer to."""

    def __init__(self) -> None:
        self._known: tuple[int, jsonschema_rs.Registry] | None = None

    def compile(self, schema: Document, definitions: Document) -> jsonschema_rs.Draft4Validator:
        """A registry is built again only after a schema referred to something new."""
        count = len(definitions["definitions"])
        if self._known is None or self._known[0] != count:
            registry = jsonschema_rs.Registry([(BASE, definitions)], draft=jsonschema_rs.Draft4)
            self._known = count, registry
        return jsonschema_rs.Draft4Validator(
            schema, formats=dict(FORMATS), validate_formats=True, registry=self._known[1]
        )


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
