"""The statements of the store, written once for both kinds of database."""

from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from mockserver.store.sql_databases import Database
from mockserver.store.sql_tables import documents, entries, kept, sequences, world

_here = (documents.c.collection == bindparam("in_collection")) & (
    documents.c.key == bindparam("at_key")
)
_numbered = documents.c.number == bindparam("at_number")

BODY = select(documents.c.body).where(_here)
PLACE = select(documents.c.number, documents.c.body).where(_here)
REPLACE = update(documents).where(_numbered).values(body=bindparam("new_body"))
DELETE = delete(documents).where(_numbered)

ALL_OF = (
    select(documents.c.body)
    .where(documents.c.collection == bindparam("in_collection"))
    .order_by(documents.c.number)
)
COUNT = (
    select(func.count())
    .select_from(documents)
    .where(documents.c.collection == bindparam("in_collection"))
)
COUNT_ALL = select(func.count()).select_from(documents)
EVERYTHING = select(
    documents.c.collection, documents.c.key, documents.c.long_key, documents.c.body
).order_by(documents.c.number)
SEQUENCES = select(sequences)

INDEXED = (
    select(documents.c.body)
    .join(entries, entries.c.number == documents.c.number)
    .where(
        entries.c.index_id == bindparam("in_index"), entries.c.digest == bindparam("with_digest")
    )
    .order_by(entries.c.number)
)
REMOVE_ENTRY = delete(entries).where(
    entries.c.index_id == bindparam("in_index"),
    entries.c.digest == bindparam("with_digest"),
    entries.c.number == bindparam("at_number"),
)
FORGET_STATE = (delete(documents), delete(entries), delete(sequences))

KEPT = select(kept.c.value).where(kept.c.name == bindparam("of_name"))
FORGET = delete(kept).where(kept.c.name == bindparam("of_name"))
KEEP_CLOCK = update(world).values(clock=bindparam("new_clock"))
MARK_FILLED = update(world).values(is_filled=True)


class Upserts:
    """Statements that write or change, for which every dialect has its own words."""

    def __init__(self, database: Database) -> None:
        last = select(func.coalesce(func.max(documents.c.number), 0) + 1).scalar_subquery()
        self.insert: Any = (
            database.upsert(documents)
            .values(
                number=last,
                collection=bindparam("in_collection"),
                key=bindparam("at_key"),
                long_key=bindparam("spelled"),
                body=bindparam("new_body"),
            )
            .on_conflict_do_nothing(index_elements=["collection", "key"])
            .returning(documents.c.number)
        )
        counted = database.upsert(sequences).values(name=bindparam("of_name"), number=1)
        self.next_id: Any = counted.on_conflict_do_update(
            index_elements=["name"], set_={"number": sequences.c.number + 1}
        ).returning(sequences.c.number)
        lifted = database.upsert(sequences).values(
            name=bindparam("of_name"), number=bindparam("least")
        )
        self.lift: Any = lifted.on_conflict_do_update(
            index_elements=["name"],
            set_={"number": lifted.excluded.number},
            where=sequences.c.number < lifted.excluded.number,
        )
        held = database.upsert(kept).values(name=bindparam("of_name"), value=bindparam("content"))
        self.keep: Any = held.on_conflict_do_update(
            index_elements=["name"], set_={"value": held.excluded.value}
        )
