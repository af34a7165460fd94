from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from mockserver.behaviours.registry import Hit

ME = "/v2/me"


@dataclass
class Counted:
    """Limits that note what is counted, and refuse when told to."""

    is_refused: bool = False
    trackers: list[tuple[str, int]] = field(default_factory=list)

    def hit(self, tracker: str, limit: int, now: datetime) -> Hit:
        self.trackers.append((tracker, limit))
        return Hit(limit, 7, 42, self.is_refused)


@pytest.mark.parametrize("key", ["unknown", "live_0000"])
def test_an_unknown_key_is_turned_away_by_the_limiter(desk: Any, key: str) -> None:
    reply = desk.send("GET", ME, key=key)
    assert reply.status == 401
    assert reply.body["error"]["message"] == "CustomThrottlerGuard - Invalid API Key"
    assert desk.answer_headers == []


def test_while_nothing_is_counted_answers_show_an_untouched_window(desk: Any) -> None:
    desk.send("GET", ME, key="alice")
    assert desk.answer_headers == [
        ("X-RateLimit-Limit-Default", "120"),
        ("X-RateLimit-Remaining-Default", "119"),
        ("X-RateLimit-Reset-Default", "60"),
    ]


def test_a_refusal_carries_the_headers_too(desk: Any) -> None:
    desk.send("GET", ME)
    assert len(desk.answer_headers) == 3


def test_a_counted_request_shows_what_is_left(desk: Any) -> None:
    desk.limits = Counted()
    assert desk.send("GET", ME, key="alice").status == 200
    assert ("X-RateLimit-Remaining-Default", "7") in desk.answer_headers
    assert ("X-RateLimit-Reset-Default", "42") in desk.answer_headers


def test_too_many_requests_are_429(desk: Any) -> None:
    desk.limits = Counted(is_refused=True)
    reply = desk.send("GET", ME, key="alice")
    text = "CustomThrottlerGuard - Too many requests. Please try again later."
    assert reply.status == 429
    assert reply.body["error"] == {"code": "ThrottlerException", "message": text, "details": text}
    assert ("X-RateLimit-Limit-Default", "120") in desk.answer_headers


def test_an_unknown_key_is_not_counted(desk: Any) -> None:
    desk.limits = Counted()
    desk.send("GET", ME, key="unknown")
    assert desk.limits.trackers == []


@pytest.mark.parametrize(
    ("headers", "tracker", "limit"),
    [
        ({"authorization": "Bearer cal_test_bob"}, "key cal_test_bob", 120),
        ({"authorization": "Bearer abc"}, "token abc", 500),
        ({"x-cal-client-id": "abc"}, "client abc", 500),
        ({}, "address 192.0.2.1", 120),
        ({"cf-connecting-ip": "198.51.100.7"}, "address 198.51.100.7", 120),
    ],
)
def test_each_kind_of_caller_has_its_own_count(
    desk: Any, headers: dict[str, str], tracker: str, limit: int
) -> None:
    desk.limits = Counted()
    desk.send("GET", ME, headers=headers)
    assert desk.limits.trackers == [(tracker, limit)]
