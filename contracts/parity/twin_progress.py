"""What is seen while a twin run goes on: a bar on a terminal, now and then a line in a log."""

import sys
import time
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed

from contracts.reports.printable import one_line

_BETWEEN_LINES_S: Final = 10.0
_LONGEST: Final = 50


def progress_for(*, is_quiet: bool) -> "TwinProgress":
    """What a run is told to while it goes on; shows it on standard error."""
    return TwinProgress(None if is_quiet else Console(file=sys.stderr, highlight=False))


class TwinProgress:
    """`begin`, then `went` for each step, `say` for what is done after them, and `stop`."""

    def __init__(self, console: Console | None) -> None:
        self._console = console
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._steps = 0
        self._told_at = time.monotonic()

    def begin(self, steps: int) -> None:
        self._steps = steps
        if self._console is None or not self._console.is_terminal:
            return
        self._bar = Progress(
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            Elapsed(),
            TextColumn("{task.fields[found]}", style="red", markup=False),
            TextColumn("{task.fields[now]}", style="dim", markup=False),
            console=self._console,
            transient=True,
        )
        self._task = self._bar.add_task("", total=steps, found="", now="")
        self._bar.start()

    def went(self, steps: int, causes: int, now: str) -> None:
        found = f"{causes} differences" if causes else ""
        if self._bar is not None and self._task is not None:
            shown = one_line(now, _LONGEST)
            self._bar.update(self._task, completed=steps, found=found, now=shown)
        else:
            self._line(f"{steps} of {self._steps} steps" + (f", {found}" if found else ""))

    def say(self, text: str) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, now=one_line(text, _LONGEST))
        else:
            self._line(text)

    def stop(self) -> None:
        """Nothing more will come. Harmless when called again, or without a beginning."""
        if self._bar is not None:
            self._bar.stop()

    def _line(self, text: str) -> None:
        if self._console is not None and time.monotonic() - self._told_at >= _BETWEEN_LINES_S:
            self._told_at = time.monotonic()
            self._console.print(one_line(text), soft_wrap=True, markup=False)
