"""Connections over real sockets: those that are kept, half-closed, slow, too many or too long."""

import os
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from mockserver.app import App, create_app
from mockserver.settings import Settings
from mockserver.web.connections import (
    MAX_HEAD_BYTES,
    MAX_HEADERS,
    ConnectionLimits,
)
from tests.mockserver.over_sockets import (
    Served,
    answer_of,
    only_answer,
    request,
    served,
    wait_until,
)

MAX_BODY_BYTES = 2000
LINKS = "/v2/event-types/101/private-links"
SHORT = ConnectionLimits(request_timeout_s=0.2)


@pytest.fixture(scope="module")
def app() -> App:
    return create_app(Settings(max_body=MAX_BODY_BYTES))


@pytest.fixture(scope="module")
def usual(app: App) -> Iterator[Served]:
    with served(app, ConnectionLimits()) as one:
        yield one


@pytest.fixture(scope="module")
def hasty(app: App) -> Iterator[Served]:
    with served(app, SHORT) as one:
        yield one


def test_a_connection_is_kept_and_head_has_the_headers_of_get(usual: Served) -> None:
    with usual.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(request())
        shown = answer_of(stream)
        connection.sendall(request("HEAD"))
        head = answer_of(stream, is_head=True)
        connection.sendall(request(path="/v2/nothing"))
        assert (shown.status, head.status, answer_of(stream).status) == (200, 200, 404)
    assert head.headers["content-length"] == str(len(shown.body))


def test_pipelined_requests_are_answered_in_order(usual: Served) -> None:
    with usual.connect() as connection, connection.makefile("rb") as stream:
        paths = ["/v2/me", "/v2/nothing", "/v2/me", LINKS]
        connection.sendall(b"".join(request(path=path) for path in paths))
        assert [answer_of(stream).status for _ in paths] == [200, 404, 200, 200]


def padded(size_bytes: int) -> bytes:
    body = b'{"maxUsageCount": 3}'
    return body + b" " * (size_bytes - len(body))


def test_a_body_at_the_limit_is_taken_and_one_beyond_it_is_told_and_the_connection_kept(
    usual: Served,
) -> None:
    with usual.connect() as connection, connection.makefile("rb") as stream:
        for size_bytes, status in [(MAX_BODY_BYTES, 201), (MAX_BODY_BYTES + 1, 413)]:
            connection.sendall(request("POST", LINKS, padded(size_bytes)))
            answer = answer_of(stream)
            assert answer.status == status
        assert b"request entity too large" in answer.body
        connection.sendall(request())
        assert answer_of(stream).status == 200


def test_a_body_that_goes_on_beyond_the_limit_is_read_to_its_end_after_the_refusal(
    usual: Served,
) -> None:
    with usual.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(request("POST", LINKS, length=1_000_000))
        refused = answer_of(stream)
        connection.sendall(b" " * 1_000_000 + request())
        assert (refused.status, answer_of(stream).status) == (413, 200)


def test_slow_clients_stall_nobody(usual: Served) -> None:
    asked = request("POST", LINKS, padded(40), "Connection: close")
    quick = request("GET", "/v2/me", b"", "Connection: close")
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(usual.connect()) for _ in range(20)]
        for at in range(len(asked)):
            for connection in slow:
                connection.sendall(asked[at : at + 1])
            if at % 50 == 0:
                assert only_answer(usual, quick).status == 200
        assert {answer_of(one.makefile("rb")).status for one in slow} == {201}


BEGINNINGS = {
    "half a line": (b"GET /v2/m",),
    "half a head": (request()[:60],),
    "half a body": (request("POST", LINKS, padded(20), length=40),),
    "no body": (request("POST", LINKS, length=40),),
}


@pytest.mark.parametrize("case", BEGINNINGS)
def test_half_a_request_is_answered_when_its_time_is_up(hasty: Served, case: str) -> None:
    answer = only_answer(hasty, *BEGINNINGS[case])
    assert (answer.status, answer.headers["connection"]) == (408, "close")
    assert "within 0.2 s (--request-timeout)" in answer.detail


