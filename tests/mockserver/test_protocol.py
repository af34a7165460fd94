"""Requests that are answered on the spot, and those that have to wait, over real sockets."""

import asyncio
import gc
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from mockserver.app import App, create_app
from mockserver.settings import Settings
from mockserver.web.connections import ConnectionLimits
from mockserver.web.protocol import PROMPT_IN_A_ROW
from tests.mockserver.over_sockets import Served, answer_of, request, served, wait_until


class Tasks:
    """An application that tells in which task it runs, after waiting as long as a path says."""

    def __init__(self) -> None:
        self.gone = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return await self._live(receive, send)
        before = asyncio.current_task()
        if scope["path"].startswith("/wait/"):
            await asyncio.sleep(float(scope["path"].removeprefix("/wait/")))
        if scope["path"] == "/broken":
            broken = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_later(0.01, broken.set_exception, OSError("broken"))
            with pytest.raises(OSError, match="broken"):
                await broken
        if scope["path"] == "/fail":
            raise ValueError("a bug")
        message = await receive() if scope["method"] == "POST" else {"body": b""}
        while message.get("more_body"):
            more = await receive()
            message = {"body": message["body"] + more["body"], "more_body": more["more_body"]}
        said = b"task" if before else b"spot"
        if scope["path"] == "/gone":
            await asyncio.sleep(0.2)
            self.gone += (await receive())["type"] == "http.disconnect"
        body = said + b" " + message["body"]
        length = (b"content-length", b"%d" % len(body))
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Any, send: Any) -> None:
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{message['type']}.complete"})
        await send({"type": "lifespan.shutdown.complete"})


@pytest.fixture(scope="module")
def application() -> Tasks:
    return Tasks()


@pytest.fixture(scope="module")
def tasks(application: Tasks) -> Iterator[Served]:
    with served(application, ConnectionLimits()) as one:
        yield one


def said(one: Served, *parts: bytes, count: int = 1, pause_s: float = 0.05) -> list[bytes]:
    with one.connect() as connection, connection.makefile("rb") as stream:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause_s)
        return [answer_of(stream).body for _ in range(count)]


def test_a_request_that_has_come_as_a_whole_is_answered_on_the_spot(tasks: Served) -> None:
    assert said(tasks, request()) == [b"spot "]
    assert said(tasks, request("POST", body=b"what was sent")) == [b"spot what was sent"]


def test_a_request_whose_body_is_still_to_come_is_given_a_task(tasks: Served) -> None:
    whole = request("POST", body=b"what was sent")
    assert said(tasks, whole[:-3], whole[-3:]) == [b"task what was sent"]


def test_a_head_in_two_pieces_is_answered_on_the_spot_when_it_is_whole(tasks: Served) -> None:
    whole = request("POST", body=b"what was sent")
    assert said(tasks, whole[:30], whole[30:]) == [b"spot what was sent"]


def test_who_waits_to_be_asked_for_the_body_is_asked(tasks: Served) -> None:
    head = request("POST", "/v2/me", b"", "Expect: 100-continue", length=3)
    with tasks.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(head)
        assert stream.readline().startswith(b"HTTP/1.1 100")
        stream.readline()
        connection.sendall(b"abc")
        assert answer_of(stream).body == b"task abc"


def test_what_waits_goes_on_as_a_task_and_stalls_nobody(tasks: Served) -> None:
    with tasks.connect() as slow, slow.makefile("rb") as stream:
        slow.sendall(request(path="/wait/0.3"))
        began = time.monotonic()
        assert said(tasks, request(), pause_s=0) == [b"spot "]
        assert time.monotonic() - began < 0.25
        assert answer_of(stream).body == b"spot "
    wait_until(lambda: not tasks.server.server_state.tasks)


def test_what_breaks_while_it_is_waited_for_breaks_where_it_is_waited_for(tasks: Served) -> None:
    assert said(tasks, request(path="/broken")) == [b"spot "]


