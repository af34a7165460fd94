"""Counting requests in fixed windows, as the simulated API's rate limiter does."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mockserver.behaviours.registry import Hit

WINDOW = timedelta(seconds=60)
MAX_TRACKERS = 10_000
_SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class Window:
    """The requests of one tracker since *began_at*; once refused, refused until *ends_at*."""

    began_at: datetime
    ends_at: datetime
    count: int = 0
    is_blocked: bool = False


class FixedWindows:
    """Implements `Limits`.

    A window begins with a tracker's first request. The first *limit* requests pass; the next is
    refused and blocks the tracker for a whole window from then on.

    Source: reference conventions section 8 (S `A/lib/throttler-guard.ts`, R).
    """

    def __init__(self, max_trackers: int = MAX_TRACKERS) -> None:
        self._max_trackers = max_trackers
        self._windows: dict[str, Window] = {}
        self._sweep_at = min(256, max_trackers)

    def __len__(self) -> int:
        return len(self._windows)

    def hit(self, tracker: str, limit: int, now: datetime) -> Hit:
        """Count one request of *tracker*, which may send *limit* of them in 60 seconds."""
        window = self._windows.get(tracker)
        if window is None or not window.began_at <= now < window.ends_at:
            window = self._new_window(tracker, now)
        if not window.is_blocked:
            window.count += 1
            if window.count > limit:
                window.is_blocked = True
                window.began_at, window.ends_at = now, now + WINDOW
        return Hit(
            limit=limit,
            remaining=0 if window.is_blocked else limit - window.count,
            reset_s=-((now - window.ends_at) // _SECOND),  # rounded up
            is_refused=window.is_blocked,
        )

    def clear(self) -> None:
        """Forget every tracker."""
        self._windows.clear()

    def _new_window(self, tracker: str, now: datetime) -> Window:
        self._windows.pop(tracker, None)
        if len(self._windows) >= self._sweep_at:
            self._sweep(now)
        window = self._windows[tracker] = Window(now, now + WINDOW)
        return window

    def _sweep(self, now: datetime) -> None:
        """Drop ended windows, and the oldest where a frozen clock lets none end.

        The next sweep comes when twice as many are kept, so one costs little per request.
        """
        alive = {
            tracker: window
            for tracker, window in self._windows.items()
            if window.began_at <= now < window.ends_at
        }
        if len(alive) >= self._max_trackers:
            kept = self._max_trackers * 3 // 4
            alive = dict(list(alive.items())[len(alive) - kept :])
        self._windows = alive
        self._sweep_at = min(max(256, 2 * len(alive)), self._max_trackers)
