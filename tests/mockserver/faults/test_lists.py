"""Each fault of a list: seen on the faulty mock only."""

from collections.abc import Mapping

import pytest

from tests.mockserver.faults.conftest import Caller, Mock, Story, check_story
from tests.mockserver.faults.stories import PERSONAL, listed, listed_ids, made, made_id

ALL_TEAMS = "/v2/organizations/101/teams/event-types"


def _created_is_missing(c: Caller) -> bool:
    return made_id(c) not in listed_ids(c)


def _hidden_is_missing(c: Caller) -> bool:
    return made_id(c, hidden=True) not in listed_ids(c)


def _deleted_is_listed(c: Caller) -> bool:
    found = made_id(c)
    c("DELETE", f"{PERSONAL}/{found}")
    return found in listed_ids(c)


def _deleted_is_found(c: Caller) -> bool:
    found = made_id(c)
    c("DELETE", f"{PERSONAL}/{found}")
    return found not in listed_ids(c) and found in listed_ids(c, "?eventSlug=chess-lesson")


def _is_of_somebody_else(c: Caller) -> bool:
    return any(item["ownerId"] != 101 for item in listed(c))


def _ids(c: Caller, query: str) -> list[int]:
    return [item["id"] for item in c("GET", ALL_TEAMS + query).data]


def _pages(c: Caller) -> list[int]:
    pages = [_ids(c, f"?take=2&skip={skip}") for skip in (0, 2, 4, 6)]
    return [found for page in pages for found in page]


def _pages_lack_something(c: Caller) -> bool:
    return not set(_ids(c, "")) <= {*_pages(c)}


def _pages_repeat_something(c: Caller) -> bool:
    return len(_pages(c)) != len({*_pages(c)})


def _order_is_wrong(c: Caller) -> bool:
    found = listed_ids(c, "?sortCreatedAt=asc")
    return found != sorted(found)


def _order_changes(c: Caller) -> bool:
    return listed_ids(c) != listed_ids(c)


def _alias_shows_something_else(c: Caller) -> bool:
    return bool(made(c).data["id"] and listed(c, "?eventSlug=chess-lesson") != listed(c)[-1:])


STORIES: Mapping[str, Story] = {
    "list-omits-created-item": _created_is_missing,
    "list-omits-hidden": _hidden_is_missing,
    "list-keeps-deleted": _deleted_is_listed,
    "soft-deleted-in-search": _deleted_is_found,
    "list-leaks-other-tenant": _is_of_somebody_else,
    "pagination-skips-item": _pages_lack_something,
    "pagination-duplicates-item": _pages_repeat_something,
    "take-ignored": lambda c: len(_ids(c, "?take=1")) > 1,
    "page-cap-not-enforced": lambda c: c("GET", f"{ALL_TEAMS}?take=251").is_good,
    "sort-order-reversed": _order_is_wrong,
    "sort-not-total": _order_changes,
    "filter-leaks-non-matching": lambda c: len(listed(c, "?eventSlug=intro-call")) > 1,
    "filter-drops-matching": lambda c: not listed(c, "?eventSlug=intro-call"),
    "lookup-by-slug-and-id-disagree": _alias_shows_something_else,
}


@pytest.mark.parametrize("name", STORIES)
def test_a_fault_is_seen_where_it_is_planted_and_only_there(name: str, calcom: Mock) -> None:
    check_story(calcom, name, STORIES[name])


# ------------------------------------------------------------------------------ another API


def _books(c: Caller, query: str) -> list[str]:
    return [book["title"] for book in c("GET", f"/v1/books{query}").body]


def _pages_of_books(c: Caller) -> list[str]:
    return [title for skip in (0, 1, 2) for title in _books(c, f"?limit=1&offset={skip}")]


LIBRARY_STORIES: Mapping[str, Story] = {
    "list-omits-created-item": lambda c: "Lines in the Margin" not in _books(c, ""),
    "pagination-skips-item": lambda c: len({*_pages_of_books(c)}) < 3,
    "pagination-duplicates-item": lambda c: len({*_pages_of_books(c)}) < 3,
    "take-ignored": lambda c: len(_books(c, "?limit=1")) > 1,
    "page-cap-not-enforced": lambda c: c("GET", "/v1/books?limit=101").is_good,
    "filter-leaks-non-matching": lambda c: len(_books(c, "?language=de")) > 1,
    "filter-drops-matching": lambda c: not _books(c, "?language=de"),
}


@pytest.mark.parametrize("name", LIBRARY_STORIES)
def test_a_fault_is_seen_in_an_api_without_rules_of_its_own(name: str, library: Mock) -> None:
    check_story(library, name, LIBRARY_STORIES[name])
