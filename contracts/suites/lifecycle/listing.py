"""Rules of lists: pages add up, order is order, filters filter."""

from collections.abc import Sequence
from typing import Final

from contracts.exchange import Exchange
from contracts.stops import NotJudged
from contracts.suites import provisions
from contracts.suites.lifecycle.acts import (
    Rows,
    id_of,
    list_path,
    make,
    page_at,
    path_of,
    rows_at,
)
from contracts.suites.lifecycle.bodies import is_valid, new_values
from contracts.suites.lifecycle.paging import Sorting, filters_of, pages_of, sortings_of
from contracts.suites.lifecycle.rules import Rules, pointer, promise
from contracts.suites.lifecycle.shapes import shown_always
from contracts.suites.lifecycle.things import Thing
from contracts.suites.lifecycle.values import instant_of, is_same
from contracts.suites.session import Session
from contracts.yardstick import Yardstick
from mockserver.model import Document, Json
from mockserver.openapi import Parameter

RULES = Rules()
_PAGE: Final = 2
_ENOUGH: Final = 5
_TOTALS: Final = frozenset(["total", "totalcount", "totalitems", "totalresults"])


def _is_paged(yardstick: Yardstick, thing: Thing) -> bool:
    return pages_of(thing.operation("list")).can_walk


def _is_sorted(yardstick: Yardstick, thing: Thing) -> bool:
    return bool(sortings_of(thing.operation("list"), shown_always(yardstick, thing)))


def _is_filtered(yardstick: Yardstick, thing: Thing) -> bool:
    return bool(filters_of(thing.operation("list"), thing, shown_always(yardstick, thing)))


def _is_paged_and_made(yardstick: Yardstick, thing: Thing) -> bool:
    return thing.maker is not None and _is_paged(yardstick, thing)


def _is_sorted_and_made(yardstick: Yardstick, thing: Thing) -> bool:
    return thing.maker is not None and _is_sorted(yardstick, thing)


@RULES.on("list", "pages-add-up", when=_is_paged, writes=False)
def pages_add_up(session: Session, thing: Thing) -> None:
    """Small pages have all rows of the whole list, each once, in its order.

    Source: document: the paging parameters.
    """
    _pages_add_up(session, thing, list_path(session, thing))


@RULES.on("list", "pages-of-new-items-add-up", when=_is_paged_and_made)
def pages_of_new_items_add_up(session: Session, thing: Thing) -> None:
    """The same where enough items were made for several pages.

    Source: document: the paging parameters.
    """
    item = make(session, thing)
    path = path_of(session, thing, "list", item)
    for _ in range(_ENOUGH - len(rows_at(session, thing, path).rows)):
        make(session, thing, item.path if thing.has("create") else None)
    _pages_add_up(session, thing, path)


@RULES.on("list", "order-is-as-asked", when=_is_sorted, writes=False)
def order_is_as_asked(session: Session, thing: Thing) -> None:
    """Up is down turned round, has the same rows, and stays the same when asked again.

    Source: document: the sorting parameter.
    """
    path = list_path(session, thing)
    for sorting in sortings_of(thing.operation("list"), shown_always(session.yardstick, thing)):
        _orders(session, thing, path, sorting)


@RULES.on("list", "new-items-are-in-order", when=_is_sorted_and_made)
def new_items_are_in_order(session: Session, thing: Thing) -> None:
    """New items stand in the order in which they were made, where the order is that of creation.

    Source: document: the sorting parameter.
    """
    first = make(session, thing)
    given = first.path if thing.has("create") else None
    made = [first.id, *(make(session, thing, given).id for _ in range(2))]
    path = path_of(session, thing, "list", first)
    for sorting in sortings_of(thing.operation("list"), shown_always(session.yardstick, thing)):
        up, _ = _orders(session, thing, path, sorting)
        if sorting.by_creation and up.is_whole:
            shown = [id for id in up.ids(thing) if id in made]
            promise(
                session,
                shown == made,
                "new-items-are-in-order",
                up.exchange,
                message=f"`{sorting.name}={sorting.up}` does not show the oldest first",
                expected=f"in the order in which they were made: {', '.join(made)}",
                source=pointer(thing.operation("list")),
                came=", ".join(shown),
                cause=sorting.name,
            )


