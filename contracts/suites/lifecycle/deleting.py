"""Rules of deleting: what is deleted is gone, stays gone, and nothing else goes."""

import string

from contracts.exchange import Exchange
from contracts.findings import Severity
from contracts.stops import NotJudged
from contracts.suites.lifecycle.acts import act, look, make, parents_of, rows_beside, seen
from contracts.suites.lifecycle.bodies import one_change
from contracts.suites.lifecycle.rules import NOT_FOUND, REMOVED, Rules, promise
from contracts.suites.lifecycle.things import Thing
from contracts.suites.lifecycle.values import differing
from contracts.suites.provisions import Item
from contracts.suites.session import Session, answer_text
from mockserver.model import MISSING, Json

RULES = Rules()
_ABSENT = (403, 404, 410)
_TURNED = str.maketrans(
    string.digits + string.ascii_letters,
    "".join(part[1:] + part[0] for part in (string.digits,))
    + "".join(part[1:] + part[0] for part in (string.ascii_lowercase, string.ascii_uppercase)),
)


@RULES.on("delete", "deleted-is-gone", needs=("create",))
def deleted_is_gone(session: Session, thing: Thing) -> None:
    """A deleted item cannot be read and is not listed; nor is it back after later writes.

    Source: RFC 9110 sections 9.3.5 and 15.5.5.
    """
    item = make(session, thing)
    other = make(session, thing, parents_of(item))
    deleted(session, thing, item)
    is_gone(session, thing, item, "deleted-is-gone", "is still there")
    make(session, thing, parents_of(item))
    if thing.has("update"):
        one_change(session, thing, other, seen(session, thing, other))
    is_gone(session, thing, item, "deleted-stays-gone", "is back after another write")


@RULES.on("delete", "deleting-twice-fails", needs=("create",))
def deleting_twice_fails(session: Session, thing: Thing) -> None:
    """Deleting, reading or changing what is gone is no success.

    Source: RFC 9110 section 15.5.5.
    """
    item = make(session, thing)
    deleted(session, thing, item)
    for kind in ("delete", "update"):
        if thing.has(kind):
            body: Json = {} if kind == "update" else MISSING
            exchange = act(session, thing, kind, item, body=body)
            promise(
                session,
                not exchange.is_success,
                f"{kind}-after-delete-fails",
                exchange,
                message=f"a {kind} of a deleted {thing.resource.name} is told a success",
                expected="404",
                source=NOT_FOUND,
                severity=Severity.MEDIUM,
            )


@RULES.on("delete", "deleting-nothing-fails", needs=("create",))
def deleting_nothing_fails(session: Session, thing: Thing) -> None:
    """Deleting what never existed is no success.

    Source: RFC 9110 section 15.5.5.
    """
    item = make(session, thing)
    nothing = {thing.resource.id_name: never_given(item.id)}
    exchange = act(session, thing, "delete", item, given=nothing)
    promise(
        session,
        not exchange.is_success,
        "deleting-nothing-fails",
        exchange,
        message=f"deleting a {thing.resource.name} that never existed is told a success",
        expected="404",
        source=NOT_FOUND,
        severity=Severity.MEDIUM,
    )


@RULES.on("delete", "deleting-leaves-others", needs=("create",))
def deleting_leaves_others(session: Session, thing: Thing) -> None:
    """Deleting one item leaves its siblings where and as they are.

    Source: RFC 9110 section 9.3.5.
    """
    first = make(session, thing)
    items = [first, *(make(session, thing, parents_of(first)) for _ in range(2))]
    before = [seen(session, thing, item) for item in items]
    listed = rows_beside(session, thing, first) if thing.has("list") else None
    deleted(session, thing, items[1])
    for item, old in ((items[0], before[0]), (items[2], before[2])):
        sight = look(session, thing, item)
        promise(
            session,
            sight.document is not None and not differing(old, sight.document),
            "deleting-leaves-others",
            sight.exchange,
            message=f"deleting one {thing.resource.name} removed or changed another",
            expected="the others stay as they are",
            source=REMOVED,
        )
    if listed is not None:
        after = rows_beside(session, thing, first)
        lost = set(listed.ids(thing)) - set(after.ids(thing)) - {items[1].id}
        promise(
            session,
            not lost,
            "deleting-leaves-others",
            after.exchange,
            message=f"deleting one {thing.resource.name} took others off the list",
            expected="only the deleted one is missing",
            source=REMOVED,
            came=f"{len(lost)} others are missing",
            cause="list",
        )


def deleted(session: Session, thing: Thing, item: Item) -> Exchange:
    """The exchange that deleted *item*. Raises NotJudged where it was refused."""
    exchange = act(session, thing, "delete", item)
    if not exchange.is_success:
        raise NotJudged(f"deleting was refused: {answer_text(exchange)}")
    return exchange


def is_gone(session: Session, thing: Thing, item: Item, rule: str, what: str) -> None:
    """Judge that *item* cannot be read, and is in no list."""
    if thing.has("read"):
        exchange = act(session, thing, "read", item)
        promise(
            session,
            exchange.response.status in _ABSENT,
            rule,
            exchange,
            message=f"a deleted {thing.resource.name} {what}",
            expected="404",
            source=NOT_FOUND,
        )
    if thing.has("list"):
        rows = rows_beside(session, thing, item)
        promise(
            session,
            not rows.of(thing, item.id),
            rule,
            rows.exchange,
            message=f"a deleted {thing.resource.name} {what}, in the list",
            expected="it is not in the list",
            source=REMOVED,
            cause="list",
        )


def never_given(id: str) -> str:
    """An id of the same form as *id* that nothing has had."""
    if id.isdigit():
        return str(int(id) + 1_000_000)
    if set(id) <= {*string.hexdigits, "-"} and id.count("-") == 4 and "-" not in id[-12:]:
        return id[:-12] + "".join(format(15 - int(one, 16), "x") for one in id[-12:])
    return id[0] + id[1:].translate(_TURNED)
