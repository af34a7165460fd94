"""An ASGI application that answers with what a target answers, by way of the door."""

from collections.abc import Callable, Iterable
from typing import Final

from contracts.actors import OWNER, Actors
from contracts.door.transports import Message, Receive, Send
from contracts.exchange import Exchange, Headers, Request
from contracts.stops import NotJudged, Refused
from contracts.yardstick import Yardstick

ID_HEADER: Final = "x-schemathesis-testcaseid"
"""Tells which generated request this is; never sent on."""
_NOT_SENT: Final = frozenset(
    {
        ID_HEADER,
        "accept-encoding",  # the transport says what it can decode
        "connection",
        "content-length",
        "host",
        "keep-alive",
        "transfer-encoding",
        "user-agent",
    }
)
_NOT_ANSWERED: Final = frozenset(
    {
        # wrong for a body that has been read and decoded
        "connection",
        "content-encoding",
        "content-length",
        "keep-alive",
        "transfer-encoding",
        # a cookie would show who somebody is in requests that are sent without credentials
        "set-cookie",
    }
)


class NotSent(Exception):
    """A request that was kept back. The one who asked is to see this, and no answer."""


class Forwarder:
    """Sends every request through *send*, and remembers what came of it.

    *stop* is called when nothing more will be sent: after RunStopped, a fault of the kit's own, and
    with *is_strict* after Refused. Requests come one at a time.
    """

    def __init__(
        self,
        send: Callable[[Request], Exchange],
        actors: Actors,
        yardstick: Yardstick,
        stop: Callable[[], None],
        *,
        is_strict: bool = False,
    ) -> None:
        self._send = send
        self._actors = actors
        self._yardstick = yardstick
        self._stop = stop
        self._is_strict = is_strict
        self.exchanges: dict[str, Exchange] = {}
        """By the id that came in `ID_HEADER`."""
        self.kept_back: list[NotJudged] = []
        """Why requests were not sent, or got no answer that can be judged."""
        self.stopped: Exception | None = None
        """Why nothing more is sent."""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        body = await _body(receive)
        exchange = self._forward(self._request(scope, body), _id_of(scope))
        response = exchange.response
        headers = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in response.headers
            if name.lower() not in _NOT_ANSWERED
        ]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body})

    def _forward(self, request: Request, id: str) -> Exchange:
        if self.stopped is not None:
            raise NotSent
        try:
            exchange = self._send(request)
        except NotJudged as reason:
            self.kept_back.append(reason)
            if self._is_strict and isinstance(reason, Refused):
                self._end(reason)
            raise NotSent from None
        except Exception as stop:
            self._end(stop)
            raise NotSent from None
        self.exchanges[id] = exchange
        return exchange

    def _end(self, why: Exception) -> None:
        self.stopped = why
        self._stop()

    def _request(self, scope: Message, body: bytes) -> Request:
        target = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in scope["headers"]
            if name.decode("latin-1").lower() not in _NOT_SENT
        )
        plain = Request(scope["method"], target, headers, body or None)
        return Request(plain.method, target, headers, plain.body, self._actor(plain))

    def _actor(self, request: Request) -> str:
        """The owner, where the request carries the whole of the owner's credential."""
        if OWNER not in self._actors:
            return ""
        match = self._yardstick.match(request.method, request.path)
        operation = self._yardstick.driving(match.operation) if match else None
        credential = self._actors.headers(operation, OWNER)
        return OWNER if _carries(request.headers, credential) else ""


def _carries(headers: Headers, credential: Headers) -> bool:
    sent = {(name.lower(), value) for name, value in headers}
    return all((name.lower(), value) in sent for name, value in credential)


def _id_of(scope: Message) -> str:
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return next((v.decode("latin-1") for k, v in headers if k.decode().lower() == ID_HEADER), "")


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            break
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            break
    return b"".join(parts)


async def _live(receive: Receive, send: Send) -> None:
    """There is nothing to start and nothing to stop: both are done at once."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
