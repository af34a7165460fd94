"""Each fault of a status or a header: seen on the faulty mock only."""

from collections.abc import Mapping
from uuid import UUID

import pytest

from tests.mockserver.faults.conftest import Caller, Mock, Story, check_story
from tests.mockserver.faults.stories import NEW, PERSONAL, made

UNKNOWN = f"{PERSONAL}/987654"
BOB = {"authorization": "Bearer cal_test_bob"}


def _request_id_is_odd(c: Caller) -> bool:
    try:
        UUID(c("GET", PERSONAL).headers["x-request-id"])
    except ValueError:
        return True
    return False


def _counter_is_odd(c: Caller) -> bool:
    headers = c("GET", PERSONAL).headers
    counters = [value for name, value in headers.items() if name.startswith("x-ratelimit")]
    return not all(value.isdecimal() for value in counters)


def _cause_is_hidden(c: Caller) -> bool:
    return b"lengthInMinutes" not in c("POST", PERSONAL, {**NEW, "lengthInMinutes": "x"}).raw


def _page_is_denied(c: Caller) -> bool:
    return "access-control-allow-origin" not in c("GET", PERSONAL).headers


def _allow_lies(c: Caller) -> bool:
    return "PURGE" in c("PUT", f"{PERSONAL}/101").headers.get("allow", "")


STORIES: Mapping[str, Story] = {
    "undocumented-status": lambda c: c("GET", PERSONAL).status == 299,
    "server-error-5xx": lambda c: c("GET", PERSONAL).status == 500,
    "success-status-with-error-body": lambda c: c("GET", UNKNOWN).status == 200,
    "wrong-success-code": lambda c: made(c).status == 200,
    "201-on-non-create": lambda c: c("GET", PERSONAL).status == 201,
    "204-with-content-expected": lambda c: c("GET", PERSONAL).status == 204,
    "unauthenticated-vs-forbidden-swapped": lambda c: (
        c("DELETE", f"{PERSONAL}/101", headers=BOB).status == 401
    ),
    "bad-request-vs-not-found-swapped": lambda c: c("GET", UNKNOWN).status == 400,
    "generic-error-hides-cause": _cause_is_hidden,
    "undocumented-method-served": lambda c: c("PUT", f"{PERSONAL}/101").is_good,
    "hidden-endpoint": lambda c: c("GET", "/v2/debug").is_good,
    "trailing-slash-or-case-route": lambda c: c("GET", "/v2/Event-Types").is_good,
    "405-without-allow": lambda c: "allow" not in c("PUT", f"{PERSONAL}/101").headers,
    "allow-header-lies": _allow_lies,
    "options-or-cors-broken": _page_is_denied,
    "header-wrong-type": _request_id_is_odd,
    "counter-header-wrong-type": _counter_is_odd,
    "location-header-wrong": lambda c: "location" in made(c).headers,
    "redirect-drops-auth-or-method": lambda c: made(c).status == 302,
}


@pytest.mark.parametrize("name", STORIES)
def test_a_fault_is_seen_where_it_is_planted_and_only_there(name: str, calcom: Mock) -> None:
    check_story(calcom, name, STORIES[name])


def test_a_slash_at_the_end_reaches_something_else(library: Mock) -> None:
    check_story(library, "trailing-slash-or-case-route", lambda c: c("GET", "/v1/authors/").is_good)
