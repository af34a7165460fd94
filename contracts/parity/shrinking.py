"""Finds the shortest sequence that still shows what a longer one showed."""

from collections.abc import Callable
from typing import Final

from contracts.parity.play import Meeting
from contracts.parity.steps import Step, with_needs, without

Story = tuple[Meeting, ...]
Shows = Callable[[tuple[Step, ...]], Story | None]
"""Plays steps, and gives what happened if the last of them still shows it."""

TRIES: Final = 60
"""Sequences that are tried at most, where the target need not be spared."""
FEW_TRIES: Final = 6


def shrink(story: Story, shows: Shows, tries: int = TRIES) -> tuple[Story, bool]:
    """The shortest story found, and whether none of its steps can be left out.

    What the last step stands on is tried alone first; else ever smaller parts of the story are
    left out, each with all that stands on it. At most *tries* sequences are played.
    """
    search = _Search(story, shows, tries)
    last = story[-1].step.key
    needed = with_needs(search.steps, frozenset({last}))
    if len(needed) < len(search.steps) and not search.takes(needed):
        search.cut()
    return search.story, tries == 0 or search.left > 0 or len(search.story) == 1


class _Search:
    def __init__(self, story: Story, shows: Shows, tries: int) -> None:
        self.story = story
        self.left = tries
        self._shows = shows

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(meeting.step for meeting in self.story)

    def takes(self, steps: tuple[Step, ...]) -> bool:
        """Try a shorter sequence, and go on from it where it shows the same."""
        if self.left <= 0:
            return False
        self.left -= 1
        story = self._shows(steps)
        if story is None or len(story) >= len(self.story):
            return False
        self.story = story
        return True

    def cut(self) -> None:
        """Leave out halves, then quarters, down to single steps, until nothing more goes."""
        size = max(1, (len(self.story) - 1) // 2)
        while self.left > 0:
            if not self._cut_once(size):
                if size == 1:
                    return
                size = max(1, size // 2)

    def _cut_once(self, size: int) -> bool:
        """Whether any part of *size* steps could be left out; the latest are tried first."""
        last = self.story[-1].step.key
        is_shorter = False
        end = len(self.story) - 1
        while end > 0 and self.left > 0:
            start = max(0, end - size)
            part = frozenset(step.key for step in self.steps[start:end])
            steps = without(self.steps, part)
            if steps and steps[-1].key == last and self.takes(steps):
                is_shorter = True
                end = min(end, len(self.story) - 1)
            else:
                end = start
            end = min(end, start) if start < end else end
        return is_shorter
