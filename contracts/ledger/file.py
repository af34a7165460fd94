"""The file of a ledger: JSON lines, each on disk as a whole, readable after a kill."""

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from contracts.stops import RunStopped
from mockserver.errors import SetupError
from mockserver.model import Document

if sys.platform != "win32":
    import fcntl

FORMAT: Final = 1
"""Written as `ledger` into the first line; raised when older programs could not read a newer file.

Line 1: `{"ledger": 1, "run_id": ..., "target": ..., "title": ..., "kind": ..., "started_at": ...}`.
Every other line is one note: `intent`, `created`, `refused`, `unsure`, `gone`, `back`, `absent`
(see `contracts.ledger`). No headers, queries or bodies stand in it, so no secrets.
"""
_PLACE_OF_HEADER: Final = "line 1"


@dataclass(frozen=True, slots=True)
class Header:
    """Whose ledger it is. *target* is the base URL, *title* and *kind* are those of the document
    (see `Yardstick`), *started_at* is an ISO instant in UTC."""

    run_id: str
    target: str
    title: str
    kind: str
    started_at: str


class LedgerFile:
    """One ledger on disk, open for appending by this process alone.

    *notes* are those that stood in it when it was opened. A last line that was not written to its
    end is dropped: what it told is not known to have happened.
    """

    def __init__(self, path: Path, header: Header) -> None:
        """Raises SetupError where *path* cannot be written, is no ledger, or another run's."""
        self._file = _opened(path)
        try:
            _lock(self._file, path)
            raw = _read(self._file)
            self.header, self.notes, whole_bytes = _parsed(path, raw) if raw else (header, [], 0)
            _require_same_run(path, self.header, header)
            os.ftruncate(self._file, whole_bytes)
        except BaseException:
            self.close()
            raise
        if not raw:
            self.append({"ledger": FORMAT, **asdict(header)})

    def append(self, note: Document) -> None:
        """Write one line, or nothing of it, and see it on the disk. Raises RunStopped."""
        line = json.dumps(note).encode("ascii") + b"\n"
        size_bytes = os.fstat(self._file).st_size
        try:
            while line:
                line = line[os.write(self._file, line) :]
            os.fsync(self._file)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._file, size_bytes)
            reason = error.strerror or "no reason told"
            raise RunStopped(
                f"the ledger cannot be written ({reason}), so nothing more is created"
            ) from error

    def close(self) -> None:
        os.close(self._file)


def read_header(path: Path) -> Header:
    """Whose ledger *path* is, without opening it for writing. Raises SetupError."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SetupError(f"cannot be read: {error.strerror}", file=path) from None
    return _parsed(path, raw)[0]


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        reason = f"the ledger cannot be written here: {error.strerror}"
        raise SetupError(reason, file=path) from None


def _lock(file: int, path: Path) -> None:
    """Keep other processes out for as long as this one lives; Windows has no such lock."""
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        reason = "a run that is not over yet writes this ledger; wait for it, or end it"
        raise SetupError(reason, file=path) from None


def _read(file: int) -> bytes:
    with os.fdopen(os.dup(file), "rb") as reader:
        reader.seek(0)
        return reader.read()


def _parsed(path: Path, raw: bytes) -> tuple[Header, list[Document], int]:
    """Header, notes, and how many bytes of *raw* are whole lines. Raises SetupError."""
    lines = raw.splitlines(keepends=True)
    whole = [line for line in lines if line.endswith(b"\n")]
    header = _header(path, whole[0] if whole else b"")
    notes = [_note(path, number, line) for number, line in enumerate(whole[1:], start=2)]
    return header, notes, sum(map(len, whole))


def _header(path: Path, line: bytes) -> Header:
    try:
        first = json.loads(line)
    except ValueError:
        first = None
    version = first.get("ledger") if isinstance(first, dict) else None
    names = Header.__slots__
    if version is None or not all(isinstance(first.get(name), str) for name in names):
        raise SetupError("is no ledger of a contract run", file=path)
    if version != FORMAT:
        reason = f"is a ledger of another version of this program; this one reads {FORMAT}"
        raise SetupError(reason, file=path, place=_PLACE_OF_HEADER, value=version)
    return Header(**{name: first[name] for name in names})


def _note(path: Path, number: int, line: bytes) -> Document:
    try:
        note = json.loads(line)
    except ValueError:
        note = None
    if not isinstance(note, dict):
        raise SetupError("is no note of a ledger", file=path, place=f"line {number}")
    return note


def _require_same_run(path: Path, found: Header, wanted: Header) -> None:
    if (found.run_id, found.target) != (wanted.run_id, wanted.target):
        reason = (
            f"is the ledger of another run ({found.run_id} against {found.target}): finish that "
            "one with `contracts clean`, or name another file"
        )
        raise SetupError(reason, file=path)
