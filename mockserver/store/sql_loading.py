"""Replacing a whole world in a database, many documents at a time."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mockserver.model import Document
from mockserver.store import sql_statements as statements
from mockserver.store.sql_indexes import BATCH, FieldIndex, Runner, entries_of
from mockserver.store.sql_tables import documents, entries, key_texts, name_text, sequences
from mockserver.store.values import checked_pack

Rows = tuple[list[dict[str, Any]], list[dict[str, int]]]
"""Of documents, and of their entries in indexes."""


def replace_all(
    runner: Runner,
    indexes: Mapping[str, Sequence[FieldIndex]],
    collections: Mapping[str, Mapping[str, Document]],
    numbers: Mapping[str, int],
) -> None:
    """Put *collections* and the sequences *numbers* in the place of everything; indexes stay.

    Raises SetupError where a document is no JSON; the transaction is to be undone then.
    """
    for statement in statements.FORGET_STATE:
        runner.run(statement)
    number = 0
    for name, keyed in collections.items():
        for rows, made in _batches(name, keyed, number, indexes.get(name, ())):
            runner.bulk(documents, rows)
            runner.bulk(entries, made)
            number += len(rows)
    counted = [{"name": name_text(name), "number": last} for name, last in numbers.items()]
    runner.bulk(sequences, counted)
    runner.run(statements.MARK_FILLED)


def _batches(
    name: str, keyed: Mapping[str, Document], last: int, indexes: Sequence[FieldIndex]
) -> Iterator[Rows]:
    """Rows of one collection, numbered beyond *last*. Raises SetupError."""
    rows: list[dict[str, Any]] = []
    made: list[dict[str, int]] = []
    for number, (key, document) in enumerate(keyed.items(), last + 1):
        rows.append(_row(name, key, document, number))
        made += entries_of(document, number, indexes)
        if len(rows) == BATCH:
            yield rows, made
            rows, made = [], []
    if rows:
        yield rows, made


def _row(name: str, key: str, document: Document, number: int) -> dict[str, Any]:
    text, long_text = key_texts(key)
    return {
        "number": number,
        "collection": name_text(name),
        "key": text,
        "long_key": long_text,
        "body": checked_pack(name, key, document).decode(),
    }
