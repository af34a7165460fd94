"""Gives differences the names of the mock's quirks that explain them.

A quirk explains a difference that goes away when the quirk is turned on at the mock, the rest of
the story being as it was: the mock plays the story again, against what the other side answered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contracts.parity.difference import Kind
from contracts.parity.play import Answer, LivePlayer, Meeting, Player, RecordedPlayer, in_lockstep
from contracts.parity.sides import Quirky, Side
from contracts.parity.steps import calls_of
from contracts.parity.twin import Divergence, Pair, Progress, by_story

ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class Quirk:
    """A quirk as the mock tells of it. *operations* are operationIds, or `*`."""

    name: str
    operations: frozenset[str]
    is_on: bool

    def concerns(self, divergence: Divergence) -> bool:
        """Whether any request of the story could show it."""
        called = {
            call.operation.id
            for meeting in divergence.story
            for call in calls_of(meeting.step)
            if call.operation is not None
        }
        return ANY in self.operations or not called.isdisjoint(self.operations)


def explain(pair: Pair, divergences: Sequence[Divergence], progress: Progress) -> None:
    """Set `quirks` of those that can be explained; nothing where neither side is the mock.

    First each quirk is turned on alone. What then is left is tried with all of them on, for two
    can hide one another; those without which it comes back explain it.
    """
    side = _documented_side(pair)
    if side is None or not divergences:
        return
    mock = Quirky(side)
    known = [_read(one) for one in mock.known()]
    candidates = [quirk for quirk in known if not quirk.is_on]
    other = pair.right if side is pair.left else pair.left
    if other.stub is not None:  # then it has no departures but these
        on = {one.name for one in map(_read, Quirky(other).known()) if one.is_on}
        candidates = [quirk for quirk in candidates if quirk.name in on]
    standing = [quirk.name for quirk in known if quirk.is_on]
    try:
        _Trial(pair, side, mock, standing, progress).run(candidates, divergences)
    finally:
        mock.turn_on(standing)


def _documented_side(pair: Pair) -> Side | None:
    """The mock with the fewest quirks on, the left one in doubt."""
    sides = [side for side in (pair.left, pair.right) if side.stub is not None]
    counted = [(sum(bool(one["isOn"]) for one in Quirky(side).known()), side) for side in sides]
    return min(counted, key=lambda pair: pair[0], default=(0, None))[1]


class _Trial:
    def __init__(
        self, pair: Pair, side: Side, mock: Quirky, standing: Sequence[str], progress: Progress
    ) -> None:
        self._pair = pair
        self._side = side
        self._mock = mock
        self._standing = standing
        self._progress = progress

    def run(self, candidates: Sequence[Quirk], divergences: Sequence[Divergence]) -> None:
        """What a quirk alone takes away it explains. What none does, and where something else
        differs then (for one quirk can stand before another), is asked of all together."""
        deeper, doubtful = self._guessed(candidates, divergences)
        for quirk in candidates:
            open_ones = [one for one in doubtful if not one.quirks and quirk.concerns(one)]
            deeper += self._explained(quirk, open_ones)
        rest = [one for one in divergences if not one.quirks or one in deeper]
        together = [one for one, _ in self._gone([one.name for one in candidates], rest)]
        found: dict[int, list[str]] = {id(one): [] for one in together}
        for quirk in candidates:
            asked = [one for one in together if quirk.concerns(one)]
            names = [one.name for one in candidates if one is not quirk]
            settled = {id(one) for one, is_all in self._gone(names, asked) if is_all}
            for one in asked:
                found[id(one)] += [] if id(one) in settled else [quirk.name]
        # what explains something by itself only stands beside here
        alone = {name for one in divergences for name in one.quirks}
        for one in together:
            more = [name for name in found[id(one)] if not (one.quirks and name in alone)]
            one.quirks = tuple(dict.fromkeys([*one.quirks, *more]))

    def _guessed(
        self, candidates: Sequence[Quirk], divergences: Sequence[Divergence]
    ) -> tuple[list[Divergence], list[Divergence]]:
        """Ask quickly first: the quirks are numbered from 1, and all whose numbers have the same
        bit are turned on together; where one of them explains a difference, the bits under which
        it goes away are its number. Gives those in whose place something else came, and those that
        go away without a number that explains it."""
        numbers = dict.fromkeys(map(id, divergences), 0)
        for bit in range(len(candidates).bit_length()):
            half = [one.name for at, one in enumerate(candidates, 1) if at >> bit & 1]
            for one, _ in self._gone(half, divergences):
                numbers[id(one)] |= 1 << bit
        deeper = []
        for at, quirk in enumerate(candidates, 1):
            deeper += self._explained(quirk, [o for o in divergences if numbers[id(o)] == at])
        return deeper, [one for one in divergences if numbers[id(one)] and not one.quirks]

    def _explained(self, quirk: Quirk, divergences: Sequence[Divergence]) -> list[Divergence]:
        """Name *quirk* where it alone takes a difference away; gives those in whose place something
        else came."""
        deeper = []
        for one, is_all in self._gone([quirk.name], divergences):
            one.quirks = (quirk.name,)
            deeper += [] if is_all else [one]
        return deeper

    def _gone(
        self, names: Sequence[str], divergences: Sequence[Divergence]
    ) -> list[tuple[Divergence, bool]]:
        """Those that are not there with these quirks on, and whether nothing came in their place:
        nothing that the story did not show without."""
        if not divergences or not names:
            return []
        self._progress.say(f"looking whether {_few(names)} explains any difference")
        self._mock.turn_on([*self._standing, *names])
        gone = []
        for members in by_story(divergences):
            last = self._last(members[0].story)
            if last is None:
                continue
            left = _places(last)
            before = _places(members[0].meeting)
            for one in members:
                if (one.difference.kind, one.difference.place) not in left:
                    gone.append((one, left <= before))
        return gone

    def _last(self, story: Sequence[Meeting]) -> Meeting | None:
        """How the story ends when the mock plays it now; None where it does not come so far."""
        is_left = self._side is self._pair.left
        answers = {one.step.key: one.right if is_left else one.left for one in story}
        self._side.begin(self._start(story))
        played = LivePlayer(self._side, story[0].mark)
        recorded = RecordedPlayer(answers)
        players: tuple[Player, Player] = (played, recorded) if is_left else (recorded, played)
        steps = [meeting.step for meeting in story]
        met = list(in_lockstep(*players, steps, self._pair.judge(), self._side.target.now))
        return met[-1] if met and met[-1].step is steps[-1] else None

    def _start(self, story: Sequence[Meeting]) -> datetime:
        answers: Iterator[Answer] = (
            one.left if self._side is self._pair.left else one.right for one in story
        )
        sent = (exchange.sent_at for one in answers for exchange in one.all)
        return next(sent, self._side.target.now())


def _places(meeting: Meeting) -> set[tuple[Kind, str]]:
    return {(one.kind, one.place) for one in meeting.differences}


def _read(shown: Mapping[str, object]) -> Quirk:
    operations = shown["operations"]
    assert isinstance(operations, list)
    return Quirk(str(shown["name"]), frozenset(map(str, operations)), bool(shown["isOn"]))


def _few(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} quirks together"
