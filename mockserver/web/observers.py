"""Who is told of each request once it is answered: the journal, and others that are asked for."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, Protocol


class Answered(NamedTuple):
    """One request and its answer.

    *at* is the mock's time, *duration_s* real time. *headers* have lower-case names, *body* and
    *answer* are as sent; status 0: unanswered.
    """

    at: datetime
    method: str
    target: str
    operation_id: str
    status: int
    duration_s: float
    actor: str
    headers: Mapping[str, str]
    body: bytes
    answer: bytes
    request_id: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


class Observer(Protocol):
    """Takes what there is to know of one request and its answer."""

    def add(self, answered: Answered, /) -> None:
        """It is on the way of every request, after the answer was handed over."""
        ...


class Observers:
    """Tells several observers, one after the other."""

    def __init__(self, *observers: Observer) -> None:
        self._adds = [one.add for one in observers]

    def add(self, answered: Answered) -> None:
        for add in self._adds:
            add(answered)


def observed_by(*observers: Observer) -> Observer:
    """All of them as one; a single one is told without a detour."""
    return observers[0] if len(observers) == 1 else Observers(*observers)
