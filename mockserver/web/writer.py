"""Writes answers, and tells of them: the one place where bytes leave."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from random import Random
from time import perf_counter

import orjson

from mockserver.behaviours.faults import Wire
from mockserver.behaviours.registry import Call
from mockserver.model import MISSING, Reply
from mockserver.web.asgi import Scope, Send
from mockserver.web.at_once import Header, at_once, lines_of
from mockserver.web.faulty import deliver
from mockserver.web.observers import Answered, Observer

Packed = tuple[Reply, bytes]
"""A reply, and its body as it will be sent."""

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
    """Turns replies into ASGI messages, and tells *observer*; *standing* goes with each answer."""

    def __init__(
        self, observer: Observer, request_ids: RequestIds, standing: Sequence[Header] = ()
    ) -> None:
        self._observer = observer
        self._request_ids = request_ids
        self._standing = tuple(standing)
        self._standing_lines = lines_of(standing)

    async def write(
        self,
        scope: Scope,
        send: Send,
        call: Call,
        answer: Packed,
        raw_body: bytes,
        started: float,
    ) -> None:
        """Send *answer*; *started* is the `perf_counter` at which the request came in."""
        reply, body = answer
        headers = self._headers(call, reply, len(body))
        status = reply.status
        if call.faults:
            whole = [*headers, *self._standing]
            wire = await deliver(send, call, Wire(status, whole, body))
            status, body = wire.status, wire.body
        else:
            await self._send(scope, send, status, headers, b"" if call.method == "HEAD" else body)
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
                raw_body,
                body,
                headers[0][1],
            )
        )

    async def _send(
        self, scope: Scope, send: Send, status: int, headers: list[Header], body: bytes
    ) -> None:
        whole = at_once(scope)
        if whole and whole(status, lines_of(headers) + self._standing_lines, body):
            return
        headers = [*headers, *self._standing]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _headers(self, call: Call, reply: Reply, size: int) -> list[Header]:
        """What leaves with this answer beside the standing ones, the request id first; a reply may
        bring one of its own."""
        headers: list[Header] = [(_REQUEST_ID, self._request_ids.next())]
        if reply.status not in _WITHOUT_BODY:
            headers.append((b"content-length", b"%d" % size))
            if reply.body is not MISSING:
                headers.append(_content_type(reply.content_type))
        for header in encoded([*call.answer_headers, *reply.headers]):
            if header[0] == _REQUEST_ID:
                headers[0] = header
            else:
                headers.append(header)
        return headers


def packed(reply: Reply) -> Packed:
    """*reply* ready to be sent. Raises TypeError where its body cannot be JSON."""
    has_body = reply.body is not MISSING and reply.status not in _WITHOUT_BODY
    return reply, orjson.dumps(reply.body) if has_body else b""


async def send_unnoted(send: Send, reply: Reply) -> None:
    """Send a reply that belongs to no call, so it has no request id and no journal entry."""
    _, body = packed(reply)
    length = (b"content-length", b"%d" % len(body))
    headers = [length, _content_type(reply.content_type), *encoded(reply.headers)]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _content_type(kind: str) -> Header:
    return _CONTENT_TYPES.get(kind) or encoded([("content-type", kind)])[0]


def encoded(headers: Iterable[tuple[str, str]]) -> tuple[Header, ...]:
    """Header pairs as bytes; line breaks and the like become blanks, so that none can be forged."""
    return tuple([_encoded(name, value) for name, value in headers])


@lru_cache(1024)
def _encoded(name: str, value: str) -> Header:
    """One pair; most answers carry the same ones again."""
    return name.lower().encode("latin-1"), _CONTROLS.sub(" ", value).encode("latin-1", "replace")
