"""What happens to a connection: over real sockets, with both of uvicorn's parsers."""

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
import uvicorn

from mockserver.app import App, create_app
from mockserver.serving import hanging_up, listening_socket
from mockserver.settings import Settings

PARSERS = ("h11", "httptools")
LIMIT_S = 10.0


@pytest.fixture(scope="module")
def app() -> App:
    return create_app(Settings())


@contextmanager
def served(app: App, parser: Literal["h11", "httptools"]) -> Iterator[tuple[int, uvicorn.Server]]:
    """Serve *app* as `mockserver serve` does; gives the port and the server."""
    sock = listening_socket("127.0.0.1", 0)
    config = uvicorn.Config(
        hanging_up(app),
        http=parser,
        ws="none",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=0,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([sock],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield sock.getsockname()[1], server
    finally:
        server.should_exit = True
        thread.join(LIMIT_S)
        sock.close()


@pytest.fixture(scope="module", params=PARSERS)
def port(app: App, request: pytest.FixtureRequest) -> Iterator[int]:
    with served(app, request.param) as (number, _):
        yield number


def exchange(port: int, deviation: str, method: str = "GET", path: str = "/v2/me") -> bytes:
    """Everything that comes until the server closes the connection."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Authorization: Bearer cal_test_demo",
        "cal-api-version: 2024-06-14",
        "Content-Length: 0",
        "Connection: close",
    ]
    if deviation:
        lines.append(f"Prefer: deviation={deviation}")
    with socket.create_connection(("127.0.0.1", port), LIMIT_S) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        came = b""
        while piece := connection.recv(65536):
            came += piece
    return came


def promised(came: bytes) -> int:
    head = came.partition(b"\r\n\r\n")[0].decode().lower()
    return int(head.partition("content-length: ")[2].partition("\r\n")[0])


def test_a_dropped_connection_closes_without_a_byte(port: int) -> None:
    assert exchange(port, "connection-dropped") == b""


def test_a_lost_answer_closes_without_a_byte_when_the_write_is_done(app: App, port: int) -> None:
    app.reset()
    assert exchange(port, "answer-lost", "DELETE", "/v2/event-types/103") == b""
    assert app.store.get("event-types", "103") is None


def test_a_cut_body_ends_before_the_length_that_was_promised(port: int) -> None:
    came = exchange(port, "truncated-body")
    body = came.partition(b"\r\n\r\n")[2]
    assert came.startswith(b"HTTP/1.1 200")
    assert 0 < len(body) < promised(came)


def test_a_slow_body_comes_whole(port: int) -> None:
    came = exchange(port, '"slow-body:chunks=3:pause_s=0.01"')
    body = came.partition(b"\r\n\r\n")[2]
    assert len(body) == promised(came)
    assert json.loads(body)["status"] == "success"


def test_the_head_of_a_cut_answer_comes(port: int) -> None:
    assert exchange(port, "truncated-body", "HEAD").startswith(b"HTTP/1.1 200")


def test_after_a_dropped_connection_the_next_one_is_served(port: int) -> None:
    exchange(port, "connection-dropped")
    assert exchange(port, "").startswith(b"HTTP/1.1 200")


def test_dropping_and_cutting_log_nothing(port: int, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for name in ("connection-dropped", "truncated-body", "empty-answer", "bad-gateway"):
            exchange(port, name)
    assert caplog.records == []


def test_no_connection_stays_open_behind_a_dropped_one(app: App) -> None:
    with served(app, "h11") as (number, server):
        for _ in range(20):
            exchange(number, "connection-dropped")
        waits_until = time.monotonic() + LIMIT_S
        state = server.server_state
        while (state.connections or state.tasks) and time.monotonic() < waits_until:
            time.sleep(0.01)
        assert (len(state.connections), len(state.tasks)) == (0, 0)


def test_an_answer_that_takes_longer_than_the_server_lives_leaves_no_traceback(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    head = "GET /v2/me HTTP/1.1\r\nHost: a\r\nPrefer: deviation=slow-response\r\n\r\n"
    with caplog.at_level(logging.WARNING):
        with served(app, "h11") as (number, server):
            slow = socket.create_connection(("127.0.0.1", number), LIMIT_S)
            slow.sendall(head.encode())
            while not server.server_state.tasks:
                time.sleep(0.01)
        slow.close()
    assert [record for record in caplog.records if record.exc_info] == []
