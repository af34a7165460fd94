"""The statements of the store, written once for both kinds of database."""

from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from mockserver.store.sql_databases import Database
from mockserver.store.sql_prepared import Prepared
from mockserver.store.sql_tables import documents, entries, kept, sequences, world

# as SQLAlchemy executes them

COUNT = (
    select(func.count())
    .select_from(documents)
    .where(documents.c.collection == bindparam("in_collection"))
)
COUNTS = select(documents.c.collection, func.count()).group_by(documents.c.collection)
EVERYTHING = select(
    documents.c.collection, documents.c.key, documents.c.long_key, documents.c.body
).order_by(documents.c.number)
SEQUENCES = select(sequences)
FORGET_STATE = (delete(documents), delete(entries), delete(sequences))

KEPT = select(kept.c.value).where(kept.c.name == bindparam("of_name"))
FORGET = delete(kept).where(kept.c.name == bindparam("of_name"))
KEEP_CLOCK = update(world).values(clock=bindparam("new_clock"))
MARK_FILLED = update(world).values(is_filled=True)

# as the driver does: every request needs some of them

_STANDING = select(
    world.c.version, world.c.is_filled, world.c.indexes, world.c.clock, world.c.marks
)
_PLACE = select(documents.c.number, documents.c.body).where(
    documents.c.collection == bindparam("in_collection"), documents.c.key == bindparam("at_key")
)
_ALL_OF = (
    select(documents.c.body)
    .where(documents.c.collection == bindparam("in_collection"))
    .order_by(documents.c.number)
)
_INDEXED = (
    select(documents.c.body)
    .join(entries, entries.c.number == documents.c.number)
    .where(
        entries.c.index_id == bindparam("in_index"), entries.c.digest == bindparam("with_digest")
    )
    .order_by(entries.c.number)
)
_numbered = documents.c.number == bindparam("at_number")
_LAST = select(func.coalesce(func.max(documents.c.number), 0) + 1).scalar_subquery()


class Statements:
    """Those of one kind of database."""

    def __init__(self, database: Database) -> None:
        def prepared(statement: Any) -> Prepared:
            return Prepared(statement, database.dialect)

        self.standing = prepared(_STANDING).text
        self.standing_locked = self.standing
        if database.locks_by_row:
            self.standing_locked = prepared(_STANDING.with_for_update()).text
        self.place = prepared(_PLACE)
        self.all_of = prepared(_ALL_OF)
        self.indexed = prepared(_INDEXED)
        self.insert = prepared(_insert(database))
        self.replace = prepared(
            update(documents).where(_numbered).values(body=bindparam("new_body"))
        )
        self.delete = prepared(delete(documents).where(_numbered))
        self.add_entry = prepared(insert(entries))
        self.remove_entry = prepared(
            delete(entries).where(*(column == bindparam(column.name) for column in entries.c))
        )
        self.next_id = prepared(_next_id(database))
        self.lift = prepared(_lift(database))
        self.mark = prepared(update(world).values(marks=bindparam("new_marks")))
        self.keep = _keep(database)


def _insert(database: Database) -> Any:
    return (
        database.upsert(documents)
        .values(
            number=_LAST,
            collection=bindparam("in_collection"),
            key=bindparam("at_key"),
            long_key=bindparam("spelled"),
            body=bindparam("new_body"),
        )
        .on_conflict_do_nothing(index_elements=["collection", "key"])
        .returning(documents.c.number)
    )


def _next_id(database: Database) -> Any:
    counted = database.upsert(sequences).values(name=bindparam("of_name"), number=1)
    return counted.on_conflict_do_update(
        index_elements=["name"], set_={"number": sequences.c.number + 1}
    ).returning(sequences.c.number)


def _lift(database: Database) -> Any:
    lifted = database.upsert(sequences).values(name=bindparam("of_name"), number=bindparam("least"))
    return lifted.on_conflict_do_update(
        index_elements=["name"],
        set_={"number": lifted.excluded.number},
        where=sequences.c.number < lifted.excluded.number,
    )


def _keep(database: Database) -> Any:
    held = database.upsert(kept).values(name=bindparam("of_name"), value=bindparam("content"))
    return held.on_conflict_do_update(index_elements=["name"], set_={"value": held.excluded.value})
