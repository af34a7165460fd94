"""Serves a mock over HTTP until it is told to stop."""

import asyncio
import errno
import logging
import socket
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

import uvicorn

from mockserver.errors import SetupError
from mockserver.web.asgi import App, Receive, Scope, Send
from mockserver.web.connections import Connection, ConnectionLimits, end_overdue
from mockserver.web.log_lines import log_formatter
from mockserver.web.whole import AnswerWhole

GRACE_S = 5
"""How long requests on their way may take after Ctrl-C."""

Beside = Callable[[], Coroutine[Any, Any, None]]


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that takes connections at *host* and *port*. Raises SetupError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as error:
        raise SetupError("no such address", place="--host", value=host) from error
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise _refused(error, host, port) from error
    return listening


def _refused(error: OSError, host: str, port: int) -> SetupError:
    if error.errno == errno.EADDRINUSE:
        reason = f"port {port} of {host} is in use; choose another with --port (0: any free one)"
        return SetupError(reason)
    if error.errno == errno.EACCES:
        reason = f"port {port} is not open to you; take one from 1024 on with --port"
        return SetupError(reason)
    if error.errno == errno.EADDRNOTAVAIL:
        return SetupError("not an address of this machine", place="--host", value=host)
    return SetupError(f"cannot listen on port {port} of {host}: {error.strerror}")


def url_of(listening: socket.socket) -> str:
    """Where clients on this machine reach *listening*."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(
    app: App,
    listening: socket.socket,
    *,
    on_listening: Callable[[], None],
    beside: Beside | None = None,
    limits: ConnectionLimits = ConnectionLimits(),  # noqa: B008  # it is frozen
    answer: AnswerWhole | None = None,
    log_level: str = "info",
    log_format: str = "text",
) -> None:
    """Serve *app* until SIGINT or SIGTERM, and finish the requests on their way.

    *on_listening* is called once the first request would be answered; *beside* runs in the same
    loop meanwhile. Raises KeyboardInterrupt after a SIGINT.
    """
    begin_log(log_level, log_format)
    config = config_of(app, limits, answer)
    server = Server(config, limits, on_listening)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(server, listening, beside))


def config_of(
    app: App, limits: ConnectionLimits, answer: AnswerWhole | None = None
) -> uvicorn.Config:
    """How uvicorn serves *app*, of which whole requests may be asked by *answer*."""
    connection: Any = partial(Connection, limits, answer)  # uvicorn says that it wants a class
    return uvicorn.Config(
        hanging_up(app),
        loop="auto",
        http=connection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_S,
    )


def begin_log(level: str, form: str) -> None:
    """Write what is logged to stderr; the first call counts."""
    written = logging.StreamHandler()
    written.setFormatter(log_formatter(form))
    logging.basicConfig(level=logging.WARNING, handlers=[written])
    logging.getLogger("mockserver").setLevel(level.upper())


def hanging_up(app: App) -> App:
    """*app*, and where it leaves an answer without beginning or end, the connection is closed.

    uvicorn would take that for an error of the application, log it, and answer 500 in its place.
    What it has taken for the client is sent first. The exchange that stands behind `send` is
    asked, for ASGI has no word for hanging up.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            with suppress(asyncio.CancelledError):  # told to stop twice, nobody waits for its end
                await app(scope, receive, send)
            return
        try:  # noqa: SIM105  # `suppress` takes a thirtieth of a short request
            await app(scope, receive, send)
        except asyncio.CancelledError:
            pass  # the server ends, and some answers take longer
        exchange: Any = getattr(send, "__self__", None)
        if getattr(exchange, "response_complete", True) or exchange.disconnected:
            return
        exchange.transport.close()
        while not exchange.disconnected:
            await receive()

    return answer


class Server(uvicorn.Server):
    """Tells when it has begun to take requests, and ends connections whose clients do not go on."""

    def __init__(
        self, config: uvicorn.Config, limits: ConnectionLimits, on_listening: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ticks_between_looks = max(1, min(10, int(limits.request_timeout_s)))
        self._on_listening = on_listening

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second."""
        if counter % self._ticks_between_looks == 0:
            end_overdue(self.server_state.connections)
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_listening()


async def _serve(server: Server, listening: socket.socket, beside: Beside | None) -> None:
    task = asyncio.create_task(beside()) if beside is not None else None
    try:
        await server.serve([listening])
    finally:
        if task is not None:
            task.cancel()
