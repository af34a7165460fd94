"""Time as an object: real by default; frozen, set or moved by those who test what expires."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def system_time() -> datetime:
    """The machine's own time, aware, in UTC."""
    return datetime.now(UTC)


class Clock:
    """Gives `now()`: the system's time plus an offset, or one frozen instant."""

    def __init__(self, source: Callable[[], datetime] = system_time) -> None:
        self._source = source
        self._offset = timedelta()
        self._frozen_at: datetime | None = None

    def now(self) -> datetime:
        """The present instant, aware, in UTC. Raises OverflowError beyond the year 9999."""
        if self._frozen_at is not None:
            return self._frozen_at
        return self._source() + self._offset

    @property
    def is_frozen(self) -> bool:
        return self._frozen_at is not None

    @property
    def offset(self) -> timedelta:
        """How far a running clock is ahead of the system's time."""
        return self._offset

    def freeze(self, instant: datetime | None = None) -> None:
        """Stand still at *instant* (aware), or at the present one."""
        self._frozen_at = (instant or self.now()).astimezone(UTC)

    def set(self, instant: datetime) -> None:
        """Make it *instant* (aware) now; a frozen clock stays frozen, a running one runs on."""
        if self.is_frozen:
            self.freeze(instant)
        else:
            self._offset = instant.astimezone(UTC) - self._source()

    def advance(self, span: timedelta) -> None:
        """Move forward by *span*, or back by a negative one."""
        if self._frozen_at is not None:
            self._frozen_at += span
        else:
            moved = self._offset + span
            _ = self._source() + moved  # refuses what no calendar holds, before it is kept
            self._offset = moved

    def release(self) -> None:
        """Return to the system's time."""
        self._frozen_at = None
        self._offset = timedelta()


def iso_text(instant: datetime) -> str:
    """UTC with milliseconds and `Z`, as JavaScript prints it: `2030-01-01T08:00:00.000Z`."""
    utc = instant.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='milliseconds')}Z"
