"""A clock whose state is kept in a shared store, so that all processes live in one time."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from mockserver.clock import ClockState
from mockserver.model import Document
from mockserver.store.protocol import SharedStore

_MICROSECOND = timedelta(microseconds=1)


class StoredClock:
    """Implements `ClockKeeper` on a shared store."""

    def __init__(self, store: SharedStore) -> None:
        self._store = store

    def read(self) -> ClockState:
        return state_of(self._store.clock_text())

    def recent(self) -> ClockState:
        return state_of(self._store.recent_clock_text())

    def change(self, changed: Callable[[ClockState], ClockState]) -> None:
        with self._store.transaction():
            self._store.keep_clock_text(text_of(changed(self.read())))


def clock_change(text: str) -> Document | None:
    """What makes a clock that was released what *text* tells, as `PUT /__admin/clock` takes it."""
    state = state_of(text)
    if state.frozen_at is not None:
        return {"freeze": state.frozen_at.isoformat()}
    return {"advance": state.offset / timedelta(seconds=1)} if state.offset else None


def text_of(state: ClockState) -> str:
    """*state* as a text that `state_of` reads; empty for the system's time."""
    if state == ClockState():
        return ""
    frozen_at = None if state.frozen_at is None else state.frozen_at.isoformat()
    return json.dumps({"offset_us": state.offset // _MICROSECOND, "frozen_at": frozen_at})


def state_of(text: str) -> ClockState:
    if not text:
        return ClockState()
    told = json.loads(text)
    frozen_at = told["frozen_at"]
    return ClockState(
        offset=timedelta(microseconds=told["offset_us"]),
        frozen_at=None if frozen_at is None else datetime.fromisoformat(frozen_at),
    )
