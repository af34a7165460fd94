"""Finding documents by their fields: rows that the store writes itself, beside the documents.

A database's own indexes on JSON differ in what they take for equal, refuse long texts, and cannot
read every text that JSON can hold. Here a set of values is one number, computed as JSON compares;
what is found by it is compared once more by whoever asks.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import isfinite
from typing import Any, Protocol

from sqlalchemy import Executable, Table, insert, select, update

from mockserver.model import Json
from mockserver.store.sql_tables import documents, entries, indexes, name_of, name_text, world
from mockserver.store.values import is_scalar, unpacked

BATCH = 5000


@dataclass(frozen=True, slots=True)
class FieldIndex:
    """The index *id* of a collection, by the values of *fields* (in alphabetical order)."""

    id: int
    fields: tuple[str, ...]


class Runner(Protocol):
    """What runs statements in an open transaction."""

    def run(self, statement: Executable, parameters: Any = None) -> Any: ...

    def bulk(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None: ...


def digest_of(document: Mapping[str, Json], fields: Sequence[str]) -> int:
    """64 bits (signed) that are the same wherever these fields are equal as JSON.

    Lists and objects all count as one value.
    """
    text = spelled(document, fields)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


def spelled(document: Mapping[str, Json], fields: Sequence[str]) -> str:
    """A text that is the same wherever these fields are equal as JSON, and nowhere else.

    Lists and objects all count as one value.
    """
    # ascii: what repr escapes differs between versions of Python, and digests are stored
    return ascii([_comparable(document.get(name)) for name in fields])


def entries_of(
    document: Mapping[str, Json], number: int, wanted: Sequence[FieldIndex]
) -> list[dict[str, int]]:
    """The rows that *document*, stored under *number*, has in these indexes."""
    return [
        {"index_id": one.id, "digest": digest_of(document, one.fields), "number": number}
        for one in wanted
    ]


def declare_index(runner: Runner, collection: str, fields: Sequence[str], id: int) -> FieldIndex:
    """Make an index that is empty so far; the world counts one more."""
    named = {"id": id, "collection": name_text(collection), "fields": json.dumps(list(fields))}
    runner.run(insert(indexes), named)
    runner.run(update(world).values(indexes=id))
    return FieldIndex(id, tuple(fields))


def add_index(runner: Runner, collection: str, fields: Sequence[str], id: int) -> None:
    """Make an index of the documents that there are."""
    index = declare_index(runner, collection, fields, id)
    for rows in _in_batches(runner, collection):
        made = [one for row in rows for one in entries_of(unpacked(row.body), row.number, [index])]
        runner.bulk(entries, made)


def indexes_in(rows: Iterable[Any]) -> dict[str, list[FieldIndex]]:
    """By collection, from the rows of the table of indexes."""
    found: dict[str, list[FieldIndex]] = {}
    for row in rows:
        index = FieldIndex(row.id, tuple(json.loads(row.fields)))
        found.setdefault(name_of(row.collection), []).append(index)
    return found


def _in_batches(runner: Runner, collection: str) -> Iterator[Sequence[Any]]:
    last = 0
    wanted = select(documents.c.number, documents.c.body).where(
        documents.c.collection == name_text(collection)
    )
    while rows := runner.run(
        wanted.where(documents.c.number > last).order_by(documents.c.number).limit(BATCH)
    ).all():
        yield rows
        last = rows[-1].number


def _comparable(value: Json) -> Json:
    """Equal, when spelled, for values that are equal in JSON; no number of JSON is infinite."""
    if isinstance(value, float):
        if not isfinite(value):
            return None
        return int(value) if value.is_integer() else value
    return value if is_scalar(value) else ...
