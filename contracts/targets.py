"""Where requests go. `Target.send` is the one door: nothing reaches a target but through it."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from contracts.exchange import Exchange, Request, Response
from contracts.yardstick import Yardstick

Observer = Callable[[Exchange], None]


class Transport(Protocol):
    """Carries one request to a target. Safe to use from several threads at once."""

    name: str
    """What people call the target: its base URL, or `stub in process`."""

    def send(self, request: Request) -> Response:
        """Raises Unreachable, and NotJudged for an answer that cannot be taken in."""

    def close(self) -> None: ...


class Target:
    """A target behind its door. Keeps every exchange, in the order in which answers came."""

    def __init__(
        self, transport: Transport, yardstick: Yardstick, observers: Sequence[Observer] = ()
    ) -> None:
        self._transport = transport
        self._yardstick = yardstick
        self._observers = tuple(observers)
        self._lock = threading.Lock()
        self.exchanges: list[Exchange] = []

    @property
    def name(self) -> str:
        return self._transport.name

    def send(self, request: Request, *, case: str = "") -> Exchange:
        """Send *request* for *case*. Raises Refused, RunStopped."""
        match = self._yardstick.match(request.method, request.path)
        sent_at, started = self.now(), time.perf_counter()
        response = self._transport.send(request)
        duration_s = time.perf_counter() - started
        with self._lock:
            exchange = Exchange(
                number=len(self.exchanges) + 1,
                request=request,
                response=response,
                operation=match.operation if match else None,
                path_values=match.path_values if match else {},
                sent_at=sent_at,
                duration_s=duration_s,
                case=case,
            )
            self.exchanges.append(exchange)
            for observer in self._observers:
                observer(exchange)
        return exchange

    def now(self) -> datetime:
        """The target's time, as far as it can be known; aware, UTC."""
        return datetime.now(UTC)

    def close(self) -> None:
        self._transport.close()
