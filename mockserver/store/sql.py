"""The store in a database: SQLite or PostgreSQL, through SQLAlchemy Core.

One connection for each process, made when it is needed and made anew when it was lost. A writing
transaction takes the one lock at its beginning, so what it reads stays so until it has written;
a reading one sees one moment. What was committed is on the disk.
"""

import logging
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from weakref import finalize

from sqlalchemy import insert

from mockserver.errors import SetupError
from mockserver.model import Document, Json
from mockserver.store import sql_statements as statements
from mockserver.store.protocol import (
    DuplicateKey,
    MissingKey,
    StoreUnavailable,
    View,
    WriteInReading,
)
from mockserver.store.sql_databases import Database
from mockserver.store.sql_indexes import FieldIndex, add_index, digest_of, entries_of
from mockserver.store.sql_loading import replace_all
from mockserver.store.sql_session import Mode, Session
from mockserver.store.sql_tables import (
    entries,
    key_of,
    key_texts,
    name_of,
    name_text,
)
from mockserver.store.state import integer_of, parts_of
from mockserver.store.values import holds, is_scalar, packed, unpacked

logger = logging.getLogger("mockserver")


class SqlStore:
    """A world in a database; see `SharedStore` for what it can do beyond others."""

    def __init__(self, database: Database, process_number: int) -> None:
        self.name = database.name
        self.process_number = process_number
        self._session = Session(database)
        self._run = self._session.run
        self._upserts = statements.Upserts(database)
        self._reading = Transaction(self, Mode.READING)
        self._writing = Transaction(self, Mode.WRITING)
        self._wanted: set[tuple[str, tuple[str, ...]]] = set()
        finalize(self, self._session.close)

    def transaction(self, *, is_writing: bool = True) -> AbstractContextManager[None]:
        return self._writing if is_writing else self._reading

    def next_id(self, collection: str) -> int:
        with self._to_write():
            named = {"of_name": name_text(collection)}
            number: int = self._run(self._upserts.next_id, named).scalar_one()
            self._session.known_sequences[collection] = number
            return number

    def insert(self, collection: str, key: str, document: Document) -> None:
        body = packed(document).decode()
        text, spelled = key_texts(key)
        with self._to_write():
            row = {
                "in_collection": name_text(collection),
                "at_key": text,
                "spelled": spelled,
                "new_body": body,
            }
            number = self._run(self._upserts.insert, row).scalar_one_or_none()
            if number is None:
                raise DuplicateKey(f"{collection} already holds {key!r}")
            made = entries_of(document, number, self._indexes_of(collection))
            if made:
                self._run(insert(entries), made)
            self._lift(collection, integer_of(key))

    def get(self, collection: str, key: str) -> Document | None:
        with self._to_read():
            body = self._run(statements.BODY, _here(collection, key)).scalar_one_or_none()
        return None if body is None else unpacked(body)

    def find(self, collection: str, where: Mapping[str, Json] | None = None) -> list[Document]:
        """By an index where there is one; else one is made as soon as this transaction is over."""
        where = where or {}
        fields = tuple(sorted(name for name, value in where.items() if is_scalar(value)))
        with self._to_read():
            found = [unpacked(body) for body in self._bodies(collection, fields, where)]
        return [document for document in found if holds(document, where)] if where else found

    def view(self, collection: str, key: str) -> View | None:
        return self.get(collection, key)

    def views(self, collection: str, where: Mapping[str, Json]) -> Sequence[View]:
        return self.find(collection, where)

    def count(self, collection: str) -> int:
        with self._to_read():
            named = {"in_collection": name_text(collection)}
            number: int = self._run(statements.COUNT, named).scalar_one()
            return number

    def replace(self, collection: str, key: str, document: Document) -> None:
        body = packed(document).decode()
        with self._to_write():
            number, before = self._placed(collection, key)
            self._run(statements.REPLACE, {"at_number": number, "new_body": body})
            wanted = self._indexes_of(collection)
            if wanted:
                old = entries_of(unpacked(before), number, wanted)
                new = entries_of(document, number, wanted)
                self._remove_entries([one for one in old if one not in new])
                if made := [one for one in new if one not in old]:
                    self._run(insert(entries), made)

    def delete(self, collection: str, key: str) -> None:
        with self._to_write():
            number, before = self._placed(collection, key)
            self._run(statements.DELETE, {"at_number": number})
            wanted = self._indexes_of(collection)
            if wanted:
                self._remove_entries(entries_of(unpacked(before), number, wanted))

    def dump(self) -> Document:
        collections: dict[str, dict[str, Document]] = {}
        with self._to_read():
            for name, key, long_key, body in self._run(statements.EVERYTHING):
                keyed = collections.setdefault(name_of(name), {})
                keyed[key_of(key, long_key)] = unpacked(body)
            numbers = {name_of(name): number for name, number in self._run(statements.SEQUENCES)}
        return {
            "collections": dict(sorted(collections.items())),
            "sequences": dict(sorted(numbers.items())),
        }

    def load(self, state: Document) -> None:
        collections, numbers = parts_of(state)
        with self._to_write():
            self._session.command("SAVEPOINT loading")
            try:
                replace_all(self._session, self._session.indexes, collections, numbers)
            except SetupError:
                self._session.command("ROLLBACK TO SAVEPOINT loading")
                raise
            self._session.command("RELEASE SAVEPOINT loading")
            self._session.known_sequences.clear()

    def keep(self, name: str, value: bytes | None) -> None:
        named = {"of_name": name_text(name)}
        with self._to_write():
            if value is None:
                self._run(statements.FORGET, named)
            else:
                self._run(self._upserts.keep, {**named, "content": value})

    def kept(self, name: str) -> bytes | None:
        with self._to_read():
            named = {"of_name": name_text(name)}
            value = self._run(statements.KEPT, named).scalar_one_or_none()
        return None if value is None else bytes(value)

    def fill(self, state: Document) -> bool:
        with self._to_write():
            if self._session.is_filled:
                return False
            self.load(state)
            return True

    def document_count(self) -> int:
        with self._to_read():
            number: int = self._run(statements.COUNT_ALL).scalar_one()
            return number

    def clock_text(self) -> str:
        with self._to_read():
            return self._session.clock

    def recent_clock_text(self) -> str:
        return self._session.clock

    def keep_clock_text(self, text: str) -> None:
        with self._to_write():
            self._run(statements.KEEP_CLOCK, {"new_clock": text})
            self._session.clock = text

    def close(self) -> None:
        self._session.close()

    def make_indexes(self) -> None:
        """Make the indexes that were missed, each in a transaction of its own."""
        wanted, self._wanted = self._wanted, set()
        try:
            for collection, fields in sorted(wanted):
                with self._writing:
                    if self._index(collection, fields) is None:
                        number = self._session.index_count + 1
                        add_index(self._session, collection, fields, number)
        except StoreUnavailable as error:  # who asked has been answered; the next one asks again
            logger.warning("no index of %s could be made: %s", collection, error)

    @property
    def has_wanted_indexes(self) -> bool:
        return bool(self._wanted)

    def _to_read(self) -> AbstractContextManager[None]:
        return self._reading if self._session.mode is Mode.CLOSED else nullcontext()

    def _to_write(self) -> AbstractContextManager[None]:
        if self._session.mode is Mode.READING:
            raise WriteInReading("this transaction was opened for reading")
        return self._writing if self._session.mode is Mode.CLOSED else nullcontext()

    def _bodies(
        self, collection: str, fields: tuple[str, ...], where: Mapping[str, Json]
    ) -> list[str]:
        """What may hold *where*, and maybe more, in the order of insertion."""
        index = self._index(collection, fields) if fields else None
        if index is not None:
            named = {"in_index": index.id, "with_digest": digest_of(where, fields)}
            return list(self._run(statements.INDEXED, named).scalars())
        if fields:
            self._wanted.add((collection, fields))
        named_all = {"in_collection": name_text(collection)}
        return list(self._run(statements.ALL_OF, named_all).scalars())

    def _index(self, collection: str, fields: tuple[str, ...]) -> FieldIndex | None:
        return next((one for one in self._indexes_of(collection) if one.fields == fields), None)

    def _indexes_of(self, collection: str) -> Sequence[FieldIndex]:
        return self._session.indexes.get(collection, ())

    def _placed(self, collection: str, key: str) -> tuple[int, str]:
        row = self._run(statements.PLACE, _here(collection, key)).one_or_none()
        if row is None:
            raise MissingKey(f"{collection} holds no {key!r}")
        return row.number, row.body

    def _remove_entries(self, removed: list[dict[str, int]]) -> None:
        if removed:
            named = [
                {
                    "in_index": one["index_id"],
                    "with_digest": one["digest"],
                    "at_number": one["number"],
                }
                for one in removed
            ]
            self._run(statements.REMOVE_ENTRY, named)

    def _lift(self, collection: str, least: int) -> None:
        """Let the sequence go on beyond *least*."""
        known = self._session.known_sequences
        if least > known.get(collection, 0):
            self._run(self._upserts.lift, {"of_name": name_text(collection), "least": least})
            known[collection] = least


class Transaction:
    """A transaction of one kind, entered again for each request."""

    __slots__ = ("_mode", "_session", "_store")

    def __init__(self, store: SqlStore, mode: Mode) -> None:
        self._store = store
        self._session = store._session
        self._mode = mode

    def __enter__(self) -> None:
        self._session.begin(self._mode)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.end(is_kept=kind is None)
        if self._store.has_wanted_indexes:
            self._store.make_indexes()


def _here(collection: str, key: str) -> dict[str, str]:
    return {"in_collection": name_text(collection), "at_key": key_texts(key)[0]}
