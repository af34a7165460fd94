"""How often, how long, and by how many at once an event type can be booked.

Limits of a period are kept as sent, `{}` when they were switched off and null when never set.

Source: reference event-types sections 5.1 and 5.2.
"""

from itertools import combinations

from mockserver.domains.calcom.conventions.errors import bad_request, trpc_error
from mockserver.domains.calcom.settings.constraints import (
    FLAG,
    WHOLE,
    Property,
    at_least,
    is_number,
)
from mockserver.model import Document, Json
from mockserver.openapi.quirks import Quirks

PERIODS = ("day", "week", "month", "year")


def limits_refusal(name: str, value: Json) -> str | None:
    """What the API says against *value* as `bookingLimitsCount` or `...Duration`, or None.

    A shorter period may not allow more than a longer one; zero counts as not given. A key
    `disabled`, even false, leaves the order unlooked at.

    Source: reference event-types section 5.1 (R).
    """
    if not isinstance(value, dict):
        return f"Invalid {name}"
    if "disabled" in value:
        return None
    for short, long in combinations(PERIODS, 2):
        less, more = value.get(short), value.get(long)
        if is_number(less) and is_number(more) and less and more and less > more:
            what = "number" if name == "bookingLimitsCount" else "duration"
            return (
                f"Invalid {name}: The {what} of bookings for {short} cannot exceed the {what} of "
                f"bookings for {long}."
            )
    return None


def stored_limits(value: Document) -> Document:
    """*value* without what is no period; nothing at all when it says `disabled`."""
    if value.get("disabled"):
        return {}
    return {name: limit for name, limit in value.items() if name in PERIODS and limit is not None}


def shown_limits(stored: Document | None, quirks: Quirks) -> Document | None:
    """*stored* as an answer shows it, or None to leave it out.

    Limits that were switched off read `{"disabled": true}`; with the quirk
    `event-type-empty-limits` `{}`.

    Source: spec bookingLimitsCount (oneOf Disabled); reference event-types section 5.1 (E20).
    """
    if stored is None:
        return None
    shown = {name: limit for name, limit in stored.items() if is_number(limit)}
    return shown if shown or quirks.has("event-type-empty-limits") else {"disabled": True}


def check_ascending(name: str, stored: Document | None) -> None:
    """Raise ApiError 400 (shape 3) unless the limits, sorted, are in the order of the periods.

    The second look at the order: zero counts here, and of equal limits the one sent first must
    be the shorter period's.

    Source: reference event-types section 5.1 (S `validateIntervalLimitOrder`).
    """
    limits = [(period, limit) for period, limit in (stored or {}).items() if is_number(limit)]
    in_order = [period for period, _ in sorted(limits, key=lambda pair: pair[1])]
    if in_order != [period for period in PERIODS if period in in_order]:
        what = "Booking" if name == "bookingLimitsCount" else "Duration"
        raise trpc_error(400, f"{what} limits must be in ascending order.")


def active_limit_properties(value: Document) -> tuple[Property, ...]:
    if value.get("disabled"):
        return (Property("disabled", (FLAG,)),)
    return (
        Property("maximumActiveBookings", (at_least(1), WHOLE)),
        Property("offerReschedule", (FLAG,)),
    )


def check_active_limit(value: Json) -> None:
    """Raise ApiError 400 where a limit is switched on and not told.

    Source: reference event-types section 5.2 (T).
    """
    if isinstance(value, dict) and value.get("disabled") is False and len(value) == 1:
        raise bad_request(
            "When disabled is false {disabled: false} at least one other property must be "
            "provided, because it means that the property is enabled but then other properties "
            "must be provided too."
        )


def check_active_limit_or_recurrence(limit: Json, recurrence: Json) -> None:
    """Raise ApiError 400 where one body switches on both.

    Source: reference event-types section 5.2 (T).
    """
    if not isinstance(limit, dict) or not isinstance(recurrence, dict):
        return
    if "interval" in recurrence and limit.keys() & {"maximumActiveBookings", "offerReschedule"}:
        raise bad_request(
            "Can't have `recurrence` and `bookerActiveBookingsLimit` enabled at the same time - "
            "recurring events do not support maximum active bookings limit setting."
        )


def stored_active_limit(value: Document, before: Document | None) -> Document | None:
    """*value* over what was stored *before*; None when the limit is off.

    Source: reference event-types section 5.2 (S `input-event-types.service.ts`).
    """
    if value.get("disabled"):
        return None
    merged = {"offerReschedule": False, **(before or {})}
    for name in ("maximumActiveBookings", "offerReschedule"):
        if value.get(name) is not None:
            merged[name] = value[name]
    return merged if merged.get("maximumActiveBookings") or merged["offerReschedule"] else None


def shown_active_limit(stored: Document | None, quirks: Quirks) -> Document | None:
    """*stored*, or None to leave it out where it is off.

    With the quirk `event-type-shows-disabled-settings` it then reads `{"disabled": true}`.

    Source: spec BookerActiveBookingsLimitOutput_2024_06_14; reference event-types section 5.2 (E3).
    """
    if stored is None and quirks.has("event-type-shows-disabled-settings"):
        return {"disabled": True}
    return stored
