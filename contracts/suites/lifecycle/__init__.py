"""The suite `lifecycle`: what an API's things do from their creation to their end."""

from collections.abc import Iterator
from itertools import chain

from contracts.suites.lifecycle import (
    calcom,
    creating,
    deleting,
    isolation,
    listing,
    parallel,
    reading,
    relations,
    replacing,
    updating,
    wandering,
)
from contracts.suites.lifecycle.rules import cases_of_rules
from contracts.suites.session import Case, Options
from contracts.yardstick import Yardstick

__all__ = ["cases"]

_PARTS = (
    reading,
    listing,
    creating,
    updating,
    replacing,
    deleting,
    relations,
    isolation,
    parallel,
    wandering,
)


def cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """Every rule for everything that the document lets come and go; without any traffic."""
    rules = chain.from_iterable(part.RULES for part in _PARTS)
    yield from cases_of_rules(rules, yardstick, options)
    if yardstick.domain == "calcom":
        yield from calcom.cases(yardstick, options)
