"""What the document promises for one answer: its content and its headers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from contracts.checks.places import addressed, source_of
from contracts.exchange import Exchange
from contracts.yardstick import Yardstick, is_json
from mockserver.model import Document, Json
from mockserver.openapi import Operation, Validator, follow


@dataclass(frozen=True, slots=True)
class HeaderPromise:
    """A declared response header; *name* as the document writes it."""

    name: str
    required: bool
    schema: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Promise:
    """What is documented for one status of one operation.

    *key* is `200`, `4XX` or `default`; *source* a pointer into the document. *content* maps media
    types to schemas (None where none is told); it is empty where no body is documented.
    """

    key: str
    source: str
    content: Mapping[str, Mapping[str, Json] | None]
    headers: tuple[HeaderPromise, ...]

    def media_type(self, came: str) -> str | None:
        """The documented media type that *came* (lower case, plain) is one of; None for none."""
        for kind in self.content:
            plain = kind.partition(";")[0].strip().lower()
            main, _, sub = plain.partition("/")
            if plain in (came, "*/*") or (sub == "*" and came.startswith(f"{main}/")):
                return kind
        return None

    def schema(self, came: str) -> Mapping[str, Json] | None:
        """The schema of a body of the media type *came*; of the only JSON where that is none of
        the documented ones."""
        kind = self.media_type(came)
        if kind is not None:
            return self.content[kind]
        schemas = [schema for name, schema in self.content.items() if is_json(name)]
        return schemas[0] if len(schemas) == 1 else None

    @property
    def is_json_only(self) -> bool:
        return bool(self.content) and all(is_json(kind) for kind in self.content)


_KNOWN: Final[WeakKeyDictionary[Yardstick, dict[tuple[str, int], Promise | None]]] = (
    WeakKeyDictionary()
)
"""Read once for each yardstick, gone with it."""


def promise_of(exchange: Exchange, yardstick: Yardstick) -> Promise | None:
    """What is documented for this answer; None where it is not, or for an unknown operation."""
    operation = addressed(exchange)
    if operation is None:
        return None
    known = _KNOWN.setdefault(yardstick, {})
    key = operation.id, exchange.response.status
    if key not in known:
        known[key] = _read(operation, exchange.response.status)
    return known[key]


def body_validator(exchange: Exchange, yardstick: Yardstick) -> Validator | None:
    """What a JSON body of this answer is held to; None where nothing is documented."""
    promise = promise_of(exchange, yardstick)
    schema = promise.schema(exchange.response.content_type) if promise else None
    return None if schema is None else yardstick.validator(schema, "response")


def _read(operation: Operation, status: int) -> Promise | None:
    key = operation.response_key(status)
    if key is None:
        return None
    raw: Document = follow(operation.document, operation.raw["responses"].get(key)) or {}
    source = source_of(operation, "responses", key)
    headers = tuple(_headers(operation.document, raw.get("headers") or {}))
    return Promise(key, source, operation.responses[key], headers)


def _headers(document: Document, declared: Mapping[str, Json]) -> list[HeaderPromise]:
    """All but `Content-Type`, which the content tells. Source: OpenAPI 3.0.3 "Response Object"."""
    found = []
    for name, header in declared.items():
        plain = follow(document, header)
        content: Document = next(iter(plain.get("content", {}).values()), {})
        schema = plain.get("schema") or content.get("schema") or {}
        if name.lower() != "content-type":
            found.append(HeaderPromise(name, plain.get("required") is True, schema))
    return found
