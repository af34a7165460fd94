"""The store that lives in memory, as long as its process."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import lru_cache, partial
from types import MappingProxyType, TracebackType
from typing import NamedTuple

import orjson

from mockserver.model import Document, Json, fitted
from mockserver.store.protocol import DuplicateKey, MissingKey, View
from mockserver.store.state import integer_of, parts_of
from mockserver.store.values import checked_pack, holds, is_scalar, packed

Undo = Callable[[], object]

VIEWS_KEPT = 1024
"""How many parsed documents are kept for those who only read."""


class MemoryStore:
    """Documents as bytes of JSON: parsed at each reading, so nobody holds the store's own."""

    def __init__(self) -> None:
        self._tables: dict[str, Table] = {}
        self._sequences: dict[str, int] = {}
        self._kept: dict[str, bytes] = {}
        self._undo: list[Undo] | None = None
        self._viewed = lru_cache(VIEWS_KEPT)(_viewed)
        self._transaction = Transaction(self)

    def transaction(self, *, is_writing: bool = True) -> AbstractContextManager[None]:
        return self._transaction

    def next_id(self, collection: str) -> int:
        number = self._sequences.get(collection, 0) + 1
        self._set_sequence(collection, number)
        return number

    def insert(self, collection: str, key: str, document: Document) -> None:
        table = self._tables.get(collection)
        if table is None:
            table = self._tables[collection] = Table()
        elif key in table.rows:
            raise DuplicateKey(f"{collection} already holds {key!r}")
        table.put(key, Row(table.next_number(), packed(document)), document)
        self._on_undo(partial(table.remove, key))
        number = integer_of(key)
        if number > self._sequences.get(collection, 0):
            self._set_sequence(collection, number)

    def get(self, collection: str, key: str) -> Document | None:
        table = self._tables.get(collection)
        row = table.rows.get(key) if table else None
        return _unpacked(row) if row else None

    def find(self, collection: str, where: Mapping[str, Json] | None = None) -> list[Document]:
        table = self._tables.get(collection)
        return table.find(where or {}) if table else []

    def view(self, collection: str, key: str) -> View | None:
        table = self._tables.get(collection)
        row = table.rows.get(key) if table else None
        return self._viewed(row.packed) if row else None

    def views(self, collection: str, where: Mapping[str, Json]) -> list[View]:
        table = self._tables.get(collection)
        rows = table.matching(where) if table else None
        if rows is None:
            return [MappingProxyType(document) for document in self.find(collection, where)]
        return [self._viewed(row.packed) for row in rows]

    def count(self, collection: str) -> int:
        table = self._tables.get(collection)
        return len(table.rows) if table else 0

    def replace(self, collection: str, key: str, document: Document) -> None:
        table, row = self._stored(collection, key)
        written = Row(row.number, packed(document))
        table.remove(key)
        table.put(key, written, document)
        self._on_undo(partial(table.restore, key, row))

    def delete(self, collection: str, key: str) -> None:
        table, row = self._stored(collection, key)
        table.remove(key)
        self._on_undo(partial(table.restore, key, row))

    def dump(self) -> Document:
        """The whole state, names in alphabetical order, empty collections left out."""
        tables = sorted(self._tables.items())
        return {
            "collections": {name: table.documents() for name, table in tables if table.rows},
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

    def _keep(self, name: str, value: bytes | None) -> None:
        self._kept.pop(name, None)
        if value is not None:
            self._kept[name] = fitted(value)

    def _become(self, tables: "dict[str, Table]", sequences: dict[str, int]) -> None:
        self._tables, self._sequences = tables, sequences

    def _stored(self, collection: str, key: str) -> "tuple[Table, Row]":
        table = self._tables.get(collection)
        row = table.rows.get(key) if table else None
        if table is None or row is None:
            raise MissingKey(f"{collection} holds no {key!r}")
        return table, row

    def _set_sequence(self, name: str, number: int) -> None:
        before = self._sequences.get(name)
        if before is None:
            self._on_undo(partial(self._sequences.pop, name))
        else:
            self._on_undo(partial(self._sequences.__setitem__, name, before))
        self._sequences[name] = number

    def _on_undo(self, undo: Undo) -> None:
        if self._undo is not None:
            self._undo.append(undo)


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


class Row(NamedTuple):
    """A stored document; *number* is its place in the order of insertion."""

    number: int
    packed: bytes


Index = dict[tuple[Json, ...], dict[int, str]]
"""From the values of some fields to the rows that hold them: number to key."""


class Table:
    """The rows of one collection, and an index for each set of fields once asked for."""

    __slots__ = ("_indexes", "_last_number", "rows")

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self._last_number = 0
        self._indexes: dict[tuple[str, ...], Index] = {}

    def next_number(self) -> int:
        self._last_number += 1
        return self._last_number

    def put(self, key: str, row: Row, document: Document) -> None:
        """Add *row*, which holds *document*; nothing may be stored under *key*."""
        self.rows[key] = row
        for fields, index in self._indexes.items():
            index.setdefault(_values(document, fields), {})[row.number] = key

    def remove(self, key: str) -> None:
        row = self.rows.pop(key)
        if not self._indexes:
            return
        document = _unpacked(row)
        for fields, index in self._indexes.items():
            values = _values(document, fields)
            del index[values][row.number]
            if not index[values]:
                del index[values]

    def restore(self, key: str, row: Row) -> None:
        """Put *row* back in place of whatever is stored under *key* now."""
        if key in self.rows:
            self.remove(key)
        self.put(key, row, _unpacked(row))

    def documents(self) -> dict[str, Document]:
        """All by key, in the order of insertion."""
        numbered = sorted(self.rows.items(), key=lambda item: item[1].number)
        return {key: _unpacked(row) for key, row in numbered}

    def find(self, where: Mapping[str, Json]) -> list[Document]:
        if not where:
            return list(self.documents().values())
        rows = self.matching(where)
        if rows is not None:
            return _unpacked_all(rows)
        indexed = {name: value for name, value in where.items() if is_scalar(value)}
        return [document for document in self.find(indexed) if holds(document, where)]

    def matching(self, where: Mapping[str, Json]) -> "list[Row] | None":
        """The rows that have exactly these values, by an index; None where there can be none."""
        fields = tuple(sorted(where))
        values = _values(where, fields)
        if not values or _COMPOUND in values:
            return None
        index = self._indexes.get(fields)
        if index is None:
            index = self._indexes[fields] = self._new_index(fields)
        matching = index.get(values, {})
        return [self.rows[matching[number]] for number in sorted(matching)]

    def _new_index(self, fields: tuple[str, ...]) -> Index:
        index: Index = {}
        for key, row in self.rows.items():
            index.setdefault(_values(_unpacked(row), fields), {})[row.number] = key
        return index


_TRUE, _FALSE, _COMPOUND = object(), object(), object()
"""Stand-ins in an index: Python holds True for 1, and cannot hash lists and objects."""

_AS_THEY_ARE = (str, int)


def _values(document: Mapping[str, Json], fields: tuple[str, ...]) -> tuple[Json, ...]:
    return tuple([_index_value(document.get(name)) for name in fields])


def _index_value(value: Json) -> Json:
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, bool):
        return _TRUE if value else _FALSE
    return value if is_scalar(value) else _COMPOUND


def _unpacked(row: Row) -> Document:
    document: Document = orjson.loads(row.packed)
    return document


def _unpacked_all(rows: list[Row]) -> list[Document]:
    """As `_unpacked` for each of *rows*: many short documents are parsed sooner as one text."""
    if len(rows) < 2:
        return [_unpacked(row) for row in rows]
    documents: list[Document] = orjson.loads(b"[%b]" % b",".join([row.packed for row in rows]))
    return documents


def _viewed(text: bytes) -> View:
    return MappingProxyType(orjson.loads(text))


def _table_of(name: str, keyed: Mapping[str, Document]) -> Table:
    table = Table()
    for key, document in keyed.items():
        row = Row(table.next_number(), checked_pack(name, key, document))
        table.put(key, row, document)
    return table
