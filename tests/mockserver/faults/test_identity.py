"""Each fault of identity and relations: seen on the faulty mock only."""

from collections.abc import Mapping

import pytest

from tests.mockserver.faults.conftest import Caller, Mock, Story, check_story
from tests.mockserver.faults.stories import (
    LINKS,
    OTHER_LINKS,
    PERSONAL,
    TEAM,
    link,
    links,
    listed_ids,
    made_id,
    read,
)

MANAGED = {
    "title": "Managed chess",
    "slug": "managed-chess",
    "lengthInMinutes": 30,
    "schedulingType": "managed",
    "hosts": [{"userId": 101}],
}


def _id_is_shared(c: Caller) -> bool:
    made_id(c)
    made_id(c, "go-lesson")
    found = listed_ids(c)
    return len(found) != len({*found})


def _id_is_used_again(c: Caller) -> bool:
    first = made_id(c)
    c("DELETE", f"{PERSONAL}/{first}")
    return made_id(c, "go-lesson") == first and read(c, first)["slug"] == "go-lesson"


def _link_id_is_used_again(c: Caller) -> bool:
    first = link(c)["linkId"]
    c("DELETE", f"{LINKS}/{first}")
    second = link(c)
    return bool(second["linkId"] == first and first in second["bookingUrl"])


def _found_below_another(c: Caller) -> bool:
    found = link(c)["linkId"]
    answer = c("PATCH", f"{OTHER_LINKS}/{found}", {"maxUsageCount": 8})
    return answer.is_good and bool(links(c)[-1]["linkId"] == found)


def _removed_below_another(c: Caller) -> bool:
    found = link(c)["linkId"]
    c("DELETE", f"{OTHER_LINKS}/{found}")
    return all(one["linkId"] != found for one in links(c))


def _others_are_listed(c: Caller) -> bool:
    link(c)
    return bool(c("GET", OTHER_LINKS).data)


def _link_stays(c: Caller) -> bool:
    found = link(c)["linkId"]
    c("DELETE", f"{LINKS}/{found}")
    return any(one["linkId"] == found for one in links(c))


def _child_stays(c: Caller) -> bool:
    """A managed event type keeps one in the own list of each of its hosts."""
    family = c("POST", TEAM, MANAGED).data
    parent, child = family[0]["id"], family[1]["id"]
    c("DELETE", f"{TEAM}/{parent}")
    return read(c, parent) is None and child in listed_ids(c)


def _parent_goes(c: Caller) -> bool:
    c("DELETE", f"{LINKS}/{link(c)['linkId']}")
    return read(c, 101) is None


STORIES: Mapping[str, Story] = {
    "id-not-unique": _id_is_shared,
    "id-reused-after-delete": _id_is_used_again,
    "wrong-parent-id": lambda c: link(c)["eventTypeId"] != 101,
    "child-via-wrong-parent": _found_below_another,
    "links-of-other-parent-listed": _others_are_listed,
    "child-delete-noop": _link_stays,
    "cascade-not-applied": _child_stays,
    "cascade-too-wide": _parent_goes,
}


@pytest.mark.parametrize("name", STORIES)
def test_a_fault_is_seen_where_it_is_planted_and_only_there(name: str, calcom: Mock) -> None:
    check_story(calcom, name, STORIES[name])


@pytest.mark.parametrize(
    ("name", "story"),
    [
        ("id-reused-after-delete", _link_id_is_used_again),
        ("child-via-wrong-parent", _removed_below_another),
    ],
)
def test_a_fault_is_seen_in_links_too(name: str, story: Story, calcom: Mock) -> None:
    check_story(calcom, name, story)


# ------------------------------------------------------------------------------ another API

FIRST, SECOND = (f"/v1/books/5c1c0a52-38cf-4f2c-9f0e-7d3a5f5b1a0{n}" for n in (1, 2))


def _books_stay(c: Caller) -> bool:
    c("DELETE", "/v1/authors/1")
    return c("GET", FIRST).is_good


def _book_goes(c: Caller) -> bool:
    c("DELETE", f"{FIRST}/loans/1")
    return not c("GET", FIRST).is_good


LIBRARY_STORIES: Mapping[str, Story] = {
    "wrong-parent-id": lambda c: c("GET", f"{FIRST}/loans").body[0]["bookId"] not in FIRST,
    "child-via-wrong-parent": lambda c: c("GET", f"{SECOND}/loans/1").is_good,
    "links-of-other-parent-listed": lambda c: c("GET", f"{SECOND}/loans").body != [],
    "cascade-not-applied": _books_stay,
    "cascade-too-wide": _book_goes,
}


@pytest.mark.parametrize("name", LIBRARY_STORIES)
def test_a_fault_is_seen_in_an_api_without_rules_of_its_own(name: str, library: Mock) -> None:
    check_story(library, name, LIBRARY_STORIES[name])
