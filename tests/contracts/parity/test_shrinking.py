"""Shrinking: the shortest sequence that shows it, in a bounded number of tries."""

from datetime import timedelta

from contracts.parity.play import Answer, Meeting
from contracts.parity.shrinking import Story, shrink
from contracts.parity.steps import Seen, Step, Use, Wait


def story(*steps: Step) -> Story:
    return tuple(Meeting(step, Answer(), Answer()) for step in steps)


def waits(count: int) -> list[Step]:
    return [Wait(key, timedelta(seconds=key)) for key in range(1, count + 1)]


class Target:
    """Shows it where all *needed* keys are played; counts what is tried."""

    def __init__(self, *needed: int) -> None:
        self._needed = set(needed)
        self.tries = 0

    def __call__(self, steps: tuple[Step, ...]) -> Story | None:
        self.tries += 1
        keys = {step.key for step in steps}
        return story(*steps) if self._needed <= keys else None


def keys(found: Story) -> list[int]:
    return [meeting.step.key for meeting in found]


def test_a_step_that_shows_it_alone_is_found_at_once() -> None:
    target = Target(20)
    found, is_short = shrink(story(*waits(20)), target)
    assert (keys(found), is_short, target.tries) == ([20], True, 1)


def test_steps_that_nothing_refers_to_are_kept_where_they_matter() -> None:
    found, is_short = shrink(story(*waits(20)), Target(3, 11, 20))
    assert (keys(found), is_short) == ([3, 11, 20], True)


def test_what_a_step_stands_on_is_kept() -> None:
    steps = [*waits(6), Use(7, Seen(2, ("data", "id")))]
    found, _ = shrink(story(*steps), Target(7))
    assert keys(found) == [2, 7]


def test_no_more_is_tried_than_allowed() -> None:
    target = Target(*range(1, 21))
    found, is_short = shrink(story(*waits(20)), target, tries=5)
    assert (len(found), is_short, target.tries) == (20, False, 5)


def test_a_story_that_cannot_be_shorter_stays() -> None:
    found, is_short = shrink(story(*waits(3)), Target(1, 2, 3))
    assert (keys(found), is_short) == ([1, 2, 3], True)