def test_half_a_request_after_a_whole_one_is_answered_when_its_time_is_up(hasty: Served) -> None:
    with hasty.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(request())
        first = answer_of(stream).status
        connection.sendall(request("POST", LINKS, length=40))
        assert (first, answer_of(stream).status, stream.read()) == (200, 408, b"")


def test_who_was_told_that_time_is_up_gets_no_second_answer(
    hasty: Served, caplog: pytest.LogCaptureFixture
) -> None:
    slow = "Prefer: deviation=slow-response:delay_s=0.4"
    with hasty.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(request("GET", "/v2/me", b"", slow, length=40))
        assert answer_of(stream).status == 408
        wait_until(lambda: not hasty.server.server_state.tasks)
        assert (stream.read(), caplog.records) == (b"", [])


def test_half_a_body_changes_nothing_and_is_in_no_journal(app: App, hasty: Served) -> None:
    before, count = app.journal.last_number, app.store.count("private-links")
    only_answer(hasty, request("POST", LINKS, padded(20), length=40))
    assert (app.journal.last_number, app.store.count("private-links")) == (before, count)


def test_a_client_that_says_nothing_is_left(hasty: Served) -> None:
    with hasty.connect() as connection:
        assert connection.recv(10) == b""


def test_the_rest_of_a_refused_body_is_not_awaited_for_ever(hasty: Served) -> None:
    with hasty.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(request("POST", LINKS, length=1_000_000))
        assert answer_of(stream).status == 413
        connection.sendall(b"  ")
        assert stream.read() == b""


def test_a_slow_answer_and_an_idle_connection_have_more_time_than_a_request(
    hasty: Served,
) -> None:
    slow = "Prefer: deviation=slow-response:delay_s=0.4"
    with hasty.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(request("GET", "/v2/me", b"", slow))
        first = answer_of(stream).status
        time.sleep(0.4)
        connection.sendall(request())
        assert (first, answer_of(stream).status) == (200, 200)


