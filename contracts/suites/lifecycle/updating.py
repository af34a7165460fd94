"""Rules of updating: what is sent changes, nothing else, nowhere else."""

from collections.abc import Mapping

from contracts.exchange import Exchange
from contracts.stops import NotJudged
from contracts.suites import provisions
from contracts.suites.lifecycle.acts import Sight, act, look, make, parents_of, rows_beside, seen
from contracts.suites.lifecycle.bodies import changes, full_items, new_values, one_change
from contracts.suites.lifecycle.creating import is_there, other_than, shows_what_was_answered
from contracts.suites.lifecycle.rules import CHANGED, REFUSED, Rules, pointer, promise
from contracts.suites.lifecycle.shapes import is_nullable, lasting, shown_always, taken
from contracts.suites.lifecycle.things import Thing
from contracts.suites.lifecycle.values import comes_back, differing, is_plain, is_same
from contracts.suites.provisions import Item
from contracts.suites.session import Session
from contracts.yardstick import Yardstick
from mockserver.model import MISSING, Document, Json

RULES = Rules()


def _has_settable(yardstick: Yardstick, thing: Thing) -> bool:
    return any(name in shown_always(yardstick, thing) for name in taken(yardstick, thing, "update"))


def _has_nullable(yardstick: Yardstick, thing: Thing) -> bool:
    return bool(_nullable(yardstick, thing))


@RULES.on("update", "update-changes-what-was-sent", needs=("create",))
def update_changes_what_was_sent(session: Session, thing: Thing) -> None:
    """An update changes what it sends, keeps the rest, and answers what is stored.

    An item is made with as much as the target takes; then every value is changed, in two parts, so
    that each part sees whether the other is kept. Lists are replaced, not added to.

    Source: RFC 5789 section 2.
    """
    tries = 3 if session.options.quick else 10
    items = full_items(session, thing, tries)
    item, sent = items[0] if items else (make(session, thing), {})
    shown, known = seen(session, thing, item), set(sent)
    values = new_values(session, thing, "update", shown)
    names = list(values)
    for part in (names[::2], names[1::2]):
        for body, exchange in changes(
            session, thing, item, {name: values[name] for name in part}, tries
        ):
            sight = look(session, thing, item)
            if not is_there(session, sight, "update-keeps-it-there", "was updated, and is gone"):
                return
            after = sight.document or {}
            _has_changed(session, thing, item, body, sight)
            rest = [name for name in _rest(session, thing, shown, known) if name not in body]
            _has_kept(session, rest, shown, after, sight.exchange)
            _has_lasted(session, thing, shown, after, sight.exchange)
            answer = provisions.payload(session, exchange)
            if isinstance(answer, dict):
                shows_what_was_answered(session, answer, sight)
            shown = after
            known |= set(body)


@RULES.on("update", "update-cannot-change-what-lasts", needs=("create",))
def update_cannot_change_what_lasts(session: Session, thing: Thing) -> None:
    """Id, owner, parents and time of creation stay, also when an update sends other ones.

    Source: document: the body's schema does not name them, or says readOnly.
    """
    item = make(session, thing)
    before = seen(session, thing, item)
    foreign = {
        name: other_than(before[name])
        for name in lasting(session.yardstick, thing)
        if name in before
    }
    if not foreign:
        raise NotJudged("no property of an item is the server's own by name")
    values = new_values(session, thing, "update", before, most=1)
    for name in (*list(values)[:1], ""):
        body = {**foreign, **({name: values[name]} if name else {})}
        act(session, thing, "update", item, body=body)
    sight = look(session, thing, item)
    if not is_there(session, sight, "update-keeps-it-there", "was updated, and is gone"):
        return
    _has_lasted(session, thing, before, sight.document or {}, sight.exchange)


@RULES.on("update", "update-leaves-others-alone", needs=("create",))
def update_leaves_others_alone(session: Session, thing: Thing) -> None:
    """An update of one item changes no other.

    Source: RFC 5789 section 2.
    """
    first = make(session, thing)
    items = [first, *(make(session, thing, parents_of(first)) for _ in range(2))]
    before = [seen(session, thing, item) for item in items]
    listed = rows_beside(session, thing, first) if thing.has("list") else None
    if one_change(session, thing, items[1], before[1]) is None:
        raise NotJudged("the target took none of the first changes tried")
    for item, old in ((items[0], before[0]), (items[2], before[2])):
        sight = look(session, thing, item)
        _is_untouched(session, thing, old, sight.document, sight.exchange)
    if listed is not None:
        after = rows_beside(session, thing, first)
        for row in listed.rows:
            id = provisions.text_of(row.get(thing.resource.id_field))
            if id != items[1].id:
                now = next(iter(after.of(thing, id)), None)
                _is_untouched(session, thing, row, now, after.exchange)


