"""Requests that are answered on the spot, and those that are not, over real sockets."""

import asyncio
import gc
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from mockserver.app import App, create_app
from mockserver.settings import Settings
from mockserver.web.connections import ConnectionLimits
from mockserver.web.protocol import PROMPT_IN_A_ROW
from mockserver.web.whole import Head, Written
from tests.mockserver.over_sockets import Served, answer_of, request, served, wait_until


class Doors:
    """An application that tells by which door a request came, and can be made to wait."""

    def __init__(self) -> None:
        self.gone = 0
        self.heads: list[Head] = []

    def answer(self, head: Head, body: bytes) -> Written | None:
        self.heads.append(head)
        if head.url.startswith(b"/wait/") or head.url == b"/fail":
            return None
        said = b"whole " + body
        shown = b"" if head.method == "HEAD" else said
        return Written(200, b"content-length: %d\r\n" % len(said), shown)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return await self._live(receive, send)
        if scope["path"].startswith("/wait/"):
            await asyncio.sleep(float(scope["path"].removeprefix("/wait/")))
        if scope["path"] == "/fail":
            raise ValueError("a bug")
        message = await receive()
        while message.get("more_body"):
            more = await receive()
            message = {"body": message["body"] + more["body"], "more_body": more["more_body"]}
        if scope["path"] == "/wait/0.2":
            self.gone += (await receive())["type"] == "http.disconnect"
        body = b"asgi " + message["body"]
        length = (b"content-length", b"%d" % len(body))
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Any, send: Any) -> None:
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{message['type']}.complete"})
        await send({"type": "lifespan.shutdown.complete"})


@pytest.fixture(scope="module")
def application() -> Doors:
    return Doors()


@pytest.fixture(scope="module")
def doors(application: Doors) -> Iterator[Served]:
    with served(application, ConnectionLimits()) as one:
        yield one


def said(one: Served, *parts: bytes, count: int = 1, pause_s: float = 0.05) -> list[bytes]:
    with one.connect() as connection, connection.makefile("rb") as stream:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause_s)
        return [answer_of(stream).body for _ in range(count)]


def test_a_request_that_has_come_as_a_whole_is_answered_on_the_spot(doors: Served) -> None:
    assert said(doors, request()) == [b"whole "]
    assert said(doors, request("POST", body=b"what was sent")) == [b"whole what was sent"]


def test_the_head_tells_what_was_sent(doors: Served, application: Doors) -> None:
    said(doors, request("PUT", "/a%2Fb?c=%20d", b"", "X-Two: 1", "X-two: 2"))
    head = application.heads[-1]
    assert (head.method, head.url, head.client) == ("PUT", b"/a%2Fb?c=%20d", "127.0.0.1")
    assert [value for name, value in head.headers if name == b"x-two"] == [b"1", b"2"]


def test_a_request_whose_body_is_still_to_come_is_an_exchange(doors: Served) -> None:
    whole = request("POST", body=b"what was sent")
    assert said(doors, whole[:-3], whole[-3:]) == [b"asgi what was sent"]


def test_a_head_in_two_pieces_is_answered_on_the_spot_when_it_is_whole(doors: Served) -> None:
    whole = request("POST", body=b"what was sent")
    assert said(doors, whole[:30], whole[30:]) == [b"whole what was sent"]


def test_a_body_in_chunks_that_came_together_is_one_body(doors: Served) -> None:
    head = request("POST").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    assert said(doors, head + b"3\r\none\r\n4\r\n two\r\n0\r\n\r\n") == [b"whole one two"]


def test_a_body_that_breaks_off_is_answered_by_nobody(doors: Served, application: Doors) -> None:
    head = request("POST", "/broken").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    with doors.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(head + b"3\r\none\r\nnonsense\r\n")
        assert answer_of(stream).status == 400
        assert stream.read() == b""
    assert application.heads[-1].url != b"/broken"


def test_who_waits_to_be_asked_for_the_body_is_asked(doors: Served) -> None:
    head = request("POST", "/v2/me", b"", "Expect: 100-continue", length=3)
    with doors.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(head)
        assert stream.readline().startswith(b"HTTP/1.1 100")
        stream.readline()
        connection.sendall(b"abc")
        assert answer_of(stream).body == b"asgi abc"


def test_who_sends_the_body_without_being_asked_is_not_asked(doors: Served) -> None:
    assert said(doors, request("POST", "/v2/me", b"abc", "Expect: 100-continue")) == [b"whole abc"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b" /v2/me ", b" http://127.0.0.1/v2/me "),
        (b" /v2/me ", b" /v2/me#part "),
        (b"HTTP/1.1", b"HTTP/1.0"),
        (b"HTTP/1.1\r\n", b"HTTP/1.0\r\nConnection: keep-alive\r\n"),
        (b"HTTP/1.1\r\n", b"HTTP/1.1\r\nConnection: close\r\n"),
    ],
)
def test_what_is_not_plain_is_left_to_uvicorn(doors: Served, old: bytes, new: bytes) -> None:
    assert said(doors, request().replace(old, new)) == [b"asgi "]


def test_what_the_door_gives_back_is_an_exchange_with_all_that_came(doors: Served) -> None:
    assert said(doors, request("POST", "/wait/0", b"what was sent")) == [b"asgi what was sent"]


def test_what_waits_stalls_nobody(doors: Served) -> None:
    with doors.connect() as slow, slow.makefile("rb") as stream:
        slow.sendall(request(path="/wait/0.3"))
        began = time.monotonic()
        assert said(doors, request(), pause_s=0) == [b"whole "]
        assert time.monotonic() - began < 0.25
        assert answer_of(stream).body == b"asgi "
    wait_until(lambda: not doors.server.server_state.tasks)


