"""Where requests go. `Target.send` is the one door: nothing reaches a target but through it."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from contracts.door.base_url import LIVE_RATE, read_base_url
from contracts.door.control import AdminControl, Control
from contracts.door.http import Http
from contracts.door.ownership import Ownership
from contracts.door.safety import STUB_RULES, Rules, Safety
from contracts.exchange import Exchange, Request, Response
from contracts.ledger import Ledger
from contracts.stops import Foreign, NotJudged
from contracts.yardstick import Match, Yardstick

Observer = Callable[[Exchange], None]

MAX_WAIT_S: Final = 60.0


def utc_now() -> datetime:
    return datetime.now(UTC)


class Transport(Protocol):
    """Carries one request to a target. Safe to use from several threads at once."""

    name: str
    """What people call the target: its base URL, or `stub in process`."""

    def send(self, request: Request) -> Response:
        """Raises Unreachable, and NotJudged for an answer that cannot be taken in."""

    def close(self) -> None: ...


class Target:
    """A target behind its door. Keeps every exchange, in the order in which answers came.

    Without *safety* everything is let out, and 429 is an answer like others. *ledger* is told of
    every request before it leaves. *control* can move the target's clock and count uses; without
    it, waiting takes real time, at most *max_wait_s*, by *clock* and *sleep*. *stalled_s* tells how
    long this machine has held things up so far.
    """

    def __init__(
        self,
        transport: Transport,
        yardstick: Yardstick,
        *,
        safety: Safety | None = None,
        ledger: Ledger | None = None,
        control: Control | None = None,
        observers: Sequence[Observer] = (),
        max_wait_s: float = MAX_WAIT_S,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], datetime] = utc_now,
        stalled_s: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._transport = transport
        self._yardstick = yardstick
        self._safety = safety or Safety(STUB_RULES)
        self._ledger = ledger
        self._control = control
        self._observers = tuple(observers)
        self._max_wait_s = max_wait_s
        self._sleep = sleep
        self._clock = clock
        self._stalled_s = stalled_s
        only_own = self._safety.rules.only_own
        self._ownership = Ownership(yardstick, ledger) if ledger and only_own else None
        self._lock = threading.Lock()
        self.exchanges: list[Exchange] = []

    @property
    def name(self) -> str:
        return self._transport.name

    def send(self, request: Request, *, case: str = "") -> Exchange:
        """Send *request* for *case*. Raises Refused, RunStopped, and NotJudged for a request that
        cannot be sent or was not answered.

        An answer 429 is waited out, and the request sent again; only the last answer is given back.
        """
        match = self._yardstick.match(request.method, request.path)
        self._require_own(request, match, case)
        attempt = 0
        while True:
            self._safety.admit(request, match)
            exchange = self._once(request, match, case)
            if not self._safety.is_again(exchange, attempt):
                return exchange
            attempt += 1

    def now(self) -> datetime:
        """The target's time, as far as it can be known; aware, UTC."""
        return self._control.now() if self._control else self._clock()

    @property
    def can_move_time(self) -> bool:
        """Whether `wait_until` takes no time."""
        return self._control is not None

    def wait_until(self, instant: datetime) -> None:
        """Return when it is *instant* (aware) at the target. Raises NotJudged where that would
        take too long."""
        span_s = (instant - self.now()) / timedelta(seconds=1)
        if span_s <= 0:
            return
        if self._control is not None:
            self._control.move_to(instant)
        elif span_s <= self._max_wait_s:
            self._sleep(span_s)
        else:
            raise NotJudged(
                f"would have to wait {span_s:.0f} s, and a case waits {self._max_wait_s:g} s at "
                "most: needs a target whose clock can be moved (--control)"
            )

    @property
    def can_count_uses(self) -> bool:
        """Whether `count_use` is there at all."""
        return self._control is not None and self._control.can_count_uses

    def count_use(self, link_id: str) -> bool:
        """Count one booking through a private link; False where the target refuses it, for the
        link has ended. Raises NotJudged where uses cannot be counted."""
        if self._control is None:
            raise NotJudged("needs a target that counts uses without a booking (--control)")
        return self._control.count_use(link_id)

    def close(self) -> None:
        self._transport.close()

    def _require_own(self, request: Request, match: Match | None, case: str) -> None:
        """Nothing is changed that was there before the run; what is not there at all may be tried,
        after a look. Raises Foreign."""
        if self._ownership is None or not (path := self._ownership.foreign(request, match)):
            return
        self._safety.check(request, match)
        look = self._ownership.look_at(request, match) if match else None
        if look is not None and not self._ownership.saw(path, self.send(look, case=case)):
            raise Foreign(f"{path} is there, and not this run's: it is never changed")
        if look is None:
            raise Foreign(f"{path} may be there, and is not this run's: it is never changed")

    def _once(self, request: Request, match: Match | None, case: str) -> Exchange:
        entry = self._ledger.before(request, match) if self._ledger else None
        sent_at, stalled_s, started = self.now(), self._stalled_s(), time.perf_counter()
        response = self._transport.send(request)
        duration_s = time.perf_counter() - started
        stalled_s = self._stalled_s() - stalled_s
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
                stalled_s=stalled_s,
            )
            self.exchanges.append(exchange)
            if self._ledger:
                self._ledger.after(entry, exchange)
            self._safety.saw(exchange)
            for observer in self._observers:
                observer(exchange)
        return exchange


def open_http(
    url: str,
    yardstick: Yardstick,
    *,
    rules: Rules | None = None,
    ledger: Ledger | None = None,
    is_controlled: bool = False,
    control_token: str | None = None,
    observers: Sequence[Observer] = (),
    timeout_s: float = 30.0,
) -> Target:
    """A live target at *url*. Without *rules* it is only read, with `LIVE_RATE` where it is not
    this machine. *is_controlled* tells that it is a mock of ours whose clock may be moved, which
    is tried at once. Raises SetupError, Unreachable."""
    transport = Http(url, timeout_s=timeout_s)
    safety = Safety(rules or live_rules(url), yardstick.operations)
    control = AdminControl(transport.at_root(), control_token) if is_controlled else None
    if control is not None:
        control.check()
    return Target(
        transport, yardstick, safety=safety, ledger=ledger, control=control, observers=observers
    )


def live_rules(url: str) -> Rules:
    """What holds for a live target where nobody says otherwise. Raises SetupError."""
    return Rules(rate=None if read_base_url(url).is_loopback else LIVE_RATE)
