"""The order in which cases are tried on a deviation: the same for every one of them.

Most deviations show in the first second of cases that take none; generated requests come last.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from contracts.suites.registry import NAMES, cases_of
from contracts.suites.session import Case, Options
from contracts.yardstick import Yardstick

_QUICK: Final = ("examples", "auth", "variants", "lifecycle")
"""Suites whose quick cases come first."""
_LAST: Final = ("stateful", "fuzz")
"""Suites that generate their requests."""


def cases_in_order(yardstick: Yardstick, options: Options) -> list[Case]:
    """Every case of a default run: those that a quick run has, then the others, suite by suite."""
    by_suite = {suite: cases_of(suite, yardstick, options) for suite in NAMES}
    quick_options = replace(options, quick=True)
    first = [case for suite in _QUICK for case in _quick(suite, yardstick, quick_options, by_suite)]
    begun = {(case.suite, case.id) for case in first}
    order = [*(suite for suite in NAMES if suite not in _LAST), *_LAST]
    rest = [case for suite in order for case in by_suite[suite]]
    return [*first, *(case for case in rest if (case.suite, case.id) not in begun)]


def _quick(
    suite: str, yardstick: Yardstick, options: Options, by_suite: dict[str, list[Case]]
) -> Sequence[Case]:
    ids = {case.id for case in cases_of(suite, yardstick, options)}
    return [case for case in by_suite[suite] if case.id in ids]
