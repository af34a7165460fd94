"""A mock that listens in this process, and clients that speak to it over plain sockets."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mockserver.serving import Server, config_of, listening_socket
from mockserver.web.connections import ConnectionLimits

PATIENCE_S = 20.0


@dataclass(frozen=True)
class Served:
    """A mock that listens, seen from both sides."""

    port: int
    server: Server

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE_S)

    @property
    def open_count(self) -> int:
        return len(self.server.server_state.connections)


@contextmanager
def served(app: Any, limits: ConnectionLimits) -> Iterator[Served]:
    """Serve *app* as `mockserver serve` does, in a thread."""
    began = threading.Event()
    with listening_socket("127.0.0.1", 0) as listening:
        config = config_of(app, limits, getattr(app, "answer", None))
        server = Server(config, limits, began.set)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        assert began.wait(PATIENCE_S)
        try:
            yield Served(listening.getsockname()[1], server)
        finally:
            server.should_exit = True
            thread.join(PATIENCE_S)
            assert not thread.is_alive()


def request(
    method: str = "GET", path: str = "/v2/me", body: bytes = b"", *more: str, length: int = -1
) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Authorization: Bearer cal_test_demo",
        "cal-api-version: 2024-09-04",
        "Content-Type: application/json",
        f"Content-Length: {len(body) if length < 0 else length}",
        *more,
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def detail(self) -> str:
        detail: str = json.loads(self.body)["detail"]
        return detail


def answer_of(stream: Any, *, is_head: bool = False) -> Answer:
    """The next answer on a connection's `makefile("rb")`."""
    status = int(stream.readline().split()[1])
    headers = {}
    while line := stream.readline().strip():
        name, _, value = line.decode().partition(": ")
        headers[name.lower()] = value
    body = b"" if is_head else stream.read(int(headers.get("content-length", 0)))
    return Answer(status, headers, body)


def only_answer(served: Served, *parts: bytes, ends: bool = False) -> Answer:
    """The one answer to *parts*, after which the server must close the connection."""
    with served.connect() as connection, connection.makefile("rb") as stream:
        for part in parts:
            connection.sendall(part)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        answer = answer_of(stream)
        assert stream.read() == b""
        return answer


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)
