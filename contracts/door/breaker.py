"""Notices that a target no longer answers as it should, before it is asked ten thousand times."""

from typing import Final

from contracts.actors import OWNER
from contracts.exchange import Exchange

LIMIT: Final = 10
_PATIENCE: Final = 3
"""An operation that always fails is a finding; it takes so many times *limit* to end a run."""


class Breaker:
    """Counts bad answers in a row; `reason` is set once there were too many.

    Bad are 429 and 5xx, and 401 and 403 to the owner: suites provoke those with other credentials.
    A 403 is bad only at a path where the owner has been welcome, for generated paths lead into the
    rooms of others. A *limit* of 0 never breaks.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._streak: list[tuple[int, str]] = []
        self._welcome: set[tuple[str, str]] = set()
        self.reason = ""

    def saw(self, exchange: Exchange) -> None:
        status = exchange.response.status
        is_denied = status in (401, 403)
        place = exchange.request.method, exchange.request.path
        if exchange.is_success and exchange.request.actor == OWNER:
            self._welcome.add(place)
        if is_denied and exchange.request.actor != OWNER:
            return
        if status == 403 and place not in self._welcome:
            return
        if not (is_denied or status == 429 or status >= 500):
            self._streak.clear()
            return
        self._streak.append((status, exchange.label))
        if self._limit and len(self._streak) >= self._limit * self._patience():
            self.reason = self._told()

    def _patience(self) -> int:
        statuses, labels = (set(seen) for seen in zip(*self._streak, strict=True))
        is_one_failing = len(labels) == 1 and not statuses & {401, 429}
        return _PATIENCE if is_one_failing else 1

    def _told(self) -> str:
        statuses = {status for status, _ in self._streak}
        shown = ", ".join(map(str, sorted(statuses)))
        said = f"the last {len(self._streak)} answers in a row were {shown}"
        if statuses <= {401, 403}:
            return f"{said} to owner: has the key expired? Give another with --as owner=ENV_VAR"
        if statuses == {429}:
            return f"{said} (too many requests): try again later, or lower --rate"
        return f"{said}: the target seems to be in trouble; try again when it is well"
