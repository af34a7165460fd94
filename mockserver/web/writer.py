"""Writes answers, and tells of them: the one place where they become bytes."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from random import Random
from time import perf_counter
from typing import NamedTuple

import orjson

from mockserver.behaviours.faults import Wire
from mockserver.behaviours.registry import Call
from mockserver.model import MISSING, Reply, fitted
from mockserver.web.asgi import Send
from mockserver.web.faulty import deliver
from mockserver.web.observers import Answered, Observer
from mockserver.web.whole import Header, Written, lines_of

Packed = tuple[Reply, bytes]
"""A reply, and its body as it will be sent."""

_JSON = "application/json"
_CONTENT_TYPES = {
    kind: (b"content-type", kind.encode())
    for kind in ("application/json", "application/problem+json")
}
_REQUEST_ID = b"x-request-id"
_WITHOUT_BODY = (204, 304)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_VERSION_4 = 0x4 << 76 | 0x8 << 60
"""The bits of a UUID that say how it was made: version 4, the variant of RFC 9562."""
_RANDOM_BITS = ~(0xF << 76 | 0xC << 60)


class RequestIds:
    """UUIDs of version 4 for the header X-Request-Id, drawn from the seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.begin()

    def begin(self, process: str = "") -> None:
        """Begin anew; with the name of one of several processes, with ids that no other draws."""
        self._bits = Random(f"request ids {self._seed}{process and ' '}{process}").getrandbits

    def next(self) -> bytes:
        text = (self._bits(128) & _RANDOM_BITS | _VERSION_4).to_bytes(16, "big").hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}".encode()


class Writer:
    """Turns replies into bytes, and tells *observer*; *standing* goes with each answer."""

    def __init__(
        self, observer: Observer, request_ids: RequestIds, standing: Sequence[Header] = ()
    ) -> None:
        self._observer = observer
        self._request_ids = request_ids
        self._standing = tuple(standing)
        self._standing_lines = lines_of(standing)

    def written(self, call: Call, answer: Packed, sent: bytes, started: float) -> Written:
        """*answer* as it leaves; *sent* is the body of the request, *started* the `perf_counter` at
        which it came in."""
        reply, body = answer
        request_id, others = self._told(call, reply)
        lines = (b"x-request-id: %b\r\n" % request_id) + _kind_lines(reply, len(body))
        self._note(call, reply.status, body, sent, request_id, started)
        lines += others.lines + self._standing_lines
        return Written(reply.status, lines, b"" if call.method == "HEAD" else body)

    async def send(
        self, send: Send, call: Call, answer: Packed, sent: bytes, started: float
    ) -> None:
        """As `written`, in messages of ASGI, and as the faults of the call leave them."""
        reply, body = answer
        request_id, others = self._told(call, reply)
        kind = _kind_headers(reply, len(body))
        headers = [(_REQUEST_ID, request_id), *kind, *others.headers, *self._standing]
        status = reply.status
        if call.faults:
            wire = await deliver(send, call, Wire(status, headers, body))
            status, body = wire.status, wire.body
        else:
            shown = b"" if call.method == "HEAD" else body
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": shown})
        self._note(call, status, body, sent, request_id, started)

    def _told(self, call: Call, reply: Reply) -> "tuple[bytes, Others]":
        """The request id of the answer, and what else guards and behaviour say in headers; one of
        them may bring an id of its own."""
        others = _others((*call.answer_headers, *reply.headers))
        own = self._request_ids.next()  # drawn for every answer, so that all ids follow the seed
        return others.request_id or own, others

    def _note(
        self, call: Call, status: int, body: bytes, sent: bytes, request_id: bytes, started: float
    ) -> None:
        self._observer.add(
            Answered(
                call.now,
                call.method,
                call.target,
                call.operation.id,
                status,
                perf_counter() - started,
                call.actor.name or call.actor.kind,
                call.headers,
                sent,
                body,
                request_id,
            )
        )


class Others(NamedTuple):
    """Headers that a call brings, as pairs and as lines; a request id stands by itself."""

    headers: tuple[Header, ...]
    lines: bytes
    request_id: bytes | None


@lru_cache(1024)
def _others(pairs: tuple[tuple[str, str], ...]) -> Others:
    """Most answers carry the same ones again."""
    headers = encoded(pairs)
    own = [value for name, value in headers if name == _REQUEST_ID]
    rest = tuple([header for header in headers if header[0] != _REQUEST_ID])
    return Others(rest, lines_of(rest), own[-1] if own else None)


def _kind_headers(reply: Reply, size: int) -> list[Header]:
    """Length and media type, where there is a body that has them."""
    if reply.status in _WITHOUT_BODY:
        return []
    length = (b"content-length", b"%d" % size)
    return [length] if reply.body is MISSING else [length, _content_type(reply.content_type)]


def _kind_lines(reply: Reply, size: int) -> bytes:
    """As `_kind_headers`; nearly every answer is JSON."""
    if (
        reply.content_type == _JSON
        and reply.status not in _WITHOUT_BODY
        and reply.body is not MISSING
    ):
        return b"content-length: %d\r\ncontent-type: application/json\r\n" % size
    return lines_of(_kind_headers(reply, size))


def packed(reply: Reply) -> Packed:
    """*reply* ready to be sent. Raises TypeError where its body cannot be JSON."""
    has_body = reply.body is not MISSING and reply.status not in _WITHOUT_BODY
    return reply, fitted(orjson.dumps(reply.body)) if has_body else b""


def written_unnoted(reply: Reply) -> Written:
    """As `send_unnoted` sends it, for a request that has come as a whole."""
    _, body = packed(reply)
    return Written(reply.status, lines_of(_own_headers(reply, body)), body)


async def send_unnoted(send: Send, reply: Reply) -> None:
    """Send a reply that belongs to no call, so it has no request id and no journal entry."""
    _, body = packed(reply)
    headers = _own_headers(reply, body)
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _own_headers(reply: Reply, body: bytes) -> list[Header]:
    return [*_kind_headers(reply, len(body)), *encoded(reply.headers)]


def _content_type(kind: str) -> Header:
    return _CONTENT_TYPES.get(kind) or encoded([("content-type", kind)])[0]


def encoded(headers: Iterable[tuple[str, str]]) -> tuple[Header, ...]:
    """Header pairs as bytes; line breaks and the like become blanks, so that none can be forged."""
    return tuple([_encoded(name, value) for name, value in headers])


@lru_cache(1024)
def _encoded(name: str, value: str) -> Header:
    """One pair; most answers carry the same ones again."""
    return name.lower().encode("latin-1"), _CONTROLS.sub(" ", value).encode("latin-1", "replace")
