import pytest

from mockserver.domains.calcom.settings import (
    changed_settings,
    new_settings,
    shown_settings,
    shown_team_settings,
)
from mockserver.model import Document, Json
from mockserver.openapi.quirks import Quirks

OBSERVED = Quirks(
    [
        "event-type-booking-window-is-object",
        "event-type-shows-disabled-settings",
        "event-type-empty-limits",
        "event-type-omits-seat-columns",
        "event-type-cal-video-row",
        "event-type-answers-as-of-2025",
    ]
)
SEATS = {"seatsPerTimeSlot": 4, "showAttendeeInfo": True, "showAvailabilityCount": False}


@pytest.fixture
def stored(minimal: Document, no_quirks: Quirks) -> Document:
    return {"id": 7, **new_settings(minimal, of_team=False, quirks=no_quirks)}


FRESH = {
    "title": "Coffee",
    "slug": "coffee",
    "lengthInMinutes": 30,
    "description": "",
    "locations": [{"type": "integration", "integration": "cal-video"}],
    "recurrence": None,
    "disableGuests": False,
    "slotInterval": None,
    "minimumBookingNotice": 120,
    "beforeEventBuffer": 0,
    "afterEventBuffer": 0,
    "metadata": {},
    "price": 0,
    "currency": "usd",
    "lockTimeZoneToggleOnBookingPage": False,
    "forwardParamsSuccessRedirect": True,
    "successRedirectUrl": None,
    "isInstantEvent": False,
    "scheduleId": None,
    "onlyShowFirstAvailableSlot": False,
    "offsetStart": 0,
    "confirmationPolicy": {"disabled": True},
    "requiresBookerEmailVerification": False,
    "hideCalendarNotes": False,
    "useDestinationCalendarEmail": False,
    "hideCalendarEventDetails": False,
    "hideOrganizerEmail": False,
    "hidden": False,
    "bookingRequiresAuthentication": False,
}


def test_a_fresh_event_type_as_documented(stored: Document, no_quirks: Quirks) -> None:
    shown = shown_settings(stored, no_quirks)
    assert len(shown.pop("bookingFields")) == 7
    assert shown == {
        **FRESH,
        "calVideoSettings": {"sendTranscriptionEmails": True},
        "disableCancelling": {"disabled": False},
        "disableRescheduling": {"disabled": False},
        "interfaceLanguage": None,
        "allowReschedulingPastBookings": False,
        "allowReschedulingCancelledBookings": False,
        "showOptimizedSlots": False,
    }


def test_a_fresh_event_type_as_recorded(stored: Document) -> None:
    shown = shown_settings(stored, OBSERVED)
    assert len(shown.pop("bookingFields")) == 7
    assert shown == {
        **FRESH,
        "bookingWindow": {"disabled": True},
        "seats": {"disabled": True},
        "bookerActiveBookingsLimit": {"disabled": True},
        "calVideoSettings": None,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lengthInMinutesOptions", [15, 30]),
        ("bookerLayouts", {"defaultLayout": "month", "enabledLayouts": ["month"]}),
        ("customName", "{HOST}"),
        ("destinationCalendar", {"integration": "google_calendar", "externalId": "a"}),
        ("color", {"lightThemeHex": "#292929", "darkThemeHex": "#fafafa"}),
        ("bookingLimitsCount", {"day": 1}),
        ("bookingLimitsDuration", {"day": 60}),
        ("bookerActiveBookingsLimit", {"offerReschedule": True}),
        ("seats", SEATS),
    ],
)
def test_some_settings_are_shown_only_when_set(
    stored: Document, no_quirks: Quirks, name: str, value: Json
) -> None:
    assert name not in shown_settings(stored, no_quirks)
    changed = changed_settings(stored, {name: value}, of_team=False, quirks=no_quirks)
    assert shown_settings(changed, no_quirks)[name] == value


def test_a_color_without_both_texts_is_not_shown(stored: Document, no_quirks: Quirks) -> None:
    stored["color"] = {"lightThemeHex": "#292929", "darkThemeHex": 5}
    assert "color" not in shown_settings(stored, no_quirks)


def test_a_description_is_always_a_text(stored: Document, no_quirks: Quirks) -> None:
    stored["description"] = None
    assert shown_settings(stored, no_quirks)["description"] == ""


def test_seats_show_their_columns(stored: Document, no_quirks: Quirks) -> None:
    stored["seats"] = SEATS
    shown = shown_settings(stored, no_quirks)
    assert (shown["seatsPerTimeSlot"], shown["seatsShowAvailabilityCount"]) == (4, False)
    assert "seatsPerTimeSlot" not in shown_settings(stored, OBSERVED)


def test_metadata_holds_what_the_server_keeps_there(stored: Document, no_quirks: Quirks) -> None:
    stored["metadata"] = {"apps": {}}
    stored["lengthInMinutesOptions"] = [15, 30]
    stored["emailSettings"] = {"disableEmailsToAttendees": True, "disableEmailsToHosts": False}
    assert shown_settings(stored, no_quirks)["metadata"] == {
        "apps": {},
        "multipleDuration": [15, 30],
        "disableStandardEmails": {"all": {"attendee": True, "host": False}},
    }
    assert stored["metadata"] == {"apps": {}}


def test_the_users_list_leaves_hidden_fields_out(stored: Document, no_quirks: Quirks) -> None:
    whole = shown_settings(stored, no_quirks)["bookingFields"]
    listed = shown_settings(stored, no_quirks, in_list=True)["bookingFields"]
    assert [field["slug"] for field in whole if field not in listed] == ["title"]


def test_team_settings_show_mails_only_when_set(minimal: Document, no_quirks: Quirks) -> None:
    stored = new_settings(minimal, of_team=True, quirks=no_quirks)
    plain = {"rescheduleWithSameRoundRobinHost": False, "rrHostSubsetEnabled": False}
    assert shown_team_settings(stored) == plain
    mails = {"disableEmailsToAttendees": True, "disableEmailsToHosts": False}
    assert shown_team_settings({**stored, "emailSettings": mails}) == {
        **plain,
        "emailSettings": mails,
    }
