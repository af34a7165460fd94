"""Instants and spans as callers write them."""

import math
import re
from datetime import UTC, datetime, timedelta

from mockserver.model import Json

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
"""Bounds of the simulated time; what expires later than now must still fit a calendar."""

_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_SPAN = re.compile(
    rf"([+-]?)P(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=\d)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?",
    re.ASCII | re.IGNORECASE,
)
_UNITS = ("weeks", "days", "hours", "minutes", "seconds")


def parse_instant(text: str) -> datetime:
    """An RFC 3339 instant, aware. Raises ValueError with the reason."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(
            f"{text!r} is no instant; write one with its offset, such as 2030-01-01T08:00:00Z"
        )
    try:
        return within_bounds(datetime.fromisoformat(text.upper()))
    except ValueError as error:
        raise ValueError(f"{text!r} is no instant: {error}") from None


def within_bounds(instant: datetime) -> datetime:
    """*instant* itself. Raises ValueError outside the years 1970 to 8999."""
    if not EARLIEST <= instant < LATEST:
        raise ValueError(f"only the years {EARLIEST.year} to {LATEST.year - 1} can be simulated")
    return instant


def parse_span(value: Json) -> timedelta:
    """A span given as seconds, as units by name, or as an ISO 8601 duration without years and
    months (they have no fixed length). Raises ValueError with the reason."""
    try:
        if isinstance(value, dict):
            return timedelta(**value)
        if isinstance(value, str):
            return _duration(value)
        return timedelta(seconds=value)
    except OverflowError:
        raise ValueError(f"{value!r} is longer than any calendar") from None


def span_text(span: timedelta) -> str:
    """*span* as an ISO 8601 duration: `PT10M`, `-P1DT2H`, `PT0.5S`."""
    sign, rest = ("-", -span) if span < timedelta() else ("", span)
    minutes, seconds = divmod(rest.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{rest.microseconds:06d}".rstrip("0").rstrip(".")
    parts = [
        f"{hours}H" if hours else "",
        f"{minutes}M" if minutes else "",
        f"{seconds}{fraction}S" if seconds or fraction else "",
    ]
    time = "T" + "".join(parts) if any(parts) else ""
    days = f"{rest.days}D" if rest.days else ""
    return f"{sign}P{days}{time}" if days or time else "PT0S"


def _duration(text: str) -> timedelta:
    match = _SPAN.fullmatch(text)
    if match is None or not any(match.groups()[1:]):
        hint = "; years and months have no fixed length" if re.search(r"\d[YM]", text) else ""
        raise ValueError(f"{text!r} is no ISO 8601 duration such as PT10M or P1DT2H{hint}")
    sign, *numbers = match.groups()
    given = {
        unit: float(number.replace(",", "."))
        for unit, number in zip(_UNITS, numbers, strict=True)
        if number
    }
    if not all(map(math.isfinite, given.values())):
        raise OverflowError
    return -timedelta(**given) if sign == "-" else timedelta(**given)