@RULES.on("update", "refused-update-changes-nothing", needs=("create",), when=_has_settable)
def refused_update_changes_nothing(session: Session, thing: Thing) -> None:
    """An update with one good and one bad value is refused whole.

    Source: RFC 5789 section 2 (the changes are applied atomically).
    """
    item = make(session, thing)
    before = seen(session, thing, item)
    values = new_values(session, thing, "update", before, most=1)
    for bad in reversed(list(taken(session.yardstick, thing, "update"))):
        body = {**{name: values[name] for name in list(values)[:1]}, bad: {"not": ["meant"]}}
        exchange = act(session, thing, "update", item, body=body)
        if not exchange.is_success:
            break
    else:
        raise NotJudged("no update was refused, whatever was wrong with its body")
    sight = look(session, thing, item)
    promise(
        session,
        sight.document is not None and not differing(before, sight.document),
        "refused-update-changes-nothing",
        sight.exchange,
        message=f"an update that was refused changed the {thing.resource.name} all the same",
        expected="the item is as before",
        source=REFUSED,
    )


@RULES.on("update", "null-clears", needs=("create",), when=_has_nullable)
def null_clears(session: Session, thing: Thing) -> None:
    """null, where the document takes it, takes a value away.

    Source: RFC 5789 section 2; document: the property is nullable.
    """
    item = make(session, thing)
    shown = seen(session, thing, item)
    values = new_values(session, thing, "update", shown)
    for name in _nullable(session.yardstick, thing)[:6]:
        if not _is_set(session, thing, item, {name: values.get(name, MISSING)}):
            continue
        if not act(session, thing, "update", item, body={name: None}).is_success:
            continue
        sight = look(session, thing, item)
        promise(
            session,
            comes_back(None, (sight.document or {}).get(name)),
            "null-clears",
            sight.exchange,
            message=f"`{name}` was set to null, and has a value still",
            expected=f"`{name}` is null or absent",
            source=pointer(thing.operation("update")),
            cause=name,
        )


def _is_set(session: Session, thing: Thing, item: Item, body: Document) -> bool:
    if MISSING in body.values():
        return False
    return act(session, thing, "update", item, body=body).is_success


def _nullable(yardstick: Yardstick, thing: Thing) -> list[str]:
    shown = shown_always(yardstick, thing)
    schemas = taken(yardstick, thing, "update")
    return [name for name in schemas if name in shown and is_nullable(yardstick, schemas[name])]


def _has_changed(session: Session, thing: Thing, item: Item, body: Document, sight: Sight) -> None:
    """Lists and objects that did not change are sent once more, alone: beside others they may have
    had to give way."""
    for name, value in body.items():
        shown = (sight.document or {}).get(name, MISSING)
        is_doubtful = not comes_back(value, shown) and not is_plain(value) and len(body) > 1
        if is_doubtful and act(session, thing, "update", item, body={name: value}).is_success:
            sight = look(session, thing, item)
            shown = (sight.document or {}).get(name, MISSING)
        promise(
            session,
            comes_back(value, shown),
            "update-changes-what-was-sent",
            sight.exchange,
            message=f"an update of `{name}` was accepted, and something else is stored",
            expected=f"{name}: {value!r}"[:200],
            source=CHANGED,
            came=f"{name}: {shown!r}"[:200],
            cause=name,
        )


def _rest(session: Session, thing: Thing, shown: Document, known: set[str]) -> list[str]:
    """What must stay as *shown* unless it is sent: what was sent before (*known*), and all plain
    values. Lists of objects, and what the server filled itself, may follow another property."""
    always = shown_always(session.yardstick, thing)
    return [
        name
        for name in taken(session.yardstick, thing, "update")
        if name in always
        and name in shown
        and (is_plain(shown[name]) or (name in known and not _holds_objects(shown[name])))
    ]


def _holds_objects(value: Json) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _has_kept(
    session: Session, rest: list[str], before: Document, after: Document, exchange: Exchange
) -> None:
    lost = [name for name in rest if not is_same(before[name], after.get(name, MISSING))]
    promise(
        session,
        not lost,
        "update-keeps-the-rest",
        exchange,
        message=f"an update changed what it did not send: {', '.join(f'`{one}`' for one in lost)}",
        expected="properties that are not sent keep their values",
        source=CHANGED,
        came=_values(lost, before, after),
        cause=", ".join(lost),
    )


def _has_lasted(
    session: Session, thing: Thing, before: Document, after: Document, exchange: Exchange
) -> None:
    names = [name for name in lasting(session.yardstick, thing) if name in before]
    moved = [name for name in names if not is_same(before[name], after.get(name, MISSING))]
    promise(
        session,
        not moved,
        "update-cannot-change-what-lasts",
        exchange,
        message=f"an update changed {', '.join(f'`{one}`' for one in moved)}",
        expected="id, owner, parents and time of creation never change",
        source=pointer(thing.operation("update")),
        came=_values(moved, before, after),
        cause=", ".join(moved),
    )


def _is_untouched(
    session: Session, thing: Thing, old: Document, now: Document | None, exchange: Exchange
) -> None:
    different = differing(old, now) if now is not None else ["its place in the list"]
    promise(
        session,
        not different,
        "update-leaves-others-alone",
        exchange,
        message=f"an update of one {thing.resource.name} changed another",
        expected="other items stay as they are",
        source=CHANGED,
        came=_values(different, old, now or {}),
    )


def _values(names: list[str], before: Mapping[str, Json], after: Mapping[str, Json]) -> str:
    told = (f"{one}: {before.get(one)!r} -> {after.get(one)!r}" for one in names)
    return "; ".join(told)[:300]
