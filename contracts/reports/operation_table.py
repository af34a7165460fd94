"""The table operations x suites for a terminal: a line for each method, below its path."""

from collections.abc import Iterator
from typing import Final

from rich.text import Text

from contracts.findings import Verdict
from contracts.reports.printable import visible
from contracts.reports.summary import SYMBOLS, Tally, by_path, suite_names, verdict_matrix
from contracts.results import Report

COLOURS: Final = {
    Verdict.FAILED: "red",
    Verdict.BROKEN: "magenta",
    Verdict.UNSEEN: "yellow",
    Verdict.NOT_JUDGED: "dim",
    Verdict.PASSED: "green",
}
_FIRST_WIDTH: Final = 12


def operation_table(report: Report, width: int) -> Iterator[Text]:
    """The lines of the table; a path that is longer than *width* goes on in the next."""
    matrix, suites = verdict_matrix(report), suite_names(report)
    texts = {name: [_cell_text(row.get(name)) for row in matrix.values()] for name in suites}
    widths = {name: max(len(name), *map(len, texts[name])) + 2 for name in suites if matrix}
    yield Text(" " * _FIRST_WIDTH + "".join(name.ljust(widths[name]) for name in widths), "dim")
    for path, operations in by_path(matrix).items():
        yield from map(Text, folded(path, width))
        for method, operation in operations:
            line = Text(f"  {method}".ljust(_FIRST_WIDTH))
            for name in widths:
                line.append_text(_cell(matrix[operation].get(name), widths[name]))
            yield line
    yield Text("   ".join(f"{sign} {verdict.value}" for verdict, sign in SYMBOLS.items()), "dim")


def folded(label: str, width: int) -> list[str]:
    """A path or a label in lines that end before a slash."""
    lines = [""]
    for number, part in enumerate(visible(label).split("/")):
        piece = part if number == 0 else f"/{part}"
        if lines[-1].strip() and len(lines[-1]) + len(piece) > width:
            lines.append("  ")
        lines[-1] += piece
    return lines


def _cell(tally: Tally | None, width: int) -> Text:
    worst = _worst(tally) if tally else None
    return Text(_cell_text(tally).ljust(width), COLOURS[worst] if worst else "")


def _cell_text(tally: Tally | None) -> str:
    """`✓ 14`, or the worst that happened: `✗ 2/14`."""
    if not tally:
        return ""
    worst, total = _worst(tally), tally.total()
    return f"{SYMBOLS[worst]} {tally[worst]}" + (f"/{total}" if tally[worst] < total else "")


def _worst(tally: Tally) -> Verdict:
    return next(verdict for verdict in SYMBOLS if tally[verdict])
