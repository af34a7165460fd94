"""The store in a database: SQLite or PostgreSQL, through SQLAlchemy Core.

One connection for each process, made when it is needed and made anew when it was lost. A writing
transaction takes the one lock at its beginning, so what it reads stays so until it has written;
a reading one sees one moment. What was committed is on the disk.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from weakref import finalize

from mockserver.errors import SetupError
from mockserver.model import Document, Json
from mockserver.store import sql_statements as statements
from mockserver.store.protocol import (
    DuplicateKey,
    MissingKey,
    View,
    WriteInReading,
)
from mockserver.store.sql_databases import Database
from mockserver.store.sql_index_keeper import IndexKeeper
from mockserver.store.sql_indexes import digest_of, entries_of
from mockserver.store.sql_loading import replace_all
from mockserver.store.sql_remembered import Listed, Stored, values_of
from mockserver.store.sql_session import Mode, Session
from mockserver.store.sql_tables import key_of, key_texts, name_of, name_text
from mockserver.store.state import integer_of, parts_of
from mockserver.store.values import holds, is_scalar, packed, unpacked, unpacked_all


class SqlStore:
    """A world in a database; see `SharedStore` for what it can do beyond others."""

    def __init__(self, database: Database, process_number: int) -> None:
        self.name = database.name
        self.process_number = process_number
        self._statements = statements.Statements(database)
        self._session = Session(database, self._statements)
        self._run = self._session.run
        self._remembered = self._session.remembered
        self._indexes = IndexKeeper(self._session)
        self._reading = Transaction(self, Mode.READING)
        self._writing = Transaction(self, Mode.WRITING)
        finalize(self, self._session.close)

    def transaction(self, *, is_writing: bool = True) -> AbstractContextManager[None]:
        return self._writing if is_writing else self._reading

    def next_id(self, collection: str) -> int:
        with self._to_write():
            name, last = name_text(collection), self._remembered.sequences.get(collection)
            if last is None:
                [(number,)] = self._session.rows(self._statements.next_id, {"of_name": name})
                self._remembered.count(collection, number)
                return int(number)
            self._count(collection, last + 1)
            return last + 1

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
            added = self._session.rows(self._statements.insert, row)
            if not added:
                raise DuplicateKey(f"{collection} already holds {key!r}")
            [(number,)] = added
            for one in entries_of(document, number, self._indexes.of(collection)):
                self._session.later(self._statements.add_entry, one)
            self._lift(collection, integer_of(key))
            self._remembered.wrote(collection, key, None, document, Stored(number, body))

    def get(self, collection: str, key: str) -> Document | None:
        with self._to_read():
            stored = self._stored(collection, key)
        return None if stored is None else unpacked(stored.text)

    def find(self, collection: str, where: Mapping[str, Json] | None = None) -> list[Document]:
        """By an index where there is one; else one is made as soon as this transaction is over."""
        with self._to_read():
            found = self._found(collection, where or {})
        return unpacked_all(found.texts) if isinstance(found, Listed) else found

    def view(self, collection: str, key: str) -> View | None:
        with self._to_read():
            stored = self._stored(collection, key)
        return None if stored is None else self._remembered.view_of(stored.text)

    def views(self, collection: str, where: Mapping[str, Json]) -> Sequence[View]:
        with self._to_read():
            found = self._found(collection, where)
        return found.views if isinstance(found, Listed) else found

    def count(self, collection: str) -> int:
        with self._to_read():
            named = {"in_collection": name_text(collection)}
            number: int = self._run(statements.COUNT, named).scalar_one()
            return number

    def replace(self, collection: str, key: str, document: Document) -> None:
        body = packed(document).decode()
        with self._to_write():
            stored = self._placed(collection, key)
            if stored.text == body:
                return  # it is on the disk already
            number, before = stored.number, self._remembered.view_of(stored.text)
            self._session.later(self._statements.replace, {"at_number": number, "new_body": body})
            wanted = [
                one
                for one in self._indexes.of(collection)
                if any(before.get(name) is not document.get(name) for name in one.fields)
            ]
            old, new = (entries_of(one, number, wanted) for one in (before, document))
            for one in old:
                if one not in new:
                    self._session.later(self._statements.remove_entry, one)
            for one in new:
                if one not in old:
                    self._session.later(self._statements.add_entry, one)
            self._remembered.wrote(collection, key, before, document, Stored(number, body))

    def delete(self, collection: str, key: str) -> None:
        with self._to_write():
            stored = self._placed(collection, key)
            number, before = stored.number, self._remembered.view_of(stored.text)
            self._session.later(self._statements.delete, {"at_number": number})
            for one in entries_of(before, number, self._indexes.of(collection)):
                self._session.later(self._statements.remove_entry, one)
            self._remembered.wrote(collection, key, before, None, None)

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
                self._indexes.declare_expected(collections)
                replace_all(self._session, self._session.indexes, collections, numbers)
            except SetupError:
                self._session.command("ROLLBACK TO SAVEPOINT loading")
                self._session.reread_indexes()
                raise
            self._session.command("RELEASE SAVEPOINT loading")
            self._remembered.wrote_all()

    def keep(self, name: str, value: bytes | None) -> None:
        named = {"of_name": name_text(name)}
        with self._to_write():
            if value is None:
                self._run(statements.FORGET, named)
            else:
                self._run(self._statements.keep, {**named, "content": value})

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

    def expect(self, lookups: Mapping[str, Iterable[Sequence[str]]]) -> None:
        self._indexes.expect(lookups)

    def document_counts(self) -> Mapping[str, int]:
        with self._to_read():
            return {name_of(name): number for name, number in self._run(statements.COUNTS)}

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

    def _to_read(self) -> AbstractContextManager[None]:
        return self._reading if self._session.mode is Mode.CLOSED else nullcontext()

    def _to_write(self) -> AbstractContextManager[None]:
        if self._session.mode is Mode.READING:
            raise WriteInReading("this transaction was opened for reading")
        return self._writing if self._session.mode is Mode.CLOSED else nullcontext()

    def _found(self, collection: str, where: Mapping[str, Json]) -> Listed | list[Document]:
        """The documents that hold *where*, in the order of insertion, kept where they are few."""
        fields = tuple(sorted(name for name, value in where.items() if is_scalar(value)))
        values = values_of(where, fields) if fields else None
        if values is not None:
            known = self._remembered.documents(collection, fields, values)
            if known is not None:
                return known
        texts = self._texts(collection, fields, where)
        found = unpacked_all(texts)
        if where:
            chosen = [number for number, one in enumerate(found) if holds(one, where)]
            if len(chosen) < len(found):
                texts, found = [texts[one] for one in chosen], [found[one] for one in chosen]
        if values is None:
            return found
        return self._remembered.keep_documents(collection, fields, values, texts) or found

    def _texts(
        self, collection: str, fields: tuple[str, ...], where: Mapping[str, Json]
    ) -> list[str]:
        """What may hold *where*, and maybe more, in the order of insertion."""
        self._session.open()
        index = self._indexes.find(collection, fields) if fields else None
        if index is not None:
            named = {"in_index": index.id, "with_digest": digest_of(where, fields)}
            rows = self._session.rows(self._statements.indexed, named)
        else:
            named_all = {"in_collection": name_text(collection)}
            rows = self._session.rows(self._statements.all_of, named_all)
        return [text for (text,) in rows]

    def _stored(self, collection: str, key: str) -> Stored | None:
        """The document as it is stored, from memory where it is known."""
        try:
            return self._remembered.document(collection, key)
        except KeyError:
            named = {"in_collection": name_text(collection), "at_key": key_texts(key)[0]}
            rows = self._session.rows(self._statements.place, named)
        stored = Stored(*rows[0]) if rows else None
        self._remembered.keep_document(collection, key, stored)
        return stored

    def _placed(self, collection: str, key: str) -> Stored:
        stored = self._stored(collection, key)
        if stored is None:
            raise MissingKey(f"{collection} holds no {key!r}")
        return stored

    def _lift(self, collection: str, least: int) -> None:
        """Let the sequence go on beyond *least*."""
        last = self._remembered.sequences.get(collection)
        if least and last is None:
            named = {"of_name": name_text(collection), "least": least}
            self._session.later(self._statements.lift, named)
            self._remembered.lost_count(collection)
        elif last is not None and least > last:
            self._count(collection, least)

    def _count(self, collection: str, number: int) -> None:
        """Let the sequence, of which the last number is known, go on after *number*."""
        named = {"of_name": name_text(collection), "least": number}
        self._session.at_end(collection, self._statements.lift, named)
        self._remembered.count(collection, number)


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
        indexes = self._store._indexes
        if indexes.has_wanted:
            indexes.make_wanted(self._store._writing)
