"""Each fault in creating, reading, updating and deleting: seen on the faulty mock only."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.mockserver.faults.conftest import Caller, Mock, Story, check_story
from tests.mockserver.faults.stories import (
    PERSONAL,
    listed,
    listed_ids,
    made,
    made_id,
    read,
)

VIDEO = {"type": "integration", "integration": "cal-video"}
ADDRESS = {"type": "address", "address": "1 Chess Street", "public": True}


def _created_is_gone(c: Caller) -> bool:
    return read(c, made_id(c)) is None


def _sent_is_lost(c: Caller) -> bool:
    sent: dict[str, Any] = {"description": "With a board and two clocks", "hidden": True}
    found = read(c, made_id(c, **sent))
    return any(found[name] != value for name, value in sent.items())


def _answer_is_not_stored(c: Caller) -> bool:
    answer = made(c).data
    return bool(answer != read(c, answer["id"]))


def _two_are_made(c: Caller) -> bool:
    before = len(listed(c))
    made(c)
    return len(listed(c)) != before + 1


def _refused_is_made(c: Caller) -> bool:
    before = len(listed(c))
    return c("POST", PERSONAL, {"title": "No slug"}).status == 400 and len(listed(c)) != before


def _deleted_is_there(c: Caller) -> bool:
    found = made_id(c)
    return c("DELETE", f"{PERSONAL}/{found}").is_good and read(c, found) is not None


def _too_much_is_deleted(c: Caller) -> bool:
    first, second = made_id(c), made_id(c, "go-lesson")
    c("DELETE", f"{PERSONAL}/{first}")
    return read(c, second) is None


def _patched(c: Caller, event_type_id: int, **change: object) -> object:
    return c("PATCH", f"{PERSONAL}/{event_type_id}", change).data


def _patch_is_lost(c: Caller) -> bool:
    found = made_id(c)
    _patched(c, found, title="Go lesson", description="With stones")
    after = read(c, found)
    return bool((after["title"], after["description"]) != ("Go lesson", "With stones"))


def _unsent_changes(c: Caller) -> bool:
    before = made(c, description="With a board", hidden=True).data
    _patched(c, before["id"], title="Go lesson")
    return bool(read(c, before["id"]) != {**before, "title": "Go lesson"})


def _patch_shows_the_past(c: Caller) -> bool:
    found = made_id(c)
    return bool(_patched(c, found, title="Go lesson") != read(c, found))


def _another_is_patched(c: Caller) -> bool:
    found = made_id(c)
    _patched(c, found, title="Go lesson")
    titles = {item["id"]: item["title"] for item in listed(c) if item["title"] == "Go lesson"}
    return list(titles) != [found]


def _list_grows(c: Caller) -> bool:
    found = made_id(c, locations=[ADDRESS])
    _patched(c, found, locations=[VIDEO])
    return len(list(read(c, found)["locations"])) > 1


def _reading_changes(c: Caller) -> bool:
    found = made_id(c)
    return bool(read(c, found) != read(c, found))


def _deleted_comes_back(c: Caller) -> bool:
    found = made_id(c)
    c("DELETE", f"{PERSONAL}/{found}")
    other = made_id(c, "go-lesson")
    return found != other and found in listed_ids(c)


STORIES: Mapping[str, Story] = {
    "create-not-persisted": _created_is_gone,
    "create-ignores-field": _sent_is_lost,
    "create-truncates-field": _sent_is_lost,
    "create-response-echo-differs": _answer_is_not_stored,
    "double-create": _two_are_made,
    "failed-create-has-side-effect": _refused_is_made,
    "delete-noop": _deleted_is_there,
    "delete-unknown-returns-200": lambda c: c("DELETE", f"{PERSONAL}/987654").is_good,
    "delete-removes-siblings": _too_much_is_deleted,
    "patch-ignores-field": _patch_is_lost,
    "patch-resets-unspecified": _unsent_changes,
    "patch-returns-stale-body": _patch_shows_the_past,
    "patch-wrong-target": _another_is_patched,
    "patch-changes-immutable-field": _unsent_changes,
    "array-update-appends": _list_grows,
    "get-mutates-state": _reading_changes,
    "resurrected-resource": _deleted_comes_back,
}


@pytest.mark.parametrize("name", STORIES)
def test_a_fault_is_seen_where_it_is_planted_and_only_there(name: str, calcom: Mock) -> None:
    check_story(calcom, name, STORIES[name])


# ------------------------------------------------------------------------------ another API

AUTHOR = {"name": "Nell Proof", "pseudonym": "N. P."}


def _author(c: Caller) -> int:
    found: int = c("POST", "/v1/authors", AUTHOR).body["id"]
    return found


def _author_is_gone(c: Caller) -> bool:
    return not c("GET", f"/v1/authors/{_author(c)}").is_good


def _two_authors(c: Caller) -> bool:
    before = len(c("GET", "/v1/authors").body)
    _author(c)
    return len(c("GET", "/v1/authors").body) != before + 1


def _author_stays(c: Caller) -> bool:
    found = _author(c)
    c("DELETE", f"/v1/authors/{found}")
    return c("GET", f"/v1/authors/{found}").is_good


def _author_echo_differs(c: Caller) -> bool:
    answer = c("POST", "/v1/authors", AUTHOR).body
    return bool(answer != c("GET", f"/v1/authors/{answer['id']}").body)


def _reading_changes_an_author(c: Caller) -> bool:
    return bool(c("GET", "/v1/authors/1").body != c("GET", "/v1/authors/1").body)


LIBRARY_STORIES: Mapping[str, Story] = {
    "create-not-persisted": _author_is_gone,
    "double-create": _two_authors,
    "delete-noop": _author_stays,
    "delete-unknown-returns-200": lambda c: c("DELETE", "/v1/authors/987").is_good,
    "create-response-echo-differs": _author_echo_differs,
    "get-mutates-state": _reading_changes_an_author,
}


@pytest.mark.parametrize("name", LIBRARY_STORIES)
def test_a_fault_is_seen_in_an_api_without_rules_of_its_own(name: str, library: Mock) -> None:
    check_story(library, name, LIBRARY_STORIES[name])
