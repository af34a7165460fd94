"""What an event type's body may hold, property by property, in the API's order.

Locations and booking fields are not here: they have checks with their own messages.

Source: reference event-types sections 2, 5 and 8.1 (S `create-event-type.input.ts`, R).
"""

from mockserver.domains.calcom.settings import (
    confirmation,
    limits,
    recurrence,
    seats,
    video,
    window,
)
from mockserver.domains.calcom.settings.constraints import (
    DISTINCT,
    FILLED,
    FLAG,
    LIST,
    TEXT,
    URL,
    WHOLE,
    Property,
    PropertyTable,
    Rule,
    at_least,
    each,
    one_of,
    rule,
    table_of,
)
from mockserver.model import Document, Json

LAYOUTS = ("month", "week", "column")
PRIORITIES = ("lowest", "low", "medium", "high", "highest")
SCHEDULING_TYPES = ("ROUND_ROBIN", "COLLECTIVE", "MANAGED")
SPELLINGS = ("roundRobin", "collective", "managed")


def _limits(name: str, key: str) -> Property:
    return Property(name, (Rule(key, lambda name, value, _: limits.limits_refusal(name, value)),))


def _wholes(*names: str) -> tuple[Property, ...]:
    return tuple(Property(name, (WHOLE,)) for name in names)


def _flags(*names: str) -> tuple[Property, ...]:
    return tuple(Property(name, (FLAG,)) for name in names)


def _default_is_enabled(_: str, value: Json, layouts: Document) -> str | None:
    enabled = layouts.get("enabledLayouts")
    if value and isinstance(enabled, list) and value in enabled:
        return None
    return (
        "If you pass the optional 'bookerLayouts' property, you must provide both "
        "'bookerLayouts.defaultLayout' and 'bookerLayouts.enabledLayouts' and "
        "'bookerLayouts.enabledLayouts' must include 'bookerLayouts.defaultLayout'"
    )


LAYOUT_PROPERTIES = (
    Property(
        "defaultLayout",
        (
            one_of(LAYOUTS),
            rule(
                "IsValidLayout",
                "$ must be one of the valid layouts - month, week or column",
                lambda value: isinstance(value, str) and value in LAYOUTS,
            ),
            Rule("isDefaultLayoutWithinEnabledLayouts", _default_is_enabled),
        ),
        required=True,
    ),
    Property(
        "enabledLayouts",
        (
            rule(
                "isEnum",
                "$ must contain only valid layouts - month, week or column",
                lambda value: isinstance(value, list) and all(one in LAYOUTS for one in value),
            ),
        ),
        required=True,
    ),
)
RESCHEDULING = (*_flags("disabled"), Property("minutesBefore", (at_least(1), WHOLE)))
HOST = (
    Property("userId", (WHOLE,), required=True),
    *_flags("mandatory"),
    Property("priority", (one_of(PRIORITIES),)),
)
EMAILS = _flags("disableEmailsToAttendees", "disableEmailsToHosts")

BASE = (
    Property("lengthInMinutes", (at_least(1), WHOLE), required=True),
    Property("lengthInMinutesOptions", (each(at_least(1)), each(WHOLE), DISTINCT, FILLED, LIST)),
    Property("title", (TEXT,), required=True),
    Property("slug", (TEXT,), required=True),
    Property("description", (TEXT,)),
    *_flags("disableGuests"),
    *_wholes("slotInterval"),
    Property("minimumBookingNotice", (at_least(0), WHOLE)),
    *_wholes("beforeEventBuffer", "afterEventBuffer", "scheduleId"),
    _limits("bookingLimitsCount", "ValidateBookingLimitsCount"),
    Property("bookerActiveBookingsLimit", inner=limits.active_limit_properties),
    *_flags("onlyShowFirstAvailableSlot"),
    _limits("bookingLimitsDuration", "ValidateBookingLimistsDuration"),
    Property("bookingWindow", (rule("ValidateBookingWindow", window.STRUCTURE, window.is_window),)),
    Property("offsetStart", (at_least(0), WHOLE)),
    Property("bookerLayouts", inner=lambda _: LAYOUT_PROPERTIES),
    Property(
        "confirmationPolicy",
        (rule("ConfirmationPolicyValidator", confirmation.STRUCTURE, confirmation.is_policy),),
    ),
    *_flags("requiresConfirmation"),
    Property("recurrence", inner=recurrence.recurrence_properties),
    *_flags(
        "requiresBookerEmailVerification", "hideCalendarNotes", "lockTimeZoneToggleOnBookingPage"
    ),
    Property("seats", inner=seats.seats_properties),
    Property("customName", (TEXT,)),
    *_flags("useDestinationCalendarEmail", "hideCalendarEventDetails"),
    Property("successRedirectUrl", (URL,)),
    *_flags("hideOrganizerEmail"),
    Property("calVideoSettings", inner=lambda _: video.PROPERTIES),
    *_flags("hidden", "bookingRequiresAuthentication"),
    Property("disableCancelling", inner=lambda _: _flags("disabled")),
    Property("disableRescheduling", inner=lambda _: RESCHEDULING),
    *_flags(
        "allowReschedulingPastBookings", "allowReschedulingCancelledBookings", "showOptimizedSlots"
    ),
)


def _is_scheduling_type(names: tuple[str, ...]) -> Rule:
    text = f"$ must be one of the following values: {', '.join(SCHEDULING_TYPES)}"
    return rule("isEnum", text, lambda value: isinstance(value, str) and value in names)


ANY_TYPE = _is_scheduling_type((*SPELLINGS, *SCHEDULING_TYPES))
UNMANAGED = _is_scheduling_type((*SPELLINGS[:2], *SCHEDULING_TYPES[:2]))
TEAM = (
    Property("hosts", (LIST,), inner=lambda _: HOST, many=True),
    *_flags("assignAllTeamMembers"),
    Property("emailSettings", inner=lambda _: EMAILS),
    *_flags("rescheduleWithSameRoundRobinHost", "rrHostSubsetEnabled"),
)


def properties_of(*, of_team: bool, is_new: bool) -> PropertyTable:
    """The properties of a create (*is_new*) or an update, of a user or *of_team*.

    An update requires nothing, and cannot make an event type a managed one.

    Source: reference event-types sections 2 and 8.1 (T, R).
    """
    return _TABLES[of_team, is_new]


def _table(*, of_team: bool, is_new: bool) -> PropertyTable:
    kind = Property("schedulingType", (ANY_TYPE if is_new else UNMANAGED,), required=is_new)
    base = BASE if is_new else tuple(map(_optional, BASE))
    return table_of((kind, *TEAM, *base) if of_team else base)


def _optional(one: Property) -> Property:
    return Property(one.name, one.rules, inner=one.inner, many=one.many)


_TABLES = {
    (of_team, is_new): _table(of_team=of_team, is_new=is_new)
    for of_team in (False, True)
    for is_new in (False, True)
}
UNCHECKED = ("locations", "bookingFields", "color", "destinationCalendar", "interfaceLanguage")
"""Settings with checks elsewhere, or none."""


def names_of(*, of_team: bool) -> frozenset[str]:
    """Every property that the API knows, whether or not the document says so.

    `requiresConfirmation` is known to the guide of a user's event types only.
    """
    return _NAMES[of_team]


def _all_names(*, of_team: bool) -> frozenset[str]:
    names = frozenset(one.name for one in _TABLES[of_team, True].properties).union(UNCHECKED)
    return names - {"requiresConfirmation"} if of_team else names


_NAMES = {of_team: _all_names(of_team=of_team) for of_team in (False, True)}
