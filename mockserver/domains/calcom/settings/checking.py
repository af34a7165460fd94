"""The rules across settings, against the state that an event type is about to have.

Source: reference event-types sections 2, 4.2, 5 and 6.1 (the order of work).
"""

import re
from collections.abc import Sequence

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.conventions.errors import bad_request, trpc_error
from mockserver.domains.calcom.settings.field_checks import (
    check_email,
    check_reachable,
    repeated_name,
)
from mockserver.domains.calcom.settings.limits import check_ascending
from mockserver.domains.calcom.settings.locations import check_apps
from mockserver.model import Document
from mockserver.store.protocol import View

NAME_VARIABLES = frozenset(
    {
        *("{Event type title}", "{Organiser}", "{Scheduler}", "{Location}"),
        *("{Organiser first name}", "{Scheduler first name}", "{Scheduler last name}"),
        *("{Event duration}", "{LOCATION}", "{HOST/ATTENDEE}", "{HOST}", "{ATTENDEE}", "{USER}"),
    }
)


def check_connected_apps(body: Document, owner: View, *, of_team: bool) -> None:
    """Raise ApiError 400 unless *owner* has the app of every location that *body* names.

    *owner* is the user's or the team's document. `check_settings` begins with it; of a team,
    hosts and slug come in between, so a team's operation calls it before them.

    Source: reference event-types sections 6.1 and 8.2.
    """
    check_apps(body.get("locations") or (), owner, of_team=of_team)


def check_settings(
    call: Call, settings: Document, body: Document, *, of_team: bool, owner: View
) -> None:
    """Raise ApiError 400 for the first rule that *settings* as a whole would break.

    *settings* is the final state, *body* what was sent to reach it: an update is not refused for
    what it does not touch, seats excepted. *owner* is the user's or the team's document.

    Source: reference event-types section 6.1 (S `input-event-types.service.ts`).
    """
    check_connected_apps(body, owner, of_team=of_team)
    writes_fields = body.get("bookingFields") is not None or body.get("disableGuests") is not None
    if writes_fields:
        check_reachable(settings["bookingFields"])
    _check_seats(settings)
    if body.get("customName"):
        _check_name(body["customName"])
    if body.get("destinationCalendar") or body.get("useDestinationCalendarEmail"):
        _check_calendars(body, _calendars(call))
    if writes_fields and not of_team:
        check_email(settings["bookingFields"])


def _check_seats(settings: Document) -> None:
    """Source: reference event-types section 5.7 (T for the status)."""
    if settings["seats"] is None:
        return
    if len(settings["locations"]) > 1:
        raise bad_request(
            "Seats Validation failed: Seats are enabled but more than one location provided."
        )
    if settings["confirmationPolicy"] is not None:
        raise bad_request(
            "Seats Validation failed: Seats are enabled but requiresConfirmation is true."
        )


def _check_name(name: str) -> None:
    """Source: reference event-types section 2 (customName)."""
    for variable in re.findall(r"\{[^}]+\}", name):
        if variable not in NAME_VARIABLES:
            raise bad_request(f"Invalid event name variables: {variable}")


def _calendars(call: Call) -> Sequence[View]:
    caller = call.store.view("users", str(call.actor.user_id))
    return (caller or {}).get("calendars") or ()


def _check_calendars(body: Document, connected: Sequence[View]) -> None:
    """Source: reference event-types section 2 (destinationCalendar and the line after)."""
    if wanted := body.get("destinationCalendar"):
        names = ("integration", "externalId")
        matches = [one for one in connected if all(one[n] == wanted.get(n) for n in names)]
        if not matches:
            raise bad_request("Invalid destinationCalendarId: Calendar does not exist")
        if matches[0].get("readOnly"):
            raise bad_request(
                "Invalid destinationCalendarId: Calendar does not have write permission"
            )
    if body.get("useDestinationCalendarEmail") and not any(
        one.get("isPrimary") for one in connected
    ):
        raise bad_request(
            "Validation failed: A primary connected calendar is required to set "
            "useDestinationCalendarEmail"
        )


def check_second_write(settings: Document, body: Document, stored: View | None = None) -> None:
    """Raise ApiError 400 (shape 3) for what the server notices only in its second write.

    *stored* is the event type before an update: a list of booking fields that stays as it was is
    not looked at. On a create this comes after slug and schedule; with the quirk
    `event-type-create-leaves-behind` the event type is stored by then, and stays.

    Source: reference event-types sections 5.1, 5.2, 5.6 and 6.1 (S `update.handler.ts`, I).
    """
    if settings["seats"] is not None and settings["recurrence"] is not None:
        raise trpc_error(400, "Recurring Events and Offer Seats cannot be active at the same time.")
    fields = settings["bookingFields"] or ()
    is_new_list = stored is None or fields != stored["bookingFields"]
    if is_new_list and (name := repeated_name(fields)):
        raise trpc_error(400, f"Duplicate booking field name: {name}")
    if body.get("bookingLimitsCount"):
        check_ascending("bookingLimitsCount", settings["bookingLimitsCount"])
    sent = body.get("bookerActiveBookingsLimit") or {}
    if sent.get("maximumActiveBookings") and not sent.get("disabled") and settings["recurrence"]:
        raise trpc_error(
            400,
            "Recurring Events and booker active bookings limit cannot be active at the same time.",
        )
    if body.get("bookingLimitsDuration"):
        check_ascending("bookingLimitsDuration", settings["bookingLimitsDuration"])
