"""Rules of ownership: what is one owner's, nobody else changes."""

from collections.abc import Mapping

from contracts.actors import OTHER
from contracts.suites import provisions
from contracts.suites.lifecycle.acts import act, look, make, seen
from contracts.suites.lifecycle.bodies import new_values
from contracts.suites.lifecycle.rules import Rules, pointer, promise
from contracts.suites.lifecycle.shapes import owner_field
from contracts.suites.lifecycle.things import Thing, parent_of, things_of
from contracts.suites.lifecycle.values import differing
from contracts.suites.session import Session
from contracts.yardstick import Yardstick
from mockserver.model import MISSING

RULES = Rules()


def is_owned(yardstick: Yardstick, thing: Thing) -> bool:
    """Whether an item, or what it belongs to, tells its owner and can be made."""
    things = things_of(yardstick)
    above: Thing | None = thing
    while above is not None:
        if owner_field(yardstick, above) and above.maker is not None:
            return True
        above = parent_of(above, things)
    return False


@RULES.on("create", "others-change-nothing", when=is_owned, actors=(OTHER,))
def others_change_nothing(session: Session, thing: Thing) -> None:
    """Somebody else can neither change nor delete an owner's item, nor add to it.

    Source: document: the item, or what it belongs to, tells its owner.
    """
    item = make(session, thing)
    before = seen(session, thing, item)
    values = new_values(session, thing, "update", before, most=1)
    for kind in ("update", "replace", "delete"):
        if thing.has(kind):
            body = dict(list(values.items())[:1]) if kind != "delete" else MISSING
            exchange = act(session, thing, kind, item, body=body, actor=OTHER)
            promise(
                session,
                not exchange.is_success,
                "others-change-nothing",
                exchange,
                message=f"somebody else may {kind} an owner's {thing.resource.name}",
                expected="403 or 404",
                source=pointer(thing.operation(kind)),
                cause=kind,
            )
    if parent_of(thing, things_of(session.yardstick)) is not None:
        _add_nothing(session, thing, item.path)
    sight = look(session, thing, item)
    promise(
        session,
        sight.document is not None and not differing(before, sight.document),
        "others-change-nothing",
        sight.exchange,
        message=f"an owner's {thing.resource.name} is another after somebody else's requests",
        expected="it is as before",
        source=pointer(thing.operation("create")),
        cause="changed",
    )


def _add_nothing(session: Session, thing: Thing, path: Mapping[str, str]) -> None:
    operation = thing.operation("create")
    above = provisions.path_values(session, operation, path)
    body = provisions.new_body(session, operation)
    exchange = session.call(operation, above, body=body, actor=OTHER)
    promise(
        session,
        not exchange.is_success,
        "others-change-nothing",
        exchange,
        message=f"somebody else may create a {thing.resource.name} below what is an owner's",
        expected="403 or 404",
        source=pointer(operation),
        cause="create",
    )
