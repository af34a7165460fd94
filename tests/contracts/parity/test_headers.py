"""Headers: which are compared, and when two values say the same."""

from datetime import UTC, datetime

import pytest

from contracts.exchange import Headers, Response
from contracts.parity.headers import COMPARED, LEFT_OUT, header_differences
from contracts.parity.renaming import Renaming
from contracts.parity.texts import Texts

NOW = datetime(2030, 1, 1, 8, tzinfo=UTC)
TEXTS = Texts(Renaming(), expected_at=NOW, actual_at=NOW)
LIMIT, REMAINING = "X-RateLimit-Limit-Default", "X-RateLimit-Remaining-Default"


def names(left: Headers, right: Headers) -> list[str]:
    responses = Response(200, left), Response(200, right)
    return [name for name, _, _ in header_differences(*responses, TEXTS)]


@pytest.mark.parametrize(
    ("name", "left", "right"),
    [
        ("Content-Type", "application/json; charset=utf-8", "application/json"),
        ("Allow", "GET, POST", "post,get"),
        ("Location", "http://a.example.test/books/1", "/books/1"),
        ("Retry-After", "30", "29"),
        ("X-RateLimit-Reset-Default", "60", "3"),
        ("X-RateLimit-Limit", "120", "100000"),
        (
            "X-Request-Id",
            "0ec35e46-8ee9-4997-be1d-211dbbf58dc8",
            "3fc50b12-86a6-4fda-9703-7af0676bdf61",
        ),
        ("Date", "Sat, 21 Nov 2026 01:38:29 GMT", "Sat, 21 Nov 2026 01:38:30 GMT"),
    ],
)
def test_values_that_say_the_same_are_no_difference(name: str, left: str, right: str) -> None:
    assert names(((name, left),), ((name, right),)) == []


@pytest.mark.parametrize(
    ("name", "left", "right"),
    [
        ("Content-Type", "application/json", "text/html"),
        ("Allow", "GET, POST", "GET"),
        ("Location", "/books/1", "/books/0"),
        ("X-RateLimit-Reset-Default", "60", "many"),
        ("X-Request-Id", "0ec35e46-8ee9-4997-be1d-211dbbf58dc8", "request 7"),
        ("Access-Control-Allow-Origin", "*", "https://page.example.test"),
    ],
)
def test_values_that_say_something_else_are_told(name: str, left: str, right: str) -> None:
    assert names(((name, left),), ((name, right),)) == [name.lower()]


@pytest.mark.parametrize("name", [one.name.replace("*", "limit") for one in COMPARED])
def test_a_header_that_one_side_lacks_is_told(name: str) -> None:
    assert names(((name, "1"),), ()) == [name]


def test_more_left_than_the_limit_allows_is_told() -> None:
    sound = (LIMIT, "120"), (REMAINING, "119")
    assert names(sound, ((LIMIT, "500"), (REMAINING, "3"))) == []
    assert names(sound, ((LIMIT, "120"), (REMAINING, "1119"))) == [REMAINING.lower()]


def test_each_header_stands_in_one_table() -> None:
    compared = [one.name for one in COMPARED]
    assert len(set(compared)) == len(compared)
    assert not set(compared) & set(LEFT_OUT)
    assert all(one.why for one in COMPARED)
    assert all(LEFT_OUT.values())
