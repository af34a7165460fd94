"""Tells a proof wherever it is wanted: on the terminal, and in files."""

import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol

from contracts.prove.outcomes import Proof
from contracts.reports.prove_json import prove_json_text
from contracts.reports.prove_page import prove_page
from contracts.reports.prove_terminal import prove_text
from contracts.reports.write import write

_MAKERS: Final[Mapping[str, Callable[[Proof], str]]] = {
    "html": prove_page,
    "json": prove_json_text,
}


class Wanted(Protocol):
    """What of the settings is about reports: where each goes, None for nowhere."""

    @property
    def html(self) -> Path | None: ...
    @property
    def json(self) -> Path | None: ...
    @property
    def quiet(self) -> bool: ...


def wanted_proof_files(wanted: Wanted) -> dict[str, Path]:
    """The kinds of reports that are wanted, and where each goes."""
    return {kind: path for kind in _MAKERS if (path := getattr(wanted, kind)) is not None}


def tell_proof(proof: Proof, wanted: Wanted, environ: Mapping[str, str]) -> None:
    """Write the reports that are *wanted*, and print the one for the terminal, which comes even
    where a file cannot be written. Raises SetupError then."""
    written: list[Path] = []
    try:
        for kind, path in wanted_proof_files(wanted).items():
            written.append(write(path, _MAKERS[kind](proof)))
    finally:
        is_colored = sys.stdout.isatty() and not environ.get("NO_COLOR")
        width = max(40, min(shutil.get_terminal_size((80, 24)).columns, 120))
        _say(prove_text(proof, width, is_colored, written, is_brief=wanted.quiet))


def _say(text: str) -> None:
    """Print *text*; what the terminal's encoding lacks is spelled out."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()
