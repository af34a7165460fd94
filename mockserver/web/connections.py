"""What one connection may do: limits that uvicorn leaves to others, and half-closed connections.

A request costs a few comparisons here. How long a client takes is not measured by timers, which
every request would have to set; the server looks at all connections now and then.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from mockserver.errors import status_title
from mockserver.model import Reply
from mockserver.web.asgi import App, Receive, Scope, Send
from mockserver.web.own import RETRY_AFTER, own_problem
from mockserver.web.protocol import PromptProtocol
from mockserver.web.whole import AnswerWhole, Header, lines_of
from mockserver.web.writer import encoded, packed, send_unnoted

MAX_HEAD_BYTES: Final = 64 * 1024
MAX_HEADERS: Final = 256
LINGER_S: Final = 1.0
"""How long a client that is refused may go on sending before the connection ends: what is not
read when it is closed would reset it, and the client would not see why."""

KEEP_ALIVE_S: Final = 75.0
"""How long an idle connection stays open: longer than clients keep one, or they would now and then
send a request just when it is closed."""

_CLOSE = ("Connection", "close")


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """How many connections there may be, and how long a client may owe what it began."""

    max_connections: int = 10_000
    request_timeout_s: float = 30.0
    keep_alive_s: float = KEEP_ALIVE_S


class Connection(PromptProtocol):
    """A connection within limits."""

    def __init__(self, limits: ConnectionLimits, answer: AnswerWhole | None, **given: Any) -> None:
        super().__init__(answer, **given)
        self._limits = limits
        self._most_head_bytes = self._least_head_bytes = 0
        self._is_leaving = False
        self._seen: tuple[object, int, int] = (None, 0, 0)
        self._seen_at_s = self.loop.time()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self._limits.max_connections:
            self._answer, self.app = None, refusing(_too_many(self._limits.max_connections))

    def data_received(self, data: bytes) -> None:
        scope_before, count_before = self.scope, self._prompt_count
        self._most_head_bytes += len(data)
        super().data_received(data)
        has_answered = self._prompt_count != count_before
        if self._is_head_complete:
            self._most_head_bytes = self._least_head_bytes = 0
            if self.cycle.more_body and self._beside_body_bytes > MAX_HEAD_BYTES:
                self._end_beside_body()
        elif self.scope is None and has_answered:
            self._most_head_bytes = self._least_head_bytes = 0
        elif has_answered or self.scope is not scope_before:  # it began somewhere within *data*
            self._least_head_bytes = 0
        else:
            self._least_head_bytes += len(data)
            if self._least_head_bytes > MAX_HEAD_BYTES:
                self._refuse(_HEAD_TOO_LARGE)

    def send_400_response(self, msg: str) -> None:
        self._refuse(_client_problem(400, msg))

    def on_headers_complete(self) -> None:
        is_small = self._most_head_bytes <= MAX_HEAD_BYTES and len(self.headers) <= MAX_HEADERS
        if is_small or not self._is_head_too_large():
            return super().on_headers_complete()
        app, self.app = self.app, refusing(_HEAD_TOO_LARGE)
        self._prompt_left = 0
        self.url = b"/"  # it will not be looked at, and may be more than uvicorn can take apart
        try:
            super().on_headers_complete()
        finally:
            self.app = app

    def eof_received(self) -> bool:  # type: ignore[override]
        """Stay open for a client that has sent all it wanted, and now only listens."""
        if self._is_answering:
            self.cycle.keep_alive = False
        return self._is_answering

    def end_if_overdue(self, now_s: float) -> None:
        """End the connection if nothing has happened on it for too long; *now_s* is the loop's.

        A client owes a first request, the rest of one, and to take what was answered; one that
        owes nothing may be idle for longer.
        """
        unsent = self.transport.get_write_buffer_size()
        scope_before, count_before, unsent_before = self._seen
        has_begun = self.scope is not scope_before or self._prompt_count != count_before
        if has_begun or unsent != unsent_before or (self._is_answering and not unsent):
            self._seen, self._seen_at_s = (self.scope, self._prompt_count, unsent), now_s
            return
        is_idle = self._is_answered and not unsent
        limit_s = self._limits.keep_alive_s if is_idle else self._limits.request_timeout_s
        if now_s - self._seen_at_s >= limit_s and not self._is_leaving:
            self._end_overdue(unsent)

    def _end_overdue(self, unsent: int) -> None:
        is_begun = self.scope is not None and not self._is_head_complete
        if unsent:
            self.transport.abort()
        elif is_begun or self._owes_body:
            self._refuse(_too_slow(self._limits.request_timeout_s))
        else:
            self.transport.close()

    def _end_beside_body(self) -> None:
        """End the connection of a client that sends without end, and nothing of a body."""
        if self._owes_body:
            self._refuse(_HEAD_TOO_LARGE)
        else:
            self.transport.close()

    def _refuse(self, reply: Reply) -> None:
        """Answer *reply* to a request that has not come as a whole, and end the connection.

        Where an earlier one is still being answered, the end of that answer is the end.
        """
        cycle = self.cycle
        if self.transport.is_closing():
            return
        if self.pipeline and cycle.more_body:
            in_its_turn: Any = refusing(reply)  # uvicorn has types of its own for applications
            self.pipeline[0] = cycle, in_its_turn
            return self.flow.pause_reading()
        if self._is_answering:
            cycle.keep_alive = False
            return self.flow.pause_reading()
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True  # nobody else may answer
        self._held = None
        self._is_leaving = True
        self.transport.write(_bytes_of(reply, self.server_state.default_headers))
        self.transport.write_eof()
        self.transport.set_protocol(_Leaving(self))
        self.loop.call_later(LINGER_S, self.transport.abort)

    @property
    def _is_head_complete(self) -> bool:
        """Whether the head of the last request has come as a whole."""
        return self.cycle is not None and self.cycle.scope is self.scope

    @property
    def _is_answering(self) -> bool:
        """Whether a whole request has come, and its answer is not complete."""
        cycle = self.cycle
        return cycle is not None and not cycle.response_complete and not cycle.more_body

    @property
    def _is_answered(self) -> bool:
        """Whether the last request has come as a whole, and has its whole answer."""
        cycle = self.cycle
        if self.scope is None:
            return self._prompt_count > 0
        return self._is_head_complete and cycle.response_complete and not cycle.more_body

    @property
    def _owes_body(self) -> bool:
        cycle = self.cycle
        return cycle is not None and cycle.more_body and not cycle.response_started

    def _is_head_too_large(self) -> bool:
        sizes = (len(name) + len(value) + len(": \r\n") for name, value in self.headers)
        return len(self.headers) > MAX_HEADERS or len(self.url) + sum(sizes) > MAX_HEAD_BYTES


class _Leaving(asyncio.Protocol):
    """Reads what a refused client still sends, and forgets it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def connection_lost(self, exc: Exception | None) -> None:
        self._connection.connection_lost(exc)


