"""What a request or an answer is about, seen in its schema, bare or in an envelope."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from mockserver.model import Document, Json
from mockserver.openapi.envelopes import BARE, Envelope, is_beside, properties_of, rest_beside
from mockserver.openapi.operations import Operation
from mockserver.openapi.pointers import follow
from mockserver.openapi.sample import Sampler
from mockserver.openapi.schema import SchemaCompiler

Schema: TypeAlias = Mapping[str, Json]


class Payloads:
    """Finds payloads in the schemas of one document.

    A told envelope is taken as it is; else an object may be its own payload, or the envelope of
    the one property that is a payload, when what stands beside it is constant or can be made up.
    """

    def __init__(self, document: Document, schemas: SchemaCompiler | None = None) -> None:
        self._document = document
        self._sampler = Sampler(document, schemas)

    def objects(
        self, schema: Schema | None, told: Envelope | None
    ) -> Iterator[tuple[Envelope, Schema]]:
        """Ways to see one object in an answer."""
        if schema is None:
            return
        if told is not None:
            inner = self._inside(schema, told)
            if inner is not None and self._is_object(inner):
                yield told, inner
        elif self._is_object(schema):
            yield BARE, schema
            yield from self._enveloped(schema, self._is_object)

    def lists(
        self, schema: Schema | None, told: Envelope | None
    ) -> Iterator[tuple[Envelope, Schema]]:
        """Ways to see a list of objects in an answer, with the schema of one of them."""
        if schema is None:
            return
        if told is not None:
            inner = self._inside(schema, told)
            ways = [] if inner is None else [(told, inner)]
        else:
            ways = [(BARE, schema), *self._enveloped(schema, self._is_list)]
        for envelope, inner in ways:
            if self._is_list(inner):
                yield envelope, follow(self._document, inner)["items"]

    def envelope(
        self, schema: Schema, kind: str, item: tuple[Schema, str], told: Envelope | None
    ) -> Envelope | None:
        """The envelope of an answer of an action of this *kind*; None where it is none.

        *item* is the schema of the resource's items, and the property that holds their id.
        """
        if kind == "list":
            return next((envelope for envelope, _ in self.lists(schema, told)), None)
        for envelope, inner in self.objects(schema, told):
            if inner == item[0] or item[1] in properties_of(self._document, inner):
                return envelope
        if kind == "delete" and self._is_object(schema):
            rest = rest_beside(self._document, schema, None, self._sampler)
            return None if rest is None else Envelope(None, rest)
        return None

    def body_envelope(self, operation: Operation, answer: Envelope | None) -> Envelope | None:
        """Bare, unless the request's only property is the one that envelops the answer."""
        if not operation.has_body:
            return None
        schema = json_schema(operation.body_content)
        if answer and answer.path and schema is not None:
            names = properties_of(self._document, schema)
            if list(names) == [answer.path[0]] and self._is_object(names[answer.path[0]]):
                return Envelope(answer.path)
        return BARE

    def id_field(self, schema: Schema, id_name: str) -> str | None:
        """The property named like the path parameter, else `id`."""
        names = properties_of(self._document, schema)
        return next(spellings(names, id_name), "id" if "id" in names else None)

    def _enveloped(
        self, schema: Schema, is_payload: Callable[[Schema], bool]
    ) -> Iterator[tuple[Envelope, Schema]]:
        names = properties_of(self._document, schema)
        payloads = [name for name, declared in names.items() if is_payload(declared)]
        if len(payloads) > 1:
            payloads = [name for name in payloads if not is_beside(name)]
        if len(payloads) == 1:
            is_list = self._is_list(names[payloads[0]])
            rest = rest_beside(self._document, schema, payloads[0], self._sampler, is_list=is_list)
            if rest is not None:
                yield Envelope((payloads[0],), rest), names[payloads[0]]

    def _inside(self, schema: Schema, envelope: Envelope) -> Schema | None:
        for key in envelope.path or ():
            names = properties_of(self._document, schema)
            if key not in names:
                return None
            schema = names[key]
        return schema

    def _is_object(self, schema: Schema) -> bool:
        return bool(properties_of(self._document, schema)) and not self._is_list(schema)

    def _is_list(self, schema: Schema) -> bool:
        plain = follow(self._document, schema)
        return plain.get("type") == "array" and self._is_object(plain.get("items", {}))


def success(operation: Operation) -> tuple[str | None, Schema | None]:
    """The first documented success and the schema of its JSON; None where there is none."""
    for status, content in operation.responses.items():
        if status.startswith("2"):
            return status, json_schema(content)
    return None, None


def json_schema(content: Mapping[str, Schema | None]) -> Schema | None:
    """The schema of the first JSON among these media types."""
    return next((schema for kind, schema in content.items() if "json" in kind), None)


def spellings(names: Mapping[str, Json], wanted: str) -> Iterator[str]:
    """Those of *names* that are *wanted*: written the same way first, else in another case."""
    if wanted in names:
        yield wanted
    for name in names:
        if name != wanted and _letters(name) == _letters(wanted):
            yield name


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
