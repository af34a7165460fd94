"""Bodies for creates and changes: as rich as the target takes them."""

from collections.abc import Iterator, Mapping

from contracts.exchange import Exchange
from contracts.suites import provisions
from contracts.suites.lifecycle.acts import Verdicts, accepted, act, item_in
from contracts.suites.lifecycle.shapes import shown_ever, taken
from contracts.suites.lifecycle.things import Thing
from contracts.suites.lifecycle.values import new_value
from contracts.suites.provisions import Item
from contracts.suites.session import Session
from mockserver.model import MISSING, Document, Json


def new_values(
    session: Session, thing: Thing, kind: str, *old: Mapping[str, Json], most: int | None = None
) -> dict[str, Json]:
    """A value for every property that the body of *kind* takes and items show, for the first
    *most* of them: none that is in one of the *old* documents. Names that lead to other resources
    are left out."""
    shown = shown_ever(session.yardstick, thing)
    leading = {parent.field for parent in thing.resource.parents}
    leading |= {action.resource.id_name for action in session.yardstick.resources.values()}
    values: dict[str, Json] = {}
    for name, schema in taken(session.yardstick, thing, kind).items():
        if len(values) == most:
            break
        if name in shown and name not in leading:
            before = [document[name] for document in old if name in document]
            value = new_value(session, schema, shown[name], name, *before)
            if value is not MISSING:
                values[name] = value
    return values


def full_items(session: Session, thing: Thing, limit: int) -> list[tuple[Item, Document]]:
    """New items, and the values beyond the least that each was made with: all that the body
    takes at once, or in parts where the target refuses some together; *limit* tries."""
    operation = thing.operation("create")
    path = provisions.path_values(session, operation)
    least = provisions.new_body(session, operation)
    if not isinstance(least, dict):
        return []
    plain = session.call(operation, path, body=least)
    values = new_values(session, thing, "create", item_in(session, plain).document)
    found = []
    for group, verdict in accepted(list(values), limit):
        fresh = provisions.new_body(session, operation)
        sent = {**fresh, **{name: values[name] for name in group}}
        exchange = _sent_if_valid(session, thing, "create", sent, verdict, path)
        if exchange is not None:
            found.append((item_in(session, exchange), sent))
    return found


def _sent_if_valid(
    session: Session,
    thing: Thing,
    kind: str,
    body: Document,
    verdict: Verdicts,
    path: Mapping[str, str],
) -> Exchange | None:
    """The exchange of a create that was accepted; a body that the document forbids is not sent."""
    if not is_valid(session, thing, kind, body):
        verdict.is_refused = True
        return None
    exchange = session.call(thing.operation(kind), path, body=body)
    verdict.is_refused = not exchange.is_success
    return exchange if exchange.is_success else None


def changes(
    session: Session, thing: Thing, item: Item, values: Document, limit: int
) -> Iterator[tuple[Document, Exchange]]:
    """Updates of *item* that the target accepts, each sent when it is asked for: all *values* at
    once, or in parts where it refuses some together; *limit* tries."""
    for group, verdict in accepted(list(values), limit):
        body = {name: values[name] for name in group}
        if not is_valid(session, thing, "update", body):
            verdict.is_refused = True
            continue
        exchange = act(session, thing, "update", item, body=body)
        verdict.is_refused = not exchange.is_success
        if exchange.is_success:
            yield body, exchange


def is_valid(session: Session, thing: Thing, kind: str, body: Json) -> bool:
    """Whether the document takes *body* for the operation *kind*."""
    schema = session.yardstick.request_schema(thing.operation(kind))
    return schema is None or session.yardstick.validator(schema, "request").is_valid(body)


def one_change(session: Session, thing: Thing, item: Item, shown: Document) -> Document | None:
    """The first change of one property that the target accepts for *item*, which is now as
    *shown*; already sent. None where it accepts none of the first few."""
    values = new_values(session, thing, "update", shown, most=4)
    for name in values:
        body = {name: values[name]}
        if not is_valid(session, thing, "update", body):
            continue
        if act(session, thing, "update", item, body=body).is_success:
            return body
    return None


def bad_bodies(session: Session, thing: Thing, kind: str, good: Document) -> list[Document]:
    """Bodies that the document forbids, each wrong at one place only: a required property is
    missing, or a property has another type."""
    found: list[Document] = []
    for name in reversed(list(good)):
        found.append({key: good[key] for key in good if key != name})
    for name in reversed(list(taken(session.yardstick, thing, kind))):
        found.append({**good, name: {"not": ["what", "is", "meant"]}})
    wrong = [body for body in found if not is_valid(session, thing, kind, body)]
    return wrong[:1] + wrong[-1:] if len(wrong) > 1 else wrong
