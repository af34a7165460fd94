from mockserver.domains.calcom.settings import complete_event_type, new_settings
from mockserver.model import Document
from mockserver.openapi.quirks import Quirks

TEXT = {"type": "text", "slug": "company", "label": "Company", "required": True}


def test_a_short_event_type_gets_every_default(minimal: Document, no_quirks: Quirks) -> None:
    assert complete_event_type({"id": 7, "ownerId": 1, **minimal}) == {
        "id": 7,
        "ownerId": 1,
        "teamId": None,
        "parentEventTypeId": None,
        "schedulingType": None,
        "assignAllTeamMembers": False,
        "hosts": [],
        **new_settings(minimal, of_team=False, quirks=no_quirks),
    }


def test_a_teams_event_type_gets_a_teams_settings(minimal: Document, no_quirks: Quirks) -> None:
    hosts = [{"userId": 4}, {"userId": 5, "priority": "high"}]
    whole = complete_event_type({"id": 7, "teamId": 2, "hosts": hosts, **minimal})
    assert whole["ownerId"] is None
    assert whole["hosts"] == [
        {"userId": 4, "mandatory": False, "priority": "medium"},
        {"userId": 5, "mandatory": False, "priority": "high"},
    ]
    settings = new_settings(minimal, of_team=True, quirks=no_quirks)
    assert {name: whole[name] for name in settings} == settings


def test_a_managed_child_has_a_teams_settings(minimal: Document) -> None:
    child = {"id": 8, "ownerId": 4, "parentEventTypeId": 7, **minimal}
    assert "emailSettings" in complete_event_type(child)


def test_settings_are_written_as_in_a_body(minimal: Document) -> None:
    short = {
        "id": 7,
        "ownerId": 1,
        **minimal,
        "locations": [{"type": "link", "link": "https://x.example"}],
        "bookingFields": [TEXT],
        "seats": {"seatsPerTimeSlot": 4, "showAttendeeInfo": True, "showAvailabilityCount": True},
        "bookingWindow": {"type": "businessDays", "value": 5},
        "bookingLimitsCount": {"day": 1},
        "requiresBookerEmailVerification": True,
        "metadata": {"apps": {}},
        "price": 5,
    }
    whole = complete_event_type(short)
    assert whole["locations"] == [{"type": "link", "link": "https://x.example", "public": False}]
    assert len(whole["bookingFields"]) == 8
    assert whole["bookingWindow"]["rolling"] is False
    assert (whole["metadata"], whole["price"]) == ({"apps": {}}, 5)
    assert whole["requiresBookerEmailVerification"] is True


def test_a_whole_event_type_stays_as_it_is(minimal: Document) -> None:
    short = {
        "id": 7,
        "teamId": 2,
        "schedulingType": "roundRobin",
        "hosts": [{"userId": 4}],
        **minimal,
        "bookingFields": [TEXT, {"type": "splitName"}],
        "bookingLimitsCount": {"disabled": True},
        "bookerActiveBookingsLimit": {"maximumActiveBookings": 1},
        "bookingWindow": {"type": "range", "value": ["2030-01-01", "2030-01-09"]},
        "confirmationPolicy": {"type": "always", "blockUnconfirmedBookingsInBooker": True},
        "calVideoSettings": {
            "disableRecordingForGuests": True,
            "createdAt": "2026-01-01T00:00:00.000Z",
        },
        "disableRescheduling": {"minutesBefore": 60},
        "emailSettings": {"disableEmailsToHosts": True},
    }
    whole = complete_event_type(short)
    assert complete_event_type(whole) == whole
    assert whole["bookingLimitsCount"] == {}
    assert whole["calVideoSettings"]["createdAt"] == "2026-01-01T00:00:00.000Z"


def test_an_explicit_null_is_kept(minimal: Document) -> None:
    whole = complete_event_type({"id": 7, "ownerId": 1, **minimal, "bookingFields": None})
    assert whole["bookingFields"] is None


def test_a_list_in_the_stored_form_keeps_its_own_order(minimal: Document) -> None:
    whole = complete_event_type({"id": 7, "ownerId": 1, **minimal})
    turned = {**whole, "bookingFields": whole["bookingFields"][::-1]}
    assert complete_event_type(turned) == turned


def test_the_fixture_itself_is_not_changed(minimal: Document) -> None:
    short = {"id": 7, "ownerId": 1, **minimal, "hosts": [{"userId": 4}]}
    complete_event_type(short)
    assert short == {"id": 7, "ownerId": 1, **minimal, "hosts": [{"userId": 4}]}


def test_quirks_do_not_reach_fixtures(minimal: Document) -> None:
    fields = [{"type": "email", "label": "Mail"}]
    whole = complete_event_type({"id": 7, "ownerId": 1, **minimal, "bookingFields": fields})
    assert whole["bookingFields"][1]["required"] is True
    assert Quirks().active == frozenset()
