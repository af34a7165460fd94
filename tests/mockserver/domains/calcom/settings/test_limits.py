from collections.abc import Callable

import pytest

from mockserver.domains.calcom.settings.limits import (
    check_active_limit,
    check_active_limit_or_recurrence,
    check_ascending,
    limits_refusal,
    shown_active_limit,
    shown_limits,
    stored_active_limit,
    stored_limits,
)
from mockserver.model import Document, Json
from mockserver.openapi.quirks import Quirks

EMPTY = Quirks(["event-type-empty-limits"])
SHOWS_DISABLED = Quirks(["event-type-shows-disabled-settings"])


@pytest.mark.parametrize(
    ("value", "pair"),
    [
        ({"day": 3, "week": 2, "month": 1, "year": 1}, ("day", "week")),
        ({"day": 3, "week": 3, "month": 2, "year": 2}, ("day", "month")),
        ({"day": 3, "year": 2}, ("day", "year")),
        ({"week": 3, "month": 2}, ("week", "month")),
        ({"week": 3, "month": 3, "year": 2}, ("week", "year")),
        ({"month": 3, "year": 2}, ("month", "year")),
    ],
)
def test_a_shorter_period_may_not_allow_more(value: Document, pair: tuple[str, str]) -> None:
    short, long = pair
    assert limits_refusal("bookingLimitsCount", value) == (
        f"Invalid bookingLimitsCount: The number of bookings for {short} cannot exceed the number "
        f"of bookings for {long}."
    )
    assert limits_refusal("bookingLimitsDuration", value) == (
        f"Invalid bookingLimitsDuration: The duration of bookings for {short} cannot exceed the "
        f"duration of bookings for {long}."
    )


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"day": 1, "week": 1, "month": 2, "year": 2},
        {"day": 5, "week": 0},
        {"day": "x", "week": 1},
        {"day": 5, "week": 1, "disabled": False},
    ],
)
def test_other_limits_pass_the_first_look(value: Document) -> None:
    assert limits_refusal("bookingLimitsCount", value) is None


@pytest.mark.parametrize("value", [5, "x", [], True])
def test_limits_are_an_object(value: Json) -> None:
    assert limits_refusal("bookingLimitsCount", value) == "Invalid bookingLimitsCount"


def test_limits_are_kept_without_what_is_no_period() -> None:
    assert stored_limits({"year": 4, "day": 1, "hour": 1, "week": None}) == {"year": 4, "day": 1}


def test_limits_switched_off_are_told_from_limits_never_set(no_quirks: Quirks) -> None:
    off = stored_limits({"disabled": True, "day": 1})
    assert shown_limits(off, no_quirks) == {"disabled": True}
    assert shown_limits(None, no_quirks) is None
    assert shown_limits({"day": 1}, no_quirks) == {"day": 1}


def test_the_real_server_shows_limits_switched_off_as_empty() -> None:
    assert shown_limits({}, EMPTY) == {}
    assert shown_limits(None, EMPTY) is None


@pytest.mark.parametrize(
    "stored", [{"day": 5, "week": 0}, {"week": 2, "day": 2}, {"year": 1, "month": 2}]
)
def test_the_second_look_refuses_zero_and_equals_out_of_order(
    stored: Document, trpc_message_of: Callable[..., str]
) -> None:
    assert trpc_message_of(check_ascending, "bookingLimitsCount", stored) == (
        "Booking limits must be in ascending order."
    )
    assert trpc_message_of(check_ascending, "bookingLimitsDuration", stored) == (
        "Duration limits must be in ascending order."
    )


@pytest.mark.parametrize(
    "stored", [None, {}, {"day": 2, "week": 2}, {"year": 3, "day": 1}, {"day": "x", "week": 1}]
)
def test_the_second_look_passes_the_rest(stored: Document | None) -> None:
    check_ascending("bookingLimitsCount", stored)


def test_an_active_limit_that_is_on_must_say_something(message_of: Callable[..., str]) -> None:
    assert message_of(check_active_limit, {"disabled": False}) == (
        "When disabled is false {disabled: false} at least one other property must be provided, "
        "because it means that the property is enabled but then other properties must be provided "
        "too."
    )


@pytest.mark.parametrize(
    "value", [None, 5, {}, {"disabled": True}, {"disabled": False, "maximumActiveBookings": 1}]
)
def test_other_active_limits_are_left_to_the_properties(value: Json) -> None:
    check_active_limit(value)


RECURRENCE = {"interval": 1, "occurrences": 2, "frequency": "weekly"}


@pytest.mark.parametrize("limit", [{"maximumActiveBookings": 1}, {"offerReschedule": False}])
def test_an_active_limit_does_not_go_with_a_recurrence(
    limit: Document, message_of: Callable[..., str]
) -> None:
    assert message_of(check_active_limit_or_recurrence, limit, RECURRENCE) == (
        "Can't have `recurrence` and `bookerActiveBookingsLimit` enabled at the same time - "
        "recurring events do not support maximum active bookings limit setting."
    )


@pytest.mark.parametrize(
    ("limit", "recurrence"),
    [
        ({"maximumActiveBookings": 1}, {"disabled": True}),
        ({"disabled": True}, RECURRENCE),
        ({"maximumActiveBookings": 1}, None),
        (None, RECURRENCE),
        ("x", RECURRENCE),
    ],
)
def test_a_disabled_partner_is_fine(limit: Json, recurrence: Json) -> None:
    check_active_limit_or_recurrence(limit, recurrence)


@pytest.mark.parametrize(
    ("sent", "before", "stored"),
    [
        (
            {"maximumActiveBookings": 3},
            None,
            {"maximumActiveBookings": 3, "offerReschedule": False},
        ),
        (
            {"offerReschedule": True},
            {"maximumActiveBookings": 3, "offerReschedule": False},
            {"maximumActiveBookings": 3, "offerReschedule": True},
        ),
        ({"offerReschedule": True}, None, {"offerReschedule": True}),
        ({"offerReschedule": False}, None, None),
        ({}, None, None),
        ({"disabled": True}, {"maximumActiveBookings": 3, "offerReschedule": False}, None),
    ],
)
def test_an_active_limit_goes_over_the_one_before(
    sent: Document, before: Document | None, stored: Document | None
) -> None:
    assert stored_active_limit(sent, before) == stored


def test_an_active_limit_that_is_off_is_left_out(no_quirks: Quirks) -> None:
    assert shown_active_limit(None, no_quirks) is None
    assert shown_active_limit({"offerReschedule": True}, no_quirks) == {"offerReschedule": True}


def test_the_real_server_shows_an_active_limit_that_is_off() -> None:
    assert shown_active_limit(None, SHOWS_DISABLED) == {"disabled": True}
    assert shown_active_limit({"offerReschedule": True}, SHOWS_DISABLED) == {
        "offerReschedule": True
    }
