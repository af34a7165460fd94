"""The list of links is remembered, and never out of date."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from mockserver.domains.calcom.links.listed import LONGEST_KEPT, reply_with, shown_link
from mockserver.model import Json, Reply
from mockserver.store.memory import MemoryStore

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
ADDRESS = "https://cal.com/d/{}/coffee"
SOON, LATER = "2026-11-21T12:00:01.000Z", "2026-11-21T12:00:02.000Z"
LAST = "9999-12-31T23:59:59.999Z"

List = Callable[..., Reply]


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def add(store: MemoryStore, link_id: str, expires_at: str | None = None, used: int = 0) -> None:
    link = {
        "linkId": link_id,
        "eventTypeId": 1,
        "expiresAt": expires_at,
        "maxUsageCount": 2,
        "usageCount": used,
    }
    if store.view("links", link_id) is None:
        store.insert("links", link_id, link)
    else:
        store.replace("links", link_id, link)


@pytest.fixture
def listed(store: MemoryStore) -> List:
    """Lists the links as they are: (now=, address=, faults=, of=)."""

    def listed(
        now: datetime = NOW,
        address: str = ADDRESS,
        faults: Iterable[object] = (),
        of: MemoryStore = store,
    ) -> Reply:
        links = of.views("links", {"eventTypeId": 1})
        call: Any = SimpleNamespace(now=now, faults=tuple(faults))
        reply_with(call, links, address)  # what is read once is not remembered
        told = reply_with(call, links, address)
        assert told.body["data"] == [shown_link(link, address, now) for link in links]
        return told

    return listed


def ended(told: Reply) -> list[Json]:
    return [link["isExpired"] for link in told.body["data"]]


def test_the_list_is_the_same_object_while_nothing_changes(
    store: MemoryStore, listed: List
) -> None:
    add(store, "a")
    add(store, "b", SOON)
    assert listed() is listed()
    assert listed() is listed(NOW + timedelta(seconds=1))


def test_a_list_that_is_read_once_is_not_kept(store: MemoryStore) -> None:
    add(store, "a")
    call: Any = SimpleNamespace(now=NOW, faults=())
    assert not reply_with(call, store.views("links", {"eventTypeId": 1}), ADDRESS).is_kept
    assert reply_with(call, store.views("links", {"eventTypeId": 1}), ADDRESS).is_kept


def test_a_link_ends_in_the_list_at_its_millisecond(store: MemoryStore, listed: List) -> None:
    add(store, "a", SOON)
    add(store, "b", LATER)
    soon = datetime.fromisoformat(SOON)
    assert ended(listed()) == [False, False]
    assert ended(listed(soon + timedelta(microseconds=999))) == [False, False]
    assert ended(listed(soon + MILLISECOND)) == [True, False]
    assert ended(listed(soon + timedelta(seconds=1))) == [True, False]
    assert ended(listed(soon + timedelta(seconds=1) + MILLISECOND)) == [True, True]


def test_a_link_lives_again_when_the_clock_is_put_back(store: MemoryStore, listed: List) -> None:
    add(store, "a", SOON)
    add(store, "b", LATER)
    for seconds, expected in ((9, [True, True]), (1.5, [True, False]), (0, [False, False])):
        assert ended(listed(NOW + timedelta(seconds=seconds))) == expected


def test_a_link_may_end_at_the_last_moment_that_there_is(store: MemoryStore, listed: List) -> None:
    add(store, "a", LAST)
    assert ended(listed(datetime.max.replace(tzinfo=UTC))) == [False]
    assert ended(listed()) == [False]


def test_added_changed_used_and_deleted_links_are_listed_as_they_are(
    store: MemoryStore, listed: List
) -> None:
    add(store, "a")
    assert ended(listed()) == [False]
    add(store, "a", used=2)
    assert ended(listed()) == [True]
    add(store, "b", SOON)
    assert ended(listed()) == [True, False]
    add(store, "b", "2020-01-01T00:00:00.000Z")
    assert ended(listed()) == [True, True]
    store.delete("links", "a")
    assert ended(listed()) == [True]


def test_another_address_is_another_list(store: MemoryStore, listed: List) -> None:
    add(store, "a")
    assert listed().body["data"][0]["bookingUrl"] == "https://cal.com/d/a/coffee"
    renamed = listed(address="https://acme.cal.com/d/{}/tea").body["data"]
    assert renamed[0]["bookingUrl"] == "https://acme.cal.com/d/a/tea"


def test_another_store_has_its_own_list(store: MemoryStore, listed: List) -> None:
    other = MemoryStore()
    add(store, "a")
    add(other, "a", used=2)
    assert ended(listed()) == [False]
    assert ended(listed(of=other)) == [True]


def test_what_a_fault_does_to_its_list_is_seen_by_nobody_else(
    store: MemoryStore, listed: List
) -> None:
    add(store, "a")
    listed(faults=[object()]).body["data"][0]["linkId"] = "spoilt"
    assert listed().body["data"][0]["linkId"] == "a"


def test_a_long_list_is_right_though_nobody_remembers_it(store: MemoryStore, listed: List) -> None:
    for number in range(LONGEST_KEPT + 1):
        add(store, f"{number}", SOON)
    assert set(ended(listed())) == {False}
    assert set(ended(listed(NOW + timedelta(hours=1)))) == {True}
