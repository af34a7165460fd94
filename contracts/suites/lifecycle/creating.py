"""Rules of creating: what was made is there, once, and is what was sent."""

from contracts.findings import Severity
from contracts.stops import NotJudged
from contracts.suites import provisions
from contracts.suites.lifecycle.acts import (
    Sight,
    act,
    item_in,
    list_path,
    look,
    make,
    parents_of,
    rows_at,
    rows_beside,
)
from contracts.suites.lifecycle.bodies import bad_bodies, full_items
from contracts.suites.lifecycle.rules import CREATED, REFUSED, Rules, pointer, promise
from contracts.suites.lifecycle.shapes import lasting, shown_ever, taken
from contracts.suites.lifecycle.things import Thing
from contracts.suites.lifecycle.values import comes_back, differing, is_plain, is_same
from contracts.suites.session import Session
from mockserver.model import MISSING, Document, Json

RULES = Rules()
_MANY = 6


@RULES.on("create", "created-is-readable")
def created_is_readable(session: Session, thing: Thing) -> None:
    """What a create answers is what is there: it can be read, with the values of the answer.

    Source: RFC 9110 section 15.3.2.
    """
    item = make(session, thing)
    sight = look(session, thing, item)
    if is_there(session, sight, "created-is-readable", "was created, and is not there"):
        shows_what_was_answered(session, item.document, sight)


@RULES.on("create", "created-keeps-what-was-sent")
def created_keeps_what_was_sent(session: Session, thing: Thing) -> None:
    """Every value that the document lets one send, and that an item shows, is stored whole.

    Source: RFC 9110 section 15.3.2; document: the schemas of the body and of the item.
    """
    tries = 4 if session.options.quick else 14
    for item, sent in full_items(session, thing, tries):
        sight = look(session, thing, item)
        if is_there(session, sight, "created-is-readable", "was created, and is not there"):
            shows_what_was_answered(session, item.document, sight)
            _stores_what_was_sent(session, thing, sent, sight)


@RULES.on("create", "created-is-listed-once", needs=("list",))
def created_is_listed_once(session: Session, thing: Thing) -> None:
    """One create makes one item: the list has it once, and nothing else that is new.

    Source: RFC 9110 section 15.3.2; document: the list operation.
    """
    first = make(session, thing)
    before = rows_beside(session, thing, first)
    item = make(session, thing, parents_of(first))
    after = rows_beside(session, thing, item)
    if not after.is_whole:
        raise NotJudged("the list comes in pages of a kind that the kit cannot walk")
    promise(
        session,
        len(after.of(thing, item.id)) == 1,
        "created-is-listed-once",
        after.exchange,
        message=f"a created {thing.resource.name} is listed {_times(after.of(thing, item.id))}",
        expected="it is in the list once",
        source=pointer(thing.operation("list")),
    )
    new = [id for id in after.ids(thing) if id not in before.ids(thing) and id != item.id]
    promise(
        session,
        not new,
        "one-create-makes-one",
        after.exchange,
        message=f"one create made more than one {thing.resource.name}",
        expected="one new row in the list",
        source=CREATED,
        came=f"{len(new) + 1} new rows",
    )


@RULES.on("create", "refused-create-makes-nothing", needs=("list",))
def refused_create_makes_nothing(session: Session, thing: Thing) -> None:
    """A create that is refused leaves nothing behind.

    Source: RFC 9110 section 15.5.
    """
    first = make(session, thing)
    operation = thing.operation("create")
    path = provisions.path_values(session, operation, parents_of(first))
    good = provisions.new_body(session, operation)
    if not isinstance(good, dict):
        raise NotJudged("the body of a create is no object")
    before = rows_beside(session, thing, first)
    refused = [
        exchange
        for body in bad_bodies(session, thing, "create", good)
        if not (exchange := session.call(operation, path, body=body)).is_success
    ]
    if not refused:
        raise NotJudged("no create was refused, whatever was wrong with its body")
    after = rows_beside(session, thing, first)
    promise(
        session,
        set(after.ids(thing)) <= set(before.ids(thing)),
        "refused-create-makes-nothing",
        after.exchange,
        message=f"a create that was refused made a {thing.resource.name} all the same",
        expected="the list is as before",
        source=REFUSED,
    )


@RULES.on("create", "server-keeps-its-own-fields", when=lambda y, thing: bool(lasting(y, thing)))
def server_keeps_its_own_fields(session: Session, thing: Thing) -> None:
    """Id, owner, parents and time of creation are the server's: a create cannot set them.

    Source: document: the body's schema does not name them, or says readOnly.
    """
    first = make(session, thing)
    operation = thing.operation("create")
    path = provisions.path_values(session, operation, parents_of(first))
    foreign = {
        name: other_than(first.document[name])
        for name in lasting(session.yardstick, thing)
        if name in first.document and name not in taken(session.yardstick, thing, "create")
    }
    least = provisions.new_body(session, operation)
    exchange = session.call(operation, path, body={**least, **foreign})
    item = provisions.item_of(session, exchange)
    if item is None:
        raise NotJudged("the target refuses bodies with fields that are the server's")
    for name, value in foreign.items():
        promise(
            session,
            not is_same(item.document.get(name), value),
            "server-keeps-its-own-fields",
            exchange,
            message=f"a create may set `{name}`, which is the server's to give",
            expected=f"`{name}` of the server's own, whatever is sent",
            source=pointer(operation),
            cause=name,
        )


