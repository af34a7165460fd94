"""Makes sequences: lets cases act on the mock of the document, and notes what they do.

Nothing of it reaches a target. A case may be one of the suites', a script or a random walk; what
it judges does not matter here, only what it sends.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from itertools import count

from contracts.actors import Actors
from contracts.door.control import Control
from contracts.door.stub import STARTS_AT, Stub
from contracts.door.targets import Target
from contracts.exchange import Exchange, Request
from contracts.parity.steps import Call, Episode, Step, Together, Use, Wait, calls_of
from contracts.parity.symbols import Reader
from contracts.stops import NotJudged
from contracts.suites.session import Bench, Case, Options, Session
from contracts.suites.tidying import tidy
from contracts.yardstick import Yardstick


class Rehearsal:
    """The mock on which sequences are made. *options* have the seed, and the run id that the names
    of created things carry. A case with threads of its own cannot be told as a sequence, and is
    left out."""

    def __init__(self, stub: Stub, yardstick: Yardstick, options: Options) -> None:
        self._stub = stub
        self._yardstick = yardstick
        self._options = options

    def episode(self, case: Case) -> Episode | None:
        """What *case* does in a fresh world; None where that is nothing, or cannot be told."""
        reset(self._stub)
        actors = Actors(self._stub.actors, self._yardstick.schemes)
        notes = _Notes(Reader(actors, self._stub.actors, self._stub.bindings))
        target = Target(
            self._stub.transport,
            self._yardstick,
            control=_Noted(self._stub.control, notes),
            observers=(notes.call,),
        )
        bench = Bench(target, self._yardstick, actors, (), self._options, dict(self._stub.bindings))
        session = _OneByOne(bench, case, notes)
        with suppress(NotJudged):
            case.run(session)
        bench.shared.clear()  # here nobody else stands on what was made
        with suppress(NotJudged):
            tidy(session)
        if notes.is_tangled or not any(map(calls_of, notes.steps)):
            return None
        return Episode(f"{case.suite} {case.id}", tuple(notes.steps))


def reset(stub: Stub) -> None:
    """Put *stub* back to where it began, with the same time and the same ids to come."""
    stub.control.move_to(STARTS_AT)
    stub.transport.send(Request("POST", "/__admin/reset"))


class _OneByOne(Session):
    """Sends what is meant to go out at once one after the other, so that the same case is always
    the same sequence; the notes tell how it is meant."""

    def __init__(self, bench: Bench, case: Case, notes: "_Notes") -> None:
        super().__init__(bench, case)
        self._notes = notes

    def parallel(self, requests: Sequence[Request]) -> list[Exchange]:
        with self._notes.together():
            return [self.send(request) for request in requests]


class _Notes:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._thread = threading.get_ident()
        self._group: list[tuple[Call, Exchange]] | None = None
        self._keys = count(1)
        self.steps: list[Step] = []
        self.is_tangled = False

    def call(self, exchange: Exchange) -> None:
        self._check_thread()
        call = self._reader.call(next(self._keys), exchange)
        if self._group is not None:
            self._group.append((call, exchange))
            return
        self._reader.learn(call.key, exchange)
        self.steps.append(call)

    @contextmanager
    def together(self) -> Iterator[None]:
        """The calls of the block are one step; none of them knows what another was answered."""
        key, self._group = next(self._keys), []
        try:
            yield
        finally:
            group, self._group = self._group, None
            for call, exchange in group:
                self._reader.learn(call.key, exchange)
            if group:
                self.steps.append(Together(key, tuple(call for call, _ in group)))

    def use(self, link_id: str) -> None:
        self._check_thread()
        self.steps.append(Use(next(self._keys), self._reader.id(link_id)))

    def wait(self, now: datetime, instant: datetime) -> None:
        if instant <= now:
            return
        last = self.steps[-1] if self.steps else None
        if isinstance(last, Wait):
            self.steps[-1] = replace(last, span=last.span + (instant - now))
        else:
            self.steps.append(Wait(next(self._keys), instant - now))

    def _check_thread(self) -> None:
        self.is_tangled = self.is_tangled or threading.get_ident() != self._thread


class _Noted:
    """A control that notes what it is told to do."""

    def __init__(self, control: Control, notes: _Notes) -> None:
        self._control = control
        self._notes = notes

    def now(self) -> datetime:
        return self._control.now()

    def move_to(self, instant: datetime) -> None:
        self._notes.wait(self._control.now(), instant)
        self._control.move_to(instant)

    @property
    def can_count_uses(self) -> bool:
        return self._control.can_count_uses

    def count_use(self, link_id: str) -> bool:
        self._notes.use(link_id)
        return self._control.count_use(link_id)
