"""Requests as bytes, straight into the mock: no client between mends or refuses them first."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from mockserver.web.asgi import App, Message, Scope

Headers = Sequence[tuple[bytes, bytes]]
JSON_BODY = (b"content-type", b"application/json")


@dataclass(frozen=True)
class RawAnswer:
    """What came back; header names are in lower case."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class RawRequest:
    """One request; *target* is a path with its query, percent-encoded or not."""

    method: str
    target: bytes
    headers: Headers = ()
    body: bytes = b""

    @property
    def scope(self) -> Scope:
        path, _, query = self.target.partition(b"?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": unquote(path.decode("latin-1")),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1"), *self.headers],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 4010),
        }


async def answer_of(app: App, request: RawRequest) -> RawAnswer:
    """The answer to *request*, whose body comes in one piece."""
    coming = iter([{"type": "http.request", "body": request.body, "more_body": False}])
    sent: list[Message] = []

    async def receive() -> Message:
        return next(coming, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        sent.append(message)

    await app(request.scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return RawAnswer(sent[0]["status"], dict(sent[0]["headers"]), body)


def answers_at_once(app: App, requests: Iterable[RawRequest]) -> list[RawAnswer]:
    """The answers to requests that are all on their way at the same time."""

    async def at_once() -> list[RawAnswer]:
        return await asyncio.gather(*(answer_of(app, request) for request in requests))

    return asyncio.run(at_once())


def ask(
    app: App, method: str, target: bytes, headers: Headers = (), body: bytes = b""
) -> RawAnswer:
    """The answer to one request. Raises AssertionError where it is a failure of the mock."""
    answer = asyncio.run(answer_of(app, RawRequest(method, target, headers, body)))
    kind = answer.headers.get(b"x-understudy-error", b"none")
    assert kind in (b"none", b"preference", b"not-modelled"), answer.body[:500]
    return answer
