"""A whole request and its whole answer: a door beside ASGI, which hands over both in pieces.

A server that has read a request to its end, as most come, need not make an exchange of messages of
it: it asks an `AnswerWhole`. Whatever has to wait for something goes by ASGI.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from mockserver.web.asgi import Receive, Scope, Send

Header = tuple[bytes, bytes]


class Head(NamedTuple):
    """What a request says before its body.

    *url* is its path and query as they were sent, *headers* have lower-case names, *client* is an
    address, `` where it is not known.
    """

    method: str
    url: bytes
    headers: Iterable[Header]
    client: str


class Written(NamedTuple):
    """An answer as it leaves: *lines* are its headers, each with its line's end."""

    status: int
    lines: bytes
    body: bytes


AnswerWhole = Callable[[Head, bytes], Written | None]
"""Answers a request from its head and its body; None, before anything was done: ask by ASGI."""


class TwoDoors(Protocol):
    """An application of ASGI that answers whole requests too."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    def answer(self, head: Head, body: bytes) -> Written | None:
        """Implements `AnswerWhole`."""
        ...


def head_of(scope: Scope) -> Head:
    """The head of an ASGI request."""
    query: bytes = scope["query_string"]
    url: bytes = scope["raw_path"]
    client = scope.get("client")
    return Head(
        scope["method"],
        b"%b?%b" % (url, query) if query else url,
        scope["headers"],
        client[0] if client else "",
    )


def lines_of(headers: Iterable[Header]) -> bytes:
    """Headers as they stand in HTTP/1.1; those who made them saw to it that none breaks a line."""
    return b"".join([b"%b: %b\r\n" % header for header in headers])
