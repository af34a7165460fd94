"""What becomes of a body: the whole stored settings of a new or of a changed event type.

Source: reference event-types sections 2, 4, 5 and 6.3 (S `input-event-types.service.ts`).
"""

from datetime import datetime

from mockserver.domains.calcom.settings import (
    booking_fields,
    confirmation,
    limits,
    recurrence,
    seats,
    video,
    window,
)
from mockserver.domains.calcom.settings.defaults import (
    NOT_SETTABLE,
    OF_TEAMS,
    PLAIN,
    lenient_slug,
)
from mockserver.domains.calcom.settings.field_defaults import default_fields
from mockserver.domains.calcom.settings.locations import CAL_VIDEO, has_cal_video, stored_locations
from mockserver.model import Document, Json
from mockserver.openapi.quirks import Quirks
from mockserver.store.protocol import View


def new_settings(
    body: Document, *, of_team: bool, quirks: Quirks, now: datetime | None = None
) -> Document:
    """The settings of a new event type from a validated *body*, every one of them.

    With `emailSettings`, `rescheduleWithSameRoundRobinHost` and `rrHostSubsetEnabled` *of_team*;
    without id, owner, team, schedulingType, hosts and assignAllTeamMembers. *now* dates the Cal
    Video row. A user's event type without locations gets Cal Video, and none at all with the
    quirk `event-type-create-has-no-location`.

    Source: spec locations; reference event-types sections 6.1 and 7; observed setup.jsonl 29.
    """
    fresh = {**_FRESH[of_team], **_fresh_objects()}
    if not of_team and quirks.has("event-type-create-has-no-location"):
        fresh["locations"] = []
    return _changed(fresh, body, quirks, now, is_new=True)


def _fresh_objects() -> Document:
    """The settings that are objects or lists: each event type has its own."""
    return {
        "metadata": {},
        "locations": [dict(CAL_VIDEO)],
        "bookingFields": default_fields(),
        "calVideoSettings": dict(video.DEFAULT),
        "disableCancelling": {"disabled": False},
        "disableRescheduling": {"disabled": False},
    }


def _fresh(*, of_team: bool) -> Document:
    """All settings by name; those of `_fresh_objects` stand only for their places."""
    return {
        **PLAIN,
        **NOT_SETTABLE,
        **(OF_TEAMS if of_team else {}),
        "locations": None,
        "bookingFields": None,
        "disableGuests": False,
        "bookingLimitsCount": None,
        "bookingLimitsDuration": None,
        "bookerActiveBookingsLimit": None,
        "bookingWindow": None,
        "confirmationPolicy": None,
        "recurrence": None,
        "seats": None,
        "calVideoSettings": None,
        "disableCancelling": None,
        "disableRescheduling": None,
    }


_FRESH = {of_team: _fresh(of_team=of_team) for of_team in (False, True)}


def changed_settings(
    stored: View, body: Document, *, of_team: bool, quirks: Quirks, now: datetime | None = None
) -> Document:
    """The whole event type *stored* with the settings that *body* names changed.

    *stored* stays as it is, and shares with the answer what nobody has changed.
    Settings that live together inside the server (layouts, lengths, thresholds, e-mails) are
    merged, not replaced.

    Source: reference event-types section 6.3 (T).
    """
    given = body if of_team else {name: body[name] for name in body if name not in OF_TEAMS}
    return _changed(stored, given, quirks, now, is_new=False)


def _changed(
    stored: View, body: Document, quirks: Quirks, now: datetime | None, *, is_new: bool
) -> Document:
    given = {name: value for name, value in body.items() if value is not None}
    settings = {
        **stored,
        **{name: value for name, value in given.items() if name in _AS_SENT and name in stored},
        **_nested(stored, given, quirks, is_new=is_new),
        **_fields(stored, given, quirks),
        **_ways_out(given),
    }
    if "slug" in given:
        settings["slug"] = (
            lenient_slug(given["slug"]) if given["slug"] or is_new else stored["slug"]
        )
    if given.get("scheduleId") == 0:
        settings["scheduleId"] = None
    if "calVideoSettings" in given:
        before = stored["calVideoSettings"]
        settings["calVideoSettings"] = video.stored_video(given["calVideoSettings"], before, now)
    if not has_cal_video(settings["locations"]):
        settings["calVideoSettings"] = video.without_row(settings["calVideoSettings"])
    return settings


def _nested(stored: View, given: Document, quirks: Quirks, *, is_new: bool) -> Document:
    changed: Document = {
        name: _kept(name, value, stored[name])
        for name, value in given.items()
        if name in _REWRITTEN and name in stored
    }
    if "recurrence" in given:
        changed["recurrence"] = recurrence.stored_recurrence(
            given["recurrence"], stored["recurrence"], quirks, is_new=is_new
        )
    if "requiresConfirmation" in given and "confirmationPolicy" not in given:
        changed["confirmationPolicy"] = confirmation.simple_policy(
            given["requiresConfirmation"], stored["confirmationPolicy"]
        )
    return changed


def _kept(name: str, value: Json, before: Json) -> Json:
    """What becomes of *value*, one of the settings that are kept in another form."""
    match name:
        case "locations":
            return stored_locations(value)
        case "bookingLimitsCount" | "bookingLimitsDuration":
            return limits.stored_limits(value)
        case "bookerActiveBookingsLimit":
            return limits.stored_active_limit(value, before)
        case "bookingWindow":
            return window.stored_window(value)
        case "confirmationPolicy":
            return confirmation.stored_policy(value, before)
        case "seats":
            return seats.stored_seats(value, before)
        case "emailSettings":
            return {key: bool(value.get(key)) for key in INNER[name]}
    return {key: value[key] for key in INNER[name] if key in value}


INNER = {
    "bookerLayouts": ("defaultLayout", "enabledLayouts"),
    "color": ("lightThemeHex", "darkThemeHex"),
    "destinationCalendar": ("integration", "externalId"),
    "emailSettings": ("disableEmailsToAttendees", "disableEmailsToHosts"),
}
"""What is kept of objects that are replaced as a whole."""

_AS_SENT = frozenset({*PLAIN, *OF_TEAMS})
_REWRITTEN = frozenset(
    {
        *INNER,
        *("locations", "bookingLimitsCount", "bookingLimitsDuration", "bookerActiveBookingsLimit"),
        *("bookingWindow", "confirmationPolicy", "seats"),
    }
)


def _fields(stored: View, given: Document, quirks: Quirks) -> Document:
    """The list is written when either of the two properties comes, and `disableGuests` with it.

    Source: reference event-types section 4.4 (S).
    """
    sent = given.get("bookingFields")
    if "disableGuests" in given:
        fields = booking_fields.with_guests_hidden(
            sent, stored["bookingFields"], given["disableGuests"], quirks
        )
    elif sent is not None:
        fields = booking_fields.stored_fields(sent, quirks)
    else:
        return {}
    return {"bookingFields": fields, "disableGuests": booking_fields.hides_guests(fields)}


def _ways_out(given: Document) -> Document:
    """Whether a booking can be cancelled or moved.

    Minutes count only where moving is not switched off altogether.

    Source: reference event-types section 5.9 (S).
    """
    ways: Document = {}
    if "disableCancelling" in given:
        ways["disableCancelling"] = {"disabled": given["disableCancelling"].get("disabled") is True}
    if "disableRescheduling" in given:
        moving = given["disableRescheduling"]
        is_off = moving.get("disabled") is True
        minutes = None if is_off else moving.get("minutesBefore")
        ways["disableRescheduling"] = {
            "disabled": is_off,
            **({"minutesBefore": minutes} if minutes else {}),
        }
    return ways
