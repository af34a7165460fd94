"""How far into the future an event type can be booked.

Source: reference event-types section 5.3.
"""

from datetime import UTC, datetime

from mockserver.domains.calcom.settings.constraints import is_number
from mockserver.model import Document, Json
from mockserver.openapi.quirks import Quirks

STRUCTURE = "Invalid bookingWindow structure."
ENDS = 2


def is_window(value: Json) -> bool:
    """Tell whether *value* has the structure of a booking window, or says `disabled`.

    Source: reference event-types section 5.3 (R); that a range has two ends is assumed (the
    server does not look, and fails).
    """
    if not isinstance(value, dict):
        return False
    if value.get("disabled") is True:
        return True
    match value.get("type"):
        case "businessDays" | "calendarDays":
            return is_number(value.get("value")) and isinstance(value.get("rolling", False), bool)
        case "range":
            return _are_days(value.get("value")) and len(value["value"]) >= ENDS
    return False


def is_range_without_end(value: Json) -> bool:
    """Tell whether *value* is what the server takes for a range, and fails on.

    Source: reference event-types section 5.3 (S).
    """
    return (
        isinstance(value, dict)
        and not value.get("disabled")
        and value.get("type") == "range"
        and _are_days(value.get("value"))
        and len(value["value"]) < ENDS
    )


def _are_days(dates: Json) -> bool:
    return isinstance(dates, list) and all(_day(date) for date in dates)


def stored_window(value: Document) -> Document | None:
    """*value* as it is kept: `rolling` always, dates cut to the day; None when disabled."""
    if value.get("disabled"):
        return None
    if value["type"] == "range":
        return {"type": "range", "value": [_day(date) for date in value["value"][:ENDS]]}
    return {"type": value["type"], "value": value["value"], "rolling": bool(value.get("rolling"))}


def _day(text: Json) -> str | None:
    """The day (UTC) of a date as JavaScript reads it, for the spellings of ISO 8601."""
    if not isinstance(text, str):
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    if instant.tzinfo is not None:
        try:
            instant = instant.astimezone(UTC)
        except OverflowError:
            return None
    return instant.date().isoformat()


def shown_window(stored: Document | None, quirks: Quirks) -> Json:
    """An array of one window; None where there is none.

    With the quirk `event-type-booking-window-is-object` the window itself, or `{"disabled": true}`.

    Source: spec EventTypeOutput_2024_06_14 bookingWindow; reference event-types section 5.3 (E1).
    """
    if quirks.has("event-type-booking-window-is-object"):
        return stored or {"disabled": True}
    return None if stored is None else [stored]