def end_overdue(connections: Iterable[object]) -> None:
    """End those of uvicorn's *connections* whose clients do not go on with what they began."""
    now_s = asyncio.get_running_loop().time()
    for connection in list(connections):
        if isinstance(connection, Connection):
            connection.end_if_overdue(now_s)


def refusing(reply: Reply) -> App:
    """An application that answers *reply* to everything, and has the connection closed."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await send_unnoted(send, reply)

    return refuse


def _client_problem(status: int, detail: str) -> Reply:
    """A problem that is none of the mock's, so it does not bear the mock's mark."""
    body = {
        "type": "about:blank",
        "title": status_title(status),
        "status": status,
        "detail": detail,
    }
    return Reply(status, body, (_CLOSE,), "application/problem+json", is_own=True)


def _too_slow(limit_s: float) -> Reply:
    detail = f"the rest of the request did not come within {limit_s:g} s (--request-timeout)"
    return _client_problem(408, detail)


def _too_many(most: int) -> Reply:
    detail = f"{most} clients are connected already, and --max-connections allows no more"
    told = own_problem("connections", 503, status_title(503), detail)
    return told._replace(headers=(*told.headers, RETRY_AFTER, _CLOSE))


def _bytes_of(reply: Reply, headers: Sequence[Header]) -> bytes:
    """A whole answer of HTTP/1.1."""
    _, body = packed(reply)
    head = [
        *headers,
        *encoded([("Content-Type", reply.content_type), *reply.headers]),
        (b"content-length", b"%d" % len(body)),
    ]
    return STATUS_LINE[reply.status] + lines_of(head) + b"\r\n" + body


_HEAD_TOO_LARGE: Final = _client_problem(
    431,
    f"a request may have {MAX_HEADERS} headers, and {MAX_HEAD_BYTES} bytes of them and of its URL",
)
