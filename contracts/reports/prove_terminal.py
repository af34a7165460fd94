"""A proof for people at a terminal: the kill matrix by category, what survived at the end."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from contracts.prove.outcomes import Fate, Outcome, Proof
from contracts.reports.console import heading, printed
from contracts.reports.printable import one_line, visible
from contracts.reports.prove_summary import (
    INCOMPLETE,
    PROVEN,
    SYMBOLS,
    fate_text,
    headline,
    subline,
    suites_text,
    verdict,
)
from contracts.reports.summary import counted, seconds

_STYLES = {Fate.KILLED: "green", Fate.BROKEN: "yellow"}
_BAD = "bold red"


def prove_text(
    proof: Proof,
    width: int = 80,
    is_colored: bool = False,
    written: Iterable[Path] = (),
    *,
    is_brief: bool = False,
) -> str:
    """The whole proof as text, in lines of at most *width* columns. A brief one leaves out what
    was found."""
    parts = (_verdict,) if is_brief else (_verdict, _matrix, _totals, _clean_runs)

    def show(console: Console) -> None:
        for part in (*parts, _false_alarms, _broken, _survivors):
            part(console, proof)
        for path in written:
            console.print(str(path), soft_wrap=True)

    return printed(show, width, is_colored=is_colored)


def _verdict(console: Console, proof: Proof) -> None:
    colours = {PROVEN: "bold green", INCOMPLETE: "bold yellow"}
    console.print(Text(one_line(headline(proof)), colours.get(verdict(proof), _BAD)))
    console.print(Text(one_line(f"{proof.title}; {subline(proof)}; seed {proof.seed}"), "dim"))


def _matrix(console: Console, proof: Proof) -> None:
    for category, outcomes in proof.by_category.items():
        found = sum(outcome.fate is Fate.KILLED for outcome in outcomes)
        heading(console, f"{category} ({found} of {len(outcomes)})")
        console.print(_table(outcomes))


def _table(outcomes: Iterable[Outcome]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim", expand=True)
    table.add_column("", no_wrap=True, width=1)
    table.add_column("deviation", overflow="fold", ratio=5)
    table.add_column("suite", overflow="fold", ratio=2)
    table.add_column("rule", overflow="fold", ratio=4)
    table.add_column("requests", justify="right", no_wrap=True, width=8)
    table.add_column("time", justify="right", no_wrap=True, width=6)
    for outcome in outcomes:
        table.add_row(*_row(outcome), style="" if outcome.first else "red")
    return table


def _row(outcome: Outcome) -> Iterator[Text]:
    fate, first = outcome.fate, outcome.first
    yield Text(SYMBOLS[fate], _STYLES.get(fate, _BAD))
    yield Text(one_line(outcome.deviation.name))
    yield Text(one_line(suites_text(outcome) or fate.value))
    yield Text(one_line(first.rule if first else ""), "dim")
    yield Text(str(first.requests if first else outcome.record.requests))
    yield Text(_short(first.duration_s if first else outcome.record.duration_s))


def _short(duration_s: float) -> str:
    return f"{duration_s:.1f} s"


def _totals(console: Console, proof: Proof) -> None:
    heading(console, "In numbers")
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("category")
    for name in ("planted", "found", "survived", "broken", "requests", "time"):
        table.add_column(name, justify="right", no_wrap=True)
    for category, outcomes in proof.by_category.items():
        table.add_row(category, *_numbers(outcomes))
    table.add_row(*map(lambda text: Text(text, "bold"), ("all", *_numbers(proof.outcomes))))
    console.print(table)


def _numbers(outcomes: Iterable[Outcome]) -> list[str]:
    group = list(outcomes)
    fates = [outcome.fate for outcome in group]
    survived = fates.count(Fate.SURVIVED) + fates.count(Fate.TIMED_OUT)
    return [
        str(len(group)),
        str(fates.count(Fate.KILLED)),
        str(survived or ""),
        str(fates.count(Fate.BROKEN) or ""),
        str(sum(outcome.record.requests for outcome in group)),
        seconds(sum(outcome.record.duration_s for outcome in group)),
    ]


def _clean_runs(console: Console, proof: Proof) -> None:
    if proof.clean_runs:
        heading(console, "Clean stubs")
    for run in proof.clean_runs:
        size = f"{counted(run.record.reached, 'case')}, {counted(run.record.requests, 'request')}"
        found = counted(len(run.record.discoveries), "finding")
        text = f"after {counted(run.after, 'deviation')}: {found} ({size})"
        console.print(text if run.is_whole else f"{text}; {run.record.end.value}")
        for reason in (run.record.reason, *run.record.broken):
            if reason:
                console.print(Padding(Text(visible(reason).rstrip(), "yellow"), (0, 0, 0, 2)))


def _false_alarms(console: Console, proof: Proof) -> None:
    alarms = proof.false_alarms
    if alarms:
        heading(console, f"False alarms ({len(alarms)})", _BAD)
    for one in alarms:
        console.print(Text(one_line(f"{one.suite}: {one.case}"), _BAD))
        console.print(Padding(Text(one_line(f"{one.rule}: {one.message}", 300)), (0, 0, 0, 2)))


def _broken(console: Console, proof: Proof) -> None:
    if proof.broken:
        heading(console, f"Broken: the kit itself failed ({len(proof.broken)})", "bold yellow")
    for outcome in proof.broken:
        console.print(Text(one_line(outcome.deviation.name), "bold yellow"))
        reason = outcome.record.reason or outcome.record.broken[0]
        console.print(Padding(Text(visible(reason).rstrip()), (0, 0, 0, 2)))


def _survivors(console: Console, proof: Proof) -> None:
    survivors = proof.survivors
    if survivors:
        heading(console, f"Survivors ({len(survivors)})", _BAD)
    for outcome in survivors:
        deviation = outcome.deviation
        console.print(Text(one_line(f"{deviation.name} ({deviation.kind.value})"), _BAD))
        for label, text in (
            ("is", deviation.about),
            ("exposed by", deviation.exposed_by),
            ("came of it", fate_text(outcome)),
        ):
            console.print(_labelled(label, one_line(text)))


def _labelled(label: str, text: str) -> Padding:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=10, style="dim")
    grid.add_column(overflow="fold")
    grid.add_row(label, text)
    return Padding(grid, (0, 0, 0, 2))
