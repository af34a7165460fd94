"""When the next request may leave: even spacing, and the waits that a target asks for."""

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from contracts.exchange import Response

_RESET: Final = re.compile(r"(x-)?ratelimit-reset(-.+)?")
_EPOCH_S: Final = 1_000_000_000
"""Above this a reset is no span but an instant, in seconds of Unix time."""
_UNTOLD_S: Final = 10.0
_LEAST_S: Final = 1.0


class Pace:
    """Gives each request its turn, one every `60 / rate` seconds; no bursts.

    *rate* is in requests a minute, None for no limit. Safe to use from several threads at once.
    """

    def __init__(
        self, rate: float | None, clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._spacing_s = 60.0 / rate if rate else 0.0
        self._clock = clock
        self._sleep = sleep
        self._next_at = clock()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when it is the caller's turn."""
        with self._lock:
            now = self._clock()
            turn_at = max(now, self._next_at)
            self._next_at = turn_at + self._spacing_s
        if turn_at > now:
            self._sleep(turn_at - now)

    def postpone(self, span_s: float) -> None:
        """No turn is given before *span_s* from now."""
        with self._lock:
            self._next_at = max(self._next_at, self._clock() + span_s)


def asked_wait_s(response: Response, attempt: int, now: datetime) -> float:
    """How long an answer 429 asks to wait, in seconds; longer with each *attempt* (from 0) where
    it does not tell.

    Source: RFC 9110 section 10.2.3 (Retry-After); reference conventions.md section 8: there is no
    Retry-After, but `X-RateLimit-Reset-<Name>` in seconds, one for each limit of a key, which is
    refused only while all of them are used up. Some APIs give Unix time there.
    """
    told = _retry_after_s(response, now)
    if told is None:
        resets = [_reset_s(value, now) for name, value in response.headers if _is_reset(name)]
        told = min((reset for reset in resets if reset is not None), default=None)
    if told is None:
        told = _UNTOLD_S * 2**attempt
    return max(told, _LEAST_S)


def _is_reset(name: str) -> bool:
    return _RESET.fullmatch(name.lower()) is not None


def _retry_after_s(response: Response, now: datetime) -> float | None:
    value = response.header("retry-after")
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        instant = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return (aware - now).total_seconds()


def _reset_s(value: str, now: datetime) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    if not 0 <= number < _EPOCH_S * 1e6:  # NaN among what is refused
        return None
    if number > _EPOCH_S * 1000:
        number /= 1000
    return number - now.timestamp() if number > _EPOCH_S else number
