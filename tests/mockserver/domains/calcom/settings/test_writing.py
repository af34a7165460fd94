from datetime import UTC, datetime

import pytest

from mockserver.domains.calcom.settings import changed_settings, new_settings
from mockserver.domains.calcom.settings.field_defaults import default_fields
from mockserver.model import Document, Json
from mockserver.openapi.quirks import Quirks

CAL_VIDEO = {"type": "integration", "integration": "cal-video"}
ADDRESS = {"type": "address", "address": "1 Main St", "public": True}
TEXT = {"type": "text", "slug": "company", "label": "Company", "required": True}
SEATS = {"seatsPerTimeSlot": 4, "showAttendeeInfo": True, "showAvailabilityCount": False}


@pytest.fixture
def stored(minimal: Document, no_quirks: Quirks) -> Document:
    return {"id": 7, "ownerId": 1, **new_settings(minimal, of_team=False, quirks=no_quirks)}


def _change(stored: Document, body: Document, *quirks: str, of_team: bool = False) -> Document:
    return changed_settings(stored, body, of_team=of_team, quirks=Quirks(quirks))


def test_a_new_event_type_has_every_setting(minimal: Document, no_quirks: Quirks) -> None:
    assert new_settings(minimal, of_team=False, quirks=no_quirks) == {
        **minimal,
        "lengthInMinutesOptions": None,
        "description": "",
        "locations": [CAL_VIDEO],
        "bookingFields": default_fields(),
        "disableGuests": False,
        "slotInterval": None,
        "minimumBookingNotice": 120,
        "beforeEventBuffer": 0,
        "afterEventBuffer": 0,
        "scheduleId": None,
        "bookingLimitsCount": None,
        "bookingLimitsDuration": None,
        "bookerActiveBookingsLimit": None,
        "onlyShowFirstAvailableSlot": False,
        "bookingWindow": None,
        "offsetStart": 0,
        "bookerLayouts": None,
        "confirmationPolicy": None,
        "recurrence": None,
        "requiresBookerEmailVerification": False,
        "hideCalendarNotes": False,
        "lockTimeZoneToggleOnBookingPage": False,
        "color": None,
        "seats": None,
        "customName": None,
        "destinationCalendar": None,
        "useDestinationCalendarEmail": False,
        "hideCalendarEventDetails": False,
        "hideOrganizerEmail": False,
        "calVideoSettings": {"sendTranscriptionEmails": True},
        "hidden": False,
        "bookingRequiresAuthentication": False,
        "successRedirectUrl": None,
        "disableCancelling": {"disabled": False},
        "disableRescheduling": {"disabled": False},
        "interfaceLanguage": None,
        "allowReschedulingPastBookings": False,
        "allowReschedulingCancelledBookings": False,
        "showOptimizedSlots": False,
        "metadata": {},
        "price": 0,
        "currency": "usd",
        "isInstantEvent": False,
        "forwardParamsSuccessRedirect": True,
    }


def test_a_teams_event_type_has_three_more(minimal: Document, no_quirks: Quirks) -> None:
    of_user = new_settings(minimal, of_team=False, quirks=no_quirks)
    of_team = new_settings(minimal, of_team=True, quirks=no_quirks)
    assert {name: of_team[name] for name in of_team.keys() - of_user.keys()} == {
        "emailSettings": None,
        "rescheduleWithSameRoundRobinHost": False,
        "rrHostSubsetEnabled": False,
    }


def test_on_the_recorded_server_only_a_team_gets_a_default_location(minimal: Document) -> None:
    quirks = Quirks(["event-type-create-has-no-location"])
    assert new_settings(minimal, of_team=False, quirks=quirks)["locations"] == []
    assert new_settings(minimal, of_team=True, quirks=quirks)["locations"] == [CAL_VIDEO]
    given = {**minimal, "locations": [ADDRESS]}
    assert new_settings(given, of_team=False, quirks=quirks)["locations"] == [ADDRESS]


def test_two_event_types_share_nothing(minimal: Document, no_quirks: Quirks) -> None:
    first = new_settings(minimal, of_team=False, quirks=no_quirks)
    second = new_settings(minimal, of_team=False, quirks=no_quirks)
    for name in ("locations", "bookingFields", "metadata", "calVideoSettings"):
        assert first[name] is not second[name]


def test_what_is_no_setting_is_not_kept(stored: Document) -> None:
    body = {"id": 9, "ownerId": 2, "metadata": {"a": 1}, "price": 5, "schedulingType": "managed"}
    assert _change(stored, body) == stored


