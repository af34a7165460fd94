"""A way to carry a request to an ASGI application in this process; `http` has the other one.

The event loop runs in a thread of its own, so that requests sent from several threads meet in the
application as they would in a server.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any, Final, TypeAlias, TypeVar
from urllib.parse import unquote_to_bytes

from contracts.door.decoding import decoded
from contracts.door.wire import read_headers, wire_headers, wire_target
from contracts.exchange import Request, Response
from contracts.stops import NoAnswer

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]
Value = TypeVar("Value")

_SHUTDOWN_S: Final = 5.0
logger = logging.getLogger("contracts")


class InProcess:
    """An ASGI application in this process, on an event loop of its own.

    The application is started before its first request and shut down on `close`. Where it raises
    instead of answering, the answer is an empty 500, as a server's would be.
    """

    def __init__(self, app: AsgiApp, name: str = "stub in process") -> None:
        self.name = name
        self._app = app
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()
        self._lifespan = Lifespan(app)
        try:
            self._run(self._lifespan.start())
        except BaseException:
            self._stop()
            raise

    def send(self, request: Request) -> Response:
        """Raises NotJudged for what HTTP cannot carry, NoAnswer where the application gave none."""
        return self._run(_answer(self._app, _scope(request), request.body or b""))

    def close(self) -> None:
        if not self._loop.is_closed():
            self._run(self._lifespan.stop())
            self._stop()

    def _run(self, work: Coroutine[Any, Any, Value]) -> Value:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Lifespan:
    """Start and end of an application; one that knows no lifespan has none."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Raises RuntimeError where the application says that it cannot start."""
        self._given: asyncio.Queue[Message] = asyncio.Queue()
        self._told: asyncio.Queue[Message] = asyncio.Queue()
        self._task = asyncio.create_task(self._live())
        self._given.put_nowait({"type": "lifespan.startup"})
        told = await self._told.get()
        if told["type"] == "lifespan.startup.failed":
            raise RuntimeError(f"the application did not start: {told.get('message', '')}")

    async def stop(self) -> None:
        if self._task is None or self._task.done():
            return
        self._given.put_nowait({"type": "lifespan.shutdown"})
        await asyncio.wait({self._task}, timeout=_SHUTDOWN_S)
        self._task.cancel()

    async def _live(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}}
        try:
            await self._app(scope, self._given.get, self._told.put)
        except Exception as error:  # so says ASGI: an application without lifespan raises
            logger.debug("no lifespan: %r", error)
        finally:
            self._told.put_nowait({"type": "lifespan.over"})


async def _answer(app: AsgiApp, scope: Message, body: bytes) -> Response:
    messages: list[Message] = []
    given: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return given.pop() if given else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        messages.append(message)

    try:
        await app(scope, receive, send)
    except Exception:
        logger.exception("the application failed at %s %s", scope["method"], scope["path"])
        return Response(500)
    return _response(messages)


def _response(messages: list[Message]) -> Response:
    """What was sent as one answer; an empty 500 where it has no beginning. Raises NoAnswer."""
    if not messages:
        raise NoAnswer("the connection was dropped before an answer came")
    if messages[0]["type"] != "http.response.start":
        return Response(500)
    headers = messages[0].get("headers", [])
    raw = b"".join(message.get("body", b"") for message in messages[1:])
    body, flaw = decoded(raw, headers)
    return Response(messages[0]["status"], read_headers(headers), body, coding_flaw=flaw)


def _scope(request: Request) -> Message:
    path, _, query = wire_target(request.target).partition(b"?")
    headers = [(b"host", b"127.0.0.1"), *wire_headers(request.headers)]
    if request.body is not None:
        headers.append((b"content-length", str(len(request.body)).encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path,
        "root_path": "",
        "query_string": query,
        "headers": [(name.lower(), value) for name, value in headers],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 80),
    }
