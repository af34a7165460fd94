from collections.abc import Callable

import pytest

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.settings import (
    changed_settings,
    check_connected_apps,
    check_second_write,
    check_settings,
    new_settings,
)
from mockserver.errors import ApiError
from mockserver.model import Document, Json
from mockserver.openapi.quirks import Quirks

MakeCall = Callable[..., Call]
MessageOf = Callable[..., str]
Check = Callable[..., None]

ADDRESS = {"type": "address", "address": "1 Main St", "public": True}
ZOOM = {"type": "integration", "integration": "zoom"}
SEATS = {"seatsPerTimeSlot": 4, "showAttendeeInfo": True, "showAvailabilityCount": False}
ALWAYS = {"type": "always", "blockUnconfirmedBookingsInBooker": True}
WEEKLY = {"interval": 1, "occurrences": 2, "frequency": "weekly"}
PHONE_ONLY = [
    {"type": "email", "required": False, "hidden": True},
    {"type": "phone", "slug": "attendeePhoneNumber", "label": "P", "required": True},
]


@pytest.fixture
def check(make_call: MakeCall, minimal: Document) -> Check:
    """(body, owner=, path=, user_id=): the checks of a create."""

    def check(
        body: Document,
        owner: Document | None = None,
        path: Document | None = None,
        user_id: int = 1,
    ) -> None:
        whole = {**minimal, **body}
        of_team = path is not None
        settings = new_settings(whole, of_team=of_team, quirks=Quirks())
        call = make_call(whole, path=path, user_id=user_id)
        check_settings(call, settings, whole, of_team=of_team, owner=owner or {})

    return check


@pytest.fixture
def stored(minimal: Document, no_quirks: Quirks) -> Document:
    return new_settings(minimal, of_team=False, quirks=no_quirks)


def test_a_plain_event_type_passes(check: Check, stored: Document, minimal: Document) -> None:
    check({})
    check_second_write(stored, minimal)


def test_the_apps_of_locations_must_be_connected(check: Check, message_of: MessageOf) -> None:
    body = {"locations": [ZOOM], "customName": "{Foo}"}
    assert message_of(check, body) == "zoom not connected."
    assert message_of(check, body, {"connectedApps": ["zoom"]}).startswith("Invalid event name")


def test_a_team_can_have_its_apps_checked_alone(message_of: MessageOf) -> None:
    body = {"locations": [ZOOM]}
    assert message_of(check_connected_apps, body, {}, of_team=True) == "zoom not connected."
    check_connected_apps(body, {"connectedApps": ["zoom"]}, of_team=True)
    check_connected_apps({}, {}, of_team=True)


def test_the_booker_must_be_reachable_before_seats_are_looked_at(
    check: Check, message_of: MessageOf
) -> None:
    body = {"bookingFields": [PHONE_ONLY[0]], "seats": SEATS, "confirmationPolicy": ALWAYS}
    assert message_of(check, body).startswith("Booking fields validation failed")


def test_a_phone_number_alone_is_not_enough_for_a_user(check: Check, message_of: MessageOf) -> None:
    assert message_of(check, {"bookingFields": PHONE_ONLY}) == (
        "checkIsEmailUserAccessible - Email booking field must be required and visible"
    )


def test_a_phone_number_alone_is_enough_in_an_organization(check: Check) -> None:
    check({"bookingFields": PHONE_ONLY}, None, {"orgId": "1", "teamId": "2"})


def test_seats_want_one_location(check: Check, message_of: MessageOf) -> None:
    body = {"seats": SEATS, "locations": [ADDRESS, {"type": "attendeePhone"}]}
    assert message_of(check, {**body, "confirmationPolicy": ALWAYS}) == (
        "Seats Validation failed: Seats are enabled but more than one location provided."
    )
    check({**body, "seats": {"disabled": True}})
    check({**body, "locations": [ADDRESS]})


def test_seats_want_no_confirmation(check: Check, message_of: MessageOf) -> None:
    body = {"seats": SEATS, "confirmationPolicy": ALWAYS}
    assert message_of(check, {**body, "customName": "{Foo}"}) == (
        "Seats Validation failed: Seats are enabled but requiresConfirmation is true."
    )
    check({**body, "confirmationPolicy": {"disabled": True}})


def test_an_update_is_held_against_the_stored_seats(
    make_call: MakeCall, message_of: MessageOf, stored: Document, no_quirks: Quirks
) -> None:
    stored["seats"] = SEATS
    body = {"confirmationPolicy": ALWAYS}
    changed = changed_settings(stored, body, of_team=False, quirks=no_quirks)
    call = make_call(body, method="PATCH")
    message = message_of(check_settings, call, changed, body, of_team=False, owner={})
    assert message.startswith("Seats Validation failed")


def test_an_update_is_not_refused_for_fields_that_it_does_not_touch(
    make_call: MakeCall, stored: Document
) -> None:
    stored["bookingFields"] = []
    check_settings(make_call({}), stored, {"title": "Tea"}, of_team=False, owner={})


def test_disabling_guests_looks_at_the_fields(
    make_call: MakeCall, stored: Document, message_of: MessageOf
) -> None:
    stored["bookingFields"] = []
    body = {"disableGuests": True}
    message = message_of(check_settings, make_call({}), stored, body, of_team=False, owner={})
    assert message.startswith("Booking fields validation failed")


