"""What every store must do, whatever it keeps its documents in."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext, suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from mockserver.errors import SetupError
from mockserver.model import Document, Json
from mockserver.store import DuplicateKey, MissingKey, SharedStore, Store


class Interruption(Exception):
    """Raised inside transactions to make them fail."""


def titles(documents: Iterable[Mapping[str, Json]]) -> list[str]:
    return [document["title"] for document in documents]


def put_books(store: Store) -> None:
    store.insert("books", "1", {"title": "Emma", "by": "Austen", "year": 1815})
    store.insert("books", "2", {"title": "Ulysses", "by": "Joyce", "year": 1922})
    store.insert("books", "3", {"title": "Persuasion", "by": "Austen", "year": 1817})


# reading and writing


def test_an_inserted_document_can_be_read(store: Store) -> None:
    store.insert("books", "1", {"title": "Emma", "tags": ["a", {"b": None}], "ö": 1.5})
    assert store.get("books", "1") == {"title": "Emma", "tags": ["a", {"b": None}], "ö": 1.5}


@pytest.mark.parametrize("key", ["2", "", "a/b", "ö"])
def test_what_was_never_stored_reads_as_none(store: Store, key: str) -> None:
    assert store.get("books", key) is None
    store.insert("books", "1", {})
    assert store.get("books", key) is None


def test_an_empty_document_is_not_nothing(store: Store) -> None:
    store.insert("books", "1", {})
    assert store.get("books", "1") == {}


def test_the_same_key_may_live_in_two_collections(store: Store) -> None:
    store.insert("books", "1", {"title": "Emma"})
    store.insert("films", "1", {"title": "Metropolis"})
    assert store.get("books", "1") == {"title": "Emma"}


def test_a_second_document_under_one_key_is_refused_and_the_first_stays(store: Store) -> None:
    store.insert("books", "1", {"title": "Emma"})
    with pytest.raises(DuplicateKey, match="books already holds '1'"):
        store.insert("books", "1", {"title": "Ulysses"})
    assert store.get("books", "1") == {"title": "Emma"}


def test_replacing_changes_the_document(store: Store) -> None:
    store.insert("books", "1", {"title": "Emma", "by": "Austen"})
    store.replace("books", "1", {"title": "Ulysses"})
    assert store.get("books", "1") == {"title": "Ulysses"}


def test_a_deleted_document_is_gone(store: Store) -> None:
    store.insert("books", "1", {"title": "Emma"})
    store.delete("books", "1")
    assert store.get("books", "1") is None
    assert store.find("books") == []


@pytest.mark.parametrize("collection", ["books", "never used"])
def test_what_is_not_there_can_neither_be_replaced_nor_deleted(
    store: Store, collection: str
) -> None:
    store.insert("books", "1", {})
    with pytest.raises(MissingKey, match="holds no '2'"):
        store.replace(collection, "2", {})
    with pytest.raises(MissingKey, match="holds no '2'"):
        store.delete(collection, "2")


def test_counting_follows_inserts_and_deletes(store: Store) -> None:
    assert store.count("books") == 0
    put_books(store)
    store.delete("books", "2")
    assert store.count("books") == 2


def test_what_is_not_json_is_refused_and_leaves_nothing(store: Store) -> None:
    with pytest.raises(TypeError):
        store.insert("books", "1", {"title": object()})
    assert store.get("books", "1") is None
    assert store.count("books") == 0


def test_a_refused_replacement_leaves_the_document(store: Store) -> None:
    store.insert("books", "1", {"title": "Emma"})
    with pytest.raises(TypeError):
        store.replace("books", "1", {"title": object()})
    assert store.find("books", {"title": "Emma"}) == [{"title": "Emma"}]


# copies


def test_changing_what_was_handed_in_changes_nothing_stored(store: Store) -> None:
    document: Document = {"tags": ["a"]}
    store.insert("books", "1", document)
    document["tags"].append("b")
    assert store.get("books", "1") == {"tags": ["a"]}


def test_changing_a_replacement_afterwards_changes_nothing_stored(store: Store) -> None:
    document: Document = {"tags": ["a"]}
    store.insert("books", "1", {})
    store.replace("books", "1", document)
    document["tags"].append("b")
    assert store.get("books", "1") == {"tags": ["a"]}


def test_changing_what_was_handed_out_changes_nothing_stored(store: Store) -> None:
    store.insert("books", "1", {"tags": ["a"]})
    got = store.get("books", "1")
    assert got is not None
    got["tags"].append("b")
    store.find("books")[0]["tags"].append("c")
    store.find("books", {"tags": ["a"]})[0]["tags"].append("d")
    store.dump()["collections"]["books"]["1"]["tags"].append("e")
    assert store.get("books", "1") == {"tags": ["a"]}


# viewing


def test_a_view_is_what_is_stored_now(store: Store) -> None:
    put_books(store)
    seen = store.view("books", "1")
    assert seen == store.get("books", "1")
    store.replace("books", "1", {"title": "Emma, revised"})
    assert store.view("books", "1") == {"title": "Emma, revised"}
    assert seen is not None
    assert seen["title"] == "Emma"
    store.delete("books", "1")
    assert store.view("books", "1") is None
    assert store.view("never used", "1") is None


def test_views_are_what_would_be_found(store: Store) -> None:
    put_books(store)
    store.insert("books", "tagged", {"by": "Austen", "tags": ["a"], "is_new": True})
    for where in ({"by": "Austen"}, {"by": "Nobody"}, {"tags": ["a"]}, {"is_new": 1}, {}):
        assert [dict(one) for one in store.views("books", where)] == store.find("books", where)
    assert list(store.views("never used", {"by": "Austen"})) == []


def test_a_view_is_undone_with_its_transaction(store: Store) -> None:
    put_books(store)
    with suppress(KeyError), store.transaction():
        store.replace("books", "1", {"title": "Other"})
        assert store.view("books", "1") == {"title": "Other"}
        raise KeyError
    assert titles(store.views("books", {"title": "Emma"})) == ["Emma"]


# finding


def test_finding_without_conditions_gives_all_in_the_order_of_insertion(store: Store) -> None:
    put_books(store)
    assert titles(store.find("books")) == ["Emma", "Ulysses", "Persuasion"]
    assert titles(store.find("books", {})) == ["Emma", "Ulysses", "Persuasion"]


def test_finding_in_an_unknown_collection_gives_nothing(store: Store) -> None:
    assert store.find("books") == []
    assert store.find("books", {"by": "Austen"}) == []


def test_finding_gives_the_documents_with_equal_fields(store: Store) -> None:
    put_books(store)
    assert titles(store.find("books", {"by": "Austen"})) == ["Emma", "Persuasion"]
    assert titles(store.find("books", {"by": "Austen", "year": 1817})) == ["Persuasion"]
    assert store.find("books", {"by": "Joyce", "year": 1817}) == []


def test_a_replaced_document_keeps_its_place(store: Store) -> None:
    put_books(store)
    assert titles(store.find("books", {"by": "Austen"})) == ["Emma", "Persuasion"]
    store.replace("books", "1", {"title": "Emma, again", "by": "Austen"})
    assert titles(store.find("books")) == ["Emma, again", "Ulysses", "Persuasion"]
    assert titles(store.find("books", {"by": "Austen"})) == ["Emma, again", "Persuasion"]
    assert list(store.dump()["collections"]["books"]) == ["1", "2", "3"]


def test_finding_sees_what_was_written_since_it_last_looked(store: Store) -> None:
    put_books(store)
    assert titles(store.find("books", {"by": "Joyce"})) == ["Ulysses"]
    store.insert("books", "4", {"title": "Dubliners", "by": "Joyce"})
    store.replace("books", "1", {"title": "Giacomo", "by": "Joyce"})
    assert titles(store.find("books", {"by": "Joyce"})) == ["Giacomo", "Ulysses", "Dubliners"]
    assert titles(store.find("books", {"by": "Austen"})) == ["Persuasion"]
    store.delete("books", "2")
    assert titles(store.find("books", {"by": "Joyce"})) == ["Giacomo", "Dubliners"]


def test_a_field_that_a_document_lacks_counts_as_null(store: Store) -> None:
    store.insert("books", "1", {"title": "a"})
    store.insert("books", "2", {"title": "b", "by": None})
    store.insert("books", "3", {"title": "c", "by": ""})
    assert titles(store.find("books", {"by": None})) == ["a", "b"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, ["one", "one point"]),
        (1.0, ["one", "one point"]),
        (True, ["true"]),
        (0, ["zero"]),
        (False, ["false"]),
        ("1", ["text"]),
        (None, ["null"]),
        ([1], ["list"]),
        ([True], ["list of true"]),
        ({"a": 1, "b": 2}, ["object"]),
        ({"b": 2, "a": 1}, ["object"]),
        ({"a": 1}, []),
        ([], []),
    ],
)
def test_values_are_equal_as_in_json(store: Store, value: Json, expected: list[str]) -> None:
    stored: dict[str, Json] = {
        "one": 1,
        "one point": 1.0,
        "true": True,
        "zero": 0,
        "false": False,
        "text": "1",
        "null": None,
        "list": [1],
        "list of true": [True],
        "object": {"a": 1, "b": 2},
    }
    for title, held in stored.items():
        store.insert("values", title, {"title": title, "held": held})
    assert titles(store.find("values", {"held": value})) == expected


def test_a_list_may_be_one_of_several_conditions(store: Store) -> None:
    store.insert("books", "1", {"title": "a", "by": "x", "tags": ["t"]})
    store.insert("books", "2", {"title": "b", "by": "x", "tags": []})
    store.insert("books", "3", {"title": "c", "by": "y", "tags": ["t"]})
    assert titles(store.find("books", {"by": "x", "tags": ["t"]})) == ["a"]


# sequences


def test_ids_count_from_one_for_each_name(store: Store) -> None:
    assert [store.next_id("books"), store.next_id("books"), store.next_id("films")] == [1, 2, 1]


def test_an_id_is_not_given_out_again_after_a_delete(store: Store) -> None:
    store.insert("books", str(store.next_id("books")), {})
    store.delete("books", "1")
    assert store.next_id("books") == 2


def test_ids_go_on_beyond_an_inserted_integer_key(store: Store) -> None:
    store.insert("books", "7", {})
    store.insert("books", "3", {})
    assert store.next_id("books") == 8


@pytest.mark.parametrize("key", ["007", "1.5", "-4", "abc", "²", "9" * 30, ""])
def test_keys_that_are_no_counted_ids_leave_the_sequence_alone(store: Store, key: str) -> None:
    store.insert("books", key, {})
    assert store.next_id("books") == 1


# transactions


def test_a_transaction_that_ends_well_keeps_its_writes(store: Store) -> None:
    with store.transaction():
        put_books(store)
        store.delete("books", "2")
    assert titles(store.find("books")) == ["Emma", "Persuasion"]


def test_a_transaction_that_raises_undoes_everything(store: Store) -> None:
    put_books(store)
    store.next_id("loans")
    store.find("books", {"by": "Austen"})
    before = deepcopy(store.dump())
    with suppress(Interruption), store.transaction():
        store.insert("books", "4", {"title": "Dubliners", "by": "Joyce"})
        store.replace("books", "4", {"title": "Dubliners", "by": "Austen"})
        store.replace("books", "2", {"title": "Ulysses", "by": "Austen"})
        store.delete("books", "1")
        store.insert("books", "1", {"title": "Emma, by another", "by": "Nobody"})
        store.insert("films", "1", {"title": "Metropolis"})
        store.next_id("loans")
        store.next_id("shelves")
        raise Interruption
    assert store.dump() == before
    assert list(store.dump()["collections"]["books"]) == ["1", "2", "3"]
    assert titles(store.find("books", {"by": "Austen"})) == ["Emma", "Persuasion"]
    assert store.find("books", {"by": "Nobody"}) == []
    assert [store.next_id("loans"), store.next_id("shelves")] == [2, 1]


def test_an_undone_delete_puts_the_document_back_in_its_place(store: Store) -> None:
    put_books(store)
    assert titles(store.find("books", {"by": "Austen"})) == ["Emma", "Persuasion"]
    with suppress(Interruption), store.transaction():
        store.delete("books", "1")
        raise Interruption
    assert titles(store.find("books")) == ["Emma", "Ulysses", "Persuasion"]
    assert titles(store.find("books", {"by": "Austen"})) == ["Emma", "Persuasion"]


def test_an_undone_load_brings_the_old_state_back(store: Store) -> None:
    put_books(store)
    before = store.dump()
    with suppress(Interruption), store.transaction():
        store.delete("books", "1")
        store.load({"collections": {"films": {"9": {"title": "Metropolis"}}}})
        store.next_id("films")
        raise Interruption
    assert store.dump() == before


def test_what_is_raised_in_a_transaction_goes_on_to_the_caller(store: Store) -> None:
    with pytest.raises(Interruption), store.transaction():
        raise Interruption


def test_a_write_after_a_failed_transaction_is_kept(store: Store) -> None:
    with suppress(Interruption), store.transaction():
        raise Interruption
    store.insert("books", "1", {})
    with store.transaction():
        pass
    assert store.count("books") == 1


def test_transactions_do_not_nest(store: Store) -> None:
    with store.transaction(), pytest.raises(RuntimeError, match="do not nest"):
        store.transaction().__enter__()


# whole states


def test_a_dump_holds_collections_and_sequences(store: Store) -> None:
    store.insert("films", "m", {"title": "Metropolis"})
    store.insert("books", "4", {"title": "Emma"})
    store.next_id("loans")
    assert store.dump() == {
        "collections": {
            "books": {"4": {"title": "Emma"}},
            "films": {"m": {"title": "Metropolis"}},
        },
        "sequences": {"books": 4, "loans": 1},
    }
    assert list(store.dump()["collections"]) == ["books", "films"]


def test_a_dump_leaves_out_empty_collections(store: Store) -> None:
    store.insert("books", "a", {})
    store.delete("books", "a")
    assert store.dump() == {"collections": {}, "sequences": {}}


def test_loading_replaces_everything(store: Store) -> None:
    put_books(store)
    store.next_id("loans")
    store.load({"collections": {"films": {"m": {"title": "Metropolis"}}}})
    assert store.dump() == {
        "collections": {"films": {"m": {"title": "Metropolis"}}},
        "sequences": {},
    }
    assert store.find("books", {"by": "Austen"}) == []


def test_loading_keeps_the_order_of_its_documents(store: Store) -> None:
    store.load({"collections": {"books": {"z": {"title": "z"}, "a": {"title": "a"}}}})
    assert titles(store.find("books")) == ["z", "a"]
    store.insert("books", "m", {"title": "m"})
    assert titles(store.find("books")) == ["z", "a", "m"]


def test_loading_copies(store: Store) -> None:
    state: Document = {"collections": {"books": {"1": {"tags": []}}}, "sequences": {"books": 5}}
    store.load(state)
    state["collections"]["books"]["1"]["tags"].append("x")
    store.next_id("books")
    assert state["sequences"] == {"books": 5}
    assert store.get("books", "1") == {"tags": []}


@pytest.mark.parametrize(
    ("sequences", "expected"), [({}, 13), ({"books": 20}, 21), ({"books": 3}, 13)]
)
def test_ids_go_on_beyond_every_loaded_id(
    store: Store, sequences: dict[str, int], expected: int
) -> None:
    books: Document = {"12": {}, "9": {}, "x": {}}
    store.load({"collections": {"books": books}, "sequences": sequences})
    assert store.next_id("books") == expected


@pytest.mark.parametrize(
    ("state", "place"),
    [
        ([], "/"),
        ({}, "/collections"),
        ({"collections": {}, "sequence": {}}, "/sequence"),
        ({"collections": []}, "/collections"),
        ({"collections": {"books": []}}, "/collections/books"),
        ({"collections": {"books": {"1": []}}}, "/collections/books/1"),
        ({"collections": {"a/b": {"1~": 5}}}, "/collections/a~1b/1~0"),
        ({"collections": {"books": {1: {}}}}, "/collections/books"),
        ({"collections": {"books": {"1": {"x": object()}}}}, "/collections/books/1"),
        ({"collections": {}, "sequences": []}, "/sequences"),
        ({"collections": {}, "sequences": {"books": -1}}, "/sequences/books"),
        ({"collections": {}, "sequences": {"books": True}}, "/sequences/books"),
        ({"collections": {}, "sequences": {"books": "4"}}, "/sequences/books"),
    ],
)
def test_a_state_of_a_wrong_shape_is_refused_and_changes_nothing(
    store: Store, state: Any, place: str
) -> None:
    put_books(store)
    before = store.dump()
    with pytest.raises(SetupError) as caught:
        store.load(state)
    assert caught.value.place == place
    assert store.dump() == before


def test_an_unknown_part_of_a_state_comes_with_the_nearest_known_one(store: Store) -> None:
    with pytest.raises(SetupError, match="did you mean 'sequences'"):
        store.load({"collections": {}, "sequence": {}})


# everything at once, against a plain dict

COLLECTIONS = st.sampled_from(["books", "films"])
KEYS = st.sampled_from(["1", "2", "3", "10", "a", "b/c"])
SCALARS = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "1", "x"])
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.just("n"), SCALARS)
DOCUMENTS = st.dictionaries(st.sampled_from(["kind", "owner", "tags"]), VALUES)


def as_json(value: Json) -> Json:
    """A form in which Python's equality is JSON's: true is not 1."""
    if isinstance(value, dict):
        return {key: as_json(held) for key, held in value.items()}
    if isinstance(value, list):
        return [as_json(held) for held in value]
    return (isinstance(value, bool), value)


class Model:
    """The plain dict: everything is copied, nothing is clever."""

    def __init__(self) -> None:
        self.collections: dict[str, dict[str, Document]] = {}
        self.sequences: dict[str, int] = {}

    def insert(self, collection: str, key: str, document: Document) -> None:
        self.collections.setdefault(collection, {})[key] = deepcopy(document)
        if key.isdigit():
            self.sequences[collection] = max(self.sequences.get(collection, 0), int(key))

    def find(self, collection: str, where: Document) -> list[Document]:
        return [
            document
            for document in self.collections.get(collection, {}).values()
            if all(as_json(document.get(name)) == as_json(held) for name, held in where.items())
        ]

    def state(self) -> Document:
        held = {name: documents for name, documents in self.collections.items() if documents}
        return {"collections": held, "sequences": self.sequences}


class StoreAgainstModel(RuleBasedStateMachine):
    """Does the same to a store and to the model, inside and outside of transactions."""

    new_store: Callable[[], Store]

    def __init__(self) -> None:
        super().__init__()
        self.store = self.new_store()
        self.model = Model()
        self.before: Model | None = None
        self.transaction = self.store.transaction()

    @initialize()
    def ask_early(self) -> None:
        self.store.insert("books", "1", {"kind": 1})
        self.model.insert("books", "1", {"kind": 1})
        self.store.find("books", {"kind": 1})

    @rule(collection=COLLECTIONS, key=KEYS, document=DOCUMENTS)
    def write(self, collection: str, key: str, document: Document) -> None:
        if key in self.model.collections.get(collection, {}):
            with pytest.raises(DuplicateKey):
                self.store.insert(collection, key, document)
            self.store.replace(collection, key, document)
            self.model.collections[collection][key] = deepcopy(document)
        else:
            with pytest.raises(MissingKey):
                self.store.replace(collection, key, document)
            self.store.insert(collection, key, document)
            self.model.insert(collection, key, document)

    @rule(collection=COLLECTIONS, key=KEYS)
    def delete(self, collection: str, key: str) -> None:
        if self.model.collections.get(collection, {}).pop(key, None) is None:
            with pytest.raises(MissingKey):
                self.store.delete(collection, key)
        else:
            self.store.delete(collection, key)

    @rule(collection=COLLECTIONS)
    def next_id(self, collection: str) -> None:
        expected = self.model.sequences.get(collection, 0) + 1
        self.model.sequences[collection] = expected
        assert self.store.next_id(collection) == expected

    @rule(collection=COLLECTIONS, where=DOCUMENTS)
    def find(self, collection: str, where: Document) -> None:
        assert self.store.find(collection, where) == self.model.find(collection, where)

    @rule()
    def begin(self) -> None:
        if self.before is None:
            self.before = deepcopy(self.model)
            self.transaction.__enter__()

    @rule(succeeds=st.booleans())
    def end(self, succeeds: bool) -> None:
        if self.before is None:
            return
        if succeeds:
            self.transaction.__exit__(None, None, None)
        else:
            error = Interruption()
            self.transaction.__exit__(Interruption, error, error.__traceback__)
            self.model = self.before
        self.before = None

    @rule()
    def load_own_dump(self) -> None:
        self.store.load(self.store.dump())

    @rule(documents=st.dictionaries(KEYS, DOCUMENTS))
    def load(self, documents: dict[str, Document]) -> None:
        self.store.load({"collections": {"books": documents}})
        self.model = Model()
        for key, document in documents.items():
            self.model.insert("books", key, document)

    @invariant()
    def both_hold_the_same(self) -> None:
        is_open = self.before is not None
        with nullcontext() if is_open else self.store.transaction(is_writing=False):
            self.compare()

    def compare(self) -> None:
        assert self.store.dump() == self.model.state()
        for collection, documents in self.model.collections.items():
            assert self.store.count(collection) == len(documents)
            assert self.store.find(collection) == list(documents.values())
            for key, document in documents.items():
                assert as_json(self.store.get(collection, key)) == as_json(document)

    def teardown(self) -> None:
        if self.before is not None:
            self.transaction.__exit__(None, None, None)
        if isinstance(self.store, SharedStore):
            self.store.close()


def test_a_store_does_what_a_plain_dict_does(new_store: Callable[[], Store]) -> None:
    machine = type("Machine", (StoreAgainstModel,), {"new_store": staticmethod(new_store)})
    is_slow = isinstance(new_store(), SharedStore)
    examples, steps = (8, 30) if is_slow else (60, 50)
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None),
    )
