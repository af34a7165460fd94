"""Starts the command `mockserver serve` as a user would, on a free port."""

import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_LIMIT_S = 60


@dataclass(frozen=True)
class Running:
    """A server that listens; *banner* is what it printed until then."""

    base_url: str
    banner: str
    process: "subprocess.Popen[str]"


@contextmanager
def serving(*arguments: str, cwd: Path | None = None) -> Iterator[Running]:
    """Run `mockserver serve --port 0` with more *arguments*; ends it with Ctrl-C."""
    command = [str(Path(sys.executable).with_name("mockserver")), "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, *arguments],
        cwd=cwd,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        banner = _banner(process)
        base_url = next(word for word in banner.split() if word.startswith("http://"))
        urllib.request.urlopen(f"{base_url}/__admin/health", timeout=START_LIMIT_S).close()
        yield Running(base_url, banner, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def _banner(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            return "".join(lines)
    raise AssertionError(f"the server ended: {''.join(lines)}")
