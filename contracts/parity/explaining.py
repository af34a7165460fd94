"""Gives differences the names of the mock's quirks that explain them.

A quirk explains a difference that goes away when the quirk is turned on at the mock, the rest of
the story being as it was: the mock plays the story again, against what the other side answered.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import process_time
from typing import Final, TypeVar

from contracts.parity.causes import family_of
from contracts.parity.difference import Kind
from contracts.parity.play import Answer, LivePlayer, Meeting, Player, RecordedPlayer, in_lockstep
from contracts.parity.sides import Quirky, Side
from contracts.parity.twin import Divergence, Pair, Progress, Run, by_story

LONGEST_S: Final = 100.0
"""How long may be looked, all differences together: time of this process, in which the mock is, so
that the same is found on a busy machine."""


@dataclass(frozen=True, slots=True)
class Quirk:
    """A quirk as the mock tells of it."""

    name: str
    is_on: bool


def explain(pair: Pair, run: Run, progress: Progress, longest_s: float = LONGEST_S) -> None:
    """Set `quirks` of those divergences of *run* that can be explained; nothing where neither side
    is the mock.

    The first of each family is looked into, and what explains it is tried on the others; what is
    left then is looked into one by one, as long as there is time.
    """
    divergences = list(run.divergences.values())
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
    trial = _Trial(pair, side, mock, standing, progress, process_time() + longest_s)
    try:
        trial.run(candidates, divergences)
    finally:
        mock.turn_on(standing)
    if candidates and trial.is_late and (left := [one for one in divergences if not one.quirks]):
        run.remarks.append(
            f"there was no more time to see which quirks explain {len(left)} differences"
        )


def _documented_side(pair: Pair) -> Side | None:
    """The mock with the fewest quirks on, the left one in doubt."""
    sides = [side for side in (pair.left, pair.right) if side.stub is not None]
    counted = [(sum(bool(one["isOn"]) for one in Quirky(side).known()), side) for side in sides]
    return min(counted, key=lambda pair: pair[0], default=(0, None))[1]


class _Trial:
    def __init__(
        self,
        pair: Pair,
        side: Side,
        mock: Quirky,
        standing: Sequence[str],
        progress: Progress,
        ends_at: float,
    ) -> None:
        self._pair = pair
        self._side = side
        self._mock = mock
        self._standing = standing
        self._progress = progress
        self._ends_at = ends_at

    @property
    def is_late(self) -> bool:
        return process_time() > self._ends_at

    def run(self, candidates: Sequence[Quirk], divergences: Sequence[Divergence]) -> None:
        if not candidates:
            return
        families = _families(divergences)
        deeper = self._alone(candidates, [members[0] for members in families])
        self._spread(families)
        deeper += self._alone(candidates, [one for one in divergences if not one.quirks])
        everything = [one.name for one in candidates]
        self._together(everything, everything, [one for one in divergences if not one.quirks])
        named = {name for one in divergences for name in one.quirks}
        unnamed = [name for name in everything if name not in named]
        self._together(everything, unnamed, deeper)

    def _spread(self, families: Sequence[Sequence[Divergence]]) -> None:
        """Try what explains the first of a family on the others."""
        asked: dict[tuple[str, ...], list[Divergence]] = {}
        for first, *others in families:
            if first.quirks:
                asked.setdefault(first.quirks, []).extend(others)
        for names, divergences in asked.items():
            for one, _ in self._gone(names, divergences):
                one.quirks = names

    def _alone(
        self, candidates: Sequence[Quirk], divergences: Sequence[Divergence]
    ) -> list[Divergence]:
        """What a quirk alone takes away it explains; gives those in whose place something else
        came, for one quirk can stand before another."""
        deeper, doubtful = self._guessed(candidates, divergences)
        return deeper + self._halved(candidates, doubtful)

    def _together(
        self, everything: Sequence[str], asked: Sequence[str], divergences: Sequence[Divergence]
    ) -> None:
        """Add the quirks of *asked* that must be among all for a divergence to go away."""
        if not asked:
            return
        gone = [one for one, _ in self._gone(everything, divergences)]
        for one, names in self._needed(everything, asked, gone):
            one.quirks = tuple(dict.fromkeys([*one.quirks, *names]))

    def _guessed(
        self, candidates: Sequence[Quirk], divergences: Sequence[Divergence]
    ) -> tuple[list[Divergence], list[Divergence]]:
        """Name the quirk that a difference goes away with, and never without: they are numbered
        from 1, and all whose numbers have the same bit are turned on together, then all others.
        Gives those in whose place something else came, and those that several quirks explain."""
        with_bit, without_bit = Counter[int](), Counter[int]()
        changed: set[int] = set()
        for bit in range(len(candidates).bit_length()):
            for is_set, numbers in ((1, with_bit), (0, without_bit)):
                half = [o.name for at, o in enumerate(candidates, 1) if at >> bit & 1 == is_set]
                for one, is_all in self._gone(half, divergences):
                    numbers[id(one)] |= 1 << bit
                    changed |= set() if is_all else {id(one)}
        if self.is_late:
            return [], []
        every_bit = (1 << len(candidates).bit_length()) - 1
        for one in divergences:
            number = with_bit[id(one)]
            if 0 < number <= len(candidates) and without_bit[id(one)] == every_bit ^ number:
                one.quirks = (candidates[number - 1].name,)
        deeper = [one for one in divergences if one.quirks and id(one) in changed]
        gone = with_bit.keys() | without_bit.keys()
        return deeper, [one for one in divergences if id(one) in gone and not one.quirks]

    def _halved(
        self, candidates: Sequence[Quirk], divergences: Sequence[Divergence]
    ) -> list[Divergence]:
        """Where several explain the same, find one of them: the half that takes it away is halved
        again. Gives those in whose place something else came."""
        if not divergences:
            return []
        if len(candidates) == 1:
            return self._explained(candidates[0], divergences)
        deeper = []
        for half in _halves(candidates):
            left = [one for one in divergences if not one.quirks]
            gone = [one for one, _ in self._gone([quirk.name for quirk in half], left)]
            deeper += self._halved(half, gone)
        return deeper

    def _needed(
        self, everything: Sequence[str], asked: Sequence[str], divergences: Sequence[Divergence]
    ) -> Iterator[tuple[Divergence, list[str]]]:
        """Those of *asked* without which a divergence comes back, or something else does: what it
        stays away without is left out, in ever smaller parts."""
        kept = {id(one): list(everything) for one in divergences}
        parts: list[Sequence[str]] = [asked]
        while parts and divergences:
            for part in parts:
                self._leave_out(set(part), kept, divergences)
            parts = [half for part in parts if len(part) > 1 for half in _halves(part)]
        for one in () if self.is_late else divergences:
            yield one, [name for name in kept[id(one)] if name in asked]

    def _leave_out(
        self, names: set[str], kept: dict[int, list[str]], divergences: Sequence[Divergence]
    ) -> None:
        """Take *names* from what is kept of each divergence that stays away without them."""
        by_rest: dict[tuple[str, ...], list[Divergence]] = {}
        for one in divergences:
            rest = tuple(name for name in kept[id(one)] if name not in names)
            if len(rest) < len(kept[id(one)]):
                by_rest.setdefault(rest, []).append(one)
        for rest, members in by_rest.items():
            for one, is_all in self._gone(rest, members):
                if is_all:
                    kept[id(one)] = list(rest)

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
        if not divergences or not names or self.is_late:
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


def _families(divergences: Sequence[Divergence]) -> list[list[Divergence]]:
    """Those that are likely to have one reason together, first the one whose story shows most
    other families as well: what has one story is played once."""
    of_story: dict[int, set[tuple[str, ...]]] = {}
    for one in divergences:
        of_story.setdefault(id(one.story), set()).add(family_of(one.cause))
    by_reach = sorted(divergences, key=lambda one: (-len(of_story[id(one.story)]), len(one.story)))
    found: dict[tuple[str, ...], list[Divergence]] = {}
    for one in by_reach:
        found.setdefault(family_of(one.cause), []).append(one)
    return list(found.values())


T = TypeVar("T")


def _halves(whole: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    middle = len(whole) // 2
    return whole[:middle], whole[middle:]


def _places(meeting: Meeting) -> set[tuple[Kind, str]]:
    return {(one.kind, one.place) for one in meeting.differences}


def _read(shown: Mapping[str, object]) -> Quirk:
    return Quirk(str(shown["name"]), bool(shown["isOn"]))


def _few(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} quirks together"
