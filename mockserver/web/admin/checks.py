"""Values checked against JSON schemas, with reasons that people can use."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from mockserver.errors import nearest
from mockserver.model import Document, Json
from mockserver.web.admin.problems import Flaw

_LONGEST_MESSAGE = 500
_BOUNDS = {"minimum": "below", "maximum": "above"}


class Check:
    """A compiled schema; local references in it point into *root*."""

    def __init__(self, schema: Mapping[str, Json], root: Document | None = None) -> None:
        self._schema: Document = {**schema, "components": (root or {}).get("components", {})}
        self._validator = jsonschema_rs.Draft202012Validator(self._schema, validate_formats=True)

    def flaws(self, value: Json, location: str) -> list[Flaw]:
        """Everything that is wrong with *value*, which came in at *location*."""
        return [
            flaw
            for error in self._validator.iter_errors(value)
            for flaw in self._flaws_of(error, location)
        ]

    def _flaws_of(self, error: Any, location: str) -> Iterator[Flaw]:
        place = "/".join([location, *map(str, error.instance_path)])
        code = error.kind.name
        if code == "additionalProperties":
            known = self._at(error.schema_path[:-1]).get("properties", {})
            for name in error.kind.unexpected:
                meant = nearest(name, known)
                hint = f"; did you mean {meant!r}?" if meant else ""
                yield Flaw(f"{place}/{name}", code, f"unknown member {name!r}{hint}")
        elif code == "required":
            yield Flaw(f"{place}/{error.kind.property}", code, "must be given")
        elif code in _BOUNDS:
            yield Flaw(place, code, f"must not be {_BOUNDS[code]} {error.kind.limit}")
        elif code == "oneOf" and self._titles(error):
            yield Flaw(place, code, f"must be {' or '.join(self._titles(error))}")
        else:
            yield Flaw(place, code, str(error.message))

    def _titles(self, error: Any) -> list[str]:
        branches = self._at(error.schema_path)
        titles = [branch.get("title", "") for branch in branches]
        return titles if all(titles) else []

    def _at(self, path: list[str | int]) -> Any:
        """The part of the schema at *path*; jsonschema-rs has followed references already."""
        part: Any = self._schema
        for key in path:
            part = part[key]
        return part
