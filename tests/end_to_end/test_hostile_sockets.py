"""Bytes that are hardly HTTP, sent to a served mock: each is answered, and the mock goes on."""

import json
import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.end_to_end.servers import Running, serving

PATIENCE_S = 20.0
KEY = b"Authorization: Bearer cal_test_demo\r\n"
VERSION = b"cal-api-version: 2024-09-04\r\n"
EVENT_TYPES = b"cal-api-version: 2024-06-14\r\n"
LINKS = b"/v2/event-types/101/private-links"


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with serving() as running:
        yield running


def sent(served: Running, *parts: bytes, hangs_up: bool = False) -> bytes:
    """Everything that comes back until the server closes the connection."""
    address = httpx.URL(served.base_url)
    with socket.create_connection((address.host, address.port or 80), PATIENCE_S) as connection:
        for part in parts:
            try:
                connection.sendall(part)
            except (BrokenPipeError, ConnectionResetError):
                break  # the server has answered, and wants no more
        if hangs_up:
            connection.shutdown(socket.SHUT_WR)
        came = b""
        try:
            while received := connection.recv(65536):
                came += received
        except ConnectionResetError:
            pass
        return came


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def is_well(served: Running) -> bool:
    url = f"{served.base_url}/v2/me"
    answer = httpx.get(url, headers={"Authorization": "Bearer cal_test_demo"}, trust_env=False)
    return answer.status_code == 200 and answer.json()["data"]["username"] == "demo"


def request(target: bytes = b"/v2/me", headers: bytes = KEY, method: bytes = b"GET") -> bytes:
    head = b"%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s\r\n"
    return head % (method, target, headers)


NO_HTTP = {
    "noise": b"\x00\xff\x16\x03\x01\r\n\r\n",
    "no method": b" / HTTP/1.1\r\n\r\n",
    "huge request line": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n",
    "huge header": request(headers=b"X-A: " + b"a" * 200_000 + b"\r\n"),
    "no colon": request(headers=b"Authorization Bearer\r\n"),
    "NUL in a header": request(headers=b"Authorization: Bearer \x00\r\n"),
    "NUL in the path": request(b"/v2/\x00"),
    "no end": b"GET /v2/me HTTP/1.1\r\nHost: x\r\n",
    "nothing": b"",
}


@pytest.mark.parametrize("case", NO_HTTP)
def test_what_is_no_http_is_no_fault_of_the_mock(served: Running, case: str) -> None:
    answer = sent(served, NO_HTTP[case], hangs_up=True)
    assert b"x-understudy-error" not in answer
    assert answer == b"" or status_of(answer) in (400, 401, 404, 414, 431)
    assert is_well(served)


STATUSES = {
    "bad percent-encoding": (request(b"/v2/%zz%2"), 404),
    "NUL as a value": (request(b"/v2/event-types/%00", KEY + EVENT_TYPES), 400),
    "bytes of no UTF-8 as a value": (request(LINKS + b"/%ff%fe", KEY + VERSION, b"DELETE"), 404),
    "a thousand segments": (request(b"/v2" + b"/a" * 1000), 404),
    "a header of no UTF-8": (request(headers=b"Authorization: Bearer \xff\xfe\r\n"), 401),
    "an empty credential": (request(headers=b"Authorization:\r\n"), 401),
    "two credentials": (request(headers=KEY + b"Authorization: Bearer nobody\r\n"), 401),
    "an unknown method": (request(method=b"PROPFIND"), 405),
    "HTTP 1.0": (b"GET /v2/me HTTP/1.0\r\n" + KEY + b"\r\n", 200),
    "an absolute target": (request(b"http://127.0.0.1/v2/me"), 200),
}  # fmt: skip


@pytest.mark.parametrize("case", STATUSES)
def test_strange_requests_have_their_answers(served: Running, case: str) -> None:
    asked, status = STATUSES[case]
    answer = sent(served, asked)
    assert status_of(answer) == status
    assert b"x-understudy-error" not in answer


def create(body_headers: bytes) -> bytes:
    kind = b"Content-Type: application/json\r\n"
    return request(LINKS, KEY + VERSION + kind + body_headers, b"POST")


def link_count(served: Running) -> int:
    state = httpx.get(f"{served.base_url}/__admin/state", trust_env=False).json()
    return len(state["collections"]["private-links"])


def test_a_body_that_is_announced_as_huge_is_refused_unread(served: Running) -> None:
    answer = sent(served, create(b"Content-Length: 10000000000\r\n"))
    assert status_of(answer) == 413


def test_a_huge_body_in_chunks_is_refused_before_its_end(served: Running) -> None:
    chunks = (b"10000\r\n" + b" " * 65536 + b"\r\n" for _ in range(160))
    answer = sent(served, create(b"Transfer-Encoding: chunked\r\n"), *chunks)
    assert answer == b"" or status_of(answer) == 413
    assert is_well(served)


def test_a_client_that_hangs_up_within_its_body_changes_nothing(served: Running) -> None:
    before = link_count(served)
    answer = sent(served, create(b"Content-Length: 30\r\n"), b'{"maxUsageCount": 3}', hangs_up=True)
    assert b"x-understudy-error" not in answer
    assert link_count(served) == before
    assert is_well(served)


def test_a_body_in_single_bytes_is_read(served: Running) -> None:
    body = b'{"maxUsageCount": 3}'
    parts = [bytes([one]) for one in body]
    answer = sent(served, create(b"Content-Length: %d\r\n" % len(body)), *parts)
    assert status_of(answer) == 201
    shown = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert shown["data"]["maxUsageCount"] == 3


def test_requests_in_one_go_are_answered_in_order(served: Running) -> None:
    one = b"GET /v2/me HTTP/1.1\r\nHost: x\r\n" + KEY + b"\r\n"
    answer = sent(served, one, one, request(b"/v2/nothing"))
    statuses = [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [200, 200, 404]


def test_the_refusal_of_a_forged_path_forges_no_header(served: Running) -> None:
    answer = sent(served, request(b"/v2/x%0d%0aSet-Cookie:%20a=b"))
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert status_of(answer) == 404
    assert b"set-cookie" not in head
