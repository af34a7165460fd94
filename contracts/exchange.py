"""One request, its response, and both together."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from mockserver.model import MISSING, Document, Json
from mockserver.openapi import Operation

Headers = tuple[tuple[str, str], ...]

JSON_TYPE: Final = "application/json"

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing. Source: RFC 9110 section 9.2.1 (TRACE is left out)."""


@dataclass(frozen=True)
class Request:
    """What is sent: *target* is the path with the server's base path and the query, percent-encoded
    as on the wire; *body* None for none at all.

    *actor* names whose credential the headers carry, `` for none; it is never sent.
    """

    method: str
    target: str
    headers: Headers = ()
    body: bytes | None = None
    actor: str = ""

    @property
    def path(self) -> str:
        """The path as on the wire, without the query."""
        return urlsplit(self.target).path

    @cached_property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Names and values of the query, decoded, in their order."""
        return tuple(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @cached_property
    def json(self) -> Json:
        """The body as JSON; MISSING where there is none, or it is none."""
        return json_of(self.body)

    def header(self, name: str) -> str | None:
        """The first value of a header; None where it is not sent."""
        return header_in(self.headers, name)


@dataclass(frozen=True)
class Response:
    """What came back. *is_cut* tells that the body is longer than what was read of it.

    *coding_flaw* says why the body could not be read by its `Content-Encoding`, `` where it could;
    it is then as it came. *host* is the one that was asked, where a network lies between;
    *is_secure* tells that it came over TLS.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    is_cut: bool = False
    coding_flaw: str = ""
    host: str = ""
    is_secure: bool = False

    @cached_property
    def json(self) -> Json:
        """The body as JSON; MISSING where it is none."""
        return self._read[0]

    @property
    def repeated_names(self) -> tuple[str, ...]:
        """Names that stand more than once in one object of the JSON body."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[Json, tuple[str, ...]]:
        repeated: list[str] = []

        def read(pairs: list[tuple[str, Json]]) -> Document:
            found = dict(pairs)
            if len(found) != len(pairs):
                names = [name for name, _ in pairs]
                repeated.extend(name for name in found if names.count(name) > 1)
            return found

        value = json_of(self.body, read)
        return value, tuple(dict.fromkeys(repeated)) if value is not MISSING else ()

    @property
    def content_type(self) -> str:
        """The media type in lower case, without its parameters; `` where none is told."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    def header(self, name: str) -> str | None:
        """The first value of a header; None where it did not come."""
        return header_in(self.headers, name)


@dataclass(frozen=True)
class Exchange:
    """A request and its response.

    *number* counts the exchanges of a run from 1. *operation* is None where the request fits no
    operation of the document; *path_values* are the decoded texts of its path parameters.
    *case* is the id of the case that sent it. *sent_at* is the target's time, aware, UTC.
    *duration_s* is what it took; *stalled_s* how much of that the sender's machine was too busy.
    """

    number: int
    request: Request
    response: Response
    operation: Operation | None
    path_values: Mapping[str, str]
    sent_at: datetime
    duration_s: float
    case: str = ""
    stalled_s: float = 0.0

    @property
    def target_s(self) -> float:
        """How long it took for all that the sender's machine can tell, without its own stalls."""
        return max(0.0, self.duration_s - self.stalled_s)

    @property
    def label(self) -> str:
        """`GET /books/{bookId}`; what was sent, where it fits no operation."""
        if self.operation is not None:
            return self.operation.label
        return f"{self.request.method} {self.request.path}"

    @property
    def is_success(self) -> bool:
        return 200 <= self.response.status < 300


def json_of(
    body: bytes | None, read: Callable[[list[tuple[str, Json]]], Document] | None = None
) -> Json:
    """*body* as JSON (RFC 8259: no NaN, no Infinity); MISSING where it is none. *read* makes each
    object of its names and values."""
    if not body:
        return MISSING
    try:
        return json.loads(body, parse_constant=_refused, object_pairs_hook=read)
    except (ValueError, RecursionError):
        return MISSING


def _refused(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def header_in(headers: Headers, name: str) -> str | None:
    """The first value of the header *name*, in any case."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)
