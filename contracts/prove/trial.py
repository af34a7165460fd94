"""One trial: the cases on one stub, until there is enough to know."""

import time
from collections.abc import Callable, Sequence
from enum import Enum, auto

from contracts.findings import Finding, Result, Verdict
from contracts.opening import Opened
from contracts.prove.outcomes import Discovery, End, Record, Tally
from contracts.suites.runner import CaseStopped, run_case
from contracts.suites.session import Case

Tell = Callable[[Record], None]
"""Is told before each case how far the trial is."""


class Goal(Enum):
    """When there is enough to know."""

    FIRST = auto()
    """At the first finding."""
    EACH_SUITE = auto()
    """When every suite has found something, or is through."""
    ALL = auto()
    """When all cases are through; every finding counts."""


def tried(opened: Opened, cases: Sequence[Case], goal: Goal, tell: Tell) -> Record:
    """Run *cases* on what is *opened*, and give what came of it."""
    return _Trial(opened, goal).run(cases, tell)


class _Trial:
    def __init__(self, opened: Opened, goal: Goal) -> None:
        self._opened = opened
        self._goal = goal
        self._discoveries: dict[tuple[str, str, str, str], Discovery] = {}
        self._tallies: dict[str, Tally] = {}
        self._broken: list[str] = []
        self._reached = 0
        self._case = ""

    def run(self, cases: Sequence[Case], tell: Tell) -> Record:
        for case in cases:
            self._reached += 1
            if self._is_enough_of(case.suite):
                continue
            self._case = f"{case.suite}: {case.id}"
            tell(self._record(End.OUT_OF_TIME))  # true of whoever ends it during this case
            try:
                self._try(case)
            except CaseStopped as stop:
                self._take(case, stop.result)
                return self._record(End.STOPPED, str(stop))
            if self._discoveries and self._goal is Goal.FIRST:
                return self._record(End.FOUND)
        return self._record(End.THROUGH)

    def _is_enough_of(self, suite: str) -> bool:
        found = any(one.suite == suite for one in self._discoveries.values())
        return found and self._goal is Goal.EACH_SUITE

    def _try(self, case: Case) -> None:
        self._opened.suite = case.suite
        before, started = len(self._opened.bench.target.exchanges), time.perf_counter()
        try:
            result = run_case(self._opened.bench, case)
        finally:
            requests = len(self._opened.bench.target.exchanges) - before
            self._count(case.suite, requests, time.perf_counter() - started)
        self._take(case, result)

    def _count(self, suite: str, requests: int, duration_s: float) -> None:
        held = self._tallies.get(suite, Tally())
        self._tallies[suite] = Tally(
            held.cases + 1, held.requests + requests, held.duration_s + duration_s
        )

    def _take(self, case: Case, result: Result) -> None:
        """What a broken case found counts for nothing: the kit may have made it up."""
        if result.verdict is Verdict.BROKEN:
            self._broken.append(f"{self._case}\n{result.reason}")
            return
        for finding in result.findings:
            key = (case.suite, *finding.key)
            if key not in self._discoveries and not self._is_enough_of(case.suite):
                self._discoveries[key] = self._discovery(case, finding)
            if self._goal is Goal.FIRST:
                return

    def _discovery(self, case: Case, finding: Finding) -> Discovery:
        record = self._record(End.FOUND)
        return Discovery(
            suite=case.suite,
            case=case.id,
            rule=finding.rule,
            operation=finding.operation,
            message=finding.message,
            requests=record.requests,
            duration_s=record.duration_s,
        )

    def _record(self, end: End, reason: str = "") -> Record:
        return Record(
            discoveries=tuple(self._discoveries.values()),
            tallies=dict(self._tallies),
            reached=self._reached,
            case=self._case,
            end=end,
            reason=reason,
            broken=tuple(self._broken),
        )
