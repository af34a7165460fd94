"""What the API tells of the caller."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from contracts.findings import Severity
from contracts.stops import NotJudged
from contracts.suites.lifecycle.rules import SUITE, pointer, promise
from contracts.suites.session import Case, Session, answer_text
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation

ME: Final = "GET /v2/me"
_SHOWN: Final = (
    "id",
    "username",
    "email",
    "name",
    "bio",
    "timeFormat",
    "defaultScheduleId",
    "weekStart",
    "timeZone",
    "locale",
)


def cases(yardstick: Yardstick) -> Iterator[Case]:
    """`profile-is-whole`, where the document has the caller's profile."""
    for operation in yardstick.operations:
        if operation.label == ME:
            yield Case(SUITE, ME, "profile-is-whole", partial(_profile_is_whole, operation))


def _profile_is_whole(operation: Operation, session: Session) -> None:
    """The profile has all that the document has, be it null.

    Source: reference slots-schedules-me section 3 (the answer of 2026 has a locale).
    """
    exchange = session.call(operation, {})
    shown = exchange.response.json
    profile = shown.get("data") if exchange.is_success and isinstance(shown, dict) else None
    if not isinstance(profile, dict):
        raise NotJudged(f"showed no profile: {answer_text(exchange)}")
    missing = [name for name in _SHOWN if name not in profile]
    promise(
        session,
        not missing,
        "profile-is-whole",
        exchange,
        message=f"the profile lacks {', '.join(missing)}",
        expected=f"{', '.join(_SHOWN)}, null where there is none",
        source=f"{pointer(operation)}; reference slots-schedules-me.md section 3",
        cause=", ".join(missing),
        severity=Severity.MEDIUM,
    )
