"""Reads the fenced blocks of a page of documentation, and does what its commands say."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parent.parent.parent
ELISION = "..."
END_MARK = "-- the command has ended --"

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_API = re.compile(r"^  API +http://127\.0\.0\.1:(\d+)$", re.MULTILINE)
_SERVE = re.compile(r"(mockserver serve|make serve)\b(?P<flags>[^>&|]*)")
_LOCAL = re.compile(r"(?:127\.0\.0\.1|localhost):(\d+)")
_AT_DEFAULT = ("mockserver state import", "mockserver state reset")
_PORT = re.compile(r"--port (\d+)")
_MADE_ARGS = re.compile(r'ARGS="([^"]*)"')


@dataclass(frozen=True)
class Block:
    """A fenced block: what it says it is, and where it stands."""

    page: str
    line: int
    kind: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def file_name(self) -> str | None:
        """`my-world.yaml`, where the first line is the comment `# my-world.yaml`."""
        found = re.match(r"# ([\w.-]+\.(?:yaml|toml|py))\n", self.text)
        return found[1] if found else None


@dataclass(frozen=True)
class Step:
    """A command, and the output that the page shows for it."""

    command: str
    shown: str
    line: int


def blocks_of(page: Path) -> list[Block]:
    """Every fenced block of *page*. Raises ValueError where a fence stays open."""
    text = page.read_text("utf-8")
    if len(re.findall(r"^ *```", text, re.MULTILINE)) != 2 * len(_FENCE.findall(text)):
        raise ValueError(f"{page}: a fence is not closed, or indented")
    return [
        Block(page.name, text.count("\n", 0, found.start()) + 1, found[1], found[2])
        for found in _FENCE.finditer(text)
    ]


def steps_of(block: Block) -> Iterator[Step]:
    """The `$ command` lines of a console block, each with the lines below it.

    A command goes on after a backslash at the end of a line.
    """
    lines = block.text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    if not starts or starts[0] != 0:
        raise ValueError(f"{block.place}: a console block begins with `$ `")
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        end = start + 1
        while lines[end - 1].endswith("\\"):
            end += 1
        command = "\n".join(lines[start:end]).removeprefix("$ ")
        yield Step(command, "\n".join(lines[end:stop]), block.line + 1 + start)


def matches(shown: str, printed: str) -> bool:
    """Whether *printed* is what a page shows: exactly, but for `...`.

    A line `...` stands for any lines or none, `...` within a line for any text in it.
    """
    pattern = ""
    for line in shown.strip("\n").split("\n"):
        if line.strip() == ELISION:
            pattern += r"(?:[^\n]*\n)*"
        else:
            pattern += "[^\n]*".join(map(re.escape, line.split(ELISION))) + "\n"
    return re.fullmatch(pattern, printed.strip("\n") + "\n") is not None


class Session:
    """One shell for a whole page, and the servers that it starts, each on a free port.

    Ports that a page names are replaced by the free ones in commands, and back in what is
    printed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports: dict[str, str] = {}
        self._servers: list[subprocess.Popen[str]] = []
        for name in ("tests", "spec", "Makefile"):
            (folder / name).symlink_to(ROOT / name)
        self._shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=folder,
            env=_environment(),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._shell.communicate("kill $(jobs -p) 2>/dev/null\n", timeout=30)
        for server in self._servers:
            server.terminate()
            server.communicate(timeout=30)

    def run(self, command: str) -> str:
        """What *command* prints; one that serves goes on until the session ends."""
        serve = _SERVE.fullmatch(command)
        printed = self._serve(serve["flags"]) if serve else self._in_shell(self._to_real(command))
        return self._to_shown(printed)

    def _in_shell(self, command: str) -> str:
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        told = f"status=$?; echo; echo '{END_MARK}'; (exit $status)"
        self._shell.stdin.write(f"{{ {command}\n}} < /dev/null\n{told}\n")
        self._shell.stdin.flush()
        printed = ""
        for line in self._shell.stdout:
            if line.startswith(END_MARK):
                return printed.removesuffix("\n")
            printed += line
        raise AssertionError(f"the shell ended at {command!r}: {printed}")

    def _serve(self, flags: str) -> str:
        """Start a server; *flags* may be `ARGS="..."` of make. Gives its banner."""
        made = _MADE_ARGS.search(flags)
        words = (made[1] if made else flags).split()
        port = _PORT.search(" ".join(words))
        server = subprocess.Popen(
            [sys.executable, "-m", "mockserver", "serve", *words, "--port", "0"],
            cwd=self._folder,
            env=_environment(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._servers.append(server)
        assert server.stdout is not None
        banner = ""
        for line in server.stdout:
            banner += line
            if line.startswith("Ctrl-C"):
                break
        listening = _API.search(banner)
        assert listening is not None, banner
        self._ports[port[1] if port else "4010"] = listening[1]
        return banner

    def _to_real(self, command: str) -> str:
        """Raises ValueError where *command* would reach a server that is not of this session."""
        others = set(_LOCAL.findall(command)) - {*self._ports}
        is_at_default = command.startswith(_AT_DEFAULT) and "--url" not in command
        if others or is_at_default:
            raise ValueError(f"{command!r} talks to a server that the page has not started")
        return _LOCAL.sub(lambda found: f"127.0.0.1:{self._ports[found[1]]}", command)

    def _to_shown(self, text: str) -> str:
        for shown, real in self._ports.items():
            text = text.replace(f"127.0.0.1:{real}", f"127.0.0.1:{shown}")
        return text


def _environment() -> dict[str, str]:
    """This process's, without settings; the commands of this Python come first."""
    own = ("UNDERSTUDY_", "PORT", "MAKE", "MFLAGS", "http_proxy", "HTTP_PROXY")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(own)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
    return {**kept, "PATH": path, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"}
