"""Small HTTP servers on free ports that do exactly what a test wants, good or bad."""

import json
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from mockserver.model import Json

_TLS_HELLO: Final = b"\x16\x03"


@dataclass(frozen=True)
class Received:
    """A request as it came; header names in lower case."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)


Answer = Callable[[Received, socket.socket], None]
"""Writes what it likes to the connection, which is closed after it."""


@dataclass
class Served:
    """A running server: the requests that came, in their order."""

    port: int
    received: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(*answers: Answer) -> Iterator[Served]:
    """A server whose first request gets the first of *answers*, and so on; the last one stays."""
    lock = threading.Lock()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                request = _read(self.request)
                if request is None:
                    return
                with lock:
                    answer = answers[min(len(served.received), len(answers) - 1)]
                    served.received.append(request)
                answer(request, self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 32

    with Server(("127.0.0.1", 0), Handler) as server:
        served = Served(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield served
        server.shutdown()
        thread.join()


def free_port() -> int:
    """A port of this machine at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def said(
    status: int, body: bytes = b"", *, kind: str = "application/json", **headers: str
) -> Answer:
    """A whole answer; `_` in header names is `-`."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"Content-Type: {kind}"] if kind else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    whole = "\r\n".join([*lines, "", ""]).encode("latin-1") + body
    return raw(whole)


def said_json(status: int, value: Json, **headers: str) -> Answer:
    return said(status, json.dumps(value).encode(), **headers)


def raw(content: bytes) -> Answer:
    """These bytes, whatever they are."""
    return lambda request, connection: connection.sendall(content)


def dropped(request: Received, connection: socket.socket) -> None:
    """Nothing at all."""


def endless(request: Received, connection: socket.socket) -> None:
    """A body that never ends, as fast as it goes."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while True:
        connection.sendall(b" " * 65536)


def dripping(request: Received, connection: socket.socket) -> None:
    """A body that comes a byte at a time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    _drip(connection, b" ")


def dripping_headers(request: Received, connection: socket.socket) -> None:
    """Headers that come a byte at a time and do not end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    _drip(connection, b"x")


def silent(request: Received, connection: socket.socket) -> None:
    """Keeps the connection open and says nothing until the other side leaves."""
    connection.recv(1)


def _drip(connection: socket.socket, drop: bytes) -> None:
    pause = threading.Event()
    while True:
        connection.sendall(drop)
        pause.wait(0.01)


def _read(connection: socket.socket) -> Received | None:
    head = b""
    while b"\r\n\r\n" not in head:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        head += chunk
        if head.startswith(_TLS_HELLO):
            return Received("", "", [], head)
    head, _, body = head.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    headers = [(name.lower(), value.strip()) for name, _, value in pairs]
    length = int(dict(headers).get("content-length", "0"))
    while len(body) < length:
        body += connection.recv(65536)
    return Received(method, target, headers, body)
