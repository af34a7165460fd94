"""What is seen while a proof goes on: a bar on a terminal, a line for each deviation in a log."""

import sys
from typing import Final, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bars
from rich.progress import TimeElapsedColumn as Elapsed

from contracts.prove.outcomes import CleanRun, Fate, Outcome
from contracts.reports.printable import one_line
from contracts.reports.prove_summary import fate_text, suites_text
from contracts.reports.summary import counted, seconds

_CLEAN: Final = "a clean stub"


class ProveProgress:
    """Is told how far a proof is, and shows it on standard error; quiet, it shows nothing."""

    def __init__(self, stream: TextIO | None = None, *, is_quiet: bool = False) -> None:
        self._is_quiet = is_quiet
        self._console = Console(file=stream or sys.stderr, highlight=False, markup=False)
        self._bars: Bars | None = None
        self._task: TaskID | None = None
        self._total = self._done = 0
        self._fates: list[Fate] = []

    def start(self, deviations: int, cases: int) -> None:
        """*deviations* are tried with as many as *cases* each."""
        self._total = deviations
        if self._is_quiet:
            return
        if self._console.is_terminal:
            self._bars = _bars(self._console)
            self._task = self._bars.add_task("", total=deviations, fates="", now="")
            self._bars.start()
        else:
            told = f"planting {counted(deviations, 'deviation')}, up to {counted(cases, 'case')}"
            self._say(f"{told} each")

    def begin(self, name: str) -> None:
        """A trial of the deviation begins; `` for a clean stub."""
        if self._bars is not None and self._task is not None:
            width = max(10, self._console.width - 60)
            self._bars.update(self._task, now=one_line(name or _CLEAN, width))

    def done(self, outcome: Outcome) -> None:
        self._done += 1
        self._fates.append(outcome.fate)
        if self._bars is not None and self._task is not None:
            self._bars.update(self._task, advance=1, fates=self._fates_text())
        if self._bars is None or outcome.fate is not Fate.KILLED:
            self._say(f"{self._done}/{self._total} {_told(outcome)}")

    def clean(self, run: CleanRun) -> None:
        found = counted(len(run.record.discoveries), "finding")
        if self._bars is None or run.record.discoveries:
            self._say(f"{_CLEAN}: {found} in {counted(run.record.reached, 'case')}")

    def stop(self) -> None:
        """Nothing more will come. Harmless when called again, or without a start."""
        if self._bars is not None:
            self._bars.stop()

    def _fates_text(self) -> str:
        left = len(self._fates) - self._fates.count(Fate.KILLED)
        return f"{left} not found" if left else ""

    def _say(self, text: str) -> None:
        if not self._is_quiet:
            console = self._bars.console if self._bars is not None else self._console
            console.print(one_line(text), soft_wrap=True)


def _bars(console: Console) -> Bars:
    return Bars(
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        Elapsed(),
        TextColumn("{task.fields[fates]}", style="red"),
        TextColumn("{task.fields[now]}", style="dim", markup=False),
        console=console,
        transient=True,
        refresh_per_second=4,
    )


def _told(outcome: Outcome) -> str:
    name, first = outcome.deviation.name, outcome.first
    if first is None:
        return f"{name}: {outcome.fate.value.upper()}, {fate_text(outcome)}"
    size = f"{counted(first.requests, 'request')}, {seconds(first.duration_s)}"
    return f"{name}: {suites_text(outcome)}, {first.rule} ({size})"