@pytest.mark.parametrize(
    "name",
    [
        *("{Event type title}", "{Organiser}", "{Scheduler}", "{Location}"),
        *("{Organiser first name}", "{Scheduler first name}", "{Scheduler last name}"),
        *("{Event duration}", "{LOCATION}", "{HOST/ATTENDEE}", "{HOST}", "{ATTENDEE}", "{USER}"),
        *("plain", "", "{}"),
    ],
)
def test_a_name_may_use_these_variables(check: Check, name: str) -> None:
    check({"customName": name})


@pytest.mark.parametrize(
    ("name", "variable"), [("{HOST} {Foo} {Bar}", "{Foo}"), ("{scheduler}", "{scheduler}")]
)
def test_a_name_may_not_use_others(
    check: Check, message_of: MessageOf, name: str, variable: str
) -> None:
    body = {"customName": name, "destinationCalendar": {"integration": "x", "externalId": "y"}}
    assert message_of(check, body) == f"Invalid event name variables: {variable}"


def _calendar(external_id: str) -> Document:
    calendar = {"integration": "google_calendar", "externalId": external_id}
    return {"destinationCalendar": calendar}


def test_a_destination_calendar_must_be_the_callers(check: Check, message_of: MessageOf) -> None:
    check(_calendar("a@x.example"))
    body = {**_calendar("elsewhere"), "useDestinationCalendarEmail": True}
    assert message_of(check, body) == "Invalid destinationCalendarId: Calendar does not exist"
    other = {"destinationCalendar": {"integration": "office365", "externalId": "a@x.example"}}
    assert message_of(check, other) == "Invalid destinationCalendarId: Calendar does not exist"


def test_a_destination_calendar_must_be_writable(check: Check, message_of: MessageOf) -> None:
    assert message_of(check, _calendar("holidays")) == (
        "Invalid destinationCalendarId: Calendar does not have write permission"
    )


def test_a_team_uses_the_callers_calendars(check: Check, message_of: MessageOf) -> None:
    path = {"orgId": "1", "teamId": "2"}
    check(_calendar("a@x.example"), None, path)
    assert message_of(check, _calendar("a@x.example"), None, path, 2) == (
        "Invalid destinationCalendarId: Calendar does not exist"
    )


def test_the_calendars_address_needs_a_primary_calendar(
    check: Check, message_of: MessageOf
) -> None:
    body = {"useDestinationCalendarEmail": True, "bookingFields": PHONE_ONLY}
    assert message_of(check, body, None, None, 2) == (
        "Validation failed: A primary connected calendar is required to set "
        "useDestinationCalendarEmail"
    )
    check({"useDestinationCalendarEmail": True})
    check({"useDestinationCalendarEmail": False}, None, None, 2)


Second = Callable[..., ApiError]


def _settings(body: Document, minimal: Document) -> tuple[Document, Document]:
    whole = {**minimal, **body}
    return new_settings(whole, of_team=False, quirks=Quirks()), whole


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"seats": SEATS, "recurrence": WEEKLY},
            "Recurring Events and Offer Seats cannot be active at the same time.",
        ),
        (
            {
                "bookingFields": [
                    {"type": "email", "required": True},
                    {"type": "text", "slug": "email", "label": "E", "required": False},
                ],
                "bookingLimitsCount": {"day": 1, "week": 0},
            },
            "Duplicate booking field name: email",
        ),
        (
            {"bookingLimitsCount": {"day": 1, "week": 0}},
            "Booking limits must be in ascending order.",
        ),
        (
            {"bookingLimitsDuration": {"week": 60, "day": 60}},
            "Duration limits must be in ascending order.",
        ),
    ],
)
def test_the_second_write_refuses(
    body: Document, message: str, minimal: Document, trpc_message_of: MessageOf
) -> None:
    assert trpc_message_of(check_second_write, *_settings(body, minimal)) == message


@pytest.mark.parametrize(
    "body",
    [
        {"seats": SEATS},
        {"recurrence": WEEKLY},
        {"bookingLimitsCount": {"disabled": True}},
        {"bookerActiveBookingsLimit": {"maximumActiveBookings": 1}},
    ],
)
def test_the_second_write_passes_the_rest(body: Document, minimal: Document) -> None:
    check_second_write(*_settings(body, minimal))


@pytest.mark.parametrize(
    ("sent", "is_refused"),
    [
        ({"maximumActiveBookings": 1}, True),
        ({"offerReschedule": True}, False),
        ({"disabled": True, "maximumActiveBookings": 1}, False),
        (None, False),
    ],
)
def test_an_active_limit_is_held_against_a_stored_recurrence(
    stored: Document, sent: Json, is_refused: bool, trpc_message_of: MessageOf
) -> None:
    stored["recurrence"] = WEEKLY
    body = {"bookerActiveBookingsLimit": sent}
    if is_refused:
        assert trpc_message_of(check_second_write, stored, body, stored) == (
            "Recurring Events and booker active bookings limit cannot be active at the same time."
        )
    else:
        check_second_write(stored, body, stored)


def test_an_update_of_something_else_does_not_look_at_names_and_limits(stored: Document) -> None:
    stored["bookingFields"] = [{"slug": "email"}, {"slug": "email"}]
    stored["bookingLimitsCount"] = {"day": 1, "week": 0}
    check_second_write({**stored, "title": "Tea"}, {"title": "Tea"}, stored)


def test_a_list_never_written_has_no_names(stored: Document) -> None:
    stored["bookingFields"] = None
    check_second_write(stored, {})
