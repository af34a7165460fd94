"""What the memory store costs, counted in documents parsed, and how it is opened."""

import gc
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import cast

import pytest

from mockserver.errors import SetupError
from mockserver.model import Document
from mockserver.store import MemoryStore, memory, memory_table, open_store
from mockserver.store.values import packed, unpacked


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
    unpacked_all = memory_table._unpacked_all

    def counted_unpacked(text: bytes) -> Document:
        counter.count += 1
        return unpacked(text)

    def counted_unpacked_all(texts: list[bytes]) -> list[Document]:
        counter.count += len(texts) if len(texts) > 1 else 0  # one alone is counted above
        return unpacked_all(texts)

    def counted_packed(document: Document) -> bytes:
        counter.count += 1
        return packed(document)

    for module in (memory, memory_table):
        monkeypatch.setattr(module, "unpacked", counted_unpacked)
    monkeypatch.setattr(memory_table, "_unpacked_all", counted_unpacked_all)
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


def test_a_list_of_views_is_the_same_for_as_long_as_nothing_in_it_changes() -> None:
    store = store_of(3)
    before = store.views("links", {"owner": 0})
    store.replace("links", "3", {"id": 2, "owner": 1})
    assert store.views("links", {"owner": 0}) is before
    store.replace("links", "1", {"id": 7, "owner": 0})
    assert [one["id"] for one in store.views("links", {"owner": 0})] == [7, 1]


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
