from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.web.admin.time_text import parse_span, span_text


def now(admin: Any) -> str:
    text: str = admin("GET", "/clock").json()["now"]
    return text


def test_a_running_clock_shows_its_offset(admin: Any) -> None:
    assert admin("GET", "/clock").json() == {
        "now": "2030-01-01T08:00:00.000Z",
        "isFrozen": False,
        "offset": "PT0S",
        "offsetSeconds": 0,
    }


def test_a_clock_freezes_now_or_then(admin: Any) -> None:
    frozen = admin("PUT", "/clock", json={"freeze": True}).json()
    assert (frozen["now"], frozen["isFrozen"]) == ("2030-01-01T08:00:00.000Z", True)
    assert frozen["offset"] is None
    then = admin("PUT", "/clock", json={"freeze": "2031-01-01T09:00:00.5+01:00"}).json()
    assert (then["now"], then["isFrozen"]) == ("2031-01-01T08:00:00.500Z", True)


def test_a_set_clock_runs_on(admin: Any) -> None:
    changed = admin("PUT", "/clock", json={"set": "2030-01-02T08:00:00Z"}).json()
    assert changed["isFrozen"] is False
    assert changed["offset"] == "P1D"
    assert changed["offsetSeconds"] == 86400


@pytest.mark.parametrize(
    ("span", "then"),
    [
        ("PT10M", "2030-01-01T08:10:00.000Z"),
        ("P1W2DT1H1.5S", "2030-01-10T09:00:01.500Z"),
        ("-PT1H", "2030-01-01T07:00:00.000Z"),
        ({"days": 1}, "2030-01-02T08:00:00.000Z"),
        ({"hours": 1, "minutes": -30}, "2030-01-01T08:30:00.000Z"),
        (90, "2030-01-01T08:01:30.000Z"),
        (-0.25, "2030-01-01T07:59:59.750Z"),
    ],
)
@pytest.mark.parametrize("is_frozen", [True, False])
def test_a_clock_is_advanced(admin: Any, span: Any, then: str, is_frozen: bool) -> None:
    if is_frozen:
        admin("PUT", "/clock", json={"freeze": True})
    changed = admin("PUT", "/clock", json={"advance": span}).json()
    assert (changed["now"], changed["isFrozen"]) == (then, is_frozen)


def test_a_released_clock_has_the_systems_time(admin: Any) -> None:
    admin("PUT", "/clock", json={"freeze": "2040-01-01T00:00:00Z"})
    admin("PUT", "/clock", json={"advance": 5})
    assert admin("DELETE", "/clock").json() == {
        "now": "2030-01-01T08:00:00.000Z",
        "isFrozen": False,
        "offset": "PT0S",
        "offsetSeconds": 0,
    }


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, ""),
        ({"freeze": True, "advance": 1}, ""),
        ({"freeze": False}, "must be true or an instant"),
        ({"freeze": None}, "must be true or an instant"),
        ({"freeze": "tomorrow"}, "is no instant"),
        ({"freeze": "2030-02-30T00:00:00Z"}, "is no instant"),
        ({"freeze": "0001-01-01T00:00:00+14:00"}, "only the years 1970 to 8999"),
        ({"set": 1893456000}, ""),
        ({"set": "2030-01-01T08:00:00"}, "with its offset"),
        ({"set": "2030-01-01"}, "with its offset"),
        ({"set": "9999-12-31T23:59:59Z"}, "only the years 1970 to 8999"),
        ({"advance": "10 minutes"}, "no ISO 8601 duration"),
        ({"advance": "P1M"}, "no fixed length"),
        ({"advance": "P"}, "no ISO 8601 duration"),
        ({"advance": "PT"}, "no ISO 8601 duration"),
        ({"advance": "P" + "9" * 400 + "D"}, "longer than any calendar"),
        ({"advance": {}}, "must be a number of seconds or"),
        ({"advance": {"dayz": 1}}, "must be a number of seconds or"),
        ({"advance": {"days": "1"}}, "must be a number of seconds or"),
        ({"advance": True}, "must be a number of seconds or"),
        ({"advance": {"days": 10**12}}, "longer than any calendar"),
        ({"advance": 10**30}, "longer than any calendar"),
        ({"advance": 1e300}, "longer than any calendar"),
        ({"advance": "P380000W"}, "can be simulated"),
        ({"advance": {"days": 999999999}}, "beyond any calendar"),
        ({"advance": "-P36500D"}, "can be simulated"),
    ],
)
@pytest.mark.parametrize("is_frozen", [True, False])
def test_a_clock_refuses_what_is_no_time(admin: Any, body: Any, told: str, is_frozen: bool) -> None:
    if is_frozen:
        admin("PUT", "/clock", json={"freeze": True})
    before = admin("GET", "/clock").json()
    answer = admin("PUT", "/clock", json=body)
    assert answer.status_code == 422
    assert told in answer.json()["validation"][0]["message"]
    assert admin("GET", "/clock").json() == before


@given(st.timedeltas())
def test_a_span_reads_as_it_was_written(span: timedelta) -> None:
    assert parse_span(span_text(span)) == pytest.approx(span, abs=timedelta(milliseconds=1))
