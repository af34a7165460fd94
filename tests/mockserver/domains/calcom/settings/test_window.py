import pytest

from mockserver.domains.calcom.settings.window import (
    is_range_without_end,
    is_window,
    shown_window,
    stored_window,
)
from mockserver.model import Document, Json
from mockserver.openapi.quirks import Quirks

OBJECT = Quirks(["event-type-booking-window-is-object"])


@pytest.mark.parametrize(
    "value",
    [
        {"type": "businessDays", "value": 5},
        {"type": "calendarDays", "value": 1.5, "rolling": True},
        {"type": "range", "value": ["2030-09-05", "2030-09-09"]},
        {"type": "range", "value": ["2030-09-05T10:00:00Z", "2030-09-09", "2031-01-01"]},
        {"disabled": True},
    ],
)
def test_a_window_is_days_or_a_range_or_disabled(value: Document) -> None:
    assert is_window(value)


@pytest.mark.parametrize(
    "value",
    [
        "x",
        [],
        {},
        {"disabled": False},
        {"type": "moon", "value": 1},
        {"type": "businessDays", "value": "5"},
        {"type": "businessDays", "value": True},
        {"type": "businessDays"},
        {"type": "calendarDays", "value": 5, "rolling": "yes"},
        {"type": "range", "value": "2030-09-05"},
        {"type": "range", "value": ["2030-09-05", "soon"]},
        {"type": "range", "value": ["2030-09-05", 5]},
        {"type": "range", "value": ["2030-09-05"]},
        {"type": "range", "value": []},
    ],
)
def test_anything_else_is_no_window(value: Json) -> None:
    assert not is_window(value)


@pytest.mark.parametrize("value", [[], ["2030-09-05"]])
def test_a_range_without_end_is_known(value: Json) -> None:
    assert is_range_without_end({"type": "range", "value": value})


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"type": "range", "value": ["soon"]},
        {"type": "range", "value": ["2030-09-05", "2030-09-06"]},
        {"type": "range", "value": [], "disabled": True},
        {"type": "businessDays", "value": []},
    ],
)
def test_others_are_no_range_without_end(value: Json) -> None:
    assert not is_range_without_end(value)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (
            {"type": "businessDays", "value": 5, "other": 1},
            {"type": "businessDays", "value": 5, "rolling": False},
        ),
        (
            {"type": "calendarDays", "value": 5, "rolling": True},
            {"type": "calendarDays", "value": 5, "rolling": True},
        ),
        (
            {
                "type": "range",
                "value": ["2030-09-05T23:30:00-01:00", "2030-09-09T01:00:00Z", "2031-01-01"],
            },
            {"type": "range", "value": ["2030-09-06", "2030-09-09"]},
        ),
        ({"disabled": True, "type": "businessDays", "value": 5}, None),
    ],
)
def test_a_window_is_kept_whole_and_its_dates_by_the_day(
    sent: Document, stored: Document | None
) -> None:
    assert stored_window(sent) == stored


WINDOW = {"type": "businessDays", "value": 5, "rolling": False}


def test_a_window_is_shown_in_an_array_and_none_not_at_all(no_quirks: Quirks) -> None:
    assert shown_window(WINDOW, no_quirks) == [WINDOW]
    assert shown_window(None, no_quirks) is None


def test_the_real_server_shows_the_window_itself() -> None:
    assert shown_window(WINDOW, OBJECT) == WINDOW
    assert shown_window(None, OBJECT) == {"disabled": True}
