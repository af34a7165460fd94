from datetime import UTC, datetime

import pytest

from mockserver.clock import iso_text
from mockserver.domains.calcom.links.dates import lenient_date, printed, strict_date
from mockserver.model import Json


def text_of(found: datetime | None) -> str | None:
    return iso_text(found) if found else None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2030-01-01T00:00:00.000Z", "2030-01-01T00:00:00.000Z"),
        ("2030-01-01T10:00:00+02:00", "2030-01-01T08:00:00.000Z"),
        ("2030-01-01T10:00:00.1239-03:30", "2030-01-01T13:30:00.123Z"),
        ("2030-01-01t10:00:00z", "2030-01-01T10:00:00.000Z"),
        ("0999-01-01T00:00:00Z", "0999-01-01T00:00:00.000Z"),
    ],
)
def test_a_date_time_is_read_and_printed_in_utc(text: str, instant: str) -> None:
    assert text_of(strict_date(text)) == instant


@pytest.mark.parametrize(
    "text",
    [
        "2030-01-01",
        "2030-01-01T10:00:00",
        "2030-01-01T10:00Z",
        "2030-13-01T10:00:00Z",
        "2030-01-32T10:00:00Z",
        "2030-01-01T10:61:00Z",
        "2030-01-01T10:00:00+02:99",
        "0001-01-01T00:00:00+02:00",
        "9999-12-31T23:59:59-01:00",
        "soon",
        "",
    ],
)
def test_other_texts_are_no_date_time(text: str) -> None:
    assert strict_date(text) is None


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("2030", "2030-01-01T00:00:00.000Z"),
        ("2030-05", "2030-05-01T00:00:00.000Z"),
        ("2030-01-01", "2030-01-01T00:00:00.000Z"),
        ("2030-01-01T02:00:00+02:00", "2030-01-01T00:00:00.000Z"),
        ("2030-01-01 10:30", "2030-01-01T10:30:00.000Z"),
        ("2030-02-30", "2030-03-02T00:00:00.000Z"),
        ("2030-01-01T24:00:00Z", "2030-01-02T00:00:00.000Z"),
        ("Jan 5, 2030", "2030-01-05T00:00:00.000Z"),
        ("1/5/2030", "2030-01-05T00:00:00.000Z"),
        ("Sat, 05 Jan 2030 10:00:00 GMT", "2030-01-05T10:00:00.000Z"),
        (1893456000000, "2030-01-01T00:00:00.000Z"),
        (0, "1970-01-01T00:00:00.000Z"),
        (True, "1970-01-01T00:00:00.001Z"),
        (False, "1970-01-01T00:00:00.000Z"),
        (-1.9, "1969-12-31T23:59:59.999Z"),
    ],
)
def test_javascript_reads_much_as_a_date(value: Json, instant: str) -> None:
    assert text_of(lenient_date(value)) == instant


@pytest.mark.parametrize("value", ["", "soon", "2030-01-99", {}, [], None, 1e300, float("inf")])
def test_javascript_does_not_read_everything(value: Json) -> None:
    assert lenient_date(value) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [("soon", None), ({}, None), ([], []), (["x"], [None]), (0, "1970-01-01T00:00:00.000Z")],
)
def test_a_date_prints_as_the_server_has_read_it(value: Json, shown: Json) -> None:
    assert printed(value) == shown


def test_dates_are_aware() -> None:
    assert lenient_date("2030-01-01") == datetime(2030, 1, 1, tzinfo=UTC)