def test_what_waits_when_the_server_is_stopped_is_finished() -> None:
    with ExitStack() as left:
        with served(Doors(), ConnectionLimits()) as one:
            connection = left.enter_context(one.connect())
            connection.sendall(request(path="/wait/0.3"))
            wait_until(lambda: bool(one.server.server_state.tasks))
        assert answer_of(left.enter_context(connection.makefile("rb"))).body == b"asgi "


def test_requests_behind_one_that_waits_are_answered_after_it(doors: Served) -> None:
    three = request(path="/wait/0.05") + request("POST", body=b"second") + request("POST")
    assert said(doors, three, count=3) == [b"asgi ", b"asgi second", b"asgi "]
    assert said(doors, three, request(), pause_s=0.2, count=4)[-1] == b"whole "


def test_a_long_row_of_requests_lets_others_have_their_turn(doors: Served) -> None:
    count = 3 * PROMPT_IN_A_ROW
    bodies = said(doors, request() * count, count=count)
    assert bodies[:PROMPT_IN_A_ROW] == [b"whole "] * PROMPT_IN_A_ROW
    assert b"asgi " in bodies


def test_an_application_that_fails_is_told_as_ever(
    doors: Served, caplog: pytest.LogCaptureFixture
) -> None:
    with doors.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(request(path="/fail"))
        assert answer_of(stream).status == 500
    assert "a bug" in caplog.text


def test_the_application_is_told_of_who_goes_while_an_answer_waits(
    doors: Served, application: Doors
) -> None:
    with doors.connect() as connection:
        connection.sendall(request(path="/wait/0.2"))
        reset = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
    wait_until(lambda: application.gone == 1)
    wait_until(lambda: doors.open_count == 0 and not doors.server.server_state.tasks)


def test_who_does_not_read_is_answered_no_further(doors: Served, application: Doors) -> None:
    """Once the connection is full, an exchange waits until the client takes what was answered."""
    count, body = 200, b"x" * 50_000
    before = len(application.heads)
    with doors.connect() as connection, connection.makefile("rb") as stream:
        sent = threading.Thread(
            target=connection.sendall, args=(request("POST", body=body) * count,), daemon=True
        )
        sent.start()
        time.sleep(0.3)
        assert len(application.heads) - before < count
        bodies = [answer_of(stream).body for _ in range(count)]
        sent.join()
    assert {one.partition(b" ")[2] for one in bodies} == {body}


@pytest.fixture(scope="module")
def app() -> App:
    return create_app(Settings())


def head(url: bytes, method: str = "GET") -> Head:
    return Head(method, url, [(b"authorization", b"Bearer cal_test_demo")], "127.0.0.1")


@pytest.mark.parametrize(
    "url", [b"/__admin/health", b"/__docs/", b"/%5F_admin/health", b"/_%5fdocs"]
)
def test_the_mocks_own_pages_have_no_door_beside_asgi(app: App, url: bytes) -> None:
    assert app.answer(head(url), b"") is None


def test_what_a_web_page_asks_before_is_left_to_asgi(app: App) -> None:
    assert app.answer(head(b"/v2/me", "OPTIONS"), b"") is None
    assert app.answer(head(b"/v2/me"), b"") is not None


def test_a_bug_is_told_at_either_door(
    app: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(app._server.serving.doors, "answer", fail)
    told = app.answer(head(b"/v2/me"), b"")
    assert told is not None
    assert told.status == 500
    assert b"x-understudy-error: bug" in told.lines
    assert b"ZeroDivisionError in /v2/me" in told.body
    nothing = app.answer(head(b"/v2/me", "HEAD"), b"")
    assert nothing is not None
    assert (nothing.lines, nothing.body) == (told.lines, b"")
    assert "ZeroDivisionError" in caplog.text


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


@pytest.mark.parametrize("seed", range(8))
def test_however_requests_are_cut_up_each_is_answered_in_its_turn(doors: Served, seed: int) -> None:
    random = Random(seed)
    chunked = request("POST", "/chunked").replace(
        b"Content-Length: 0", b"Transfer-Encoding: chunked"
    )
    kinds = [
        (request(path="/nothing"), b""),
        (request("POST", body=b"a body"), b"a body"),
        (request("POST", body=b"\r\n\r\n"), b"\r\n\r\n"),
        (chunked + b"3\r\none\r\n4\r\n two\r\n0\r\nX-Trailer: 1\r\n\r\n", b"one two"),
        (request("POST", "/wait/0", b"waits"), b"waits"),
        (request("POST", "/v2/me", b"h2c", "Upgrade: h2c", "Connection: upgrade"), b"h2c"),
        (request("PUT", "/v2/me#part", b"x" * 3000), b"x" * 3000),
    ]
    sent = [kinds[0], *random.choices(kinds, k=60)]
    stream = b"".join(raw for raw, _ in sent)
    cuts = sorted(random.sample(range(1, len(stream)), 40))
    with doors.connect() as connection, connection.makefile("rb") as answers:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for begin, end in pairwise([0, *cuts, len(stream)]):
            connection.sendall(stream[begin:end])
            if random.random() < 0.5:
                time.sleep(0.002)
        bodies = [answer_of(answers).body for _ in sent]
    assert [body.partition(b" ")[2] for body in bodies] == [body for _, body in sent]
    assert {body.partition(b" ")[0] for body in bodies} == {b"whole", b"asgi"}
