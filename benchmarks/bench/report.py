"""The page RESULTS.md."""

import os
import platform
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from typing import Final

import psutil

from benchmarks.bench import peers
from benchmarks.bench.bounds import verdicts
from benchmarks.bench.figures import (
    Figures,
    Reading,
    Spread,
    is_disturbed,
    is_limited_by_load,
    p50_ms,
    p99_ms,
    rate,
)
from benchmarks.bench.installing import AUTOCANNON
from benchmarks.bench.peers import Package, Peer
from benchmarks.bench.places import CONNECTIONS, LOAD_CORE, SERVER_CORE, is_pinning
from benchmarks.bench.scenarios import SCENARIOS

WORDS: Final = {True: "reached", False: "**not reached**", None: "not measured"}
MARKS: Final = {"+": is_limited_by_load, "!": is_disturbed}
Table = Iterator[str]


def report(
    figures: Figures, table: Sequence[Peer], documents: Sequence[str], command: str, plot: str
) -> str:
    """Everything that was measured, as Markdown."""
    lines = [
        "# Beside other mocks",
        "",
        *_how(figures, command),
        "",
        f"![Requests a second of every server]({plot})",
        "",
        "## Bounds",
        "",
        "Ratios are made within a round: the median, and the least and the most of all rounds. "
        f"On the {documents[0]} document.",
        "",
        *_bounds(figures, documents[0]),
        "",
    ]
    for document in documents:
        lines += [f"## On the {document} document", "", *_on(figures, table, document), ""]
    lines += ["## Memory under sessions", "", *_growths(figures), ""]
    lines += ["## Who does what", "", *_doings(figures, table), ""]
    return "\n".join(lines)


def _how(figures: Figures, command: str) -> Iterator[str]:
    rounds = len(figures.rounds)
    yield f"Written by `{command}`; {rounds} round{'s' * (rounds != 1)}."
    yield ""
    cores = f"Core {SERVER_CORE} for the server, core {LOAD_CORE} for the load"
    yield (
        f"{machine()}. {cores if is_pinning() else 'No process was pinned to a core'}. "
        f"{CONNECTIONS} connections, kept open; autocannon {AUTOCANNON.version}. Each server runs "
        "alone, is started anew in each round, and is warmed up before each scenario. Figures are "
        "medians, with the least and the most of all rounds behind them. `+`: the load generator "
        "had no time left and the server had, which can do more than that. `!`: neither was busy "
        "all the time, so something else ran on the machine, and the figure says little: "
        f"{_disturbed(figures)}."
    )
    yield ""
    yield (
        "Those who answer with examples have the stub's own answers as examples, and so send as "
        "many bytes. `session` creates an event type, reads it, gives it a link, lists, changes "
        "and deletes both. `-`: the server does not do that."
    )


def _disturbed(figures: Figures) -> str:
    runs = [run for one in figures.rounds for run in one.values()]
    marks = [is_disturbed(loaded) for run in runs for loaded in run.scenarios.values()]
    return f"so it was with {sum(marks)} of {len(marks)}"


def machine() -> str:
    """This machine in words, without its name."""
    memory_gb = psutil.virtual_memory().total / 1024**3
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory_gb:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, uvicorn {version('uvicorn')} with uvloop "
        f"{version('uvloop')} and httptools {version('httptools')}, "
        f"Connexion {version('connexion')}"
    )


def _bounds(figures: Figures, document: str) -> Table:
    yield "| bound | wanted | measured | |"
    yield "| --- | --- | --- | --- |"
    for one in verdicts(figures, document):
        yield f"| {one.what} | {one.wanted} | {one.measured} | {WORDS[one.is_reached]} |"


def _on(figures: Figures, table: Sequence[Peer], document: str) -> Iterator[str]:
    names = [peer.name for peer in table if figures.runs(peer.name, document)]
    yield from server_rows(figures, names, document)
    for ours in (peers.OURS, peers.OURS_SILENT):
        if ours in names:
            yield ""
            yield from _multiples(figures, ours, names, document)