def test_a_client_that_takes_nothing_is_left() -> None:
    async def huge(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": bytes(20_000_000)})
        else:
            while (message := await receive())["type"] != "lifespan.shutdown":
                await send({"type": f"{message['type']}.complete"})
            await send({"type": "lifespan.shutdown.complete"})

    with served(huge, SHORT) as one, one.connect() as connection:
        connection.sendall(request())
        wait_until(lambda: one.open_count == 1)
        wait_until(lambda: one.open_count == 0)


@pytest.mark.parametrize("more", [(), ("Prefer: deviation=slow-response:delay_s=0.1",)])
def test_a_client_that_only_listens_any_more_is_answered(
    usual: Served, more: tuple[str, ...]
) -> None:
    asked = request("POST", LINKS, padded(20), *more)
    assert only_answer(usual, asked, ends=True).status == 201


def test_pipelined_requests_of_a_client_that_only_listens_are_all_answered(usual: Served) -> None:
    slow = request("GET", "/v2/me", b"", "Prefer: deviation=slow-response:delay_s=0.05")
    with usual.connect() as connection:
        connection.sendall(slow + slow + request(path="/v2/nothing"))
        connection.shutdown(socket.SHUT_WR)
        came = connection.makefile("rb").read()
    assert re.findall(rb"HTTP/1.1 (\d+)", came) == [b"200", b"200", b"404"]


HEADS = {
    "one header": request("GET", "/v2/me", b"", "X-A: " + "a" * MAX_HEAD_BYTES),
    "a long line": request(path="/v2/me?a=" + "a" * MAX_HEAD_BYTES),
    "many bytes": request("GET", "/v2/me", b"", *[f"X-{n}: {'a' * 1000}" for n in range(80)]),
    "many headers": request("GET", "/v2/me", b"", *[f"X-{n}: a" for n in range(MAX_HEADERS)]),
}


@pytest.mark.parametrize("case", HEADS)
def test_a_head_beyond_the_limits_is_refused_and_has_done_nothing(
    app: App, usual: Served, case: str
) -> None:
    before = app.journal.last_number
    answer = only_answer(usual, HEADS[case])
    assert (answer.status, app.journal.last_number) == (431, before)
    assert f"{MAX_HEADERS} headers" in answer.detail


def test_a_head_without_end_is_refused_while_it_comes(usual: Served) -> None:
    asked = request("GET", "/v2/me", b"", "X-A: ")[:-4]
    with usual.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(asked)
        for _ in range(8):
            time.sleep(0.01)
            connection.sendall(b"a" * 16_000)
        assert answer_of(stream).status == 431


def test_many_requests_in_one_go_are_no_long_head(usual: Served) -> None:
    count = 3 * MAX_HEAD_BYTES // len(request())
    with usual.connect() as connection, connection.makefile("rb") as stream:
        sender = threading.Thread(target=connection.sendall, args=(request() * count,))
        sender.start()
        assert {answer_of(stream).status for _ in range(count)} == {200}
        sender.join()


def test_a_head_that_begins_behind_other_requests_is_not_charged_for_them(usual: Served) -> None:
    count = 60_000 // len(request())
    last = request("GET", "/v2/me", b"", f"X-A: {'a' * 20_000}")
    with usual.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(request() * count + last[:50])
        assert {answer_of(stream).status for _ in range(count)} == {200}
        connection.sendall(last[50:-2])
        time.sleep(0.05)
        connection.sendall(last[-2:])
        assert answer_of(stream).status == 200


def test_a_connection_that_is_reset_leaves_nothing_behind(usual: Served) -> None:
    with usual.connect() as connection, connection.makefile("rb") as stream:
        connection.sendall(request())
        assert answer_of(stream).status == 200
        reset = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
    wait_until(lambda: usual.open_count == 0)


def test_an_idle_connection_is_closed_when_its_time_is_up_and_not_before(app: App) -> None:
    limits = ConnectionLimits(request_timeout_s=0.1, keep_alive_s=0.8)
    with served(app, limits) as one, one.connect() as connection, connection.makefile("rb") as sent:
        for _ in range(2):
            connection.sendall(request())
            assert answer_of(sent).status == 200
            time.sleep(0.4)
        assert one.open_count == 1
        assert sent.read() == b""


def test_who_comes_when_all_places_are_taken_is_told_so_and_others_go_on(app: App) -> None:
    with served(app, ConnectionLimits(max_connections=2)) as one:
        with one.connect() as first, one.connect() as last:
            wait_until(lambda: one.open_count == 2)
            refused = only_answer(one, request())
            assert refused.status == 503
            for taken in (first, last):
                taken.sendall(request())
                with taken.makefile("rb") as stream:
                    assert answer_of(stream).status == 200
        assert refused.headers["retry-after"] == "1"
        assert "2 clients" in refused.detail
        assert "--max-connections" in refused.detail
        wait_until(lambda: one.open_count == 0)
        assert only_answer(one, request("GET", "/v2/me", b"", "Connection: close")).status == 200


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks into /proc")
def test_a_thousand_connections_are_served_at_once_and_leave_nothing_open(usual: Served) -> None:
    resource = pytest.importorskip("resource")
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 2500:
        pytest.skip("this system allows fewer open files")
    before = open_files()
    with ExitStack() as open_ones:
        connections = [open_ones.enter_context(usual.connect()) for _ in range(1000)]
        wait_until(lambda: usual.open_count == 1000)
        for connection in connections:
            connection.sendall(request())
        streams = [open_ones.enter_context(one.makefile("rb")) for one in connections]
        assert {answer_of(stream).status for stream in streams} == {200}
    wait_until(lambda: usual.open_count == 0)
    wait_until(lambda: open_files() <= before)
    assert not usual.server.server_state.tasks
