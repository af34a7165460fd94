"""What the memory store costs, counted in documents parsed, and how it is opened."""

import gc
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import cast

import pytest

from mockserver.errors import SetupError
from mockserver.model import Document
from mockserver.store import MemoryStore, memory, memory_table, open_store
from mockserver.store.memory_table import LISTS_KEPT
from mockserver.store.protocol import View
from mockserver.store.values import packed, unpacked, unpacked_all, viewed


class Parses:
    """Counts how often a stored document is parsed or written."""

    def __init__(self) -> None:
        self.count = 0

    def during(self, work: Callable[[], object]) -> int:
        self.count = 0
        work()
        return self.count


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> Parses:
    counter = Parses()

    def counted_unpacked(text: bytes) -> Document:
        counter.count += 1
        return unpacked(text)

    def counted_unpacked_all(texts: list[bytes]) -> list[Document]:
        counter.count += len(texts)
        return unpacked_all(texts)

    def counted_viewed(text: bytes) -> View:
        counter.count += 1
        return viewed(text)

    def counted_packed(document: Document) -> bytes:
        counter.count += 1
        return packed(document)

    for module in (memory, memory_table):
        monkeypatch.setattr(module, "unpacked", counted_unpacked)
    monkeypatch.setattr(memory_table, "unpacked_all", counted_unpacked_all)
    monkeypatch.setattr(memory, "viewed", counted_viewed)
    monkeypatch.setattr(memory, "packed", counted_packed)
    return counter


def store_of(links: int) -> MemoryStore:
    """A store of links: two for the event type 0, all others for the event type 1."""
    store = MemoryStore()
    for number in range(links):
        owner = 0 if number < 2 else 1
        link = {"id": number, "owner": owner, "kind": "dated", "tags": [owner]}
        store.insert("links", str(number + 1), link)
    store.find("links", {"owner": 0})
    store.find("links", {"owner": 0, "kind": "dated"})
    return store


@pytest.mark.parametrize("links", [10, 1000])
def test_finding_parses_only_what_it_gives_back(parses: Parses, links: int) -> None:
    store = store_of(links)
    assert parses.during(lambda: store.find("links", {"owner": 0})) == 2
    assert parses.during(lambda: store.find("links", {"owner": 0, "kind": "dated"})) == 2
    assert parses.during(lambda: store.find("links", {"owner": 7})) == 0


@pytest.mark.parametrize("links", [10, 1000])
def test_reading_and_writing_one_document_touches_no_other(parses: Parses, links: int) -> None:
    store = store_of(links)
    assert parses.during(lambda: store.get("links", "5")) == 1
    assert parses.during(lambda: store.insert("links", "new", {"owner": 0})) == 1
    assert parses.during(lambda: store.replace("links", "new", {"owner": 1})) <= 2
    assert parses.during(lambda: store.delete("links", "new")) <= 1
    assert parses.during(lambda: store.find("links", {"owner": 0})) == 2


@pytest.mark.parametrize("links", [10, 1000])
def test_undoing_costs_what_was_written(parses: Parses, links: int) -> None:
    store = store_of(links)

    def fail_after_three_writes() -> None:
        with suppress(KeyError), store.transaction():
            store.next_id("links")
            store.insert("links", "new", {"owner": 0})
            store.replace("links", "new", {"owner": 1})
            store.delete("links", "1")
            raise KeyError

    assert parses.during(fail_after_three_writes) <= 12


def test_the_memory_store_is_opened_by_its_url() -> None:
    assert isinstance(open_store("memory:"), MemoryStore)


def test_two_opened_stores_share_nothing() -> None:
    open_store("memory:").insert("books", "1", {})
    assert open_store("memory:").count("books") == 0


@pytest.mark.parametrize("url", ["memroy:", "", "redis://localhost"])
def test_an_unknown_kind_of_store_stops_the_start(url: str) -> None:
    with pytest.raises(SetupError, match="no store of this kind"):
        open_store(url)


