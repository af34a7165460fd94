"""The settings of an event type that nobody has set.

Source: reference event-types section 7 (S schema defaults, recordings/setup.jsonl).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mockserver.model import Json

PLAIN: Final[Mapping[str, Json]] = MappingProxyType(
    {
        "title": "",
        "slug": "",
        "lengthInMinutes": 30,
        "lengthInMinutesOptions": None,
        "description": "",
        "slotInterval": None,
        "minimumBookingNotice": 120,
        "beforeEventBuffer": 0,
        "afterEventBuffer": 0,
        "scheduleId": None,
        "onlyShowFirstAvailableSlot": False,
        "offsetStart": 0,
        "bookerLayouts": None,
        "requiresBookerEmailVerification": False,
        "hideCalendarNotes": False,
        "lockTimeZoneToggleOnBookingPage": False,
        "color": None,
        "customName": None,
        "destinationCalendar": None,
        "useDestinationCalendarEmail": False,
        "hideCalendarEventDetails": False,
        "hideOrganizerEmail": False,
        "hidden": False,
        "bookingRequiresAuthentication": False,
        "successRedirectUrl": None,
        "interfaceLanguage": None,
        "allowReschedulingPastBookings": False,
        "allowReschedulingCancelledBookings": False,
        "showOptimizedSlots": False,
    }
)
"""Kept as they are sent."""

WORKED: Final = (
    "locations",
    "bookingFields",
    "disableGuests",
    "bookingLimitsCount",
    "bookingLimitsDuration",
    "bookerActiveBookingsLimit",
    "bookingWindow",
    "confirmationPolicy",
    "recurrence",
    "seats",
    "calVideoSettings",
    "disableCancelling",
    "disableRescheduling",
)
"""Kept in another form than the one in which they are sent."""

OF_TEAMS: Final[Mapping[str, Json]] = MappingProxyType(
    {
        "emailSettings": None,
        "rescheduleWithSameRoundRobinHost": False,
        "rrHostSubsetEnabled": False,
    }
)

NOT_SETTABLE: Final[Mapping[str, Json]] = MappingProxyType(
    {
        "metadata": {},
        "price": 0,
        "currency": "usd",
        "isInstantEvent": False,
        "forwardParamsSuccessRedirect": True,
    }
)
"""Kept and shown, and never taken from a body."""


def lenient_slug(text: str) -> str:
    """*text* as the API stores a slug: trimmed, then without leading `-`, then `.`, then `_`.

    Source: reference event-types section 2 (S `packages/lib/slugify-lenient.ts`).
    """
    return text.strip().lstrip("-").lstrip(".").lstrip("_")