@RULES.on("create", "ids-are-never-the-same", needs=("delete",))
def ids_are_never_the_same(session: Session, thing: Thing) -> None:
    """Many creates have as many ids, and an id of a deleted item is not given again.

    Source: RFC 9110 section 15.3.2 (a new resource has its own identifier).
    """
    first = make(session, thing)
    parents = parents_of(first)
    many = 3 if session.options.quick else _MANY
    items = [first, *(make(session, thing, parents) for _ in range(many - 1))]
    ids = [item.id for item in items]
    promise(
        session,
        len(set(ids)) == len(ids),
        "ids-are-unique",
        items[-1].exchange,
        message=f"two of {many} new {thing.resource.name} have the same id",
        expected="an id of its own for each",
        source=CREATED,
        came=", ".join(ids),
    )
    if not act(session, thing, "delete", items[-1]).is_success:
        raise NotJudged("deleting was refused")
    again = make(session, thing, parents)
    promise(
        session,
        again.id not in ids,
        "ids-are-not-reused",
        again.exchange,
        message=f"a new {thing.resource.name} has the id of one that was deleted",
        expected="an id that nothing had before",
        source=CREATED,
        severity=Severity.MEDIUM,
    )


@RULES.on("list", "created-is-listed-here", when=lambda y, thing: not thing.has("create"))
def created_is_listed_here(session: Session, thing: Thing) -> None:
    """A list elsewhere of the same things has what was made for it.

    Source: document: the list operation.
    """
    if thing.maker is None:
        raise NotJudged(f"no operation creates a {thing.resource.name}")
    path = list_path(session, thing)
    operation = thing.maker.operation("create")
    body = provisions.new_body(session, operation, **_parent_values(session, thing, path))
    made = provisions.path_values(session, operation, path)
    item = item_in(session, session.call(operation, made, body=body))
    rows = rows_at(session, thing, path)
    if not rows.is_whole:
        raise NotJudged("the list comes in pages of a kind that the kit cannot walk")
    promise(
        session,
        len(rows.of(thing, item.id)) == 1,
        "created-is-listed-here",
        rows.exchange,
        message=f"a created {thing.resource.name} is listed {_times(rows.of(thing, item.id))}",
        expected="it is in the list once",
        source=pointer(thing.operation("list")),
    )


def is_there(session: Session, sight: Sight, rule: str, what: str) -> bool:
    return promise(
        session,
        sight.document is not None,
        rule,
        sight.exchange,
        message=f"something {what}",
        expected="it can be read, or found in the list",
        source=CREATED,
    )


def shows_what_was_answered(session: Session, answered: Document, sight: Sight) -> None:
    """What reading shows is what the write's answer showed."""
    different = differing(answered, sight.document or {})
    promise(
        session,
        not different,
        "answer-shows-what-is-stored",
        sight.exchange,
        message=f"the answer of the write shows other values than reading: {_quoted(different)}",
        expected="the same values in both",
        source=CREATED,
        came="; ".join(f"{name}: {(sight.document or {})[name]!r}" for name in different)[:200],
        cause=", ".join(different),
    )


def other_than(value: Json) -> Json:
    """Something of the same kind as *value*, and not the same."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1_000
    if isinstance(value, str) and value:
        return value[:-1] + ("a" if value[-1] != "a" else "b")
    return "another"


def _stores_what_was_sent(session: Session, thing: Thing, sent: Document, sight: Sight) -> None:
    """Lists and objects that are not there are sent once more, alone: beside others they may have
    had to give way."""
    for name, value in sent.items():
        if name not in shown_ever(session.yardstick, thing):
            continue
        found: Sight | None = sight
        if not is_plain(value) and not comes_back(value, _shown(sight, name)):
            found = _made_alone(session, thing, name, value)
        if found is not None:
            promise(
                session,
                comes_back(value, _shown(found, name)),
                "created-keeps-what-was-sent",
                found.exchange,
                message=f"`{name}` was sent with the create, and something else is stored",
                expected=f"{name}: {value!r}"[:200],
                source=CREATED,
                came=f"{name}: {_shown(found, name)!r}"[:200],
                cause=name,
            )


def _made_alone(session: Session, thing: Thing, name: str, value: Json) -> Sight | None:
    """How an item looks that was made with the least and this one value; None where refused."""
    operation = thing.operation("create")
    path = provisions.path_values(session, operation)
    body = {**provisions.new_body(session, operation), name: value}
    item = provisions.item_of(session, session.call(operation, path, body=body))
    return None if item is None else look(session, thing, item)


def _shown(sight: Sight, name: str) -> Json:
    return (sight.document or {}).get(name, MISSING)


def _parent_values(session: Session, thing: Thing, path: dict[str, str]) -> Document:
    """The fields of a body that name the parents in *path*."""
    assert thing.maker is not None
    names = taken(session.yardstick, thing.maker, "create")
    found: Document = {}
    for parent in thing.resource.parents:
        if parent.field in names and parent.parameter in path:
            text = path[parent.parameter]
            is_number = names[parent.field].get("type") in ("integer", "number")
            found[parent.field] = int(text) if is_number else text
    return found


def _times(rows: list[Document]) -> str:
    return f"{len(rows)} times, not once"


def _quoted(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
