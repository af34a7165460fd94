"""Rules of replacing (PUT): what is sent is all there is, however often it is sent."""

from contracts.stops import NotJudged
from contracts.suites import provisions
from contracts.suites.lifecycle.acts import act, look, make, seen
from contracts.suites.lifecycle.bodies import full_items
from contracts.suites.lifecycle.creating import is_there
from contracts.suites.lifecycle.rules import IDEMPOTENT, REPLACED, Rules, pointer, promise
from contracts.suites.lifecycle.shapes import lasting, shown_always, taken
from contracts.suites.lifecycle.things import Thing
from contracts.suites.lifecycle.values import comes_back, is_same
from contracts.suites.session import Session
from mockserver.model import MISSING

RULES = Rules()


@RULES.on("replace", "replace-leaves-nothing-old", needs=("create",))
def replace_leaves_nothing_old(session: Session, thing: Thing) -> None:
    """After a PUT with the least body, an item is like one created with it; its id stays.

    Source: RFC 9110 section 9.3.4.
    """
    tries = 3 if session.options.quick else 10
    items = full_items(session, thing, tries)
    item = items[0][0] if items else make(session, thing)
    before = seen(session, thing, item)
    least = provisions.new_body(session, thing.operation("replace"))
    plain = seen(session, thing, make(session, thing, item.path))
    exchange = act(session, thing, "replace", item, body=least)
    if not exchange.is_success:
        raise NotJudged("the least body was refused")
    sight = look(session, thing, item)
    if not is_there(session, sight, "replace-keeps-it-there", "was replaced, and is gone"):
        return
    after = sight.document or {}
    settable = taken(session.yardstick, thing, "replace")
    for name in settable:
        if name in shown_always(session.yardstick, thing):
            wanted = least.get(name, plain.get(name, MISSING))
            shown = after.get(name, MISSING)
            holds = comes_back(wanted, shown) if name in least else _is_unset(wanted, shown)
            promise(
                session,
                holds,
                "replace-leaves-nothing-old",
                sight.exchange,
                message=f"`{name}` is not what a replacement without it, or with another, makes it",
                expected=f"{name}: {wanted!r}"[:200],
                source=REPLACED,
                came=f"{name}: {shown!r}"[:200],
                cause=name,
            )
    moved = [
        name
        for name in lasting(session.yardstick, thing)
        if name in before and not is_same(before[name], after.get(name, MISSING))
    ]
    promise(
        session,
        not moved,
        "replace-cannot-change-what-lasts",
        sight.exchange,
        message=f"a replacement changed {', '.join(f'`{one}`' for one in moved)}",
        expected="id, owner, parents and time of creation never change",
        source=pointer(thing.operation("replace")),
        cause=", ".join(moved),
    )


@RULES.on("replace", "replacing-twice-is-the-same", needs=("create",))
def replacing_twice_is_the_same(session: Session, thing: Thing) -> None:
    """The same PUT a second time changes nothing.

    Source: RFC 9110 section 9.2.2.
    """
    item = make(session, thing)
    body = provisions.new_body(session, thing.operation("replace"))
    if not act(session, thing, "replace", item, body=body).is_success:
        raise NotJudged("the least body was refused")
    first = seen(session, thing, item)
    act(session, thing, "replace", item, body=body)
    sight = look(session, thing, item)
    settable = taken(session.yardstick, thing, "replace")
    shown = sight.document or {}
    moved = [
        name for name in settable if not is_same(first.get(name, MISSING), shown.get(name, MISSING))
    ]
    promise(
        session,
        not moved,
        "replacing-twice-is-the-same",
        sight.exchange,
        message="the same replacement a second time changed the item again",
        expected="the same item",
        source=IDEMPOTENT,
        cause=", ".join(moved),
    )


def _is_unset(wanted: object, shown: object) -> bool:
    """Null and absent are alike where nothing was sent."""
    empty = (None, MISSING)
    if wanted in empty and shown in empty:
        return True
    return is_same(wanted, shown)
