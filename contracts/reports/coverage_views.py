"""Coverage as the HTML page shows it: tables of statuses and verdicts, bars of variants."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.reports.summary import SYMBOLS, Tally, by_path, suite_names, verdict_matrix
from contracts.results import BranchTally, Cell, Report


@dataclass(frozen=True, slots=True)
class StatusCell:
    """One status of one operation. *kind* is `seen`, `unseen`, `undocumented`, or `absent` where
    it is neither documented nor was seen; *by_suite* is a JSON object."""

    status: str
    kind: str
    total: int = 0
    by_suite: str = "{}"


@dataclass(frozen=True, slots=True)
class StatusTable:
    """Operations by statuses. Below each path a row for each method, with how many of the
    documented statuses were seen."""

    statuses: tuple[str, ...]
    paths: Mapping[str, Sequence[tuple[str, str, tuple[StatusCell, ...]]]]


@dataclass(frozen=True, slots=True)
class VerdictCell:
    """How the cases of one operation ended in one suite; *worst* says what colour it has."""

    worst: str
    counts: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class BranchBar:
    """One branch; *good_percent* and *refused_percent* are of the most frequent in its group."""

    branch: BranchTally
    good_percent: float
    refused_percent: float

    @property
    def is_seen(self) -> bool:
        return bool(self.branch.good or self.branch.refused)


def status_table(report: Report) -> StatusTable:
    cells = {(cell.operation, cell.status): cell for cell in report.coverage.cells}
    statuses = tuple(sorted({status for _, status in cells}, key=_status_order))
    operations = dict.fromkeys([*report.operations, *(name for name, _ in cells)])

    def row(method: str, operation: str) -> tuple[str, str, tuple[StatusCell, ...]]:
        shown = tuple(_status_cell(cells.get((operation, one)), one) for one in statuses)
        return method, _seen_of(shown), shown

    grouped = by_path(operations).items()
    return StatusTable(statuses, {path: [row(*pair) for pair in pairs] for path, pairs in grouped})


def _status_cell(cell: Cell | None, status: str) -> StatusCell:
    if cell is None:
        return StatusCell(status, "absent")
    total = sum(cell.by_suite.values())
    kind = "undocumented" if not cell.is_documented else "seen" if total else "unseen"
    return StatusCell(status, kind, total, json.dumps(dict(cell.by_suite)))


def _seen_of(cells: tuple[StatusCell, ...]) -> str:
    seen = sum(cell.kind == "seen" for cell in cells)
    return f"{seen}/{seen + sum(cell.kind == 'unseen' for cell in cells)}"


def _status_order(status: str) -> tuple[bool, str]:
    """Numbers and ranges before `default`."""
    return not status[:1].isdigit(), status


def verdict_table(report: Report) -> dict[str, list[tuple[str, list[VerdictCell]]]]:
    """Below each path a row for each method, with a cell for each suite."""
    suites, matrix = suite_names(report), verdict_matrix(report)
    return {
        path: [
            (method, [verdict_cell(matrix[operation].get(suite)) for suite in suites])
            for method, operation in pairs
        ]
        for path, pairs in by_path(matrix).items()
    }


def verdict_cell(tally: Tally | None) -> VerdictCell:
    counts = tuple(
        (symbol, tally[verdict], verdict.value)
        for verdict, symbol in SYMBOLS.items()
        if tally and tally[verdict]
    )
    return VerdictCell(counts[0][2].replace(" ", "-") if counts else "none", counts)


def branch_groups(report: Report) -> dict[tuple[str, str], list[BranchBar]]:
    """The branches of each oneOf, by its place and direction."""
    groups: dict[tuple[str, str], list[BranchTally]] = {}
    for branch in report.coverage.branches:
        groups.setdefault((branch.place, branch.direction), []).append(branch)
    return {key: _bars(branches) for key, branches in groups.items()}


def _bars(branches: list[BranchTally]) -> list[BranchBar]:
    most = max(1, *(branch.good + branch.refused for branch in branches))
    return [
        BranchBar(one, round(100 * one.good / most, 1), round(100 * one.refused / most, 1))
        for one in branches
    ]
