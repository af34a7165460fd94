"""Each fault in judging requests: seen on the faulty mock only."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.mockserver.faults.conftest import Caller, Mock, Story, check_story
from tests.mockserver.faults.stories import (
    LINKS,
    NEW,
    PERSONAL,
    link,
    links,
    listed,
    made,
    made_id,
)

TWO_LIMITS = {"maxUsageCount": 3, "expiresAt": "2031-01-01T00:00:00.000Z"}
THREE_DATES = {"type": "range", "value": ["2030-02-01", "2030-02-02", "2030-02-03"]}
WITHOUT_THRESHOLD = {"type": "time", "blockUnconfirmedBookingsInBooker": True}


def _without(name: str) -> Any:
    return {key: value for key, value in NEW.items() if key != name}


def _a_listed_word_is_refused(c: Caller) -> bool:
    """Every documented language is tried."""
    schemas = c.app.document("published")["components"]["schemas"]
    declared = schemas["CreateEventTypeInput_2024_06_14"]["properties"]["interfaceLanguage"]
    return not all(
        made(c, f"language-{word.lower()}", interfaceLanguage=word).is_good
        for word in declared["enum"]
        if word
    )


def _slug_is_taken_twice(c: Caller) -> bool:
    made(c)
    return made(c).is_good


def _conflict_is_a_crash(c: Caller) -> bool:
    made(c)
    return made(c).status == 500


def _usage_is_set(c: Caller) -> bool:
    link(c, maxUsageCount=9, usageCount=4)
    return bool(links(c)[-1].get("usageCount") == 4)


def _id_is_set(c: Caller) -> bool:
    found = made_id(c, id=4711)
    return found == 4711 and listed(c)[-1]["id"] == 4711


STORIES: Mapping[str, Story] = {
    "max-length-not-enforced": lambda c: made(c, bookingWindow=THREE_DATES).is_good,
    "minimum-not-enforced": lambda c: made(c, minimumBookingNotice=-1).is_good,
    "maximum-not-enforced": lambda c: made(c, slotInterval=2**31).is_good,
    "enum-not-enforced": lambda c: c("GET", f"{PERSONAL}?sortCreatedAt=up").is_good,
    "required-not-enforced": lambda c: c("POST", PERSONAL, _without("title")).is_good,
    "validation-skipped": lambda c: c("POST", PERSONAL, {"slug": 7}).is_good,
    "schema-wider-than-runtime": _a_listed_word_is_refused,
    "exclusive-fields-both-accepted": lambda c: c("POST", LINKS, TWO_LIMITS).is_good,
    "conditional-requirement-ignored": lambda c: (
        made(c, confirmationPolicy=WITHOUT_THRESHOLD).is_good
    ),
    "path-parameter-coerced": lambda c: c("GET", f"{PERSONAL}/101abc").is_good,
    "required-header-not-enforced": lambda c: (
        c("GET", PERSONAL, headers={"cal-api-version": ""}).is_good
    ),
    "duplicate-slug-accepted": _slug_is_taken_twice,
    "conflict-wrong-status": _conflict_is_a_crash,
    "mass-assignment": _usage_is_set,
    "read-only-property-accepted": _id_is_set,
}


@pytest.mark.parametrize("name", STORIES)
def test_a_fault_is_seen_where_it_is_planted_and_only_there(name: str, calcom: Mock) -> None:
    check_story(calcom, name, STORIES[name])


# ------------------------------------------------------------------------------ another API


def _author(body: Any) -> Story:
    return lambda c: c("POST", "/v1/authors", body).is_good


LIBRARY_STORIES: Mapping[str, Story] = {
    "max-length-not-enforced": _author({"name": "x" * 81}),
    "required-not-enforced": _author({"born": "1961-04-02"}),
    "validation-skipped": _author(["no author"]),
    "path-parameter-coerced": lambda c: c("GET", "/v1/authors/1abc").is_good,
    "enum-not-enforced": lambda c: c("GET", "/v1/books?language=it").is_good,
}


@pytest.mark.parametrize("name", LIBRARY_STORIES)
def test_a_fault_is_seen_in_an_api_without_rules_of_its_own(name: str, library: Mock) -> None:
    check_story(library, name, LIBRARY_STORIES[name])
