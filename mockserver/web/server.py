"""The front door: what belongs to the mock itself, what to CORS, and what to the pipeline."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from mockserver.web.asgi import App, Receive, Scope, Send
from mockserver.web.cors import is_preflight, preflight_headers
from mockserver.web.own import bug
from mockserver.web.whole import Head, TwoDoors, Written
from mockserver.web.writer import send_unnoted, written_unnoted

ADMIN_PREFIX = "/__admin"
logger = logging.getLogger("mockserver")


@dataclass(slots=True)
class Serving:
    """What is served at this moment; replaced as a whole when the document changes."""

    doors: TwoDoors
    pages: App
    pages_path: str
    page_headers: Sequence[str] | None


class Server:
    """ASGI application of a whole mock; `serving` may be swapped between two requests."""

    def __init__(self, serving: Serving, admin: App, *, cors: bool) -> None:
        self.serving = serving
        self._admin = admin
        self._cors = cors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await _lifespan(receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1000})
        try:
            await self._taker(scope)(scope, receive, send)
        except Exception as error:
            logger.exception("a bug before or after the pipeline")
            await send_unnoted(send, bug(error, scope["path"]))

    def answer(self, head: Head, body: bytes) -> Written | None:
        """Implements `AnswerWhole` for what the pipeline answers; the mock's own pages are below
        `/__`, however that is spelt."""
        start = head.url[:3]
        if start == b"/__" or b"%" in start or (self._cors and head.method == "OPTIONS"):
            return None
        try:
            return self.serving.doors.answer(head, body)
        except Exception as error:
            logger.exception("a bug before or after the pipeline")
            told = written_unnoted(bug(error, head.url.decode("latin-1")))
            return told._replace(body=b"") if head.method == "HEAD" else told

    def _taker(self, scope: Scope) -> App:
        """Who answers the request."""
        path: str = scope["path"]
        serving = self.serving
        if path.startswith("/__") and _is_under(path, ADMIN_PREFIX):
            return self._admin
        if self._cors and scope["method"] == "OPTIONS" and is_preflight(scope["headers"]):
            return self._answer_preflight
        if path.startswith(serving.pages_path) and _is_under(path, serving.pages_path):
            return serving.pages
        return serving.doors

    async def _answer_preflight(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = preflight_headers(scope["headers"], self.serving.page_headers)
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _is_under(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix + "/")


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
