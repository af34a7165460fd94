"""Stands in the door: what may leave, how fast, how much, and when nothing more will.

Redirects need no rule here: no transport follows them, the 3xx answer is the exchange.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Final
from urllib.parse import unquote

from contracts.door.breaker import LIMIT, Breaker
from contracts.door.pacing import Pace, asked_wait_s
from contracts.exchange import READING, Exchange, Request
from contracts.stops import Refused, RunStopped
from contracts.yardstick import Match
from mockserver.errors import SetupError
from mockserver.openapi import Operation

REPEATS: Final = 3
"""How often a request is sent again after 429."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the door holds to. As they stand: a live target, reading only.

    *allow* (empty for all) and *deny* hold operationIds, labels (`GET /books`) or patterns of them
    with `*`. *only_declared* keeps back requests that fit no operation, *only_own* changes of items
    that the run did not create (see `Ownership`). *rate* is in requests a minute. *breaker* is how
    many bad answers in a row end the run, 0 for never. *patience_s* is the longest wait that an
    answer 429 may ask for; 0 takes 429 for an answer like others.
    """

    allow_writes: bool = False
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    only_declared: bool = True
    only_own: bool = True
    rate: float | None = None
    budget: int | None = None
    write_budget: int | None = None
    breaker: int = LIMIT
    patience_s: float = 120.0


STUB_RULES: Final = Rules(
    allow_writes=True, only_declared=False, only_own=False, breaker=0, patience_s=0.0
)
"""For a target that nobody else uses and that nothing can harm."""


class Safety:
    """The rules at work; safe to use from several threads at once.

    *operations* are those of the document, which the lists of *rules* may name. *clock* counts
    seconds. Raises SetupError for a name or pattern that fits none of them.
    """

    def __init__(
        self,
        rules: Rules,
        operations: Sequence[Operation] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.rules = rules
        self._allowed = _named("--allow", rules.allow, operations)
        self._denied = _named("--deny", rules.deny, operations)
        self._pace = Pace(rules.rate, clock, sleep)
        self._breaker = Breaker(rules.breaker)
        self._lock = threading.Lock()
        self._stopped = ""
        self.requests = 0
        self.writes = 0
        self.throttled = 0
        """How many answers were 429 and were waited out."""

    def admit(self, request: Request, match: Match | None) -> None:
        """Return when *request* may leave. Raises Refused, RunStopped."""
        self.check(request, match)
        self._spend(request.method not in READING)
        self._pace.wait()
        with self._lock:
            self._check_open()

    def check(self, request: Request, match: Match | None) -> None:
        """What holds for *request* whatever was sent before it. Raises Refused."""
        self._check_document(request, match)
        self._check_lists(match)
        if request.method not in READING:
            self._check_write(request, match)

    def is_again(self, exchange: Exchange, attempt: int) -> bool:
        """Whether the request is to be sent again because it met a limit of the target's; the
        next turn then comes only when the target allows. *attempt* counts from 0.

        An answer 429 to a write tells that it was not applied, so writes are sent again too.
        Closes the door where the wait that is asked for is too long.
        """
        if exchange.response.status != 429 or not self.rules.patience_s or attempt >= REPEATS:
            return False
        wait_s = asked_wait_s(exchange.response, attempt, datetime.now(UTC))
        if wait_s > self.rules.patience_s:
            self.stop(
                f"the target asks to wait {wait_s:.0f} s (429 too many requests): try again then, "
                "or lower --rate"
            )
            return False
        with self._lock:
            self.throttled += 1
        self._pace.postpone(wait_s)
        return True

    def saw(self, exchange: Exchange) -> None:
        """Take note of an answer; after too many bad ones the door is closed."""
        with self._lock:
            self._breaker.saw(exchange)
            self._stopped = self._stopped or self._breaker.reason

    def stop(self, reason: str) -> None:
        """Let nothing more out."""
        with self._lock:
            self._stopped = self._stopped or reason

    def _check_open(self) -> None:
        if self._stopped:
            raise RunStopped(self._stopped)

    def _check_document(self, request: Request, match: Match | None) -> None:
        if match is None and self.rules.only_declared:
            raise Refused(
                "it is not in the document: undeclared requests are never sent to a live target"
            )

    def _check_lists(self, match: Match | None) -> None:
        if match is None:
            return
        if match.operation.id in self._denied:
            raise Refused(f"{match.operation.label} is kept back by --deny")
        if self.rules.allow and match.operation.id not in self._allowed:
            raise Refused(f"{match.operation.label} is not among what --allow names")

    def _check_write(self, request: Request, match: Match | None) -> None:
        if not self.rules.allow_writes:
            raise Refused(f"{request.method} would write, and this run only reads: --allow-writes")
        if self.rules.only_declared and match is not None:
            for name, value in match.path_values.items():
                if _leads_elsewhere(value):
                    raise Refused(
                        f"{name}={value!r} could lead a write to another path: it is never sent "
                        "to a live target"
                    )

    def _spend(self, is_write: bool) -> None:
        rules = self.rules
        with self._lock:
            self._check_open()
            if rules.budget is not None and self.requests >= rules.budget:
                self._stopped = f"the budget of {rules.budget} requests is spent: --budget"
                self._check_open()
            if is_write and rules.write_budget is not None and self.writes >= rules.write_budget:
                raise Refused(f"the budget of {rules.write_budget} writes is spent: --write-budget")
            self.requests += 1
            self.writes += is_write


def _leads_elsewhere(value: str) -> bool:
    """Whether a server or proxy that decodes and tidies paths could see another path."""
    parts = unquote(value).replace("\\", "/").split("/")
    return len(parts) > 1 or parts[0] in ("", ".", "..")


def _named(flag: str, patterns: Iterable[str], operations: Sequence[Operation]) -> frozenset[str]:
    """The ids of the operations that *patterns* name."""
    found: set[str] = set()
    for pattern in patterns:
        fitting = {
            one.id
            for one in operations
            if pattern in (one.id, one.label)
            or fnmatchcase(one.id, pattern)
            or fnmatchcase(one.label, pattern)
        }
        if not fitting:
            known = [name for one in operations for name in (one.id, one.label)]
            reason = "the document has no such operation"
            raise SetupError(reason, place=flag, value=pattern, known=known)
        found |= fitting
    return frozenset(found)