@RULES.on("list", "filter-finds-what-fits", when=_is_filtered, writes=False)
def filter_finds_what_fits(session: Session, thing: Thing) -> None:
    """A filter shows the rows with that value, all of them, and no others.

    Source: document: the filter parameter has the name of a property.
    """
    path = list_path(session, thing)
    whole = rows_at(session, thing, path)
    if not whole.rows:
        session.unseen = "the list was empty"
    for parameter, name in _filters(session, thing):
        values = [row[name] for row in whole.rows if row.get(name) is not None]
        for value in _unlike(values)[:2]:
            _filters_by(session, thing, path, parameter, name, value)


def _has_filter_and_maker(yardstick: Yardstick, thing: Thing) -> bool:
    return thing.has("create") and _is_filtered(yardstick, thing)


@RULES.on("list", "filter-finds-new-items", when=_has_filter_and_maker)
def filter_finds_new_items(session: Session, thing: Thing) -> None:
    """The same with items that were made to differ.

    Source: document: the filter parameter has the name of a property.
    """
    first = make(session, thing)
    operation = thing.operation("create")
    made = provisions.path_values(session, operation, first.path)
    path = path_of(session, thing, "list", first)
    values = new_values(session, thing, "create", first.document)
    for parameter, name in _filters(session, thing):
        if name in values:
            body = {**provisions.new_body(session, operation), name: values[name]}
            if is_valid(session, thing, "create", body):
                session.call(operation, made, body=body)
                _filters_by(session, thing, path, parameter, name, values[name])


def _filters(session: Session, thing: Thing) -> Sequence[tuple[Parameter, str]]:
    shown = shown_always(session.yardstick, thing)
    return filters_of(thing.operation("list"), thing, shown)


def _filters_by(
    session: Session,
    thing: Thing,
    path: dict[str, str],
    parameter: Parameter,
    name: str,
    value: Json,
) -> None:
    if not session.yardstick.validator(parameter.schema, "request").is_valid(value):
        return
    whole = rows_at(session, thing, path)
    found = rows_at(session, thing, path, query=((parameter.name, _text(value)),))
    strange = [row for row in found.rows if not is_same(row.get(name), value)]
    promise(
        session,
        not strange,
        "filter-shows-only-what-fits",
        found.exchange,
        message=f"`{parameter.name}` shows rows with another `{name}`",
        expected=f"only rows with {name}: {value!r}",
        source=pointer(thing.operation("list")),
        came=", ".join(repr(row.get(name)) for row in strange)[:200],
        cause=parameter.name,
    )
    wanted = [id_of(thing, row) for row in whole.rows if is_same(row.get(name), value)]
    if whole.is_whole and found.is_whole:
        missing = [id for id in wanted if id not in found.ids(thing)]
        promise(
            session,
            not missing,
            "filter-shows-all-that-fits",
            found.exchange,
            message=f"`{parameter.name}` leaves out rows that the whole list shows with that value",
            expected=f"all rows with {name}: {value!r}",
            source=pointer(thing.operation("list")),
            came=f"{len(missing)} of {len(wanted)} are missing",
            cause=parameter.name,
        )


