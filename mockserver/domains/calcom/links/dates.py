"""Dates of private links: the strict form of the document, and what JavaScript's Date reads."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from mockserver.clock import iso_text
from mockserver.model import Json

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?"
    r"(?:[Tt ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
    r"\s?(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
).fullmatch
_STRICT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})",
    re.ASCII,
).fullmatch
_SPELT_OUT = (
    "%Y/%m/%d",
    "%m/%d/%Y",
    "%b %d %Y",
    "%B %d %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%d %B %Y",
)


def strict_date(text: str) -> datetime | None:
    """An RFC 3339 date-time; None where *text* is none, or no moment between the years 1 and 9999.

    Source: spec #/components/schemas/CreatePrivateLinkInput (format date-time).
    """
    return _iso_date(text) if _STRICT(text) else None


def lenient_date(value: Json) -> datetime | None:
    """What `new Date(value)` gives on a server in UTC; None where that is no date.

    Numbers and booleans are milliseconds since 1970. Of the free forms that V8 reads, the usual
    English ones are known here.

    Source: recordings private-links 168 to 174; the free forms are assumed from V8.
    """
    if isinstance(value, (bool, int, float)):
        return _from_milliseconds(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    return _iso_date(text) or _spelt_out(text)


def _from_milliseconds(value: float) -> datetime | None:
    try:
        return EPOCH + timedelta(milliseconds=int(value))
    except (OverflowError, ValueError):
        return None


def _iso_date(text: str) -> datetime | None:
    """An ISO date; a date alone is UTC, 24:00 and the 30th of February roll over as in V8."""
    found = _ISO(text)
    if not found:
        return None
    part = found.groupdict()
    month, day = int(part["month"] or 1), int(part["day"] or 1)
    hour, minute, second = (int(part[name] or 0) for name in ("hour", "minute", "second"))
    if not 1 <= day <= 31 or minute > 59 or second > 59 or hour > 24:
        return None
    if hour == 24 and (minute or second):
        return None
    try:
        start = datetime(int(part["year"]), month, 1, tzinfo=_zone(part["zone"]))
        micros = int((part["fraction"] or "").ljust(6, "0")[:6])
        span = timedelta(
            days=day - 1, hours=hour, minutes=minute, seconds=second, microseconds=micros
        )
        return (start + span).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _zone(text: str | None) -> timezone:
    if text is None or text in "Zz":
        return UTC
    digits = text[1:].replace(":", "")
    if int(digits[2:]) > 59:
        raise ValueError("no such offset")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if text[0] == "-" else span)


def _spelt_out(text: str) -> datetime | None:
    for form in _SPELT_OUT:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None


def printed(value: Json) -> Json:
    """How a date shows in a validation entry: its text, null where it is none, lists by element.

    Source: reference private-links section 4, recordings private-links 171, 195.
    """
    if isinstance(value, list):
        return [printed(item) for item in value]
    found = lenient_date(value)
    return iso_text(found) if found else None
