"""One journalled request: as it is kept, and as it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from mockserver.clock import iso_text
from mockserver.model import MISSING, Document, Json
from mockserver.web.masking import Masker
from mockserver.web.observers import Answered

SHOWN_BODY_BYTES = 16 * 1024


class Row(NamedTuple):
    """What is kept of a request: references only, read when somebody asks.

    The bodies of *answered* are cut where they are long; *body_bytes* and *answer_bytes* tell how
    long they were.
    """

    number: int
    kept_bytes: int
    body_bytes: int
    answer_bytes: int
    answered: Answered


@dataclass(frozen=True, slots=True)
class ShownBody:
    """A body with its credentials masked; *size_bytes* is that of the whole one."""

    text: str
    size_bytes: int
    is_cut: bool

    def as_json(self) -> Document:
        shown: Document = {"size": self.size_bytes, "isCut": self.is_cut, "text": self.text}
        value = MISSING if self.is_cut else parsed(self.text.encode())
        return shown if value is MISSING else {**shown, "json": value}


@dataclass(frozen=True, slots=True)
class Entry:
    """A request and its answer as they are shown: no credentials, bodies cut."""

    number: int
    at: str
    method: str
    target: str
    operation_id: str
    status: int
    duration_ms: float
    actor: str
    request_id: str
    headers: Mapping[str, str]
    body: ShownBody
    answer: ShownBody

    def summary(self) -> Document:
        """Enough to recognise a request by."""
        return {
            "number": self.number,
            "at": self.at,
            "method": self.method,
            "target": self.target,
            "operationId": self.operation_id or None,
            "status": self.status,
        }

    def as_json(self) -> Document:
        return {
            **self.summary(),
            "durationMs": self.duration_ms,
            "actor": self.actor,
            "requestId": self.request_id,
            "request": {"headers": dict(self.headers), "body": self.body.as_json()},
            "response": {"body": self.answer.as_json()},
        }


def entry_of(row: Row, masker: Masker) -> Entry:
    """The entry that shows *row*."""
    one = row.answered
    return Entry(
        number=row.number,
        at=iso_text(one.at),
        method=one.method,
        target=masker.target(one.target),
        operation_id=one.operation_id,
        status=one.status,
        duration_ms=round(one.duration_s * 1000, 3),
        actor=one.actor,
        request_id=one.request_id.decode("latin-1"),
        headers={name: masker.header(name, value) for name, value in one.headers.items()},
        body=_shown(one.body, row.body_bytes, masker),
        answer=_shown(one.answer, row.answer_bytes, masker),
    )


def parsed(body: bytes) -> Json:
    """The JSON that *body* holds, or MISSING."""
    try:
        return orjson.loads(body) if body else MISSING
    except orjson.JSONDecodeError:
        return MISSING


def _shown(body: bytes, size_bytes: int, masker: Masker) -> ShownBody:
    """Masked first and cut then, so that no cut leaves half a credential."""
    text = masker.body(body.decode("utf-8", "replace"))
    encoded = text.encode()
    is_cut = size_bytes > len(body) or len(encoded) > SHOWN_BODY_BYTES
    if is_cut:
        text = encoded[:SHOWN_BODY_BYTES].decode("utf-8", "ignore")
    return ShownBody(text, size_bytes, is_cut)
