"""What a target is held to: a document, compiled once, and what follows from it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from mockserver.errors import SetupError
from mockserver.model import Document, Json
from mockserver.openapi import (
    Direction,
    Operation,
    ResourceAction,
    Sampler,
    SchemaCompiler,
    Validator,
    apparent_resources,
    document_and_overlays,
    effective_document,
    load_document,
    operations_of,
)

if TYPE_CHECKING:  # slow to import, and a quick run does without
    from openapi_core import OpenAPI

_TEMPLATE: Final = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Match:
    """An operation that a request goes to, and the decoded texts of its path parameters."""

    operation: Operation
    path_values: Mapping[str, str]


class Yardstick:
    """One document, and everything about it that checks and suites ask for.

    *document* is what targets are judged by: the `published` document, or the `effective` one with
    all overlays. What it takes to send good requests (credentials, resources, links) is always
    read from the *effective* one, for published documents often leave it out.
    """

    def __init__(self, kind: str, published: Document, effective: Document) -> None:
        self.kind = kind
        self.effective = effective
        self.document = published if kind == "published" else effective
        self.operations: tuple[Operation, ...] = tuple(operations_of(self.document))
        self.compiler = SchemaCompiler(self.document)
        self.sampler = Sampler(self.document, self.compiler)
        driving = operations_of(effective)
        self._driving = {(one.method, one.template): one for one in driving}
        self.resources: Mapping[str, ResourceAction] = apparent_resources(effective, driving)
        self._validators: dict[tuple[int, Direction], tuple[Mapping[str, Json], Validator]] = {}
        self._routes = [(_pattern(one.path), one) for one in self.operations]

    @property
    def title(self) -> str:
        return str(self.document.get("info", {}).get("title", ""))

    @property
    def domain(self) -> str:
        """The API whose own rules are known (`calcom`), as the document names it; else ``."""
        return str(self.effective.get("x-understudy", {}).get("domain", ""))

    @property
    def schemes(self) -> Mapping[str, Document]:
        """The security schemes, by name."""
        schemes: Mapping[str, Document] = self.effective.get("components", {}).get(
            "securitySchemes", {}
        )
        return schemes

    @cached_property
    def openapi(self) -> "OpenAPI":
        """openapi-core's view of the document. Raises SetupError where it cannot be read."""
        from openapi_core import OpenAPI  # slow, see above

        document = {**self.document, "servers": [{"url": "/"}]}
        if self.document.get("servers"):
            base = self.operations[0].path.removesuffix(self.operations[0].template)
            document["servers"] = [{"url": base or "/"}]
        try:
            return OpenAPI.from_dict(document)
        except Exception as error:
            first = str(error).partition("\n")[0]
            raise SetupError(f"openapi-core cannot read the document: {first}") from error

    def driving(self, operation: Operation) -> Operation:
        """The same operation as the effective document has it: with its security."""
        return self._driving.get((operation.method, operation.template), operation)

    def operation(self, id: str) -> Operation:
        """The operation with this operationId. Raises SetupError that offers the nearest."""
        for one in self.operations:
            if one.id == id:
                return one
        known = [one.id for one in self.operations]
        raise SetupError("the document has no such operation", value=id, known=known)

    def match(self, method: str, path: str) -> Match | None:
        """The operation that *path* (percent-encoded, with the base path) leads to, if any."""
        for pattern, operation in self._routes:
            if operation.method == method and (found := pattern.fullmatch(path)):
                names = _TEMPLATE.findall(operation.path)
                values = (unquote(text) for text in found.groups())
                return Match(operation, dict(zip(names, values, strict=True)))
        return None

    def methods(self, path: str) -> Sequence[str]:
        """The methods that are documented for *path* (percent-encoded)."""
        return [one.method for pattern, one in self._routes if pattern.fullmatch(path)]

    def validator(self, schema: Mapping[str, Json], direction: Direction) -> Validator:
        """The compiled *schema*, made at its first use. Raises SetupError."""
        key = id(schema), direction
        if key not in self._validators:
            self._validators[key] = schema, self.compiler.compile(schema, direction)
        return self._validators[key][1]

    def driving_validator(self, schema: Mapping[str, Json], direction: Direction) -> Validator:
        """The same for a *schema* of the effective document, such as those of `resources`."""
        key = id(schema), direction
        if key not in self._validators:
            self._validators[key] = schema, self._driving_compiler.compile(schema, direction)
        return self._validators[key][1]

    @cached_property
    def _driving_compiler(self) -> SchemaCompiler:
        is_same = self.document is self.effective
        return self.compiler if is_same else SchemaCompiler(self.effective)

    def response_schema(self, operation: Operation, status: int) -> Mapping[str, Json] | None:
        """The JSON schema of an answer with *status*; None where none is documented."""
        key = operation.response_key(status)
        content = operation.responses[key] if key is not None else {}
        return next((content[kind] for kind in content if is_json(kind)), None)

    def request_schema(self, operation: Operation) -> Mapping[str, Json] | None:
        """The JSON schema of a request body; None where there is none."""
        content = operation.body_content
        return next((content[kind] for kind in content if is_json(kind)), None)


def is_json(media_type: str) -> bool:
    """Whether values of *media_type* are JSON: `application/json`, `application/problem+json`."""
    plain = media_type.partition(";")[0].strip().lower()
    return plain == "application/json" or plain.endswith("+json")


def read_yardstick(spec: Path | None, overlays: Sequence[Path], kind: str) -> Yardstick:
    """The yardstick that these files make; the bundled document without *spec*.

    Raises SetupError.
    """
    file, above = document_and_overlays(spec, overlays)
    return Yardstick(kind, load_document(file), effective_document(file, above))


def _pattern(template: str) -> re.Pattern[str]:
    parts = _TEMPLATE.split(template)
    texts = [re.escape(part) if index % 2 == 0 else "([^/]*)" for index, part in enumerate(parts)]
    return re.compile("".join(texts))
