"""An application in this process answers as a server would."""

import asyncio
import gzip
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from contracts.door.transports import AsgiApp, InProcess, Message, Receive, Send
from contracts.exchange import Request
from contracts.stops import NoAnswer, NotJudged

GET = Request("GET", "/a%20b?q=1")


@contextmanager
def running(app: AsgiApp) -> Iterator[InProcess]:
    transport = InProcess(app)
    yield transport
    transport.close()


class Echo:
    """Keeps what it was given, lifespan and all; answers with the body it got."""

    def __init__(self) -> None:
        self.scopes: list[Message] = []
        self.lifespan: list[str] = []

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            while not self.lifespan or self.lifespan[-1] != "lifespan.shutdown":
                self.lifespan.append((await receive())["type"])
                await send({"type": f"{self.lifespan[-1]}.complete"})
            return
        self.scopes.append(scope)
        body = (await receive())["body"]
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-odd", b"\xe9")]})
        await send({"type": "http.response.body", "body": body[:2], "more_body": True})
        await send({"type": "http.response.body", "body": body[2:]})


def test_the_lifespan_runs_once_around_all_requests() -> None:
    app = Echo()
    with running(app) as transport:
        transport.send(GET)
        transport.send(GET)
        assert app.lifespan == ["lifespan.startup"]
    assert app.lifespan == ["lifespan.startup", "lifespan.shutdown"]


def test_an_application_that_says_it_cannot_start_is_not_served() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(RuntimeError, match="no database"):
        InProcess(app)


def test_a_body_goes_in_and_comes_out_in_parts() -> None:
    with running(Echo()) as transport:
        response = transport.send(Request("POST", "/", (), b"hello"))
    assert (response.status, response.body, response.header("X-Odd")) == (200, b"hello", "\xe9")


def test_the_path_is_given_raw_and_decoded() -> None:
    app = Echo()
    with running(app) as transport:
        transport.send(GET)
    scope = app.scopes[0]
    assert scope["raw_path"] == b"/a%20b"
    assert scope["path"] == "/a b"
    assert scope["query_string"] == b"q=1"
    assert scope["client"][0] == "127.0.0.1"


def test_header_values_beyond_latin_1_arrive_as_utf_8() -> None:
    app = Echo()
    with running(app) as transport:
        transport.send(Request("GET", "/", (("X-Name", "☃"),)))
    assert dict(app.scopes[0]["headers"])[b"x-name"] == "☃".encode()


def test_a_header_with_a_line_break_is_not_judged() -> None:
    with running(Echo()) as transport, pytest.raises(NotJudged, match="line break"):
        transport.send(Request("GET", "/", (("X-Name", "a\nb"),)))


def test_an_application_that_raises_answers_500(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        raise ValueError("a bug")

    with caplog.at_level(logging.CRITICAL), running(app) as transport:
        response = transport.send(GET)
    assert (response.status, response.headers, response.body) == (500, (), b"")


def test_an_application_that_answers_nothing_gives_no_answer() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        return

    with running(app) as transport, pytest.raises(NoAnswer, match="dropped"):
        transport.send(GET)


def test_requests_from_several_threads_meet_in_the_application() -> None:
    meeting: dict[str, Any] = {"inside": 0}

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        meeting["inside"] += 1
        async with asyncio.timeout(5):
            while meeting["inside"] < 2:
                await asyncio.sleep(0)
        await send({"type": "http.response.start", "status": 204, "headers": []})

    with running(app) as transport, ThreadPoolExecutor(2) as pool:
        assert [one.status for one in pool.map(transport.send, [GET, GET])] == [204, 204]


def test_closing_twice_does_no_harm() -> None:
    transport = InProcess(Echo())
    transport.close()
    transport.close()


@pytest.mark.parametrize(
    ("sent", "body", "flaw"),
    [
        (gzip.compress(b'{"a": 1}'), b'{"a": 1}', ""),
        (b'{"a": 1}', b'{"a": 1}', "the body is not encoded as gzip"),
        (b"", b"", ""),
    ],
    ids=["encoded", "said to be encoded", "empty"],
)
def test_a_body_is_decoded_as_over_http(sent: bytes, body: bytes, flaw: str) -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        headers = [(b"content-encoding", b"gzip")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": sent})

    with running(app) as transport:
        response = transport.send(GET)
    assert (response.body, response.coding_flaw) == (body, flaw)
