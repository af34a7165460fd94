"""`mockserver serve` as a user meets it: a process, a banner, curl lines, Ctrl-C."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

DATA = Path(__file__).parent.parent / "data"
PATIENCE_S = 60.0


@dataclass
class Served:
    """A running `mockserver serve` whose output goes to two files."""

    process: subprocess.Popen[bytes]
    out: Path
    err: Path

    @property
    def url(self) -> str:
        found = re.search(r"(?m)^  API +(\S+)", self.out.read_text())
        assert found is not None
        return found[1]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def wait_for(self, file: Path, text: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while text not in file.read_text():
            is_over = self.process.poll() is not None or time.monotonic() > end
            assert not is_over, f"no {text!r} in {file.read_text()!r}, {self.err.read_text()!r}"
            time.sleep(0.02)

    def interrupt(self) -> int:
        """Press Ctrl-C; gives the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_S)


def environment() -> dict[str, str]:
    own = ("UNDERSTUDY_", "PORT")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(own)}
    return {**kept, "PYTHONPATH": str(DATA.parent.parent)}


def begin(folder: Path, *words: str | Path) -> Served:
    out, err = folder / "out.txt", folder / "err.txt"
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", *map(str, words)]
    with out.open("wb") as to_out, err.open("wb") as to_err:
        process = subprocess.Popen(
            command, stdout=to_out, stderr=to_err, cwd=folder, env=environment()
        )
    return Served(process, out, err)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts a server that has printed its banner; ends it after the test."""
    begun: list[Served] = []

    def start(*words: str | Path) -> Served:
        begun.append(begin(tmp_path, *words))
        begun[-1].wait_for(begun[-1].out, "Ctrl-C stops it.")
        return begun[-1]

    yield start
    for served in begun:
        served.process.kill()
        served.process.wait()


def curl_lines(served: Served) -> list[str]:
    lines = [line.strip() for line in served.out.read_text().splitlines()]
    return [line for line in lines if line.startswith("curl ")]


def status_of(line: str) -> str:
    """The status that a pasted curl line gets."""
    words = [*shlex.split(line), "-sS", "-o", os.devnull, "-w", "%{http_code}", "--noproxy", "*"]
    return subprocess.run(words, capture_output=True, check=True).stdout.decode()


needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


@needs_curl
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_the_curl_lines_of_the_banner_work(serve: Callable[..., Served], profile: str) -> None:
    lines = curl_lines(serve("--profile", profile))
    assert [status_of(line) for line in lines] == ["200", "200", "201"]


@needs_curl
def test_the_curl_lines_for_another_document_work(serve: Callable[..., Served]) -> None:
    lines = curl_lines(
        serve("--spec", DATA / "library.yaml", "--fixtures", DATA / "library-fixtures.yaml")
    )
    assert [status_of(line)[0] for line in lines] == ["2", "2", "2"]


def test_the_banner_leads_to_admin_and_documentation(serve: Callable[..., Served]) -> None:
    served = serve()
    places = re.findall(r"(?m)^  (?:admin|docs) +(\S+)", served.out.read_text())
    with httpx.Client(trust_env=False, follow_redirects=True) as client:
        assert [client.get(place).status_code for place in places] == [200, 200]


def test_ctrl_c_ends_the_server_without_complaint(serve: Callable[..., Served]) -> None:
    served = serve("--watch")
    assert served.interrupt() == 0
    assert served.err.read_text().strip() == "stopped"


def test_a_request_on_its_way_is_answered_after_ctrl_c(serve: Callable[..., Served]) -> None:
    served = serve()
    body = b'{"maxUsageCount": 3}'
    head = (
        "POST /v2/event-types/101/private-links HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Authorization: Bearer cal_test_demo\r\ncal-api-version: 2024-09-04\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port), PATIENCE_S) as connection:
        connection.sendall(head.encode() + body[:5])
        time.sleep(0.3)
        served.process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        connection.sendall(body[5:])
        assert connection.recv(100).startswith(b"HTTP/1.1 201")
    assert served.process.wait(PATIENCE_S) == 0


SLOW = (
    "GET /v2/me HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer cal_test_demo\r\n"
    "Prefer: deviation=slow-response:delay_s={delay_s}\r\n\r\n"
)


def test_ctrl_c_twice_gives_up_what_is_under_way_without_complaint(
    serve: Callable[..., Served],
) -> None:
    served = serve()
    with socket.create_connection(("127.0.0.1", served.port), PATIENCE_S) as connection:
        connection.sendall(SLOW.format(delay_s=30).encode())
        time.sleep(0.2)
        served.process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        assert served.interrupt() == 0
        assert connection.recv(100) == b""
    assert served.err.read_text().strip() == "stopped"


def test_processes_that_finish_what_they_do_take_nobody_new(serve: Callable[..., Served]) -> None:
    served = serve("--store", "sqlite:///world.db", "--workers", "2")
    with socket.create_connection(("127.0.0.1", served.port), PATIENCE_S) as connection:
        connection.sendall(SLOW.format(delay_s=0.8).encode())
        time.sleep(0.2)
        served.process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", served.port), PATIENCE_S).close()
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    assert served.process.wait(PATIENCE_S) == 0


def test_where_the_log_is_json_all_that_is_told_meanwhile_is(serve: Callable[..., Served]) -> None:
    served = serve("--store", "sqlite:///world.db", "--workers", "2", "--log-format", "json")
    pid = served.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children")
    if not children.exists():
        pytest.skip("looks into /proc")
    time.sleep(1)  # who dies sooner is replaced later
    os.kill(int(children.read_text().split()[0]), signal.SIGKILL)
    served.wait_for(served.err, "has taken its place")
    assert served.interrupt() == 0
    levels = [json.loads(line)["level"] for line in served.err.read_text().splitlines()]
    assert levels == ["warning", "info"]


def test_a_port_in_use_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        served = begin(tmp_path, "--port", str(port))
        assert served.process.wait(PATIENCE_S) == 2
    assert served.out.read_text() == ""
    assert served.err.read_text() == (
        f"mockserver: port {port} of 127.0.0.1 is in use; choose another with --port "
        "(0: any free one)\n"
    )


def test_a_changed_file_is_served_and_a_broken_one_is_not(
    serve: Callable[..., Served], tmp_path: Path
) -> None:
    spec = tmp_path / "library.yaml"
    text = (DATA / "library.yaml").read_text()
    spec.write_text(text)
    served = serve("--spec", spec, "--watch")
    with httpx.Client(base_url=served.url, trust_env=False) as client:
        spec.write_text("openapi: [")
        served.wait_for(served.err, "still serving what was there before")
        assert client.get("/v1/authors").status_code == 200
        spec.write_text(text.replace("  /authors:", "  /writers:"))
        served.wait_for(served.out, "new operation GET /v1/writers")
        assert client.get("/v1/writers").status_code == 200
    told = served.err.read_text().splitlines()
    assert [line for line in told if line.startswith("mockserver:")] == told[:1]


def test_the_world_of_a_running_mock_is_shown_replaced_and_reset(
    serve: Callable[..., Served], tmp_path: Path
) -> None:
    served = serve("--admin-token", "hush")
    env = {**environment(), "UNDERSTUDY_ADMIN_TOKEN": "hush"}

    def state(*words: str | Path) -> str:
        command = [sys.executable, "-m", "mockserver", "state", *map(str, words)]
        done = subprocess.run(
            [*command, "--url", served.url], capture_output=True, check=True, env=env, cwd=tmp_path
        )
        return done.stdout.decode()

    empty = tmp_path / "empty.json"
    empty.write_text('{"collections": {}}')
    before = state("export")
    assert state("import", empty) == "now there: nothing\n"
    assert state("export") != before
    assert state("reset").startswith("reset: ")
    assert '"users"' in state("export")