def test_what_waits_when_the_server_is_stopped_is_finished() -> None:
    with ExitStack() as left:
        with served(Tasks(), ConnectionLimits()) as one:
            connection = left.enter_context(one.connect())
            connection.sendall(request(path="/wait/0.3"))
            wait_until(lambda: bool(one.server.server_state.tasks))
        assert answer_of(left.enter_context(connection.makefile("rb"))).body == b"spot "


def test_requests_behind_one_that_waits_are_answered_after_it(tasks: Served) -> None:
    both = request(path="/wait/0.05") + request("POST", body=b"second")
    assert said(tasks, both, count=2) == [b"spot ", b"task second"]


def test_a_long_row_of_requests_lets_others_have_their_turn(tasks: Served) -> None:
    count = 3 * PROMPT_IN_A_ROW
    bodies = said(tasks, request() * count, count=count)
    assert bodies[:PROMPT_IN_A_ROW] == [b"spot "] * PROMPT_IN_A_ROW
    assert b"task " in bodies


def test_an_application_that_fails_is_told_as_ever(
    tasks: Served, caplog: pytest.LogCaptureFixture
) -> None:
    for path in ("/fail", "/wait/0.01"):
        with tasks.connect() as connection, connection.makefile("rb") as stream:
            connection.sendall(request(path=path))
            assert answer_of(stream).status == (500 if path == "/fail" else 200)
    assert "a bug" in caplog.text


def test_the_application_is_told_of_who_goes_while_an_answer_waits(
    tasks: Served, application: Tasks
) -> None:
    with tasks.connect() as connection:
        connection.sendall(request(path="/gone"))
        at_once = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    wait_until(lambda: application.gone == 1)
    wait_until(lambda: tasks.open_count == 0 and not tasks.server.server_state.tasks)


@pytest.fixture(scope="module")
def app() -> App:
    return create_app(Settings())


def test_the_mocks_own_pages_are_not_hurried(app: App) -> None:
    assert app.is_prompt({"path": "/v2/me"})
    assert not app.is_prompt({"path": "/__admin/health"})
    assert not app.is_prompt({"path": "/__docs/"})


def test_an_answer_in_one_piece_has_what_one_in_two_has(app: App) -> None:
    """A planted fault that changes nothing is enough for the usual way."""
    with served(app, ConnectionLimits()) as one, one.connect() as connection:
        stream = connection.makefile("rb")
        connection.sendall(request())
        at_once = answer_of(stream)
        connection.sendall(
            request("GET", "/v2/me", b"", "Prefer: deviation=slow-response:delay_s=0.001")
        )
        as_ever = answer_of(stream)
    passing = {"x-request-id", "preference-applied", "date", "x-ratelimit-remaining-default"}
    assert set(as_ever.headers) - set(at_once.headers) <= {"preference-applied"}
    assert set(at_once.headers) <= set(as_ever.headers)
    for name in set(at_once.headers) - passing:
        assert at_once.headers[name] == as_ever.headers[name]
    assert at_once.body == as_ever.body


@pytest.mark.parametrize("version", ["HTTP/1.0", "HTTP/1.1"])
def test_a_connection_that_is_not_to_be_kept_is_closed_after_the_answer(
    app: App, version: str
) -> None:
    more = () if version == "HTTP/1.0" else ("Connection: close",)
    sent = request("GET", "/v2/me", b"", *more).replace(b"HTTP/1.1", version.encode())
    with served(app, ConnectionLimits()) as one, one.connect() as connection:
        stream = connection.makefile("rb")
        connection.sendall(sent)
        answer = answer_of(stream)
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert stream.read() == b""


def test_a_request_that_is_answered_needs_no_garbage_collector_to_be_freed(app: App) -> None:
    with served(app, ConnectionLimits()) as one, one.connect() as connection:
        stream = connection.makefile("rb")
        gc.collect()
        gc.disable()
        gc.set_debug(gc.DEBUG_SAVEALL)
        try:
            for _ in range(10):
                connection.sendall(request())
                assert answer_of(stream).status == 200
            gc.collect()
            assert not [one for one in gc.garbage if isinstance(one, RequestResponseCycle)]
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
            gc.enable()
