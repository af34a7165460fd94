"""What is hidden is shown to its owner only, and a list of one's own things to nobody else.

Both are rules of the bundled API: `GET /v2/event-types`.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from contracts.actors import ANONYMOUS, OTHER, OWNER
from contracts.exchange import Exchange
from contracts.stops import NotJudged
from contracts.suites.auth.judging import case
from contracts.suites.auth.rules import CALCOM
from contracts.suites.provisions import Item, action_of, create, payload, text_of
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation

LIST: Final = "EventTypesController_2024_06_14_getEventTypes"
ME: Final = "MeController_getMe"
HIDDEN: Final = "seed: hidden event types are only returned if authenticated as the owner"
OWN: Final = "reference event-types.md section 6.2: without a filter, those of the caller"


def hidden_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """Three cases for the bundled API, none for any other."""
    if yardstick.domain != CALCOM:
        return
    operation = yardstick.operation(LIST)
    for name, actor in (("strangers", ANONYMOUS), ("others", OTHER)):
        actors = (actor,) if actor == OTHER else ()
        made = case(operation, f"hidden-from-{name}", partial(_hidden, operation, actor), actors)
        yield replace(made, writes=True)
    made = case(operation, "foreign-list", partial(_foreign_list, operation), (OTHER,))
    yield replace(made, writes=True)


def _hidden(operation: Operation, actor: str, session: Session) -> None:
    item = _event_type(session, operation, is_hidden=True)
    query = [("username", _username(session))]
    for more in ([], [("eventSlug", str(item.document.get("slug")))]):
        exchange = session.call(operation, {}, query=[*query, *more], actor=actor)
        session.expect(
            not _has(session, exchange, item),
            "private-object-public",
            exchange,
            message="A hidden event type is listed for somebody who is not its owner",
            expected="a list without it",
            source=HIDDEN,
            cause=actor,
            story=(item.exchange,),
        )
    shown = session.call(operation, {}, query=query, actor=OWNER)
    session.expect(
        _has(session, shown, item),
        "list-omits-hidden",
        shown,
        message="A hidden event type is missing in its owner's own list",
        expected="a list with it",
        source=HIDDEN,
        story=(item.exchange,),
    )


def _foreign_list(operation: Operation, session: Session) -> None:
    item = _event_type(session, operation, is_hidden=False)
    exchange = session.call(operation, {}, actor=OTHER)
    session.expect(
        exchange.is_success and not _has(session, exchange, item),
        "list-leaks-other-tenant",
        exchange,
        message="The list of one caller's event types shows those of another",
        expected="only event types of the caller",
        source=OWN,
        story=(item.exchange,),
    )


def _event_type(session: Session, operation: Operation, *, is_hidden: bool) -> Item:
    action = action_of(session, operation)
    if action is None:
        raise NotJudged("the document does not tell what this list shows")
    return create(session, action.resource, hidden=is_hidden)


def _username(session: Session) -> str:
    exchange = session.call(session.yardstick.operation(ME), {})
    shown = exchange.response.json
    name = shown.get("data", {}).get("username") if isinstance(shown, dict) else None
    if not isinstance(name, str):
        raise NotJudged("needs the owner's username, and GET /v2/me does not show it")
    return name


def _has(session: Session, exchange: Exchange, item: Item) -> bool:
    items = payload(session, exchange)
    if not isinstance(items, list):
        return False
    field = item.resource.id_field
    return any(isinstance(one, dict) and text_of(one.get(field)) == item.id for one in items)
