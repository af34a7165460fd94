"""Instants compared by what they mean.

Two instants mean the same where they are the same instant, or lie equally far from the time at
which their request was sent, or were found to mean the same before (a creation time that is shown
again).
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

INSTANT: Final = (
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\d-])"
)
TOLERANCE: Final = timedelta(seconds=5)
"""How much longer one server may take than the other until it writes a time down."""

_INSTANT: Final = re.compile(INSTANT)
_DAY_LENGTH: Final = len("2026-01-01")


def is_instant(text: str) -> bool:
    """Whether *text* is a date, or a date and a time, in ISO 8601."""
    return bool(_INSTANT.fullmatch(text)) and _read(text) is not None


def means_same(
    expected: str,
    actual: str,
    *,
    expected_at: datetime,
    actual_at: datetime,
    tolerance: timedelta = TOLERANCE,
) -> bool:
    """Whether two texts that are instants mean the same in answers to requests that were sent at
    *expected_at* and *actual_at* (aware)."""
    left, right = _read(expected), _read(actual)
    if left is None or right is None or _form(expected) != _form(actual):
        return False
    if left == right:
        return True
    if len(expected) == _DAY_LENGTH:
        return left - _day(expected_at) == right - _day(actual_at)
    return abs((left - expected_at) - (right - actual_at)) <= tolerance


def _read(text: str) -> datetime | None:
    """The instant, aware; without a zone it counts as UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _form(text: str) -> tuple[bool, bool]:
    """Whether there is a time of day, and a zone."""
    return len(text) > _DAY_LENGTH, bool(re.search(r"Z$|[+-]\d\d:?\d\d$", text[_DAY_LENGTH:]))


def _day(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
