"""The sequences of a twin run, in their order: scripts first, then what the suites do, mixed by the
seed with random walks, and walks without end.

Same document, same seed: the same sequences in the same order.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from random import Random
from typing import Final

from contracts.parity import scripts
from contracts.parity.rehearsal import Rehearsal
from contracts.parity.steps import Episode
from contracts.parity.wandering import wander
from contracts.suites.registry import cases_of
from contracts.suites.session import Case, Options
from contracts.yardstick import Yardstick

SUITES: Final = ("examples", "auth", "variants", "lifecycle")
"""Those whose cases are sequences; the others leave the choice to a generator of their own."""
_CASES_TO_A_WALK: Final = 10
_LIVES: Final = 3
"""Walks in a row that did nothing, after which there will be no more."""


def episodes(rehearsal: Rehearsal, yardstick: Yardstick, options: Options) -> Iterator[Episode]:
    """All episodes; without end where the document lets anything be created."""
    random = Random(options.seed)
    yield from _rehearsed(rehearsal, scripts.cases(yardstick))
    cases = in_rounds([c for suite in SUITES for c in cases_of(suite, yardstick, options)], random)
    number = 0
    for start in range(0, len(cases), _CASES_TO_A_WALK):
        yield from _rehearsed(rehearsal, cases[start : start + _CASES_TO_A_WALK])
        yield from _rehearsed(rehearsal, [walk_case(options.seed, number)])
        number += 1
    idle = 0
    while idle < _LIVES:
        episode = rehearsal.episode(walk_case(options.seed, number))
        number, idle = number + 1, 0 if episode else idle + 1
        if episode is not None:
            yield episode


def in_rounds(cases: Iterable[Case], random: Random) -> list[Case]:
    """Each rule once, on the first operation that has it, before any is tried a second time; the
    order within a round is chance."""
    rounds: list[list[Case]] = []
    tried: Counter[tuple[str, str]] = Counter()
    for case in cases:
        number = tried[case.suite, case.rule]
        tried[case.suite, case.rule] += 1
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(case)
    for one in rounds:
        random.shuffle(one)
    return [case for one in rounds for case in one]


def walk_case(seed: int, number: int) -> Case:
    """The random walk *number* of a run."""
    random = Random(f"{seed} {number}")
    return Case("walk", "any", f"walk-{number}", partial(wander, random))


def _rehearsed(rehearsal: Rehearsal, cases: Iterable[Case]) -> Iterator[Episode]:
    for case in cases:
        episode = rehearsal.episode(case)
        if episode is not None:
            yield episode