def server_rows(figures: Figures, names: Sequence[str], document: str) -> Table:
    """The measured values of each server, in three tables."""
    yield "Requests a second:"
    yield ""
    yield from scenario_rows(names, lambda peer, name: _rates(figures, peer, document, name))
    yield ""
    yield "p50 and p99 in ms:"
    yield ""
    yield from scenario_rows(names, lambda peer, name: _latencies(figures, peer, document, name))
    yield ""
    yield from _beside_load(figures, names, document)


def _multiples(figures: Figures, ours: str, names: Sequence[str], document: str) -> Table:
    others = [name for name in names if name not in (peers.OURS, peers.OURS_SILENT)]
    yield f"{ours}, as a multiple of:"
    yield ""
    yield from scenario_rows(
        others, lambda peer, name: _ratios(figures, ours, peer, document, name)
    )


Cell = Callable[[str, str], str]


def scenario_rows(names: Sequence[str], cell: Cell) -> Table:
    """A row for each of *names*, a column for each scenario."""
    columns = [one.name for one in SCENARIOS]
    yield f"| | {' | '.join(columns)} |"
    yield "| --- |" + " --- |" * len(columns)
    for name in names:
        yield f"| {name} | {' | '.join(cell(name, column) for column in columns)} |"


def _rates(figures: Figures, peer: str, document: str, scenario: str) -> str:
    spread = figures.spread(peer, document, scenario, rate)
    if spread is None:
        return "-"
    marks = "".join(
        mark
        for mark, reading in MARKS.items()
        if (seen := figures.spread(peer, document, scenario, reading)) and seen.median
    )
    return f"{spread.told(',.0f')}{marks}{_wrong(figures, peer, document, scenario)}"


def _wrong(figures: Figures, peer: str, document: str, scenario: str) -> str:
    """Answers that did not do the work that is being timed."""
    runs = figures.runs(peer, document)
    found = {
        code
        for run in runs
        if scenario in run.scenarios
        for code in run.scenarios[scenario].load.wrong
    }
    return f", also answered {' '.join(sorted(found))}" if found else ""


def _ratios(figures: Figures, ours: str, theirs: str, document: str, scenario: str) -> str:
    spread = figures.ratio(ours, theirs, document, scenario, rate)
    return "-" if spread is None else spread.told(".2f")


def _latencies(figures: Figures, peer: str, document: str, scenario: str) -> str:
    readings: tuple[Reading, ...] = (p50_ms, p99_ms)
    spreads = [figures.spread(peer, document, scenario, one) for one in readings]
    return ", ".join(f"{one.median:.2f}" for one in spreads if one) or "-"


def _beside_load(figures: Figures, names: Sequence[str], document: str) -> Table:
    yield "| | start to first answer, s | memory after start, MB | after the run, MB |"
    yield "| --- | --- | --- | --- |"
    for name in names:
        runs = figures.runs(name, document)
        starts = Spread([run.started_s for run in runs])
        before = Spread([run.memory_start_mb for run in runs])
        after = Spread([run.memory_end_mb for run in runs])
        yield (f"| {name} | {starts.told('.2f')} | {before.median:.0f} | {after.told('.0f')} |")


def _growths(figures: Figures) -> Table:
    yield "| | after start, MB | requests | after them, MB | after as many again, MB |"
    yield "| --- | --- | --- | --- | --- |"
    for one in figures.growths:
        yield (
            f"| {one.peer} | {one.start_mb:.0f} | {one.requests:,} | {one.once_mb:.0f} | "
            f"{one.twice_mb:.0f} |"
        )


def _doings(figures: Figures, table: Sequence[Peer]) -> Iterator[str]:
    yield "| server | version | does | does not do |"
    yield "| --- | --- | --- | --- |"
    for peer in table:
        versions = ", ".join(_pin(one) for one in peer.packages) or "-"
        yield f"| {peer.name} | {versions} | {peer.does} | {peer.lacks} |"
    for name, reason in figures.left_out.items():
        yield ""
        yield f"Left out: {name}: {reason}"


def _pin(package: Package) -> str:
    return f"{package.name} {package.version}"