def test_null_changes_nothing(stored: Document) -> None:
    body: Document = dict.fromkeys(stored)
    assert _change(stored, body) == stored


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "Tea"),
        ("description", "Hot"),
        ("lengthInMinutes", 45),
        ("lengthInMinutesOptions", [15, 45]),
        ("slotInterval", -5),
        ("hidden", True),
        ("scheduleId", 3),
        ("customName", ""),
        ("successRedirectUrl", "https://x.example"),
        ("interfaceLanguage", ""),
        ("showOptimizedSlots", True),
        ("color", {"lightThemeHex": "#292929", "darkThemeHex": "#fafafa"}),
        ("bookerLayouts", {"defaultLayout": "month", "enabledLayouts": ["month"]}),
        ("destinationCalendar", {"integration": "google_calendar", "externalId": "a"}),
        ("locations", [ADDRESS]),
        ("bookingLimitsCount", {"day": 1, "week": 2}),
        ("bookingLimitsDuration", {"day": 60}),
        ("bookerActiveBookingsLimit", {"maximumActiveBookings": 3, "offerReschedule": True}),
        ("bookingWindow", {"type": "businessDays", "value": 5, "rolling": True}),
        ("confirmationPolicy", {"type": "always", "blockUnconfirmedBookingsInBooker": True}),
        ("recurrence", {"interval": 1, "occurrences": 2, "frequency": "weekly"}),
        ("seats", SEATS),
        ("disableCancelling", {"disabled": True}),
        ("disableRescheduling", {"disabled": False, "minutesBefore": 60}),
    ],
)
def test_a_setting_is_kept_and_nothing_else_changes(
    stored: Document, name: str, value: Json
) -> None:
    before = {**stored}
    assert _change(stored, {name: value}) == {**stored, name: value}
    assert stored == before


@pytest.mark.parametrize("name", ["color", "bookerLayouts", "destinationCalendar"])
def test_unknown_inner_properties_are_not_kept(stored: Document, name: str) -> None:
    assert _change(stored, {name: {"unknown": 1}})[name] == {}


def test_metadata_is_merged(stored: Document) -> None:
    layouts = {"defaultLayout": "month", "enabledLayouts": ["month"]}
    policy = {
        "type": "time",
        "noticeThreshold": {"unit": "minutes", "count": 30},
        "blockUnconfirmedBookingsInBooker": False,
    }
    stored["metadata"] = {"apps": {"stripe": {}}}
    stored = _change(stored, {"bookerLayouts": layouts, "confirmationPolicy": policy})
    stored = _change(stored, {"lengthInMinutesOptions": [15, 30]})
    stored = _change(stored, {"title": "Tea"})
    assert stored["bookerLayouts"] == layouts
    assert stored["confirmationPolicy"] == policy
    assert stored["lengthInMinutesOptions"] == [15, 30]
    assert stored["metadata"] == {"apps": {"stripe": {}}}


def test_a_slug_is_cleaned(stored: Document, minimal: Document, no_quirks: Quirks) -> None:
    assert _change(stored, {"slug": " -tea"})["slug"] == "tea"
    fresh = new_settings({**minimal, "slug": ""}, of_team=False, quirks=no_quirks)
    assert fresh["slug"] == ""


def test_an_update_to_an_empty_slug_keeps_the_old_one(stored: Document) -> None:
    assert _change(stored, {"slug": ""})["slug"] == "coffee"


def test_schedule_zero_is_no_schedule(stored: Document) -> None:
    stored["scheduleId"] = 3
    assert _change(stored, {"scheduleId": 0})["scheduleId"] is None


def test_limits_are_switched_off(stored: Document) -> None:
    stored["bookingLimitsCount"] = {"day": 1}
    assert _change(stored, {"bookingLimitsCount": {"disabled": True}})["bookingLimitsCount"] == {}


def test_the_guides_flag_sets_and_clears_the_policy(stored: Document) -> None:
    confirmed = _change(stored, {"requiresConfirmation": True})
    assert confirmed["confirmationPolicy"] == {
        "type": "always",
        "blockUnconfirmedBookingsInBooker": False,
    }
    assert "requiresConfirmation" not in confirmed
    cleared = _change(confirmed, {"requiresConfirmation": False})
    assert cleared["confirmationPolicy"] is None


def test_a_policy_wins_over_the_guides_flag(stored: Document) -> None:
    policy = {"type": "always", "blockUnconfirmedBookingsInBooker": True}
    body = {"requiresConfirmation": False, "confirmationPolicy": policy}
    assert _change(stored, body)["confirmationPolicy"] == policy


def test_fields_replace_the_whole_list(stored: Document) -> None:
    stored = _change(stored, {"bookingFields": [TEXT]})
    stored = _change(stored, {"bookingFields": [{"slug": "guests", "hidden": True}]})
    assert [field["slug"] for field in stored["bookingFields"]] == [
        *("name", "email", "location", "title", "notes", "guests", "rescheduleReason")
    ]
    assert stored["disableGuests"] is True


