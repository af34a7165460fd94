"""Time as an object: real by default; frozen, set or moved by those who test what expires."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol


def system_time() -> datetime:
    """The machine's own time, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ClockState:
    """How a clock differs from the system's time: by an offset, or because it stands still."""

    offset: timedelta = timedelta()
    frozen_at: datetime | None = None


class ClockKeeper(Protocol):
    """Keeps the state of a clock."""

    def read(self) -> ClockState: ...

    def recent(self) -> ClockState:
        """As of the last transaction of this process; costs nothing."""
        ...

    def change(self, changed: Callable[[ClockState], ClockState]) -> None:
        """Replace the state by what *changed* makes of it, unless that raises."""
        ...


class OwnState:
    """Keeps the state for one process."""

    def __init__(self) -> None:
        self._state = ClockState()

    def read(self) -> ClockState:
        return self._state

    def recent(self) -> ClockState:
        return self._state

    def change(self, changed: Callable[[ClockState], ClockState]) -> None:
        self._state = changed(self._state)


class Clock:
    """Gives `now()`: the system's time plus an offset, or one frozen instant."""

    def __init__(self, source: Callable[[], datetime] = system_time) -> None:
        self._source = source
        self._keeper: ClockKeeper = OwnState()
        self.is_shared = False

    def share(self, keeper: ClockKeeper) -> None:
        """Keep the state where other processes see and change it too."""
        self._keeper = keeper
        self.is_shared = True

    def now(self) -> datetime:
        """The present instant, aware, in UTC. Raises OverflowError beyond the year 9999."""
        return self._at(self._keeper.read())

    def recent(self) -> datetime:
        """The present instant, by what this process last knew of a shared clock."""
        return self._at(self._keeper.recent())

    @property
    def is_frozen(self) -> bool:
        return self._keeper.read().frozen_at is not None

    @property
    def offset(self) -> timedelta:
        """How far a running clock is ahead of the system's time."""
        return self._keeper.read().offset

    def freeze(self, instant: datetime | None = None) -> None:
        """Stand still at *instant* (aware), or at the present one."""

        def frozen(state: ClockState) -> ClockState:
            return replace(state, frozen_at=(instant or self._at(state)).astimezone(UTC))

        self._keeper.change(frozen)

    def set(self, instant: datetime) -> None:
        """Make it *instant* (aware) now; a frozen clock stays frozen, a running one runs on."""
        utc = instant.astimezone(UTC)

        def made(state: ClockState) -> ClockState:
            if state.frozen_at is not None:
                return replace(state, frozen_at=utc)
            return replace(state, offset=utc - self._source())

        self._keeper.change(made)

    def advance(self, span: timedelta) -> None:
        """Move forward by *span*, or back by a negative one."""

        def moved(state: ClockState) -> ClockState:
            if state.frozen_at is not None:
                return replace(state, frozen_at=state.frozen_at + span)
            offset = state.offset + span
            _ = self._source() + offset  # refuses what no calendar holds, before it is kept
            return replace(state, offset=offset)

        self._keeper.change(moved)

    def release(self) -> None:
        """Return to the system's time."""
        self._keeper.change(lambda state: ClockState())

    def _at(self, state: ClockState) -> datetime:
        if state.frozen_at is not None:
            return state.frozen_at
        now = self._source()
        return now + state.offset if state.offset else now


def iso_text(instant: datetime) -> str:
    """UTC with milliseconds and `Z`, as JavaScript prints it: `2030-01-01T08:00:00.000Z`."""
    utc = instant.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='milliseconds')}Z"
