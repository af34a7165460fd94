"""Makes sequences: lets cases act on the mock of the document, and notes what they do.

Nothing of it reaches a target. A case may be one of the suites', a script or a random walk; what
it judges does not matter here, only what it sends.
"""

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from contracts.actors import Actors
from contracts.door.control import Control
from contracts.door.stub import STARTS_AT, Stub
from contracts.door.targets import Target
from contracts.exchange import Exchange, Request
from contracts.parity.steps import Call, Episode, Step, Use, Wait
from contracts.parity.symbols import Reader
from contracts.stops import NotJudged
from contracts.suites.session import Bench, Case, Options, Session
from contracts.suites.tidying import tidy
from contracts.yardstick import Yardstick


class Rehearsal:
    """The mock on which sequences are made. *options* have the seed, and the run id that the names
    of created things carry. A case that sends several requests at once cannot be told as a
    sequence, and is left out."""

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
        session = Session(bench, case)
        with suppress(NotJudged):
            case.run(session)
        bench.shared.clear()  # here nobody else stands on what was made
        with suppress(NotJudged):
            tidy(session)
        if notes.is_tangled or not any(isinstance(step, Call) for step in notes.steps):
            return None
        return Episode(f"{case.suite} {case.id}", tuple(notes.steps))


def reset(stub: Stub) -> None:
    """Put *stub* back to where it began, with the same time and the same ids to come."""
    stub.control.move_to(STARTS_AT)
    stub.transport.send(Request("POST", "/__admin/reset"))


class _Notes:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._thread = threading.get_ident()
        self.steps: list[Step] = []
        self.is_tangled = False

    def call(self, exchange: Exchange) -> None:
        self._check_thread()
        self.steps.append(self._reader.call(len(self.steps) + 1, exchange))

    def use(self, link_id: str) -> None:
        self._check_thread()
        self.steps.append(Use(len(self.steps) + 1, self._reader.id(link_id)))

    def wait(self, now: datetime, instant: datetime) -> None:
        if instant <= now:
            return
        last = self.steps[-1] if self.steps else None
        if isinstance(last, Wait):
            self.steps[-1] = replace(last, span=last.span + (instant - now))
        else:
            self.steps.append(Wait(len(self.steps) + 1, instant - now))

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
