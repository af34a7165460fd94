from mockserver.domains.calcom.settings.seats import seat_columns, shown_seats, stored_seats
from mockserver.openapi.quirks import Quirks

SHOWS_DISABLED = Quirks(["event-type-shows-disabled-settings"])
NO_COLUMNS = Quirks(["event-type-omits-seat-columns"])

SEATS = {"seatsPerTimeSlot": 4, "showAttendeeInfo": True, "showAvailabilityCount": False}


def test_seats_are_kept_without_other_keys() -> None:
    assert stored_seats({**SEATS, "disabled": False, "other": 1}, None) == SEATS


def test_disabled_seats_are_none() -> None:
    assert stored_seats({"disabled": True}, SEATS) is None


def test_an_object_that_says_nothing_changes_nothing() -> None:
    assert stored_seats({}, SEATS) == SEATS
    assert stored_seats({}, None) is None


def test_seats_are_shown_only_when_they_are_on(no_quirks: Quirks) -> None:
    assert shown_seats(SEATS, no_quirks) == SEATS
    assert shown_seats(None, no_quirks) is None


def test_the_real_server_always_says_whether_they_are_disabled() -> None:
    assert shown_seats(SEATS, SHOWS_DISABLED) == {"disabled": False, **SEATS}
    assert shown_seats(None, SHOWS_DISABLED) == {"disabled": True}


def test_seats_stand_at_the_top_level_too(no_quirks: Quirks) -> None:
    columns = {"seatsPerTimeSlot": 4, "seatsShowAvailabilityCount": False}
    assert seat_columns(SEATS, no_quirks) == columns
    assert seat_columns(None, no_quirks) == {}


def test_the_real_server_never_shows_them_there() -> None:
    assert seat_columns(SEATS, NO_COLUMNS) == {}
