"""What is seen while a run goes on: a bar on a terminal, now and then a line in a log."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bars
from rich.progress import TimeElapsedColumn as Elapsed

from contracts.findings import Result, Verdict
from contracts.reports.printable import one_line
from contracts.reports.summary import counted, seconds

_BETWEEN_LINES_S: Final = 10.0


def progress_for(*, is_quiet: bool) -> "Progress":
    """What a run is told to while it goes on; shows it on standard error."""
    return Progress(is_quiet=is_quiet)


class Progress:
    """Shows how far a run is: `start`, then `case` and `done` for each case, and `stop` however
    the run ends; `with` does the latter. Quiet, it shows nothing.
    """

    def __init__(
        self,
        stream: TextIO | None = None,
        *,
        is_quiet: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._view: _Silence = _Silence()
        if not is_quiet:
            console = Console(file=stream or sys.stderr, highlight=False, markup=False)
            self._view = _Bar(console) if console.is_terminal else _Log(console, clock)

    def start(self, total: int) -> None:
        """A run of *total* cases begins."""
        self._view.start(total)

    def case(self, suite: str, operation: str, rule: str) -> None:
        """A case begins."""
        self._view.case(suite, operation, rule)

    def done(self, result: Result) -> None:
        """A case has ended."""
        self._view.done(result)

    def say(self, text: str) -> None:
        """Tell one thing beside."""
        self._view.say(text)

    def stop(self) -> None:
        """Nothing more will come. Harmless when called again, or without a start."""
        self._view.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class _Silence:
    def start(self, total: int) -> None: ...

    def case(self, suite: str, operation: str, rule: str) -> None: ...

    def done(self, result: Result) -> None: ...

    def say(self, text: str) -> None: ...

    def stop(self) -> None: ...


class _Bar(_Silence):
    """A bar that is wiped away at the end: the report comes in its place."""

    def __init__(self, console: Console) -> None:
        self._progress = Bars(
            TextColumn("{task.fields[suite]}", style="bold"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            Elapsed(),
            TextColumn("{task.fields[found]}", style="red"),
            TextColumn("{task.fields[now]}", style="dim", markup=False),
            console=console,
            transient=True,
            refresh_per_second=8,
        )
        self._width = console.width
        self._task: TaskID | None = None
        self._failed = 0

    def start(self, total: int) -> None:
        self._task = self._progress.add_task("", total=total, suite="", found="", now="")
        self._progress.start()

    def case(self, suite: str, operation: str, rule: str) -> None:
        if self._task is not None:
            now = one_line(f"{operation}  {rule}", max(10, self._width - 65))
            self._progress.update(self._task, suite=suite, now=now)

    def done(self, result: Result) -> None:
        if self._task is not None:
            self._failed += result.verdict is Verdict.FAILED
            found = f"{self._failed} failed" if self._failed else ""
            self._progress.update(self._task, advance=1, found=found)

    def say(self, text: str) -> None:
        self._progress.console.print(one_line(text))

    def stop(self) -> None:
        self._progress.stop()


class _Log(_Silence):
    """A line for each suite when it ends, and one every ten seconds in between."""

    def __init__(self, console: Console, clock: Callable[[], float]) -> None:
        self._console = console
        self._clock = clock
        self._total = self._done = 0
        self._suite = ""
        self._cases = self._failed = 0
        self._suite_began_at = self._told_at = 0.0

    def start(self, total: int) -> None:
        self._total = total
        self._told_at = self._clock()
        self.say(f"running {counted(total, 'case')}")

    def case(self, suite: str, operation: str, rule: str) -> None:
        if suite != self._suite:
            self._end_suite()
            self._suite, self._suite_began_at = suite, self._clock()
        if self._clock() - self._told_at >= _BETWEEN_LINES_S:
            self.say(f"{suite}: at {operation} {rule} ({self._done} of {self._total} cases)")

    def done(self, result: Result) -> None:
        self._done += 1
        self._cases += 1
        self._failed += result.verdict is Verdict.FAILED

    def stop(self) -> None:
        self._end_suite()

    def _end_suite(self) -> None:
        if self._suite:
            span = seconds(self._clock() - self._suite_began_at)
            failed = f", {self._failed} failed" if self._failed else ""
            self.say(f"{self._suite}: {counted(self._cases, 'case')} in {span}{failed}")
        self._suite, self._cases, self._failed = "", 0, 0

    def say(self, text: str) -> None:
        self._told_at = self._clock()
        self._console.print(one_line(text), soft_wrap=True)
