"""That `mockserver serve` keeps the limits it is given, and logs as it is told."""

import json
import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.end_to_end.servers import Running, serving

PATIENCE_S = 20.0


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    limits = ("--request-timeout", "1", "--max-connections", "2")
    with serving(*limits, "--request-log", "--log-format", "json") as running:
        yield running


def connected(served: Running) -> socket.socket:
    url = httpx.URL(served.base_url)
    return socket.create_connection((url.host, url.port or 80), PATIENCE_S)


def test_time_and_connections_are_limited(served: Running) -> None:
    with connected(served) as slow, connected(served):
        slow.sendall(b"GET /v2/me HTTP/1.1\r\n")
        refused = httpx.get(f"{served.base_url}/v2/me", trust_env=False)
        assert (refused.status_code, refused.headers["x-understudy-error"]) == (503, "connections")
        assert slow.makefile("rb").readline() == b"HTTP/1.1 408 Request Timeout\r\n"


def test_stderr_is_json(served: Running) -> None:
    with connected(served) as broken:
        broken.sendall(b"no HTTP\r\n\r\n")
        assert broken.recv(100).startswith(b"HTTP/1.1 400 ")
    answer = httpx.get(f"{served.base_url}/v2/me", trust_env=False)
    stream = served.process.stdout
    assert stream is not None
    warned, noted = json.loads(stream.readline()), json.loads(stream.readline())
    assert (warned["level"], warned["logger"]) == ("warning", "uvicorn.error")
    assert noted["requestId"] == answer.headers["x-request-id"]
