"""The store that lives in memory, as long as its process."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import lru_cache, partial
from types import TracebackType

from mockserver.model import Document, Json, fitted
from mockserver.store.memory_table import ListKey, Table
from mockserver.store.protocol import DuplicateKey, FrozenDocument, MissingKey, View
from mockserver.store.state import integer_of, parts_of
from mockserver.store.values import (
    LONGEST_LIST,
    VIEWS_KEPT,
    checked_pack,
    packed,
    unpacked,
    viewed,
)

Undo = Callable[[], object]


class MemoryStore:
    """Documents as bytes of JSON: parsed at each reading, so nobody holds the store's own.

    Views are remembered by these bytes: what was written since is other bytes. A list of them is
    remembered by its table, until anything is written there.
    """

    def __init__(self) -> None:
        self._tables: dict[str, Table] = {}
        self._sequences: dict[str, int] = {}
        self._kept: dict[str, bytes] = {}
        self._undo: list[Undo] | None = None
        self._viewed = lru_cache(VIEWS_KEPT)(viewed)
        self._transaction = Transaction(self)

    def transaction(self, *, is_writing: bool = True) -> AbstractContextManager[None]:
        return self._transaction

    def next_id(self, collection: str) -> int:
        before = self._sequences.get(collection)
        number = 1 if before is None else before + 1
        self._set_sequence(collection, before, number)
        return number

    def insert(self, collection: str, key: str, document: Document) -> None:
        table = self._tables.get(collection)
        if table is None:
            table = self._tables[collection] = Table()
        elif key in table.numbers:
            raise DuplicateKey(f"{collection} already holds {key!r}")
        table.add(key, packed(document), document)
        if self._undo is not None:
            self._undo.append(partial(table.remove, key))
        number, last = integer_of(key), self._sequences.get(collection)
        if number > (last or 0):
            self._set_sequence(collection, last, number)

    def get(self, collection: str, key: str) -> Document | None:
        table = self._tables.get(collection)
        number = table.numbers.get(key) if table else None
        return None if table is None or number is None else unpacked(table.texts[number])

    def find(self, collection: str, where: Mapping[str, Json] | None = None) -> list[Document]:
        table = self._tables.get(collection)
        return table.find(where or {}) if table else []

    def view(self, collection: str, key: str) -> View | None:
        table = self._tables.get(collection)
        number = table.numbers.get(key) if table else None
        return None if table is None or number is None else self._viewed(table.texts[number])

    def views(self, collection: str, where: Mapping[str, Json]) -> tuple[View, ...]:
        table = self._tables.get(collection)
        if table is None:
            return ()
        key = _key_of(where)
        known = None if key is None else table.listed.get(key)
        if known is None:
            known = self._listed(table, where)
            if key is not None and len(known) <= LONGEST_LIST:
                table.keep_listed(key, known)
        return known

    def count(self, collection: str) -> int:
        table = self._tables.get(collection)
        return len(table.numbers) if table else 0

    def replace(self, collection: str, key: str, document: Document) -> None:
        table, number = self._stored(collection, key)
        before = table.texts[number]
        table.rewrite(number, packed(document), self._viewed(before), document)
        self._on_undo(partial(table.rewrite, number, before))

    def delete(self, collection: str, key: str) -> None:
        table, number = self._stored(collection, key)
        text = table.texts[number]
        table.remove(key, self._viewed(text))
        self._on_undo(partial(table.restore, key, number, text))

    def dump(self) -> Document:
        """The whole state, names in alphabetical order, empty collections left out."""
        tables = sorted(self._tables.items())
        return {
            "collections": {name: table.documents() for name, table in tables if table.texts},
            "sequences": dict(sorted(self._sequences.items())),
        }

    def load(self, state: Document) -> None:
        collections, sequences = parts_of(state)
        tables = {name: _table_of(name, keyed) for name, keyed in collections.items()}
        self._on_undo(partial(self._become, self._tables, self._sequences))
        self._become(tables, sequences)

    def keep(self, name: str, value: bytes | None) -> None:
        self._on_undo(partial(self._keep, name, self._kept.get(name)))
        self._keep(name, value)

    def kept(self, name: str) -> bytes | None:
        return self._kept.get(name)

    def _listed(self, table: Table, where: Mapping[str, Json]) -> tuple[View, ...]:
        texts = table.matching(where)
        if texts is None:
            return tuple([FrozenDocument(document) for document in table.find(where)])
        return tuple(map(self._viewed, texts))

    def _keep(self, name: str, value: bytes | None) -> None:
        self._kept.pop(name, None)
        if value is not None:
            self._kept[name] = fitted(value)

    def _become(self, tables: "dict[str, Table]", sequences: dict[str, int]) -> None:
        self._tables, self._sequences = tables, sequences

    def _stored(self, collection: str, key: str) -> "tuple[Table, int]":
        table = self._tables.get(collection)
        number = table.numbers.get(key) if table else None
        if table is None or number is None:
            raise MissingKey(f"{collection} holds no {key!r}")
        return table, number

    def _set_sequence(self, name: str, before: int | None, number: int) -> None:
        if self._undo is not None:
            self._undo.append(partial(_put_back, self._sequences, name, before))
        self._sequences[name] = number

    def _on_undo(self, undo: Undo) -> None:
        if self._undo is not None:
            self._undo.append(undo)


def _put_back(sequences: dict[str, int], name: str, number: int | None) -> None:
    if number is None:
        del sequences[name]
    else:
        sequences[name] = number


class Transaction:
    """The one transaction of a store, entered again for each request.

    Undoing costs what was written in it: every write leaves its own reverse behind.
    """

    __slots__ = ("_store",)

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def __enter__(self) -> None:
        if self._store._undo is not None:
            raise RuntimeError("a transaction is already open; they do not nest")
        self._store._undo = []

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        written, self._store._undo = self._store._undo, None
        if kind is not None and written:
            for undo in reversed(written):
                undo()


_PLAIN = (str, int)


def _key_of(where: Mapping[str, Json]) -> ListKey | None:
    """What a list is remembered by; None where Python would take other values for the same."""
    for value in where.values():
        if type(value) not in _PLAIN:
            return None
    return tuple(where.items())


def _table_of(name: str, keyed: Mapping[str, Document]) -> Table:
    table = Table()
    for key, document in keyed.items():
        table.add(key, checked_pack(name, key, document), document)
    return table
