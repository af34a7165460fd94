"""One server, from its start to its end."""

import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks.bench.places import SERVER_CORE, pinned
from benchmarks.bench.scenarios import GET_ONE

START_LIMIT_S = 90
STOP_LIMIT_S = 10
NOT_READY = (502, 503)
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


class NotStarted(Exception):
    """The server ended, or gave no answer; says why in its own last words."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    base: str
    started_s: float
    """From the start of its process to its first answer."""
    process: psutil.Process

    def memory_mb(self) -> float:
        """Resident memory, with that of its children."""
        total: int = sum(one.memory_info().rss for one in self._family())
        return total / 1024**2

    def cpu_s(self) -> float:
        """Time on a core so far, with that of its children."""
        times = [one.cpu_times() for one in self._family()]
        return float(sum(one.user + one.system for one in times))

    def _family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str],
    port: int,
    *,
    environment: Mapping[str, str] | None = None,
    copies: Sequence[Path] = (),
) -> Iterator[Server]:
    """*command* as a process of its own on the server's core, stopped in the end.

    It works in a folder of its own with *copies* in it, which is gone afterwards.
    Raises NotStarted.
    """
    with TemporaryDirectory() as folder, open(f"{folder}/log", "w+b") as log:
        for file in copies:
            shutil.copy(file, folder)
        started = time.perf_counter()
        process = subprocess.Popen(
            pinned(SERVER_CORE, list(command)),
            cwd=folder,
            env={**_usual_environment(), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the benchmark, which then stops the server
        )
        try:
            _wait_for(port, process, started, Path(log.name))
            lasted = time.perf_counter() - started
            yield Server(f"http://127.0.0.1:{port}", lasted, psutil.Process(process.pid))
        finally:
            _stop(process)


def _usual_environment() -> dict[str, str]:
    """Of this process, less what would have Python compile every module at every start."""
    return {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}


def _wait_for(port: int, process: "subprocess.Popen[bytes]", started: float, log: Path) -> None:
    while time.perf_counter() - started < START_LIMIT_S:
        if process.poll() is not None:
            raise NotStarted(f"ended with {process.returncode}: {_last_words(log)}")
        if _answers(port):
            return
        time.sleep(0.005)
    raise NotStarted(f"no answer in {START_LIMIT_S} s: {_last_words(log)}")


def _answers(port: int) -> bool:
    step = GET_ONE.steps[0]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(step.method, "/v2/event-types/1", headers=step.headers())
        return connection.getresponse().status not in NOT_READY
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _last_words(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    return " ".join(line.strip() for line in lines[-3:])[-300:] or "it said nothing"


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """End *process* and what it started."""
    with suppress(psutil.NoSuchProcess):
        children = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_LIMIT_S)
        for one in children:
            with suppress(psutil.NoSuchProcess):
                one.kill()
    process.kill()
    process.wait()
