"""What a proof has to say: plain values, for processes to pass on and for reports to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What kind of deviation it is."""

    FAULT = "fault"
    """Planted to be found; no server is like that on purpose."""
    QUIRK = "quirk"
    """A departure that the real server has."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing to plant. *about* is what an observer sees, *exposed_by* what a check would have to
    notice; *operations* are the ids of those that it can touch."""

    name: str
    kind: Kind
    category: str
    about: str
    exposed_by: str
    operations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Discovery:
    """One finding, told in short. *requests* and *duration_s* are what it took until its case was
    over, all cases before it included."""

    suite: str
    case: str
    rule: str
    operation: str
    message: str
    requests: int
    duration_s: float


@dataclass(frozen=True, slots=True)
class Tally:
    """What one suite did."""

    cases: int = 0
    requests: int = 0
    duration_s: float = 0.0


class End(StrEnum):
    """Why a trial is over."""

    FOUND = "found"
    """There was enough to know."""
    THROUGH = "through"
    """All cases were tried."""
    OUT_OF_TIME = "out of time"
    STOPPED = "stopped"
    """The kit could not go on; the reason says why."""


@dataclass(frozen=True, slots=True)
class Record:
    """What came of the cases on one stub. *reached* counts the cases, *case* is the one at work
    last (`suite: id`); *broken* are cases in which the kit itself failed, with the reason."""

    discoveries: tuple[Discovery, ...] = ()
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    reached: int = 0
    case: str = ""
    end: End = End.STOPPED
    reason: str = ""
    broken: tuple[str, ...] = ()

    @property
    def requests(self) -> int:
        return sum(tally.requests for tally in self.tallies.values())

    @property
    def duration_s(self) -> float:
        return sum(tally.duration_s for tally in self.tallies.values())


class Fate(StrEnum):
    """What became of a deviation."""

    KILLED = "killed"
    SURVIVED = "survived"
    """Nothing was found in any case."""
    TIMED_OUT = "timed out"
    """Nothing was found in the time that it had; counts as a survivor."""
    BROKEN = "broken"
    """The kit itself failed, and found nothing."""


class Mark(StrEnum):
    """What one suite did with one deviation."""

    FIRST = "first"
    FOUND = "found"
    SILENT = "silent"
    """It was tried wholly, and found nothing."""
    PARTLY = "partly"
    """Some of its cases were tried, and found nothing."""
    UNTRIED = "untried"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A deviation, and what came of it."""

    deviation: Deviation
    record: Record

    @property
    def fate(self) -> Fate:
        if self.record.discoveries:
            return Fate.KILLED
        if self.record.end is End.OUT_OF_TIME:
            return Fate.TIMED_OUT
        is_broken = self.record.end is End.STOPPED or self.record.broken
        return Fate.BROKEN if is_broken else Fate.SURVIVED

    @property
    def first(self) -> Discovery | None:
        return next(iter(self.record.discoveries), None)

    def mark(self, suite: str, cases: int) -> Mark:
        """What *suite*, which has so many *cases*, did with it."""
        found = [one.suite for one in self.record.discoveries]
        if suite in found:
            return Mark.FIRST if suite == found[0] else Mark.FOUND
        tried = self.record.tallies.get(suite, Tally()).cases
        if not tried:
            return Mark.UNTRIED
        return Mark.SILENT if tried >= cases else Mark.PARTLY


@dataclass(frozen=True, slots=True)
class CleanRun:
    """The same cases on a stub without any deviation, begun after so many deviations. Whatever is
    found is a false alarm."""

    after: int
    record: Record

    @property
    def is_whole(self) -> bool:
        return self.record.end is End.THROUGH and not self.record.broken


@dataclass(frozen=True, slots=True)
class Proof:
    """A whole proof. *suites* are the numbers of their cases, in the order in which they are shown;
    *planned* the deviations that were to be planted; *incomplete* says why some were not, `` where
    all were. *shown_settings* are the settings that matter, as people would type them."""

    title: str
    seed: int
    limit_s: float
    is_full: bool
    workers: int
    suites: Mapping[str, int]
    planned: tuple[Deviation, ...]
    outcomes: tuple[Outcome, ...]
    clean_runs: tuple[CleanRun, ...]
    started_at: datetime
    duration_s: float
    incomplete: str = ""
    version: str = ""
    shown_settings: Mapping[str, str] = field(default_factory=dict)

    def of_fate(self, *fates: Fate) -> tuple[Outcome, ...]:
        return tuple(one for one in self.outcomes if one.fate in fates)

    @property
    def killed(self) -> tuple[Outcome, ...]:
        return self.of_fate(Fate.KILLED)

    @property
    def survivors(self) -> tuple[Outcome, ...]:
        return self.of_fate(Fate.SURVIVED, Fate.TIMED_OUT)

    @property
    def broken(self) -> tuple[Outcome, ...]:
        return self.of_fate(Fate.BROKEN)

    @property
    def untried(self) -> tuple[Deviation, ...]:
        tried = {outcome.deviation.name for outcome in self.outcomes}
        return tuple(one for one in self.planned if one.name not in tried)

    @property
    def false_alarms(self) -> tuple[Discovery, ...]:
        """What was found on clean stubs, each thing once."""
        found = [one for run in self.clean_runs for one in run.record.discoveries]
        return tuple({(one.suite, one.case, one.rule): one for one in reversed(found)}.values())

    @property
    def by_category(self) -> dict[str, list[Outcome]]:
        """The outcomes of each category, in the order in which they were planned."""
        groups: dict[str, list[Outcome]] = {one.category: [] for one in self.planned}
        for outcome in self.outcomes:
            groups[outcome.deviation.category].append(outcome)
        return {category: group for category, group in groups.items() if group}

    @property
    def requests(self) -> int:
        planted = sum(outcome.record.requests for outcome in self.outcomes)
        return planted + sum(run.record.requests for run in self.clean_runs)

    @property
    def exit_code(self) -> int:
        """0 all killed and no false alarm, 1 survivors or false alarms, 3 incomplete; the last also
        where something survived before the proof was stopped."""
        if self.incomplete:
            return 3
        if self.survivors or self.false_alarms:
            return 1
        is_cleanly_judged = self.clean_runs and all(run.is_whole for run in self.clean_runs)
        if self.untried or self.broken or not is_cleanly_judged:
            return 3
        return 0
