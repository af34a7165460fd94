"""How long this machine itself held things up: what a busy machine takes is not the target's."""

import threading
import time
from typing import Final

_BEAT_S: Final = 0.01


class StallMeter:
    """Sleeps and wakes all the time; whatever it wakes late by, everybody here has waited for.

    On a machine with enough to spare that is next to nothing.
    """

    def __init__(self) -> None:
        self._stalled_s = 0.0
        self._due = time.perf_counter() + _BEAT_S
        self._is_over = False
        self._thread = threading.Thread(target=self._beat, name="stall meter", daemon=True)
        self._thread.start()

    def stalled_s(self) -> float:
        """The seconds lost since the start, those of a stall that lasts still among them."""
        return self._stalled_s + max(0.0, time.perf_counter() - self._due)

    def close(self) -> None:
        self._is_over = True
        self._thread.join()

    def _beat(self) -> None:
        while not self._is_over:
            time.sleep(max(0.0, self._due - time.perf_counter()))
            now = time.perf_counter()
            self._stalled_s += max(0.0, now - self._due)
            self._due = now + _BEAT_S
