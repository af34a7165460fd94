"""Tells what a twin run has found in the shortest stories that show it."""

from collections.abc import Sequence
from time import monotonic
from typing import Final

from contracts.parity.causes import cause_of, family_of
from contracts.parity.shrinking import Shows, Story, shrink
from contracts.parity.steps import Step, with_needs
from contracts.parity.twin import Divergence, Pair, Progress, Run, by_story

LONGEST_S: Final = 45.0
"""How long may be tried, all stories together, where the targets need not be spared."""
LONGEST_LIVE_S: Final = 600.0


def shorten(pair: Pair, run: Run, tries: int, progress: Progress) -> None:
    """Give each divergence of *run* a shorter story, with at most *tries* plays each. What its last
    step stands on is tried first, for all; where more is needed, the first of each family. Raises
    RunStopped."""
    longest_s = LONGEST_S if pair.is_throwaway else LONGEST_LIVE_S
    if tries:
        _Shortening(pair, run, monotonic() + longest_s, progress).go(tries)


class _Shortening:
    def __init__(self, pair: Pair, run: Run, ends_at: float, progress: Progress) -> None:
        self._pair = pair
        self._run = run
        self._ends_at = ends_at
        self._progress = progress

    def go(self, tries: int) -> None:
        stories = by_story(self._run.divergences.values())
        left: list[list[Divergence]] = []
        for at, members in enumerate(stories, 1):
            self._progress.say(f"shortening story {at} of {len(stories)}")
            left += self._to_what_is_needed(members)
        left = _one_of_each_family(left)
        for at, members in enumerate(left, 1):
            if self._is_late:
                text = f"there was no time to shorten {len(left) - at + 1} stories"
                self._run.remarks.append(text)
                return
            self._progress.say(f"shortening long story {at} of {len(left)}")
            self._shrink(members, tries)

    @property
    def _is_late(self) -> bool:
        return monotonic() > self._ends_at

    def _to_what_is_needed(self, members: list[Divergence]) -> list[list[Divergence]]:
        """Try only what the last step stands on; gives those for which that is too little."""
        story = None if self._is_late else self._pair.story(_needed(members[0]))
        shown = set() if story is None else {cause_of(story[-1], d) for d in story[-1].differences}
        for one in members:
            if story is not None and one.cause in shown:
                one.story, one.is_shrunk = story, True
        return [[one] for one in members if not one.is_shrunk]

    def _shrink(self, members: list[Divergence], tries: int) -> None:
        story, is_short = shrink(members[0].story, self._shows(members), tries)
        for one in members:
            one.story, one.is_shrunk = story, is_short

    def _shows(self, members: Sequence[Divergence]) -> Shows:
        """Tells whether steps end with the differences of all *members*."""
        causes = {one.cause for one in members}

        def played(steps: tuple[Step, ...]) -> Story | None:
            story = None if self._is_late else self._pair.story(steps)
            if story is None:
                return None
            last = story[-1]
            return story if causes <= {cause_of(last, one) for one in last.differences} else None

        return played


def _needed(divergence: Divergence) -> tuple[Step, ...]:
    return with_needs(divergence.steps, frozenset({divergence.meeting.step.key}))


def _one_of_each_family(groups: Sequence[list[Divergence]]) -> list[list[Divergence]]:
    """Of those that are likely to have one reason the one with the shortest story."""
    found: dict[tuple[str, ...], list[Divergence]] = {}
    for members in sorted(groups, key=lambda group: len(group[0].story)):
        found.setdefault(family_of(members[0].cause), members)
    return list(found.values())