def test_an_unknown_kind_of_store_comes_with_the_nearest_known_one() -> None:
    with pytest.raises(SetupError, match="did you mean 'memory:'"):
        open_store("memroy:")


def test_a_view_cannot_be_written_to() -> None:
    store = store_of(3)
    link = cast(dict[str, object], store.view("links", "1"))
    with pytest.raises(TypeError):
        link["id"] = 7


@pytest.mark.parametrize("links", [10, 1000])
def test_views_are_parsed_once(parses: Parses, links: int) -> None:
    store = store_of(links)
    assert store.views("links", {"owner": 0})[0] is store.view("links", "1")
    assert parses.during(lambda: store.views("links", {"owner": 0})) == 0


def test_a_list_of_views_is_the_same_until_something_is_written_beside_it() -> None:
    store = store_of(3)
    before = store.views("links", {"owner": 0})
    store.insert("other", "1", {"owner": 0})
    assert store.views("links", {"owner": 0}) is before
    store.replace("links", "3", {"id": 2, "owner": 1})
    after = store.views("links", {"owner": 0})
    assert list(map(id, after)) == list(map(id, before))


@pytest.mark.parametrize("write", ["insert", "replace", "delete", "undo", "load"])
def test_a_remembered_list_is_never_out_of_date(write: str) -> None:
    store = store_of(3)
    wanted = {
        "insert": [0, 1, 9],
        "replace": [7, 1],
        "delete": [1],
        "undo": [0, 1],
        "load": [5],
    }[write]
    store.views("links", {"owner": 0})
    if write == "insert":
        store.insert("links", "9", {"id": 9, "owner": 0})
    elif write == "replace":
        store.replace("links", "1", {"id": 7, "owner": 0})
    elif write == "delete":
        store.delete("links", "1")
    elif write == "load":
        store.load({"collections": {"links": {"5": {"id": 5, "owner": 0}}}})
    else:
        with suppress(ZeroDivisionError), store.transaction():
            store.delete("links", "1")
            store.views("links", {"owner": 0})
            raise ZeroDivisionError
    assert [one["id"] for one in store.views("links", {"owner": 0})] == wanted


def test_lists_of_equal_but_different_values_are_told_apart() -> None:
    store = MemoryStore()
    for key, value in (("a", 1), ("b", True), ("c", 1.0)):
        store.insert("things", key, {"key": key, "is": value})
    for value, keys in ((1, "ac"), (True, "b"), (1.0, "ac"), (1, "ac"), (True, "b")):
        found = store.views("things", {"is": value})
        assert "".join(sorted(one["key"] for one in found)) == keys, value


def test_a_table_remembers_no_more_lists_than_it_may() -> None:
    store = MemoryStore()
    for number in range(LISTS_KEPT + 10):
        store.insert("things", str(number), {"id": number})
    first = store.views("things", {"id": 0})
    for number in range(LISTS_KEPT + 1):
        store.views("things", {"id": number})
    assert store.views("things", {"id": 0}) is not first
    assert store.views("things", {"id": 0}) == first


def test_a_view_is_known_by_its_identity() -> None:
    one, other = store_of(3).view("links", "1"), store_of(3).view("links", "1")
    assert one == other
    assert len({cast(Hashable, one), cast(Hashable, other)}) == 2


@pytest.mark.parametrize("write", ["clear", "popitem"])
def test_no_method_of_a_view_writes_to_it(write: str) -> None:
    link = store_of(3).view("links", "1")
    with pytest.raises(TypeError, match="only read"):
        getattr(link, write)()


def test_stored_documents_cost_the_garbage_collector_nothing() -> None:
    store = store_of(3)
    before = len(gc.get_objects())
    for number in range(1000):
        store.insert("links", f"new {number}", {"owner": 1, "kind": "dated"})
    gc.collect()
    assert len(gc.get_objects()) - before < 100
