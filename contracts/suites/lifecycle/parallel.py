"""Rules of doing things at once: nothing is lost, nothing is made twice."""

import time

from contracts.exchange import Exchange, Request
from contracts.stops import NotJudged
from contracts.suites import provisions
from contracts.suites.lifecycle.acts import (
    item_in,
    look,
    make,
    parents_of,
    request,
    rows_beside,
    seen,
)
from contracts.suites.lifecycle.bodies import changes, is_valid, new_values
from contracts.suites.lifecycle.rules import CHANGED, CREATED, NOT_FOUND, Rules, promise
from contracts.suites.lifecycle.things import Thing
from contracts.suites.lifecycle.values import comes_back
from contracts.suites.provisions import Item
from contracts.suites.session import Session
from mockserver.model import MISSING, Document, Json

RULES = Rules()
_AT_ONCE = 6
_APART_S = 0.1
"""A request that is sent so much later meets no other one."""
_NAMES = ("title", "name", "slug", "label", "subject")


@RULES.on("create", "parallel-creates-are-all-there", needs=("list",), is_slow=True)
def parallel_creates_are_all_there(session: Session, thing: Thing) -> None:
    """Creates that are sent at once make as many items, each listed once.

    Source: RFC 9110 section 15.3.2.
    """
    first = make(session, thing)
    exchanges = session.parallel(_creates(session, thing, first, _AT_ONCE))
    items = [item_in(session, one) for one in exchanges if one.is_success]
    if not items:
        raise NotJudged("the target took none of the creates that were sent at once")
    ids = [item.id for item in items]
    promise(
        session,
        len(set(ids)) == len(ids),
        "parallel-creates-have-ids-of-their-own",
        exchanges[-1],
        message=f"two {thing.resource.name} that were created at once have the same id",
        expected="an id of its own for each",
        source=CREATED,
        came=", ".join(sorted(ids)),
    )
    rows = rows_beside(session, thing, first)
    lost = [id for id in ids if rows.is_whole and len(rows.of(thing, id)) != 1]
    promise(
        session,
        not lost,
        "parallel-creates-are-all-there",
        rows.exchange,
        message=f"not every {thing.resource.name} that was created at once is in the list once",
        expected="each is in the list once",
        source=CREATED,
        came=f"{len(lost)} of {len(ids)} are missing or doubled",
    )


@RULES.on("update", "parallel-updates-are-both-kept", needs=("create",), is_slow=True)
def parallel_updates_are_both_kept(session: Session, thing: Thing) -> None:
    """Two updates of different properties that are sent at once are both there afterwards.

    Source: RFC 5789 section 2 (a PATCH changes what it sends, and leaves the rest).
    """
    item = make(session, thing)
    names = _free_names(session, thing, item)
    if len(names) < 2:
        raise NotJudged("the target takes changes of less than two properties")
    for _ in range(3):
        values = new_values(session, thing, "update", seen(session, thing, item), most=6)
        bodies: list[Document] = [{name: values[name]} for name in names if name in values]
        if len(bodies) < 2:
            break
        exchanges = session.parallel(
            [request(session, thing, "update", item, body=body) for body in bodies]
        )
        sight = look(session, thing, item)
        for body, exchange in zip(bodies, exchanges, strict=True):
            if exchange.is_success:
                _is_kept(session, body, sight.document or {}, exchange)


@RULES.on("delete", "parallel-deletes-succeed-once", needs=("create",), is_slow=True)
def parallel_deletes_succeed_once(session: Session, thing: Thing) -> None:
    """Of several deletes of one item that are sent at once, one succeeds.

    Source: RFC 9110 section 15.5.5.
    """
    item = make(session, thing)
    one = request(session, thing, "delete", item)
    exchanges = session.parallel([one] * 4)
    won = [exchange for exchange in exchanges if exchange.is_success]
    promise(
        session,
        len(won) == 1,
        "parallel-deletes-succeed-once",
        (won or exchanges)[-1],
        message=f"{len(won)} of 4 deletes of one {thing.resource.name}, sent at once, succeeded",
        expected="one success; the others 404",
        source=NOT_FOUND,
    )


@RULES.on("create", "parallel-creates-keep-what-is-unique", is_slow=True)
def parallel_creates_keep_what_is_unique(session: Session, thing: Thing) -> None:
    """Where a second create with the same body is refused, only one of several at once is taken.

    Source: observed: the target itself refuses the second one.
    """
    operation = thing.operation("create")
    path = provisions.path_values(session, operation)
    body = provisions.new_body(session, operation)
    first = session.call(operation, path, body=body)
    if not first.is_success:
        raise NotJudged("the least body was refused")
    time.sleep(_APART_S)
    if session.call(operation, path, body=body).is_success:
        raise NotJudged("nothing is unique here: the same body was taken twice")
    again = provisions.new_body(session, operation)
    exchanges = session.parallel([session.request(operation, path, body=again)] * 4)
    won = [exchange for exchange in exchanges if exchange.is_success]
    promise(
        session,
        len(won) <= 1,
        "parallel-creates-keep-what-is-unique",
        (won or exchanges)[-1],
        message=f"{len(won)} of 4 equal creates, sent at once, were taken",
        expected="one; a second one is refused when it comes later",
        source="the target's own answer to a second equal create",
    )


def _creates(session: Session, thing: Thing, first: Item, count: int) -> list[Request]:
    """Creates with names of their own, though none is sent before the others are made."""
    operation = thing.operation("create")
    path = provisions.path_values(session, operation, parents_of(first))
    least = provisions.new_body(session, operation)
    bodies = [_numbered(session, thing, least, number) for number in range(count)]
    return [session.request(operation, path, body=body) for body in bodies]


def _numbered(session: Session, thing: Thing, body: Json, number: int) -> Json:
    if not isinstance(body, dict):
        return body
    for name in _NAMES:
        if isinstance(body.get(name), str):
            marked = {**body, name: f"{body[name]}-{number}"}
            body = marked if is_valid(session, thing, "create", marked) else body
    return body


def _free_names(session: Session, thing: Thing, item: Item) -> list[str]:
    """The first two properties that can be changed, each for itself, without the other moving."""
    names: list[str] = []
    shown = seen(session, thing, item)
    values = new_values(session, thing, "update", shown, most=6)
    for name in values:
        taken = list(changes(session, thing, item, {name: values[name]}, 1))
        now = seen(session, thing, item)
        is_kept = bool(taken) and comes_back(values[name], now.get(name, MISSING))
        if is_kept and all(now.get(one) == shown.get(one) for one in values if one != name):
            names.append(name)
        shown = now
        if len(names) == 2:
            break
    return names


def _is_kept(session: Session, body: Document, after: Document, exchange: Exchange) -> None:
    for name, value in body.items():
        promise(
            session,
            comes_back(value, after.get(name, MISSING)),
            "parallel-updates-are-both-kept",
            exchange,
            message=f"an update of `{name}` was lost, another one was sent at the same time",
            expected=f"{name}: {value!r}"[:200],
            source=CHANGED,
            came=f"{name}: {after.get(name)!r}"[:200],
        )