def _orders(
    session: Session, thing: Thing, path: dict[str, str], sorting: Sorting
) -> tuple[Rows, Rows]:
    up = rows_at(session, thing, path, query=((sorting.name, sorting.up),))
    down = rows_at(session, thing, path, query=((sorting.name, sorting.down),))
    again = rows_at(session, thing, path, query=((sorting.name, sorting.up),))
    if len(up.rows) < 2:
        session.unseen = "the list has less than two rows"
    if up.is_whole and down.is_whole:
        promise(
            session,
            up.ids(thing) == down.ids(thing)[::-1],
            "down-is-up-turned-round",
            down.exchange,
            message=f"`{sorting.name}={sorting.down}` is not the turn of `{sorting.up}`",
            expected="the same rows in the opposite order",
            source=pointer(thing.operation("list")),
            cause=sorting.name,
        )
    promise(
        session,
        up.ids(thing) == again.ids(thing),
        "order-stays-the-same",
        again.exchange,
        message=f"`{sorting.name}={sorting.up}` shows another order when it is asked for again",
        expected="the same order",
        source=pointer(thing.operation("list")),
        cause=sorting.name,
    )
    values = [row.get(sorting.field) for row in up.rows] if sorting.field else []
    if values and (keys := _comparable(values)):
        promise(
            session,
            keys == sorted(keys),
            "order-is-as-asked",
            up.exchange,
            message=f"`{sorting.name}={sorting.up}` does not sort upwards by `{sorting.field}`",
            expected="growing values",
            source=pointer(thing.operation("list")),
            came=", ".join(map(repr, values))[:200],
            cause=sorting.name,
        )
    return up, down


def _comparable(values: Sequence[Json]) -> list[Json]:
    """Numbers or instants that can be put in order without a collation; else none."""
    if all(isinstance(one, int | float) and not isinstance(one, bool) for one in values):
        return list(values)
    instants = [instant_of(one) for one in values]
    return [] if None in instants else list(instants)


def _pages_add_up(session: Session, thing: Thing, path: dict[str, str]) -> None:
    pages = pages_of(thing.operation("list"))
    whole = rows_at(session, thing, path)
    if len(whole.rows) <= _PAGE:
        session.unseen = "the list has less rows than two small pages"
    walked: list[str] = []
    exchange = whole.exchange
    for number in range(min(len(whole.rows) // _PAGE + 1, 12)):
        exchange, rows = page_at(session, thing, path, pages.query(_PAGE, number))
        _has_size(session, thing, exchange, rows, whole)
        walked += [id_of(thing, row) for row in rows]
        if len(rows) < _PAGE:
            break
    if not whole.is_whole:
        raise NotJudged("the list is too long to be walked")
    wanted = whole.ids(thing)[: len(walked)] if len(whole.rows) > 12 * _PAGE else whole.ids(thing)
    repeated = sorted({id for id in walked if walked.count(id) > 1})
    lost = [id for id in wanted if id not in walked]
    source = pointer(thing.operation("list"))
    promise(
        session,
        not repeated,
        "pages-repeat-nothing",
        exchange,
        message="walking the pages shows the same row more than once",
        expected="each row on one page",
        source=source,
        came=", ".join(repeated)[:200],
    )
    promise(
        session,
        not lost,
        "pages-skip-nothing",
        exchange,
        message="walking the pages misses rows that the whole list has",
        expected="each row on one page",
        source=source,
        came=f"{len(lost)} of {len(wanted)} rows are missing",
    )


def _has_size(
    session: Session, thing: Thing, exchange: Exchange, rows: Sequence[Document], whole: Rows
) -> None:
    promise(
        session,
        len(rows) <= _PAGE,
        "page-size-is-kept",
        exchange,
        message=f"a page of {_PAGE} was asked for, and {len(rows)} rows came",
        expected=f"at most {_PAGE} rows",
        source=pointer(thing.operation("list")),
        cause="size",
    )
    for name, total in _totals(exchange.response.json):
        promise(
            session,
            not whole.is_whole or total == len(whole.rows),
            "total-is-true",
            exchange,
            message=f"`{name}` is not the number of rows that can be had",
            expected=str(len(whole.rows)),
            source=pointer(thing.operation("list")),
            came=str(total),
            cause=name,
        )


def _totals(answer: Json) -> list[tuple[str, int]]:
    """Members beside the rows that tell how many there are, also one level down."""
    if not isinstance(answer, dict):
        return []
    levels = [answer, *(value for value in answer.values() if isinstance(value, dict))]
    return [
        (name, value)
        for level in levels
        for name, value in level.items()
        if name.replace("_", "").replace("-", "").lower() in _TOTALS and type(value) is int
    ]


def _unlike(values: Sequence[Json]) -> list[Json]:
    return [one for index, one in enumerate(values) if one not in values[:index]]


def _text(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
