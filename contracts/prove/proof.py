"""The proof: every deviation tried, and clean stubs in between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Final, Protocol

from contracts.prove.nursery import Job, Load, Nursery, Ready
from contracts.prove.outcomes import CleanRun, Deviation, Outcome, Proof
from contracts.prove.settings import ProveSettings, shown
from contracts.prove.trial import Goal
from contracts.prove.workbench import load_workbench
from contracts.stops import RunStopped
from mockserver.version import VERSION

STOPPED_BY_HAND: Final = "stopped by hand"
MANY: Final = 20
"""With so many deviations clean stubs come at the start, in the middle and at the end."""
_CLEAN_LIMIT_S: Final = 1800.0


class Progress(Protocol):
    """Is told what happens while it happens."""

    def start(self, deviations: int, cases: int) -> None: ...
    def begin(self, name: str) -> None: ...
    def done(self, outcome: Outcome) -> None: ...
    def clean(self, run: CleanRun) -> None: ...
    def stop(self) -> None: ...


def prove(settings: ProveSettings, progress: Progress, load: Load = load_workbench) -> Proof:
    """Try what *settings* ask for. Raises SetupError, and RunStopped where nothing was tried.

    After Ctrl-C the proof is incomplete, and has what is known.
    """
    started_at, started = datetime.now(UTC), perf_counter()
    incomplete = ""
    with Nursery(settings, load) as nursery:
        ready = nursery.ready()
        work = _Work(settings, ready, nursery, progress)
        progress.start(len(ready.deviations), sum(ready.suites.values()))
        try:
            work.run()
        except RunStopped as stop:
            incomplete = str(stop)
        except KeyboardInterrupt:
            incomplete = STOPPED_BY_HAND
        finally:
            progress.stop()
    place = {one.name: number for number, one in enumerate(ready.deviations)}
    return Proof(
        title=ready.title,
        seed=settings.run.seed,
        limit_s=settings.limit_s,
        is_full=settings.is_full,
        workers=settings.effective_workers,
        suites=ready.suites,
        planned=ready.deviations,
        outcomes=tuple(sorted(work.outcomes, key=lambda one: place[one.deviation.name])),
        clean_runs=tuple(sorted(work.clean_runs, key=lambda one: one.after)),
        started_at=started_at,
        duration_s=perf_counter() - started,
        incomplete=incomplete,
        version=VERSION,
        shown_settings=shown(settings),
    )


@dataclass
class _Work:
    """As many trials at a time as there are workers."""

    settings: ProveSettings
    ready: Ready
    nursery: Nursery
    progress: Progress
    outcomes: list[Outcome] = field(default_factory=list)
    clean_runs: list[CleanRun] = field(default_factory=list)
    _begun: dict[int, tuple[Job, int]] = field(default_factory=dict)

    def run(self) -> None:
        self._run_all(self._plan())
        if len(self.ready.deviations) < MANY:
            reached = max(outcome.record.reached for outcome in self.outcomes)
            self._run_all([self._clean(len(self.ready.deviations), reached)])

    def _plan(self) -> Iterator[Job]:
        """Deviations in their order; of many, clean stubs at the start, in the middle and at the
        end, through all cases. Of a few, one clean stub has to do with the cases that were needed,
        once it is known which those are."""
        deviations = self.ready.deviations
        is_many = len(deviations) >= MANY
        for number, deviation in enumerate(deviations):
            if is_many and number in (0, len(deviations) // 2):
                yield self._clean(number)
            yield self._planted(number, deviation)
        if is_many:
            yield self._clean(len(deviations))

    def _planted(self, number: int, deviation: Deviation) -> Job:
        goal = Goal.EACH_SUITE if self.settings.is_full else Goal.FIRST
        return Job(number, deviation, goal, self.settings.limit_s)

    def _clean(self, after: int, cases: int | None = None) -> Job:
        return Job(-1 - after, None, Goal.ALL, _CLEAN_LIMIT_S, cases)

    def _run_all(self, jobs: Iterator[Job] | Sequence[Job]) -> None:
        for job in jobs:
            while len(self._begun) >= self.settings.effective_workers:
                self._end_one()
            self._begin(job)
        while self._begun:
            self._end_one()

    def _begin(self, job: Job) -> None:
        self.nursery.begin(job)
        self._begun[job.number] = job, len(self.outcomes)
        self.progress.begin(job.deviation.name if job.deviation else "")

    def _end_one(self) -> None:
        number, record = self.nursery.ended()
        job, after = self._begun.pop(number)
        if job.deviation is None:
            self._end_clean(CleanRun(after, record))
        else:
            self._end_planted(Outcome(job.deviation, record))

    def _end_clean(self, run: CleanRun) -> None:
        self.clean_runs.append(run)
        self.progress.clean(run)

    def _end_planted(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.progress.done(outcome)
