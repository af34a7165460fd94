"""What came of requests that were sent at once, whatever order they were answered in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contracts.exchange import Exchange, Request
from contracts.parity.difference import Difference, Kind, pointer
from contracts.parity.names import name_kind, noun_of
from contracts.parity.steps import Call
from mockserver.model import Json


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often each status came, and how many different things the successes name at each
    place."""

    statuses: Mapping[int, int]
    names: Mapping[str, int]


def outcome_of(calls: Sequence[Call], exchanges: Sequence[Exchange]) -> Outcome:
    """The outcome of *calls*, each with the answer that it got."""
    names: dict[str, set[str]] = {}
    for call, exchange in zip(calls, exchanges, strict=True):
        if exchange.is_success:
            path = call.operation.path if call.operation else exchange.request.path
            for place, value in _names((), exchange.response.json, noun_of(path)):
                names.setdefault(place, set()).add(value)
    statuses = Counter(exchange.response.status for exchange in exchanges)
    return Outcome(statuses, {place: len(found) for place, found in names.items()})


def outcome_differences(left: Outcome, right: Outcome) -> Iterator[Difference]:
    """What differs; where the statuses do, nothing else is looked at."""
    if left.statuses != right.statuses:
        yield Difference(Kind.STATUS, "", _counted(left.statuses), _counted(right.statuses))
        return
    for place in left.names:
        one, other = left.names[place], right.names.get(place, 0)
        if other and one != other:
            yield Difference(Kind.VALUE, place, f"{one} different ones", f"{other} different ones")


def in_order(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Among answers to equal requests, those that succeeded first: which of the requests was the
    first at the server is chance."""
    free: dict[Request, list[Exchange]] = {}
    for one in sorted(exchanges, key=lambda one: not one.is_success):
        free.setdefault(one.request, []).append(one)
    return [free[one.request].pop(0) for one in exchanges]


def _names(place: tuple[str | int, ...], value: Json, noun: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _names((*place, key), inner, noun)
    elif isinstance(value, list):
        for inner in value:
            yield from _names((*place, 0), inner, noun)
    elif value is not None and name_kind(place, value, noun) is not None:
        yield pointer(place), str(value)


def _counted(statuses: Mapping[int, int]) -> str:
    return ", ".join(f"{count} times {status}" for status, count in sorted(statuses.items()))
