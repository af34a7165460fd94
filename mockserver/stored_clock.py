"""A clock whose state is kept in a shared store, so that all processes live in one time."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mockserver.clock import Clock, ClockState
from mockserver.errors import SetupError
from mockserver.model import Document, Json
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


def changed_clock(clock: Clock, change: Json) -> None:
    """Release *clock*, and change it as `clock_change` tells. Raises SetupError."""
    name, value = "", change
    if isinstance(change, dict) and len(change) == 1:
        [(name, value)] = change.items()
    try:
        if name == "freeze":
            instant = datetime.fromisoformat(value)
            clock.release()
            clock.freeze(instant if instant.tzinfo else instant.replace(tzinfo=UTC))
        elif name == "advance":
            span = timedelta(seconds=value)
            clock.release()
            clock.advance(span)
        else:
            raise ValueError("must be {freeze: INSTANT} or {advance: SECONDS}")
    except (OverflowError, TypeError, ValueError) as error:
        raise SetupError(str(error), place="/x-clock", value=change) from error


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
