"""What seeds and reference promise about event types and private links of Cal.com."""

from collections.abc import Iterator
from itertools import chain

from contracts.suites.lifecycle.calcom import (
    addresses,
    contradictions,
    endings,
    event_type_walks,
    expiry,
    kinds,
    link_ids,
    link_owners,
    link_walks,
    managed,
    names,
    outputs,
    people,
    settings,
    teams,
    uses,
    visibility,
)
from contracts.suites.lifecycle.calcom.world import cases_of_worlds
from contracts.suites.session import Case, Options
from contracts.yardstick import Yardstick

__all__ = ["cases"]

_PARTS = (
    link_ids,
    expiry,
    uses,
    kinds,
    addresses,
    link_owners,
    names,
    visibility,
    managed,
    settings,
    contradictions,
    outputs,
    teams,
    endings,
    link_walks,
    event_type_walks,
)


def cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """The rules of the domain, for users and for teams; without any traffic."""
    rules = chain.from_iterable(part.RULES for part in _PARTS)
    yield from cases_of_worlds(rules, yardstick, options)
    yield from people.cases(yardstick)
