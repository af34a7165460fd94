"""Ways to carry a request: to an ASGI application in this process, or over HTTP."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes

from contracts.exchange import Request, Response

Message: TypeAlias = MutableMapping[str, Any]
AsgiApp: TypeAlias = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]


class InProcess:
    """An ASGI application in this process, on an event loop of its own."""

    def __init__(self, app: AsgiApp, name: str = "stub in process") -> None:
        self.name = name
        self._app = app
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def send(self, request: Request) -> Response:
        return asyncio.run_coroutine_threadsafe(self._answer(request), self._loop).result()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _answer(self, request: Request) -> Response:
        messages: list[Message] = []
        given = [{"type": "http.request", "body": request.body or b"", "more_body": False}]

        async def receive() -> Message:
            return given.pop() if given else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            messages.append(message)

        await self._app(_scope(request), receive, send)
        start = messages[0]
        return Response(
            status=start["status"],
            headers=tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in start["headers"]),
            body=b"".join(message.get("body", b"") for message in messages[1:]),
        )


def _scope(request: Request) -> Message:
    path, _, query = request.target.partition("?")
    headers = [("host", "127.0.0.1"), *request.headers]
    if request.body is not None:
        headers.append(("content-length", str(len(request.body))))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path.encode("latin-1", "replace"),
        "root_path": "",
        "query_string": query.encode("latin-1", "replace"),
        "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 80),
    }
