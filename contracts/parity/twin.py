"""The twin run: the same sequences go to two targets in lockstep, and each cause of a difference is
told once, with the shortest story that shows it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

from contracts.parity.causes import Cause, cause_of
from contracts.parity.difference import Difference
from contracts.parity.pace import Pace
from contracts.parity.play import Judge, LivePlayer, Meeting, in_lockstep
from contracts.parity.sides import Side, starting_time
from contracts.parity.steps import Episode, Step, with_needs, without
from contracts.parity.worlds import Worlds
from contracts.stops import NotJudged, RunStopped
from contracts.suites.session import Case, Session
from contracts.yardstick import Yardstick

BY_HAND: Final = "stopped by hand"


@dataclass(slots=True)
class Divergence:
    """A cause, how often it was met, and the story that showed it first. *is_shrunk* tells that
    no step of *story* can be left out, as far as that was tried; *quirks* names those of the mock
    that explain it."""

    cause: Cause
    difference: Difference
    operations: list[str]
    episode: str
    story: tuple[Meeting, ...]
    count: int = 1
    is_shrunk: bool = False
    quirks: tuple[str, ...] = ()

    def met(self, operation: str) -> None:
        """Count it once more."""
        self.count += 1
        if operation not in self.operations:
            self.operations.append(operation)

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(meeting.step for meeting in self.story)

    @property
    def meeting(self) -> Meeting:
        """The one in which both sides differ."""
        return self.story[-1]


class Progress(Protocol):
    """Is told how far the run is."""

    def begin(self, steps: int) -> None: ...
    def went(self, steps: int, causes: int, now: str) -> None: ...
    def say(self, text: str) -> None: ...
    def stop(self) -> None: ...


class Pair:
    """Both sides, ready to play episodes from the start."""

    def __init__(self, left: Side, right: Side, yardstick: Yardstick) -> None:
        self.left, self.right = left, right
        self._yardstick = yardstick
        self._now = starting_time((left, right))
        self.is_throwaway = left.stub is not None and right.stub is not None
        self._profiles = [] if self.is_throwaway else list(_profiles(left, right, yardstick))
        self._plays = 0
        self._pace = Pace()

    def play(self, steps: Sequence[Step]) -> Iterator[Meeting]:
        """Each step that could be sent, from a fresh start. Raises RunStopped."""
        self._plays += 1
        start = self._now()
        for side in (self.left, self.right):
            side.begin(start)
        mark = "" if self.is_throwaway else str(self._plays)
        players = LivePlayer(self.left, mark), LivePlayer(self.right, mark)
        for meeting in in_lockstep(*players, steps, self.judge(), self.clock):
            yield replace(meeting, mark=mark)

    def story(self, steps: Sequence[Step]) -> tuple[Meeting, ...] | None:
        """What happens; None where the last step could not be sent. Raises RunStopped."""
        story = tuple(self.play(steps))
        return story if story and story[-1].step is steps[-1] else None

    def judge(self) -> Judge:
        """A judge who has seen nothing yet."""
        worlds = None if self.is_throwaway else Worlds(self._yardstick, self._profiles)
        return Judge(worlds, self._pace)

    def clock(self) -> datetime:
        """The time of both: mocks of ours follow the server that is not."""
        if self.is_throwaway:
            return self.left.target.now()
        now = self._now()
        for side in (self.left, self.right):
            side.follow(now)
        return now


@dataclass(slots=True)
class Run:
    """What a twin run has found. *sent* counts steps; *incomplete* says why it ended early."""

    divergences: dict[Cause, Divergence] = field(default_factory=dict)
    sent: int = 0
    episodes: int = 0
    incomplete: str = ""
    remarks: list[str] = field(default_factory=list)
    """What there was no time for."""
    seen: dict[str, int] = field(default_factory=dict)
    """How often each operation was called, by label."""


class Twin:
    """One run of *pair* over at most *limit* steps."""

    def __init__(self, pair: Pair, limit: int, progress: Progress) -> None:
        self._pair = pair
        self._limit = limit
        self._progress = progress
        self.run = Run()

    def go(self, episodes: Iterable[Episode]) -> Run:
        """Play *episodes* until the limit. A target that stops the run makes it incomplete."""
        self._progress.begin(self._limit)
        try:
            for episode in episodes:
                self._episode(episode)
                if self.run.sent >= self._limit:
                    break
        except RunStopped as stop:
            self.run.incomplete = str(stop)
        except KeyboardInterrupt:
            self.run.incomplete = BY_HAND
        return self.run

    def _episode(self, episode: Episode) -> None:
        """After a step that one side did and the other refused, what does not stand on it goes on
        from fresh items, so that it cannot hide or cause anything."""
        self.run.episodes += 1
        steps = episode.steps
        while steps and self.run.sent < self._limit:
            parted = self._once(episode, steps)
            steps = () if parted is None else rest_after(steps, parted)

    def _once(self, episode: Episode, steps: tuple[Step, ...]) -> int | None:
        """Play until the sides part; the key of the step at which they do."""
        met: list[Meeting] = []
        for meeting in self._pair.play(steps):
            met.append(meeting)
            self._count(meeting)
            self._note(meeting, met, episode)
            if meeting.is_parting:
                return meeting.step.key
            if self.run.sent >= self._limit:
                return None
        return None

    def _count(self, meeting: Meeting) -> None:
        label = meeting.step.label
        self.run.sent += 1
        self.run.seen[label] = self.run.seen.get(label, 0) + 1
        self._progress.went(self.run.sent, len(self.run.divergences), label)

    def _note(self, meeting: Meeting, met: list[Meeting], episode: Episode) -> None:
        story = tuple(met)
        for difference in meeting.differences:
            cause = cause_of(meeting, difference)
            known = self.run.divergences.get(cause)
            if known is not None:
                known.met(meeting.step.label)
                continue
            label = meeting.step.label
            divergence = Divergence(cause, difference, [label], episode.name, story)
            self.run.divergences[cause] = divergence


def rest_after(steps: tuple[Step, ...], parted: int) -> tuple[Step, ...]:
    """The steps behind *parted* that do not stand on it, with all that they stand on."""
    at = next(index for index, step in enumerate(steps) if step.key == parted)
    sound = without(steps, frozenset({parted}))
    rest = frozenset(step.key for step in steps[at + 1 :]) & {step.key for step in sound}
    return with_needs(sound, rest)


def by_story(divergences: Iterable[Divergence]) -> list[list[Divergence]]:
    """Those with the same story together, in their order."""
    found: dict[int, list[Divergence]] = {}
    for one in divergences:
        found.setdefault(id(one.story), []).append(one)
    return list(found.values())


def _profiles(left: Side, right: Side, yardstick: Yardstick) -> Iterator[tuple[object, object]]:
    """Answers to requests that need no path and are no lists: who is asking, mostly."""
    for operation in yardstick.operations:
        action = yardstick.resources.get(yardstick.driving(operation).id)
        if operation.method != "GET" or "{" in operation.path or (action and action.kind == "list"):
            continue
        try:
            answers = [_asked(side).call(operation, {}) for side in (left, right)]
        except NotJudged:
            continue
        if all(answer.is_success for answer in answers):
            yield answers[0].response.json, answers[1].response.json


def _asked(side: Side) -> Session:
    return Session(side.bench, Case("twin", "", "profile", run=lambda session: None))