def test_fields_that_are_not_sent_stay(stored: Document) -> None:
    stored = _change(stored, {"bookingFields": [TEXT]})
    assert _change(stored, {"title": "Tea"})["bookingFields"] == stored["bookingFields"]


def test_disabling_guests_alone_keeps_custom_fields(stored: Document) -> None:
    stored = _change(stored, {"bookingFields": [TEXT]})
    changed = _change(stored, {"disableGuests": True})
    assert changed["disableGuests"] is True
    assert changed["bookingFields"][3]["slug"] == "company"
    assert _change(changed, {"disableGuests": False}) == stored


def test_on_the_real_server_it_loses_them(stored: Document) -> None:
    stored = _change(stored, {"bookingFields": [TEXT]})
    changed = _change(stored, {"disableGuests": True}, "event-type-disable-guests-resets-fields")
    assert changed["bookingFields"][3]["slug"] == "title"


@pytest.mark.parametrize(
    ("sent", "stored_value"),
    [
        ({}, {"disabled": False}),
        ({"disabled": True, "minutesBefore": 60}, {"disabled": True}),
        ({"minutesBefore": 60}, {"disabled": False, "minutesBefore": 60}),
    ],
)
def test_rescheduling_counts_minutes_only_where_it_is_possible(
    stored: Document, sent: Document, stored_value: Document
) -> None:
    stored["disableRescheduling"] = {"disabled": True}
    assert _change(stored, {"disableRescheduling": sent})["disableRescheduling"] == stored_value


def test_an_empty_object_means_cancelling_is_not_disabled(stored: Document) -> None:
    stored["disableCancelling"] = {"disabled": True}
    assert _change(stored, {"disableCancelling": {}})["disableCancelling"] == {"disabled": False}


def test_an_update_ends_a_recurrence_unless_the_server_ignores_it(stored: Document) -> None:
    weekly = {"interval": 1, "occurrences": 2, "frequency": "weekly"}
    stored["recurrence"] = weekly
    off = {"recurrence": {"disabled": True}}
    assert _change(stored, off)["recurrence"] is None
    kept = _change(stored, off, "event-type-update-keeps-recurrence")
    assert kept["recurrence"] == weekly


def test_a_new_event_type_never_keeps_a_disabled_recurrence(minimal: Document) -> None:
    body = {**minimal, "recurrence": {"disabled": True}}
    quirks = Quirks(["event-type-update-keeps-recurrence"])
    assert new_settings(body, of_team=False, quirks=quirks)["recurrence"] is None


VIDEO = {"calVideoSettings": {"disableRecordingForGuests": True, "sendTranscriptionEmails": False}}


def test_video_settings_last_as_long_as_cal_video_is_a_location(stored: Document) -> None:
    flagged = _change(stored, VIDEO)
    assert flagged["calVideoSettings"] == VIDEO["calVideoSettings"]
    assert _change(flagged, {"title": "Tea"})["calVideoSettings"] == VIDEO["calVideoSettings"]
    moved = _change(flagged, {"locations": [ADDRESS]})
    assert moved["calVideoSettings"] == {"sendTranscriptionEmails": False}


def test_video_settings_without_cal_video_are_not_kept(stored: Document) -> None:
    changed = _change(stored, {**VIDEO, "locations": [ADDRESS]})
    assert changed["calVideoSettings"] == {"sendTranscriptionEmails": False}


def test_video_settings_are_dated(stored: Document, no_quirks: Quirks) -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    changed = changed_settings(stored, VIDEO, of_team=False, quirks=no_quirks, now=now)
    assert changed["calVideoSettings"]["createdAt"] == "2026-11-21T12:00:00.000Z"


def test_a_team_sets_its_mails_both_at_once(minimal: Document, no_quirks: Quirks) -> None:
    body = {**minimal, "emailSettings": {"disableEmailsToHosts": True}}
    fresh = new_settings(body, of_team=True, quirks=no_quirks)
    assert fresh["emailSettings"] == {
        "disableEmailsToAttendees": False,
        "disableEmailsToHosts": True,
    }


def test_a_user_cannot_change_team_settings_of_a_managed_child(
    minimal: Document, no_quirks: Quirks
) -> None:
    child = new_settings(minimal, of_team=True, quirks=no_quirks)
    assert _change(child, {"rrHostSubsetEnabled": True}) == child
    changed = _change(child, {"rrHostSubsetEnabled": True}, of_team=True)
    assert changed["rrHostSubsetEnabled"] is True


def test_a_user_has_no_team_settings(stored: Document, minimal: Document) -> None:
    body = {"emailSettings": {"disableEmailsToHosts": True}, "rrHostSubsetEnabled": True}
    assert _change(stored, body) == stored
    fresh = new_settings({**minimal, **body}, of_team=False, quirks=Quirks())
    assert "rrHostSubsetEnabled" not in fresh
