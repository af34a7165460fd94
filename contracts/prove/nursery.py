"""The process in which trials are made: it loads the workbench once, and makes each trial in a
copy of itself.

A trial so begins with a stub and a kit that nobody has used, whatever was tried before, and one
that takes too long can be ended whatever it is at. Where processes cannot be copied (Windows), each
trial loads the workbench anew.
"""

import logging
import multiprocessing
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Self

from contracts.prove.outcomes import Deviation, End, Record
from contracts.prove.settings import ProveSettings
from contracts.prove.trial import Goal, tried
from contracts.prove.workbench import Workbench
from contracts.stops import RunStopped
from mockserver.errors import SetupError

Load = Callable[[ProveSettings], Workbench]

_COPY: Final = "fork"
_CAN_COPY: Final = _COPY in multiprocessing.get_all_start_methods()
_PATIENCE_S: Final = 5.0
LOST: Final = "the process that makes the trials has ended"


@dataclass(frozen=True, slots=True)
class Job:
    """One trial. Without a *deviation* the stub is clean; *cases* is how many of the first are
    tried, None for all."""

    number: int
    deviation: Deviation | None
    goal: Goal
    limit_s: float
    cases: int | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """What the workbench holds."""

    title: str
    suites: Mapping[str, int]
    deviations: tuple[Deviation, ...]


@dataclass(frozen=True, slots=True)
class _Wrong:
    """The settings cannot be used."""

    reason: str


class Nursery:
    """The process, as its owner sees it. `with` starts it, and ends it with all its trials.

    *load* makes the workbench there: a function that can be imported.
    """

    def __init__(self, settings: ProveSettings, load: Load) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, there = context.Pipe()
        self._is_ready = False  # until then it has no trials, and is ended as it is
        self._process = context.Process(target=_serve, args=(there, settings, load), daemon=False)
        with _deaf_to_ctrl_c():
            self._process.start()
        there.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pipe.close()  # which tells it to end
        if self._is_ready:
            self._process.join(_PATIENCE_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def ready(self) -> Ready:
        """Waits until it is. Raises SetupError, RunStopped."""
        told = self._hear()
        if isinstance(told, _Wrong):
            raise SetupError(told.reason)
        if not isinstance(told, Ready):
            raise RunStopped(LOST)
        self._is_ready = True
        return told

    def begin(self, job: Job) -> None:
        """Let a trial begin at once. Raises RunStopped."""
        try:
            self._pipe.send(job)
        except OSError as error:
            raise RunStopped(LOST) from error

    def ended(self) -> tuple[int, Record]:
        """Waits for the next trial that ends: the number of its job, and what came of it. Raises
        RunStopped."""
        told = self._hear()
        if not isinstance(told, tuple):
            raise RunStopped(LOST)
        return told

    def _hear(self) -> object:
        try:
            told: object = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise RunStopped(LOST) from error
        return told


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """What is started in here never hears Ctrl-C, which a terminal sends to everybody."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _serve(pipe: Connection, settings: ProveSettings, load: Load) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner hears it, and ends this process
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    logging.disable(logging.CRITICAL)  # applications that fail are what is wanted here
    try:
        workbench = load(settings)
    except SetupError as error:
        pipe.send(_Wrong(str(error)))
        return
    ready = Ready(workbench.yardstick.title, workbench.suites, tuple(workbench.deviations))
    with TemporaryDirectory(prefix="understudy-", ignore_cleanup_errors=True) as folder:
        tempfile.tempdir = folder  # a trial that is ended cannot tidy up itself
        with suppress(OSError):  # nobody is there any more
            pipe.send(ready)
            _Trials(pipe, workbench, settings, load).run()


@dataclass(slots=True)
class _Child:
    job: Job
    process: BaseProcess
    ends_at: float
    record: Record


class _Trials:
    """The trials that are on, by the pipe through which each is heard."""

    def __init__(
        self, pipe: Connection, workbench: Workbench, settings: ProveSettings, load: Load
    ) -> None:
        self._pipe = pipe
        self._workbench = workbench
        self._settings = settings
        self._load = load
        self._context = multiprocessing.get_context(_COPY if _CAN_COPY else "spawn")
        self._children: dict[Connection, _Child] = {}

    def run(self) -> None:
        """Until nobody asks any more."""
        try:
            while True:
                for one in wait([self._pipe, *self._children], self._patience_s()):
                    if one is not self._pipe:
                        self._listen(one)  # type: ignore[arg-type]
                    elif not self._take():
                        return
                self._end_late()
        finally:
            for child in self._children.values():
                child.process.kill()
                child.process.join()

    def _take(self) -> bool:
        try:
            job = self._pipe.recv()
        except (EOFError, OSError):
            return False
        here, there = self._context.Pipe(duplex=False)
        workbench = self._workbench if _CAN_COPY else None
        process = self._context.Process(  # type: ignore[attr-defined]
            target=_try, args=(there, job, workbench, self._settings, self._load)
        )
        process.start()
        there.close()
        ends_at = time.monotonic() + job.limit_s
        self._children[here] = _Child(job, process, ends_at, Record())
        return True

    def _listen(self, pipe: Connection) -> None:
        child = self._children[pipe]
        try:
            child.record, is_over = pipe.recv()
        except (EOFError, OSError):
            child.process.join(_PATIENCE_S)
            reason = f"the trial's process ended with {child.process.exitcode}"
            child.record = replace(child.record, end=End.STOPPED, reason=reason)
            is_over = True
        if is_over:
            self._end(pipe)

    def _end_late(self) -> None:
        now = time.monotonic()
        for pipe, child in list(self._children.items()):
            if now >= child.ends_at:
                if pipe.poll():
                    self._listen(pipe)
                    continue
                reason = f"not through after {child.job.limit_s:g} s, at {child.record.case}"
                child.record = replace(child.record, end=End.OUT_OF_TIME, reason=reason)
                child.process.kill()
                self._end(pipe)

    def _end(self, pipe: Connection) -> None:
        child = self._children.pop(pipe)
        child.process.join(_PATIENCE_S)
        if child.process.is_alive():
            child.process.kill()
            child.process.join()
        pipe.close()
        self._pipe.send((child.job.number, child.record))

    def _patience_s(self) -> float | None:
        if not self._children:
            return None
        soonest = min(child.ends_at for child in self._children.values())
        return max(0.0, soonest - time.monotonic())


def _try(
    pipe: Connection, job: Job, workbench: Workbench | None, settings: ProveSettings, load: Load
) -> None:
    """One trial, in a process of its own."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
    try:
        ground = workbench or load(settings)
        opened = ground.opened(job.deviation)
        cases = ground.cases[: job.cases]
        record = tried(opened, cases, job.goal, lambda so_far: pipe.send((so_far, False)))
        opened.close()
    except BrokenPipeError:  # nobody is there any more
        return
    except Exception:
        record = Record(end=End.STOPPED, reason=traceback.format_exc(limit=-4))
    pipe.send((record, True))
