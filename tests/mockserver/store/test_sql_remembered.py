"""What stores in a database remember, and that they never give what others have changed since."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from random import Random
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from mockserver.store import ReadAgain, SharedStore, open_store
from mockserver.store import sql_remembered as remembered
from mockserver.store.protocol import FrozenDocument
from mockserver.store.sql_remembered import Remembered, Stored
from tests.mockserver.store.test_conformance import StoreAgainstModel, as_json
from tests.mockserver.store.test_sql import Open, Pair, opened, pair, statements_of, url

__all__ = ["opened", "pair", "url"]  # fixtures

EMMA = {"title": "Emma", "by": "Austen"}


@pytest.fixture
def filled(pair: Pair) -> Pair:
    """Two on one database: the first has read what there is, and has nothing to ask any more."""
    one, other = pair
    one.load({"collections": {"books": {"1": EMMA}, "films": {"1": {"title": "Clueless"}}}})
    other.find("books", {"by": "Austen"})  # makes the index
    read_all(one)
    read_all(one)
    return pair


def read_all(store: SharedStore) -> list[Any]:
    return [
        store.view("books", "1"),
        store.get("books", "2"),
        store.views("books", {"by": "Austen"}),
        store.find("books", {"by": "Joyce"}),
        store.view("films", "1"),
    ]


# what is not asked for again


def test_what_was_read_is_not_asked_for_again(
    filled: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = filled
    asked = statements_of(one, monkeypatch)
    assert read_all(one) == [EMMA, None, (EMMA,), [], {"title": "Clueless"}]
    assert asked == []


def test_views_are_the_same_object_for_as_long_as_nothing_changes(filled: Pair) -> None:
    one, other = filled
    view, [listed] = one.view("books", "1"), one.views("books", {"by": "Austen"})
    other.insert("books", "7", {"title": "Ulysses"})
    assert type(view) is FrozenDocument
    assert view is listed
    assert view is one.view("books", "1")


def test_what_was_got_is_the_callers_own(filled: Pair) -> None:
    one, _ = filled
    for document in (one.get("books", "1") or {}, *one.find("books", {"by": "Austen"})):
        document["title"] = "another"
    assert one.get("books", "1") == one.view("books", "1") == EMMA
    assert one.find("books", {"by": "Austen"}) == [EMMA]


def test_a_writing_transaction_asks_for_nothing_that_is_known(
    filled: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = filled
    one.next_id("ids")
    asked = statements_of(one, monkeypatch)
    with one.transaction():
        one.view("books", "1")
        one.replace("books", "1", {**EMMA, "year": one.next_id("ids")})
        assert one.view("books", "1") == {**EMMA, "year": 2}
        one.delete("films", "1")
    assert asked == []
    assert other.get("books", "1") == {**EMMA, "year": 2}
    assert other.get("films", "1") is None
    assert other.next_id("ids") == 3


def test_what_others_change_elsewhere_is_still_known(
    filled: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = filled
    other.insert("films", "2", {})
    asked = statements_of(one, monkeypatch)
    one.view("books", "1")
    assert asked == []
    one.view("films", "1")
    assert len(asked) == 1


def test_a_refused_write_changes_no_marks(filled: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = filled
    with suppress(KeyError), other.transaction():
        other.insert("books", "2", {})
        raise KeyError
    asked = statements_of(one, monkeypatch)
    read_all(one)
    assert asked == []


def test_replacing_a_document_by_itself_changes_nothing(
    filled: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = filled
    other.replace("books", "1", dict(EMMA))
    asked = statements_of(one, monkeypatch)
    assert one.view("books", "1") == EMMA
    assert asked == []


# what others have changed is read anew


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda s: s.replace("books", "1", {"title": "E"}), [{"title": "E"}, None, ()]),
        (lambda s: s.delete("books", "1"), [None, None, ()]),
        (lambda s: s.insert("books", "2", {"by": "Joyce"}), [EMMA, {"by": "Joyce"}, (EMMA,)]),
        (lambda s: s.insert("books", "2", EMMA), [EMMA, EMMA, (EMMA, EMMA)]),
        (lambda s: s.load({"collections": {}}), [None, None, ()]),
    ],
)
@pytest.mark.parametrize("writer", [0, 1])
def test_what_is_written_is_read_by_both(
    filled: Pair, writer: int, change: Callable[[SharedStore], None], expected: list[Any]
) -> None:
    for store in filled:
        read_all(store)
    change(filled[writer])
    for store in filled:
        assert read_all(store)[:3] == expected


def test_what_was_undone_is_forgotten(filled: Pair) -> None:
    one, _ = filled
    before = read_all(one)
    with suppress(KeyError), one.transaction():
        one.replace("books", "1", {"title": "another"})
        one.insert("books", "2", {"by": "Joyce"})
        one.delete("films", "1")
        one.next_id("books")
        assert read_all(one) != before
        raise KeyError
    assert read_all(one) == before
    assert one.next_id("books") == 2


def test_ids_go_on_beyond_a_key_that_another_has_inserted(pair: Pair) -> None:
    one, other = pair
    assert other.next_id("books") == 1
    one.insert("books", "5", {})
    assert other.next_id("books") == 6
    with one.transaction():
        one.insert("books", "9", {})
        one.insert("books", "8", {})
        assert one.next_id("books") == 10
        one.insert("books", "12", {})
        assert one.next_id("books") == 13
    assert other.next_id("books") == 14


def test_what_was_read_of_an_undone_load_is_forgotten(filled: Pair) -> None:
    one, _ = filled
    with suppress(KeyError), one.transaction():
        one.load({"collections": {"books": {"1": {"title": "another"}}}})
        assert one.view("books", "1") == {"title": "another"}
        raise KeyError
    assert one.view("books", "1") == EMMA


def test_equal_numbers_are_one_value_in_lists_that_are_kept(pair: Pair) -> None:
    one, _ = pair
    one.insert("books", "1", {"year": 1})
    assert len(one.find("books", {"year": 1})) == 1
    one.insert("books", "2", {"year": 1.0})
    assert len(one.find("books", {"year": 1})) == len(one.find("books", {"year": 1.0})) == 2
    assert one.find("books", {"year": True}) == []
    one.insert("books", "3", {"year": True})
    assert len(one.find("books", {"year": 1})) == 2
    assert len(one.find("books", {"year": True})) == 1


# one moment


def test_what_has_changed_since_it_was_given_is_not_mixed_with_what_is_read_later(
    filled: Pair,
) -> None:
    one, other = filled

    def read() -> list[Any]:
        with one.transaction(is_writing=False):
            first = one.view("books", "1")
            if tries.pop():
                other.replace("books", "1", {"title": "another"})
            return [first, one.view("books", "99")]

    tries = [False, True]
    with pytest.raises(ReadAgain):
        read()
    assert read() == [{"title": "another"}, None]


def test_it_cannot_happen_twice_in_a_row(filled: Pair) -> None:
    one, other = filled
    with one.transaction(is_writing=False):
        one.view("books", "1")
        other.delete("books", "1")
        with pytest.raises(ReadAgain):
            one.view("books", "99")
    with one.transaction(is_writing=False):
        film = one.view("films", "1")
        other.delete("films", "1")
        assert one.view("books", "99") is None
        assert one.get("films", "1") == film


def test_a_change_elsewhere_disturbs_nobody(filled: Pair) -> None:
    one, other = filled
    with one.transaction(is_writing=False):
        one.view("books", "1")
        other.delete("films", "1")
        assert one.view("books", "99") is None
        assert one.view("films", "1") is None


def test_a_clock_that_is_set_while_something_is_read_is_noticed(filled: Pair) -> None:
    one, other = filled
    with one.transaction(is_writing=False):
        other.keep_clock_text("noon")
        with pytest.raises(ReadAgain):
            one.view("books", "99")


# how much is remembered


def test_no_more_is_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_KEPT", 10)
    known = Remembered()
    for number in range(25):
        known.keep_document("books", str(number), Stored(number, "{}"))
    assert known.document("books", "24") is not None
    with pytest.raises(KeyError):
        known.document("books", "19")


def test_long_documents_are_not_remembered_and_are_no_stale_ones() -> None:
    known = Remembered()
    known.keep_document("books", "1", Stored(1, "{}"))
    known.wrote("books", "1", {}, {}, Stored(1, "x" * (remembered.LONGEST_TEXT + 1)))
    with pytest.raises(KeyError):
        known.document("books", "1")


def test_many_collections_share_one_mark(url: str, opened: Open) -> None:
    one, other = opened(url), opened(url)
    for number in range(remembered.MOST_MARKS + 20):
        one.insert(f"c{number}", "a", {"n": number})
        assert other.get(f"c{number}", "a") == {"n": number}
        assert other.get("c0", "a") == {"n": 0}
    one.replace("c0", "a", {})
    assert other.get("c0", "a") == {}


# everything at once: two on one database, in turn, against a plain dict


class InTurn:
    """Asks now one store, now the other, and in a transaction always the same."""

    def __init__(self, stores: Pair, chance: Random) -> None:
        self._stores = stores
        self._chance = chance
        self._chosen: SharedStore | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._chosen or self._chance.choice(self._stores), name)

    @contextmanager
    def transaction(self, *, is_writing: bool = True) -> Iterator[None]:
        self._chosen = self._chance.choice(self._stores)
        try:
            with self._chosen.transaction(is_writing=is_writing):
                yield
        finally:
            self._chosen = None

    def close(self) -> None:
        for store in self._stores:
            store.close()


class TwoAgainstModel(StoreAgainstModel):
    """Looks at everything with both, and in a transaction without asking for all at once."""

    transaction: AbstractContextManager[None]

    @invariant()
    def both_hold_the_same(self) -> None:
        store: Any = self.store
        for one in store._stores if self.before is None else (store,):
            for collection, documents in self.model.collections.items():
                for key in ("1", "2", "10", "b/c"):
                    assert as_json(one.view(collection, key)) == as_json(documents.get(key))
                for where in ({"kind": 1}, {"kind": None}, {"kind": True, "owner": None}):
                    assert list(one.views(collection, where)) == self.model.find(collection, where)
        if self.before is None:
            self.compare()

    @rule()
    def begin(self) -> None:
        if self.before is None:
            self.transaction = self.store.transaction()
        super().begin()

    def teardown(self) -> None:
        super().teardown()
        store: Any = self.store
        store.close()


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 15), ("postgresql", 4)])
def test_two_on_one_database_do_what_one_plain_dict_does(
    kind: str, examples: int, new_url: Callable[[str], str]
) -> None:
    def new_store() -> Any:
        url = new_url(kind)
        stores: Any = open_store(url), open_store(url)
        return InTurn(stores, Random(1))

    machine = type("Machine", (TwoAgainstModel,), {"new_store": staticmethod(new_store)})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=examples, stateful_step_count=30, deadline=None)
    )
