"""Envelopes: the constant wrapping of an API around what a request or an answer is about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.model import MISSING, Document, Json
from mockserver.openapi.pointers import follow
from mockserver.openapi.sample import Sampler


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where the payload stands, and what stands beside it.

    `Envelope(("data",), {"status": "success"})` is `{"status": "success", "data": payload}`;
    `Envelope()` the bare payload; `Envelope(None, rest)` an answer that does not show it.
    """

    path: tuple[str, ...] | None = ()
    rest: Mapping[str, Json] | None = None

    def wrap(self, payload: Json) -> Json:
        """*payload* inside a new envelope."""
        if self.path is None:
            return dict(self.rest or {})
        value = payload
        for key in reversed(self.path[1:]):
            value = {key: value}
        return {**(self.rest or {}), self.path[0]: value} if self.path else value

    def unwrap(self, value: Json) -> Json:
        """The payload inside *value*; MISSING where there is none."""
        if self.path is None:
            return MISSING
        for key in self.path:
            value = value.get(key, MISSING) if isinstance(value, dict) else MISSING
        return value


BARE = Envelope()
_PAYLOAD_NAMES = frozenset(["data", "result", "results", "payload", "item", "items", "content"])
_NAMES_BESIDE = frozenset(
    [
        *("meta", "metadata", "pagination", "paging", "links", "message", "msg", "status", "code"),
        *("statuscode", "timestamp", "requestid", "traceid", "version"),
        *("error", "errors", "warnings"),
    ]
)


def properties_of(document: Document, schema: Mapping[str, Json]) -> dict[str, Mapping[str, Json]]:
    """The properties that every value of an object schema may have, `$ref` and `allOf` resolved;
    of a `oneOf` or `anyOf`, those that all branches share."""
    return dict(_properties(document, schema, ()))


def _properties(
    document: Document, schema: Mapping[str, Json], within: tuple[int, ...]
) -> Iterator[tuple[str, Mapping[str, Json]]]:
    schema = follow(document, schema)
    if id(schema) in within:
        return
    within = (*within, id(schema))
    for part in schema.get("allOf", ()):
        yield from _properties(document, part, within)
    branches = [
        dict(_properties(document, branch, within))
        for key in ("oneOf", "anyOf")
        for branch in schema.get(key, ())
    ]
    for name in branches[0] if branches else ():
        if all(name in branch for branch in branches):
            yield name, branches[0][name]
    yield from schema.get("properties", {}).items()


def required_of(document: Document, schema: Mapping[str, Json]) -> set[str]:
    """The names that an object schema requires, `$ref` and `allOf` resolved."""
    schema = follow(document, schema)
    names = set(schema.get("required", ()))
    for part in schema.get("allOf", ()):
        names |= required_of(document, part)
    return names


def constant(schema: Mapping[str, Any]) -> Json:
    """The one value that a property of an envelope always has; MISSING where none is told."""
    if schema.get("enum"):
        return schema["enum"][0]
    for key in ("example", "default"):
        if key in schema:
            return schema[key]
    return None if schema.get("nullable") is True else MISSING


def rest_beside(
    document: Document,
    schema: Mapping[str, Json],
    key: str | None,
    sampler: Sampler,
    *,
    is_list: bool = False,
) -> Document | None:
    """What stands beside the property *key*; None where *schema* seems to be no envelope.

    A property with one constant value has that. Another that is required is filled: true for a
    boolean, else what *sampler* makes; but only where it says something of the answer, or *key* is
    known to hold payloads. Properties that are not required are left out, unless the schema
    requires nothing at all.

    Source: assumed (what the envelopes of most APIs hold).
    """
    rest = {}
    required = required_of(document, schema)
    is_sure = is_list or key is None or _plain(key) in _PAYLOAD_NAMES
    for name, declared in properties_of(document, schema).items():
        if name == key or (required and name not in required):
            continue
        plain = follow(document, declared)
        value = constant(plain)
        if value is MISSING and name in required:
            if not (is_sure or plain.get("type") == "boolean" or is_beside(name)):
                return None
            value = _filling(sampler, plain, name)
        if value is not MISSING:
            rest[name] = value
    return rest


def is_beside(name: str) -> bool:
    """Whether a property so named tells something of an answer, and is not what it is about."""
    return _plain(name) in _NAMES_BESIDE


def _filling(sampler: Sampler, schema: Mapping[str, Json], name: str) -> Json:
    if schema.get("type") == "boolean":
        return True
    return sampler.sample(schema, pointer=f"/{name}")


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
