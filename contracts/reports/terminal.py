"""A report for people at a terminal: the verdict first, then what it rests on."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from contracts.findings import Result, Verdict
from contracts.reports.console import heading, printed
from contracts.reports.finding_text import finding_lines, print_finding
from contracts.reports.operation_table import folded, operation_table
from contracts.reports.printable import one_line, visible
from contracts.reports.progress import progress_for
from contracts.reports.summary import (
    CLEAN,
    FINDINGS,
    SYMBOLS,
    by_operation,
    by_reason,
    headline,
    kind_of,
    of_verdict,
    seconds,
    subline,
)
from contracts.results import BranchTally, Measure, Report

__all__ = ["finding_lines", "progress_for", "terminal_report"]

_SHOWN_FINDINGS: Final = 40
_SHOWN_NAMES: Final = 5


def terminal_report(
    report: Report,
    width: int = 80,
    is_colored: bool = False,
    written: Iterable[Path] = (),
    *,
    is_brief: bool = False,
) -> str:
    """The whole report as text, in lines of at most *width* columns.

    Only curl commands go beyond, for a command that is broken anywhere cannot be copied.
    *written* are the files with the other reports. A brief one has the verdict and the findings.
    """
    rest = (_accepted, _reasons, _notes, _coverage, _suites, _clean_up)

    def show(console: Console) -> None:
        for part in (_verdict, _findings) if is_brief else (_verdict, _matrix, _findings, *rest):
            part(console, report)
        _written(console, [] if is_brief else written)

    return printed(show, width, is_colored=is_colored)


def _verdict(console: Console, report: Report) -> None:
    colours = {CLEAN: "bold green", FINDINGS: "bold red"}
    console.print(Text(one_line(headline(report)), colours.get(kind_of(report), "bold yellow")))
    console.print(Text(one_line(f"{report.title} at {report.target}"), "dim"))
    console.print(Text(f"{subline(report)}; seed {report.seed}, run {report.run_id}", "dim"))


def _matrix(console: Console, report: Report) -> None:
    if report.operations or report.results:
        heading(console, "Operations")
        for line in operation_table(report, console.width):
            console.print(line)


def _findings(console: Console, report: Report) -> None:
    findings = report.open_findings
    if not findings:
        return
    heading(console, "Findings")
    for operation, group in by_operation(findings[:_SHOWN_FINDINGS]).items():
        console.print(Text("\n".join(folded(operation, console.width)), "bold"))
        for finding in group:
            print_finding(console, finding, report.target)
    if (more := len(findings) - _SHOWN_FINDINGS) > 0:
        console.print(f"{more} more: see the other reports, or begin with these.")


def _accepted(console: Console, report: Report) -> None:
    accepted = [finding for finding in report.findings if finding.accepted]
    if accepted:
        heading(console, f"Accepted ({len(accepted)})")
    for finding in accepted:
        text = f"{finding.operation}: {finding.message} ({finding.accepted})"
        _item(console, one_line(text))


def _reasons(console: Console, report: Report) -> None:
    for verdict, title in (
        (Verdict.BROKEN, "Broken: the kit itself failed"),
        (Verdict.NOT_JUDGED, "Not judged"),
        (Verdict.UNSEEN, "Passed unseen"),
    ):
        results = of_verdict(report.results, verdict)
        if results:
            heading(console, f"{title} ({len(results)})")
        for reason, group in by_reason(results).items():
            if verdict is Verdict.BROKEN:
                console.print(Padding(Text(visible(reason).rstrip()), (0, 0, 0, 2)))
            else:
                _item(console, one_line(reason, 300))
            console.print(
                Padding(Text(_few(map(_case_name, group), len(group)), "dim"), (0, 0, 0, 4))
            )


def _case_name(result: Result) -> str:
    return one_line(f"{result.suite}: {result.id}")


def _few(names: Iterable[str], total: int) -> str:
    """The first names, one in a line, and how many more there are."""
    shown = [name for name, _ in zip(names, range(_SHOWN_NAMES), strict=False)]
    more = [f"and {total - len(shown)} more"] if total > len(shown) else []
    return "\n".join([*shown, *more])


def _notes(console: Console, report: Report) -> None:
    notes = report.notes
    if notes:
        heading(console, "Worth knowing")
    for note in notes:
        _item(console, one_line(note, 300))


def _coverage(console: Console, report: Report) -> None:
    coverage = report.coverage
    if not coverage.measures:
        return
    heading(console, "Seen of what is documented")
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(style="dim", ratio=1, overflow="fold")
    for measure in coverage.measures:
        share = f"{measure.seen}/{measure.documented}"
        table.add_row(measure.kind, share, f"{_floor(measure)} %", _unseen(measure))
    console.print(table)
    never = [branch for branch in coverage.branches if not branch.good and not branch.refused]
    if never:
        console.print(Text(f"Variants never seen ({len(never)}):", "yellow"))
        console.print(
            Padding(Text(_few(map(_branch_name, never), len(never)), "dim"), (0, 0, 0, 4))
        )
    undocumented = [cell for cell in coverage.cells if not cell.is_documented]
    for cell in undocumented:
        text = f"Seen, but not documented: {cell.operation} {cell.status}"
        console.print(Text(one_line(text), "red"))


def _floor(measure: Measure) -> int:
    """Rounded down: only what is whole reads 100."""
    return int(measure.percent)


def _unseen(measure: Measure) -> str:
    names = [one_line(name) for name in measure.unseen[:3]]
    more = len(measure.unseen) - len(names)
    shown = ", ".join([*names, *([f"and {more} more"] if more > 0 else [])])
    return f"unseen: {shown}" if shown else ""


def _branch_name(branch: BranchTally) -> str:
    return one_line(f"{branch.branch} ({branch.direction}, {branch.place})")


def _suites(console: Console, report: Report) -> None:
    if not report.suites:
        return
    heading(console, "Suites")
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("suite")
    for name in ("cases", "requests", "time"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for suite in report.suites:
        verdicts = ", ".join(_counts(suite.verdicts.get(one, 0), one) for one in SYMBOLS
                             if suite.verdicts.get(one, 0))  # fmt: skip
        numbers = (str(suite.cases), str(suite.requests), seconds(suite.duration_s))
        table.add_row(suite.name, *numbers, verdicts)
    console.print(table)


def _counts(count: int, verdict: Verdict) -> str:
    return f"{count} {verdict.value}"


def _clean_up(console: Console, report: Report) -> None:
    clean_up = report.clean_up
    if not clean_up.created and not clean_up.left:
        return
    heading(console, "Clean-up")
    console.print(f"{clean_up.created} created, {len(clean_up.removed)} removed again")
    for line in _left(report):
        console.print(Text(line, "yellow"))


def _left(report: Report) -> Iterator[str]:
    clean_up = report.clean_up
    for one in clean_up.left:
        yield f"left behind: {one_line(one)}"
    if clean_up.left and clean_up.ledger:
        yield f"remove it with: contracts clean {clean_up.ledger}"


def _written(console: Console, written: Iterable[Path]) -> None:
    paths = list(written)
    if paths:
        heading(console, "Reports")
    for path in paths:
        console.print(str(path), soft_wrap=True)


def _item(console: Console, text: str) -> None:
    """A line that begins with a dash and goes on below its own text."""
    grid = Table.grid()
    grid.add_column()
    grid.add_column(overflow="fold")
    grid.add_row("- ", Text(text))
    console.print(grid)
