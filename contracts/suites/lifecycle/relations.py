"""Rules of relations: a child belongs to one parent, and goes with it."""

from contracts.exchange import Exchange
from contracts.stops import NotJudged
from contracts.suites import provisions
from contracts.suites.lifecycle.acts import (
    act,
    look,
    make,
    rows_at,
    seen,
)
from contracts.suites.lifecycle.bodies import new_values
from contracts.suites.lifecycle.deleting import deleted
from contracts.suites.lifecycle.rules import CREATED, NOT_FOUND, REMOVED, Rules, pointer, promise
from contracts.suites.lifecycle.things import Thing, parent_of, things_of
from contracts.suites.lifecycle.values import differing
from contracts.suites.provisions import Item
from contracts.suites.session import Session
from contracts.yardstick import Yardstick
from mockserver.model import MISSING

RULES = Rules()


def _has_parent(yardstick: Yardstick, thing: Thing) -> bool:
    return parent_of(thing, things_of(yardstick)) is not None


def _parent_can_go(yardstick: Yardstick, thing: Thing) -> bool:
    parent = parent_of(thing, things_of(yardstick))
    return parent is not None and parent.has("delete")


@RULES.on("create", "child-names-its-parent", when=_has_parent)
def child_names_its_parent(session: Session, thing: Thing) -> None:
    """What was made below a parent tells that parent, in the answer and afterwards.

    Source: RFC 9110 section 15.3.2; document: the item shows the parent's id.
    """
    _, one = _new_parent(session, thing)
    _, other = _new_parent(session, thing)
    for parent in (one, other):
        child = make(session, thing, parent.path)
        sight = look(session, thing, child)
        for shown, exchange in (
            (child.document, child.exchange),
            (sight.document or {}, sight.exchange),
        ):
            for above in thing.resource.parents:
                if above.field in shown and above.parameter in child.path:
                    promise(
                        session,
                        provisions.text_of(shown[above.field]) == child.path[above.parameter],
                        "child-names-its-parent",
                        exchange,
                        message=f"`{above.field}` names another parent than the path",
                        expected=f"the parent of the path, {child.path[above.parameter]}",
                        source=CREATED,
                        cause=above.field,
                    )


@RULES.on("create", "child-is-its-parents-only", when=_has_parent)
def child_is_its_parents_only(session: Session, thing: Thing) -> None:
    """A child is not listed below another parent, and cannot be read, changed or deleted there.

    Source: RFC 9110 section 15.5.5 (no such resource at that path).
    """
    _, parent = _new_parent(session, thing)
    _, stranger = _new_parent(session, thing)
    child = make(session, thing, parent.path)
    make(session, thing, stranger.path)
    before = seen(session, thing, child)
    if thing.has("list"):
        path = provisions.path_values(session, thing.operation("list"), stranger.path)
        rows = rows_at(session, thing, path)
        promise(
            session,
            not rows.of(thing, child.id),
            "children-of-others-are-not-listed",
            rows.exchange,
            message=f"the list below one parent shows a {thing.resource.name} of another",
            expected="only its own children",
            source=pointer(thing.operation("list")),
        )
    values = new_values(session, thing, "update", before, most=1)
    for kind in ("read", "update", "delete"):
        if thing.has(kind):
            body = dict(list(values.items())[:1]) if kind == "update" else MISSING
            exchange = act(session, thing, kind, child, body=body, given=stranger.path)
            _is_refused(session, thing, kind, exchange)
    sight = look(session, thing, child)
    promise(
        session,
        sight.document is not None and not differing(before, sight.document),
        "child-is-its-parents-only",
        sight.exchange,
        message=f"a {thing.resource.name} was changed or deleted through another parent",
        expected="it is as before",
        source=NOT_FOUND,
        cause="changed",
    )


@RULES.on("create", "child-goes-with-its-parent", when=_parent_can_go)
def child_goes_with_its_parent(session: Session, thing: Thing) -> None:
    """When a parent is deleted, its children cannot be reached any more.

    Source: RFC 9110 section 9.3.5 (what is below a removed resource is removed with it).
    """
    above, parent = _new_parent(session, thing)
    child = make(session, thing, parent.path)
    if not act(session, above, "delete", parent).is_success:
        raise NotJudged("a parent with a child cannot be deleted")
    sight = look(session, thing, child)
    promise(
        session,
        sight.document is None,
        "child-goes-with-its-parent",
        sight.exchange,
        message=f"a {thing.resource.name} of a deleted parent is still there",
        expected="404",
        source=REMOVED,
    )


def _has_parent_and_delete(yardstick: Yardstick, thing: Thing) -> bool:
    parent = parent_of(thing, things_of(yardstick))
    return parent is not None and parent.is_shown and thing.has("create")


@RULES.on("delete", "parent-outlives-its-child", when=_has_parent_and_delete)
def parent_outlives_its_child(session: Session, thing: Thing) -> None:
    """Deleting a child leaves its parent, and the children of other parents.

    Source: RFC 9110 section 9.3.5.
    """
    above, parent = _new_parent(session, thing)
    _, other = _new_parent(session, thing)
    child = make(session, thing, parent.path)
    cousin = make(session, thing, other.path)
    before = seen(session, above, parent)
    deleted(session, thing, child)
    for one, item, old in ((above, parent, before), (thing, cousin, cousin.document)):
        sight = look(session, one, item)
        promise(
            session,
            sight.document is not None and not differing(old, sight.document),
            "deleting-a-child-leaves-the-family",
            sight.exchange,
            message=f"deleting a {thing.resource.name} removed or changed its parent or a cousin",
            expected="they stay as they are",
            source=REMOVED,
        )


def _new_parent(session: Session, thing: Thing) -> tuple[Thing, Item]:
    above = parent_of(thing, things_of(session.yardstick))
    if above is None:
        raise NotJudged("needs a parent that can be made")
    return above, make(session, above)


def _is_refused(session: Session, thing: Thing, kind: str, exchange: Exchange) -> None:
    promise(
        session,
        not exchange.is_success,
        "child-is-its-parents-only",
        exchange,
        message=f"a {kind} reaches a {thing.resource.name} through another parent",
        expected="404",
        source=NOT_FOUND,
        cause=kind,
    )
