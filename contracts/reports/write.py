"""Tells a report wherever it is wanted: on the terminal, in files, on GitHub.

Files are written wholly, or not at all.
"""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from secrets import token_hex
from typing import Final, Protocol

from contracts.reports.annotations import annotations, step_summary
from contracts.reports.har import har_text
from contracts.reports.html_page import html_page
from contracts.reports.json_data import json_text
from contracts.reports.junit_xml import junit_xml
from contracts.reports.terminal import terminal_report
from contracts.results import Report
from mockserver.errors import SetupError

_MAKERS: Final[Mapping[str, Callable[[Report], str]]] = {
    "html": html_page,
    "json": json_text,
    "junit": junit_xml,
    "har": har_text,
}
KINDS: Final = tuple(_MAKERS)
_FILES: Final = {
    "html": "report.html",
    "json": "report.json",
    "junit": "junit.xml",
    "har": "traffic.har",
}


class Wanted(Protocol):
    """What of the settings is about reports: where each goes, None for nowhere."""

    @property
    def html(self) -> Path | None: ...
    @property
    def json(self) -> Path | None: ...
    @property
    def junit(self) -> Path | None: ...
    @property
    def har(self) -> Path | None: ...
    @property
    def quiet(self) -> bool: ...


def tell(report: Report, wanted: Wanted, environ: Mapping[str, str] = os.environ) -> None:
    """Write the reports that are *wanted*, and print the one for the terminal.

    On GitHub Actions also the annotations, and the job's summary. Raises SetupError where a file
    cannot be written, after the report is printed.
    """
    files = wanted_files(wanted)
    written: list[Path] = []
    try:
        written += write_reports(report, files)
        if environ.get("GITHUB_ACTIONS") == "true":
            _tell_github(report, environ)
    finally:
        is_colored = sys.stdout.isatty() and not environ.get("NO_COLOR")
        width = max(40, min(shutil.get_terminal_size((80, 24)).columns, 120))
        text = terminal_report(report, width, is_colored, written, is_brief=wanted.quiet)
        _say(_held_off(text) if environ.get("GITHUB_ACTIONS") == "true" else text)


def wanted_files(wanted: Wanted) -> dict[str, Path]:
    """The kinds of reports that are wanted, and where each goes."""
    return {kind: path for kind in KINDS if (path := getattr(wanted, kind)) is not None}


def _tell_github(report: Report, environ: Mapping[str, str]) -> None:
    _say(annotations(report))
    if name := environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with open(name, "a", encoding="utf-8", errors="backslashreplace") as summary:
                summary.write(step_summary(report))
        except OSError as error:
            raise _unwritable(Path(name), error) from error


def _held_off(text: str) -> str:
    """*text*, of which GitHub takes no line for a workflow command.

    Source: GitHub documentation, "Stopping and starting workflow commands".
    """
    token = token_hex(16)
    return f"::stop-commands::{token}\n{text}::{token}::\n"


def _say(text: str) -> None:
    """Print *text*; what the terminal's encoding lacks is spelled out."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()


def paths_in(folder: Path) -> dict[str, Path]:
    """Where each kind of report goes in *folder*."""
    return {kind: folder / name for kind, name in _FILES.items()}


def require_writable(paths: Mapping[str, Path]) -> None:
    """Ask before a run whether its reports can be written after it. Raises SetupError."""
    for kind, path in paths.items():
        _require_kind(kind)
        try:
            folder = _folder(path)
        except OSError as error:
            raise _unwritable(path, error) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise SetupError("the report cannot be written: no permission", file=path)


def write_reports(report: Report, paths: Mapping[str, Path]) -> list[Path]:
    """Write the reports of each kind (`html`, `json`, `junit`, `har`) to its path.

    Folders are made. A file is there wholly or not at all. Gives what was written, in the order of
    *paths*. Raises SetupError.
    """
    for kind in paths:
        _require_kind(kind)
    return [write(path, _MAKERS[kind](report)) for kind, path in paths.items()]


def write(path: Path, text: str) -> Path:
    """Write *text* to a new file that takes *path*'s place in one step. Raises SetupError."""
    data = text.encode("utf-8", "backslashreplace")
    try:
        _folder(path)
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # a pipe or a device: there is nothing to replace
        else:
            _replace(path.resolve(), data)
    except OSError as error:
        raise _unwritable(path, error) from error
    return path


def _replace(path: Path, data: bytes) -> None:
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        new.write_bytes(data)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _folder(path: Path) -> Path:
    if path.is_dir():
        raise IsADirectoryError(None, "it is a folder", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.parent


def _require_kind(kind: str) -> None:
    if kind not in _MAKERS:
        raise SetupError("there is no such report", value=kind, known=KINDS)


def _unwritable(path: Path, error: OSError) -> SetupError:
    why = (error.strerror or str(error)).lower()
    return SetupError(f"the report cannot be written: {why}", file=path)
