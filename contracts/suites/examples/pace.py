"""Requests that come at once: each is answered about as fast as they would be one by one."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from contracts.exchange import Exchange
from contracts.findings import Severity
from contracts.suites.examples.trials import case
from contracts.suites.provisions import path_values
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation

_AT_ONCE: Final = 8
_ALONE: Final = 3
_SLACK_S: Final = 0.5
"""What may be lost to other work of the machines and the network between."""


def pace_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """`parallel-keeps-pace` for the first operation that reads."""
    for operation in yardstick.operations:
        if operation.method == "GET":
            yield case(operation, "parallel-keeps-pace", partial(_try, operation))
            return


def _try(operation: Operation, session: Session) -> None:
    """Even who answers one request after the other needs no longer for several at once than for
    the same number one by one. A second try tells a slow target from a moment's trouble."""
    request = session.request(operation, path_values(session, operation))
    alone_s = min(session.send(request).target_s for _ in range(_ALONE))
    allowed_s = _AT_ONCE * alone_s + _SLACK_S
    slowest: list[Exchange] = []
    for _ in range(2):
        slowest.append(max(session.parallel([request] * _AT_ONCE), key=lambda one: one.target_s))
        if slowest[-1].target_s <= allowed_s:
            break
    best = min(slowest, key=lambda one: one.target_s)
    session.expect(
        best.target_s <= allowed_s,
        "slow-in-parallel",
        best,
        message=f"of {_AT_ONCE} requests at once the last was answered after "
        f"{best.target_s:.1f} s; alone one takes {alone_s:.2f} s",
        expected=f"at most {allowed_s:.1f} s",
        source="no request needs longer beside others than all of them one by one",
        severity=Severity.MEDIUM,
    )
