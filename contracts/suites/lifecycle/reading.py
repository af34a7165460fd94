"""Rules of reading: it changes nothing, and two ways of looking show the same."""

from collections.abc import Mapping

from contracts.findings import Severity
from contracts.stops import NotJudged
from contracts.suites import provisions
from contracts.suites.lifecycle.acts import (
    Rows,
    id_of,
    list_path,
    look,
    make,
    rows_at,
    rows_beside,
)
from contracts.suites.lifecycle.rules import SAFE, Rules, pointer, promise
from contracts.suites.lifecycle.things import Thing
from contracts.suites.lifecycle.values import is_same, parted
from contracts.suites.session import Session
from mockserver.model import Document

RULES = Rules()
_LOOKED_AT = 3


@RULES.on("read", "reading-changes-nothing", needs=("create",))
def reading_changes_nothing(session: Session, thing: Thing) -> None:
    """An item that is read twice is the same, and the list is as before.

    Source: RFC 9110 section 9.2.1.
    """
    item = make(session, thing)
    before = rows_beside(session, thing, item) if thing.has("list") else None
    first, second = look(session, thing, item), look(session, thing, item)
    promise(
        session,
        is_same(first.document, second.document),
        "reading-changes-nothing",
        second.exchange,
        message=f"a {thing.resource.name} that is read twice is not the same the second time",
        expected="the same answer",
        source=SAFE,
    )
    if before is not None:
        after = rows_beside(session, thing, item)
        promise(
            session,
            before.ids(thing) == after.ids(thing) and is_same(list(before.rows), list(after.rows)),
            "reading-changes-nothing",
            after.exchange,
            message=f"the list of {thing.resource.name} is another after one was read",
            expected="the same list",
            source=SAFE,
            cause="list",
        )


@RULES.on("list", "listing-twice-is-the-same", writes=False)
def listing_twice_is_the_same(session: Session, thing: Thing) -> None:
    """A list that is asked for twice has the same rows in the same order.

    Source: RFC 9110 section 9.2.1.
    """
    path = list_path(session, thing)
    first, second = rows_at(session, thing, path), rows_at(session, thing, path)
    if not first.rows:
        session.unseen = "the list was empty"
    promise(
        session,
        first.ids(thing) == second.ids(thing),
        "listing-twice-is-the-same",
        second.exchange,
        message="a list that is asked for twice shows other rows, or another order",
        expected="the same rows in the same order",
        source=SAFE,
        severity=Severity.MEDIUM,
    )


@RULES.on("list", "rows-have-ids-of-their-own", writes=False)
def rows_have_ids_of_their_own(session: Session, thing: Thing) -> None:
    """No id is in a list twice.

    Source: document: the id leads to one item.
    """
    rows = rows_at(session, thing, list_path(session, thing))
    ids = rows.ids(thing)
    if not ids:
        session.unseen = "the list was empty"
    promise(
        session,
        len(set(ids)) == len(ids),
        "rows-have-ids-of-their-own",
        rows.exchange,
        message=f"a list shows the same {thing.resource.id_field} twice",
        expected="each item once",
        source=pointer(thing.operation("list")),
        came=", ".join(sorted({id for id in ids if ids.count(id) > 1})),
    )


@RULES.on("read", "list-and-detail-agree", needs=("list",), writes=False)
def list_and_detail_agree(session: Session, thing: Thing) -> None:
    """What a list shows of an item is what reading the item shows.

    A list may show less: properties may be missing, and of lists inside some elements.

    Source: document: list and item share the schema.
    """
    path = list_path(session, thing)
    rows = rows_at(session, thing, path)
    if not rows.rows:
        session.unseen = "the list was empty"
    for row in _first_and_last(rows):
        _agrees(session, thing, path, row)


@RULES.on("read", "new-items-agree-in-list-and-detail", needs=("list", "create"))
def new_items_agree(session: Session, thing: Thing) -> None:
    """The same for an item that was just made.

    Source: document: list and item share the schema.
    """
    item = make(session, thing)
    for row in rows_beside(session, thing, item).of(thing, item.id):
        _agrees(session, thing, item.path, row)


def _agrees(session: Session, thing: Thing, path: Mapping[str, str], row: Document) -> None:
    operation = thing.operation("read")
    given = {**path, thing.resource.id_name: id_of(thing, row)}
    exchange = session.call(operation, provisions.path_values(session, operation, given))
    detail = provisions.payload(session, exchange)
    if not exchange.is_success or not isinstance(detail, dict):
        if exchange.response.status in (401, 403):
            raise NotJudged("the list shows items that this actor may not read")
        promise(
            session,
            False,
            "listed-is-readable",
            exchange,
            message=f"the list shows a {thing.resource.name} that cannot be read",
            expected="what is listed can be read by its id",
            source=pointer(operation),
        )
        return
    different = parted(row, detail)
    promise(
        session,
        not different,
        "list-and-detail-agree",
        exchange,
        message="the list shows other values than the item itself: "
        + ", ".join(f"`{name}`" for name in different),
        expected="the same values in both",
        source=pointer(thing.operation("list")),
        came="; ".join(f"{one}: {row[one]!r} in the list, {detail[one]!r}" for one in different)[
            :300
        ],
        cause=", ".join(different),
    )


def _first_and_last(rows: Rows) -> list[Document]:
    chosen = [*rows.rows[: _LOOKED_AT - 1], *rows.rows[-1:]]
    return [row for index, row in enumerate(chosen) if row not in chosen[:index]]
