"""What clients send that is odd HTTP, or none: nothing is lost, mixed up, kept, or left to hang."""

import logging
import re
import socket
import struct
import time
from collections.abc import Iterator

import pytest

from mockserver.app import App, create_app
from mockserver.settings import Settings
from mockserver.web.connections import MAX_HEAD_BYTES, ConnectionLimits
from tests.mockserver.over_sockets import (
    Served,
    answer_of,
    only_answer,
    request,
    served,
    wait_until,
)

LINKS = "/v2/event-types/101/private-links"
LINK = b'{"maxUsageCount": 3}'
SLOW = request("GET", "/v2/me", b"", "Prefer: deviation=slow-response:delay_s=0.1")
DROPPED = request("GET", "/v2/me", b"", "Prefer: deviation=connection-dropped")
LAST = request("GET", "/v2/me", b"", "Connection: close")
MALFORMED = b"NO HTTP\r\n\r\n"


@pytest.fixture(scope="module")
def app() -> App:
    return create_app(Settings())


@pytest.fixture(scope="module")
def one(app: App) -> Iterator[Served]:
    with served(app, ConnectionLimits()) as mock:
        yield mock


def statuses(one: Served, sent: bytes) -> list[int]:
    """Of all answers to *sent*, until the server closes the connection."""
    with one.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(sent)
        return [int(found) for found in re.findall(rb"HTTP/1.1 (\d+)", stream.read())]


def chunked(*chunks: bytes, more: bytes = b"") -> bytes:
    """A POST in chunks; *more* are the lines of its trailer."""
    head = request("POST", LINKS, b"", "Transfer-Encoding: chunked")
    sizes = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return head.replace(b"Content-Length: 0\r\n", b"") + sizes + b"0\r\n" + more + b"\r\n"


OFFERS = {
    "HTTP/2": ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"),
    "a WebSocket": ("Upgrade: websocket", "Connection: upgrade", "Sec-WebSocket-Version: 13"),
}


@pytest.mark.parametrize("offer", OFFERS)
def test_an_offer_of_another_protocol_is_answered_as_any_request_and_so_is_what_follows(
    one: Served, offer: str, caplog: pytest.LogCaptureFixture
) -> None:
    offers = request("POST", LINKS, LINK, *OFFERS[offer])
    assert statuses(one, offers + request() + offers * 40 + LAST) == [201, 200, *[201] * 40, 200]
    assert caplog.records == []


def test_an_offer_whose_body_comes_later_has_its_body(one: Served) -> None:
    offer = request("POST", LINKS, b"", *OFFERS["HTTP/2"], length=len(LINK))
    with one.connect() as connection, connection.makefile("rb") as stream:
        for part in (offer[:50], offer[50:], LINK):
            connection.sendall(part)
        assert answer_of(stream).status == 201


def test_a_trailer_is_no_header_of_the_request(one: Served) -> None:
    trailer = b"Authorization: Bearer nobody\r\nX-Other: a\r\n"
    assert statuses(one, chunked(LINK, more=trailer) + LAST) == [201, 200]


@pytest.mark.parametrize("piece", [b"a" * 4000, b"X-A: a\r\n" * 500])
def test_a_trailer_without_end_is_refused(one: Served, piece: bytes) -> None:
    beginning = chunked(LINK)[: -len(b"\r\n")] + b"X-A: "
    count = 2 * MAX_HEAD_BYTES // len(piece)
    with one.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(beginning)
        time.sleep(0.05)  # what comes together with the body counts as some of it
        for _ in range(count):
            connection.sendall(piece)
        assert (answer_of(stream).status, stream.read()) == (431, b"")


def test_a_body_of_many_small_chunks_is_no_long_trailer(one: Served) -> None:
    sent = chunked(LINK, *[b" "] * 20_000)
    with one.connect() as connection, connection.makefile("rb") as stream:
        for at in range(0, len(sent), 10_000):
            connection.sendall(sent[at : at + 10_000])
        assert answer_of(stream).status == 201


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (MALFORMED, "Invalid method encountered"),
        (request("GET", "http://127.0.0.1:99999999/v2/me"), "its target is no URL"),
        (request("POST", LINKS, LINK, "Content-Length: 20"), "Duplicate Content-Length"),
        (chunked(LINK).replace(b"\r\n14\r\n", b"\r\nzz\r\n"), "Invalid character in chunk size"),
    ],
)
def test_what_is_no_http_is_told_why(one: Served, sent: bytes, reason: str) -> None:
    answer = only_answer(one, sent)
    assert (answer.status, answer.headers["connection"]) == (400, "close")
    assert answer.detail == f"the request is malformed: {reason}"


BROKEN = chunked(LINK).replace(b"\r\n14\r\n", b"\r\nzz\r\n")


@pytest.mark.parametrize("sent", [MALFORMED, BROKEN])
def test_who_goes_on_sending_after_a_malformed_request_is_told_all_the_same(
    one: Served, sent: bytes
) -> None:
    with one.connect() as connection, connection.makefile("rb") as stream:
        for part in (sent, *[bytes(100_000)] * 5):
            connection.sendall(part)
            time.sleep(0.01)
        assert (answer_of(stream).status, stream.read()) == (400, b"")


def test_what_is_refused_is_not_done(app: App, one: Served) -> None:
    before = app.store.count("private-links")
    refused = request(
        "DELETE", f"{LINKS}/demoDatedFresh11111111", b"", "Transfer-Encoding: chunked"
    )
    assert (
        only_answer(one, refused.replace(b"Content-Length: 0\r\n", b"") + b"zz\r\n").status == 400
    )
    assert app.store.count("private-links") == before


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (SLOW + MALFORMED, [200]),
        (request() * 40 + MALFORMED, [200] * 40),
        (SLOW + BROKEN, [200, 400]),
        (request() * 40 + BROKEN, [200] * 40 + [400]),
    ],
)
def test_a_malformed_request_takes_no_answer_of_those_before_it(
    one: Served, sent: bytes, expected: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    assert statuses(one, sent) == expected
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


@pytest.mark.parametrize("behind", [request(), SLOW + request(), request("POST", LINKS, length=9)])
@pytest.mark.parametrize("first", [SLOW, DROPPED])
def test_nothing_goes_on_for_a_client_that_has_left_with_requests_waiting(
    one: Served, first: bytes, behind: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with one.connect() as connection:
        connection.sendall(first + behind)
        if first is DROPPED:
            assert connection.recv(1) == b""
        else:
            wait_until(lambda: bool(one.server.server_state.tasks))
            reset = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
    wait_until(lambda: not one.open_count and not one.server.server_state.tasks)
    assert caplog.records == []
