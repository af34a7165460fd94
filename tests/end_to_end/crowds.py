"""Many clients at once against a running mock, and mocks that are killed under them."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

START_LIMIT_S = 60.0
LINKS = "/v2/event-types/101/private-links"
USE = "/__admin/actions/use-private-link"


class Client:
    """One connection to the mock, as the user `demo`."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=START_LIMIT_S)

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of the answer. Raises OSError or HTTPException where none comes."""
        headers = {
            "Authorization": "Bearer cal_test_demo",
            "cal-api-version": "2024-09-04",
            "Content-Type": "application/json",
        }
        content = None if body is None else json.dumps(body)
        self._connection.request(method, path, content, headers)
        answer = self._connection.getresponse()
        content_there = answer.read()
        return answer.status, json.loads(content_there) if content_there else None

    def close(self) -> None:
        self._connection.close()


def ask(port: int, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """One request on a connection of its own."""
    client = Client(port)
    try:
        return client(method, path, body)
    finally:
        client.close()


@dataclass(frozen=True)
class Mock:
    """A `mockserver serve` that listens."""

    port: int
    process: "subprocess.Popen[bytes]"

    def kill(self) -> None:
        """As `kill -9` does."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """As `kill` does; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(START_LIMIT_S)


@contextmanager
def serving(*words: str, cwd: Path | None = None) -> Iterator[Mock]:
    """A mock on a free port; killed in the end, if it is still there."""
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", *words]
    root = Path(__file__).parents[2]
    with TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=said,
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        try:
            port = _port(process)
            if port is None:
                said.seek(0)
                raise AssertionError(f"the mock has ended: {said.read().decode()}")
            yield Mock(port, process)
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _port(process: "subprocess.Popen[bytes]") -> int | None:
    assert process.stdout is not None
    port = 0
    for line in process.stdout:
        words = line.split()
        if words[:1] == [b"API"]:
            port = int(words[1].rpartition(b":")[2])
        if line.startswith(b"Ctrl-C"):
            return port
    return None


def crowd(port: int, count: int, job: Callable[[int, Client], None]) -> float:
    """*count* clients do *job* at the same time, each in its thread; gives the seconds it took."""
    failures: list[BaseException] = []

    def run(number: int) -> None:
        client = Client(port)
        try:
            job(number, client)
        except BaseException as error:
            failures.append(error)
        finally:
            client.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return time.monotonic() - started


@dataclass
class Uses:
    """What came of a crowd that used one link, and made others."""

    maximum: int
    counted: int = 0
    refused: int = 0
    stored: int = 0
    made: list[str] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    seconds: float = 0.0

    @property
    def is_right(self) -> bool:
        """Every use was counted once and none beyond the maximum, every id was given once."""
        is_counted = self.counted == self.stored == self.maximum and self.refused > 0
        return is_counted and len(set(self.made)) == len(self.made) and self.kept >= set(self.made)


def use_up(port: int, clients: int, maximum: int) -> Uses:
    """Let *clients* make a link each, and use one that may be used *maximum* times until it may
    not."""
    _, created = ask(port, "POST", LINKS, {"maxUsageCount": maximum})
    link = created["data"]["linkId"]
    result = Uses(maximum)
    lock = threading.Lock()

    def job(number: int, client: Client) -> None:
        status, made = client("POST", LINKS, {"maxUsageCount": number + 1})
        assert status == 201, made
        counted = 0
        while (status := client("POST", USE, {"linkId": link})[0]) == 200:
            counted += 1
        assert status == 409
        with lock:
            result.counted += counted
            result.refused += 1
            result.made.append(made["data"]["linkId"])

    result.seconds = crowd(port, clients, job)
    _, state = ask(port, "GET", "/__admin/state")
    links = state["collections"]["private-links"]
    result.stored = links[link]["usageCount"]
    result.kept = set(links)
    return result


class Ledger:
    """What was acknowledged: the last value of each link, and the one that was on its way."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, int] = {}
        self.attempted: dict[str, int] = {}

    def missing(self, links: dict[str, Any]) -> list[str]:
        """What was acknowledged and is not in *links*, the collection that the mock has."""
        return [
            f"{link}: {links.get(link, {}).get('maxUsageCount')} in the place of {value}"
            for link, value in self.acknowledged.items()
            if links.get(link, {}).get("maxUsageCount") not in (value, self.attempted[link])
        ]


def write_until_killed(port: int, writers: int, ledger: Ledger, kill: Callable[[], None]) -> int:
    """*writers* make links and change them until nobody answers; gives what they acknowledged.

    *kill* ends the server in the middle of it.
    """
    done = [0] * writers

    def write(number: int, client: Client) -> None:
        try:
            while True:
                _, made = client("POST", LINKS, {"maxUsageCount": 1})
                link = made["data"]["linkId"]
                ledger.acknowledged[link] = ledger.attempted[link] = 1
                for value in (2, 3):
                    ledger.attempted[link] = value
                    status, _ = client("PATCH", f"{LINKS}/{link}", {"maxUsageCount": value})
                    assert status == 200
                    ledger.acknowledged[link] = value
                done[number] += 3
        except (OSError, HTTPException):
            return

    killer = threading.Thread(target=kill)
    killer.start()
    crowd(port, writers, write)
    killer.join()
    return sum(done)
