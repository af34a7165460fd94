"""Settings as answers show them.

Source: reference event-types section 7; spec EventTypeOutput_2024_06_14.
"""

from collections.abc import Callable

from mockserver.domains.calcom.settings.confirmation import shown_policy
from mockserver.domains.calcom.settings.fields_shown import shown_fields
from mockserver.domains.calcom.settings.limits import shown_active_limit, shown_limits
from mockserver.domains.calcom.settings.locations import shown_locations
from mockserver.domains.calcom.settings.recurrence import shown_recurrence
from mockserver.domains.calcom.settings.seats import seat_columns, shown_seats
from mockserver.domains.calcom.settings.video import shown_video
from mockserver.domains.calcom.settings.window import shown_window
from mockserver.model import Document, Json
from mockserver.openapi.quirks import Quirks
from mockserver.store.protocol import View

SINCE_2026 = (
    *("disableCancelling", "disableRescheduling", "interfaceLanguage"),
    *("allowReschedulingPastBookings", "allowReschedulingCancelledBookings", "showOptimizedSlots"),
)
AS_STORED = (
    *("lengthInMinutes", "title", "slug", "disableGuests", "slotInterval", "minimumBookingNotice"),
    *("beforeEventBuffer", "afterEventBuffer", "price", "currency"),
    *("lockTimeZoneToggleOnBookingPage", "forwardParamsSuccessRedirect", "successRedirectUrl"),
    *("isInstantEvent", "scheduleId", "onlyShowFirstAvailableSlot", "offsetStart"),
    *("requiresBookerEmailVerification", "hideCalendarNotes", "useDestinationCalendarEmail"),
    *("hideCalendarEventDetails", "hideOrganizerEmail", "hidden", "bookingRequiresAuthentication"),
)
"""Shown as they are kept, null included."""

ALL_AS_STORED = (*AS_STORED, *SINCE_2026)

ONLY_IF_SET = ("lengthInMinutesOptions", "bookerLayouts", "customName", "destinationCalendar")
"""Shown as they are kept, and left out where they are not."""


def _shown_color(color: Document | None, _: Quirks) -> Document | None:
    """Left out where it has not both texts. Source: reference event-types section 2 (color)."""
    names = ("lightThemeHex", "darkThemeHex")
    is_whole = color is not None and all(isinstance(color.get(name), str) for name in names)
    return color if is_whole else None


OPTIONAL: tuple[tuple[str, Callable[[Json, Quirks], Json]], ...] = (
    ("color", _shown_color),
    ("bookingLimitsCount", shown_limits),
    ("bookingLimitsDuration", shown_limits),
    ("bookerActiveBookingsLimit", shown_active_limit),
    ("bookingWindow", shown_window),
    ("seats", shown_seats),
)
"""Left out where nothing is shown."""


def shown_settings(stored: View, quirks: Quirks, *, in_list: bool = False) -> Document:
    """The settings part of an answer about the event type *stored*.

    *in_list* is the user's own list (U2), which leaves out hidden booking fields. `id`, owner,
    users, team, hosts and `bookingUrl` are the caller's to add. With the quirk
    `event-type-answers-as-of-2025` the settings that came in 2026 are missing.

    Source: reference event-types sections 4.5, 5 and 7 (R, T); observed setup.jsonl.
    """
    names = AS_STORED if quirks.has("event-type-answers-as-of-2025") else ALL_AS_STORED
    shown: Document = {name: stored[name] for name in names}
    shown["description"] = stored["description"] or ""
    shown["locations"] = shown_locations(stored["locations"] or ())
    shown["bookingFields"] = shown_fields(stored["bookingFields"], without_hidden=in_list)
    shown["recurrence"] = shown_recurrence(stored["recurrence"], quirks)
    shown["metadata"] = _shown_metadata(stored)
    shown["confirmationPolicy"] = shown_policy(stored["confirmationPolicy"])
    shown["calVideoSettings"] = shown_video(stored, quirks, in_list=in_list)
    for name in ONLY_IF_SET:
        if stored[name] is not None:
            shown[name] = stored[name]
    for name, show in OPTIONAL:
        if (value := show(stored[name], quirks)) is not None:
            shown[name] = value
    if stored["seats"] is not None:
        shown.update(seat_columns(stored["seats"], quirks))
    return shown


def shown_team_settings(stored: View) -> Document:
    """What only the answers about a team's event type have, children included.

    Source: spec TeamEventTypeOutput_2024_06_14; reference event-types section 8.3.
    """
    names = ("rescheduleWithSameRoundRobinHost", "rrHostSubsetEnabled")
    shown: Document = {name: stored[name] for name in names}
    if (emails := stored["emailSettings"]) is not None:
        shown["emailSettings"] = emails
    return shown


def _shown_metadata(stored: View) -> Json:
    """The free part, with what the server keeps there itself.

    Source: reference event-types section 7 (multipleDuration, disableStandardEmails).
    """
    metadata = dict(stored["metadata"] or {})
    if stored["lengthInMinutesOptions"] is not None:
        metadata["multipleDuration"] = stored["lengthInMinutesOptions"]
    if (emails := stored.get("emailSettings")) is not None:
        metadata["disableStandardEmails"] = {
            "all": {
                "attendee": emails["disableEmailsToAttendees"],
                "host": emails["disableEmailsToHosts"],
            }
        }
    return metadata
