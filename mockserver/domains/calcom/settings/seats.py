"""Events that several can book.

Source: reference event-types section 5.7.
"""

from mockserver.domains.calcom.settings.constraints import (
    FLAG,
    WHOLE,
    Property,
    at_least,
    at_most,
)
from mockserver.model import Document
from mockserver.openapi.quirks import Quirks

NAMES = ("seatsPerTimeSlot", "showAttendeeInfo", "showAvailabilityCount")
MOST_SEATS = 1000


def seats_properties(value: Document) -> tuple[Property, ...]:
    """An object with neither `seatsPerTimeSlot` nor `disabled` is not looked at (R)."""
    if "seatsPerTimeSlot" in value:
        seats = (at_most(MOST_SEATS), at_least(1), WHOLE)
        return (
            Property("seatsPerTimeSlot", seats, required=True),
            Property("showAttendeeInfo", (FLAG,), required=True),
            Property("showAvailabilityCount", (FLAG,), required=True),
        )
    return (Property("disabled", (FLAG,)),)


def stored_seats(value: Document, before: Document | None) -> Document | None:
    """*value* as it is kept; None when disabled, as *before* when it says nothing."""
    if value.get("disabled"):
        return None
    if "seatsPerTimeSlot" not in value:
        return before
    return {name: value[name] for name in NAMES}


def shown_seats(stored: Document | None, quirks: Quirks) -> Document | None:
    """*stored*, or None to leave it out where seats are off.

    With the quirk `event-type-shows-disabled-settings` the answer always says `disabled`.

    Source: spec Seats_2024_06_14; reference event-types section 5.7 (R; E2).
    """
    if quirks.has("event-type-shows-disabled-settings"):
        return {"disabled": True} if stored is None else {"disabled": False, **stored}
    return stored


def seat_columns(stored: Document | None, quirks: Quirks) -> Document:
    """The two properties that the document has beside `seats`, where seats are on.

    With the quirk `event-type-omits-seat-columns` they are never sent.

    Source: spec EventTypeOutput_2024_06_14; reference event-types section 7.
    """
    if stored is None or quirks.has("event-type-omits-seat-columns"):
        return {}
    return {
        "seatsPerTimeSlot": stored["seatsPerTimeSlot"],
        "seatsShowAvailabilityCount": stored["showAvailabilityCount"],
    }
