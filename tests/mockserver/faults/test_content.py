"""Each fault of the content: seen on the faulty mock only."""

from collections.abc import Mapping

import pytest

from tests.mockserver.faults.conftest import Caller, Mock, Story, check_story
from tests.mockserver.faults.stories import NEW, PERSONAL, is_json, link, made, read

ODD = "Zoë 💡"
INSTANT = "2031-05-04T03:02:01.000Z"


def _is_no_json(c: Caller) -> bool:
    return not is_json(c("GET", f"{PERSONAL}/101"))


def _has_nan(c: Caller) -> bool:
    return b":NaN" in c("GET", f"{PERSONAL}/101").raw


def _comes_back_otherwise(c: Caller) -> bool:
    return bool(made(c, title=ODD).data["title"] != ODD)


def _is_stored_otherwise(c: Caller) -> bool:
    answer = made(c, title=ODD)
    return not answer.is_good or read(c, answer.data["id"])["title"] != ODD


def _instant_moves(c: Caller) -> bool:
    return bool(link(c, expiresAt=INSTANT)["expiresAt"] != INSTANT)


def _any_type_is_taken(c: Caller) -> bool:
    return c("POST", PERSONAL, NEW, headers={"content-type": "text/plain"}).is_good


STORIES: Mapping[str, Story] = {
    "wrong-content-type": lambda c: "html" in c("GET", PERSONAL).headers["content-type"],
    "content-type-missing": lambda c: "content-type" not in c("GET", PERSONAL).headers,
    "truncated-json": _is_no_json,
    "json-with-guard-prefix": _is_no_json,
    "invalid-utf8": _is_no_json,
    "not-a-number-in-json": _has_nan,
    "duplicate-json-keys": lambda c: c("GET", f"{PERSONAL}/101").raw.count(b'"status":') > 1,
    "maintenance-page-as-200": lambda c: b"<h1>" in c("GET", PERSONAL).raw,
    "compression-mismatch": lambda c: "content-encoding" in c("GET", PERSONAL).headers,
    "charset-mangled": _comes_back_otherwise,
    "charset-question-marks": _comes_back_otherwise,
    "unicode-normalised": _is_stored_otherwise,
    "crash-on-unicode": lambda c: made(c, title=ODD).status == 500,
    "timezone-shift": _instant_moves,
    "instant-loses-seconds": _instant_moves,
    "content-type-not-checked": _any_type_is_taken,
}


@pytest.mark.parametrize("name", STORIES)
def test_a_fault_is_seen_where_it_is_planted_and_only_there(name: str, calcom: Mock) -> None:
    check_story(calcom, name, STORIES[name])
