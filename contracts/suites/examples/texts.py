"""Free texts in any script come back as they were sent, and any way to ask for JSON is heard."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from contracts.checks.places import source_of
from contracts.exchange import Exchange
from contracts.suites.bodies import optional, plain, properties, required
from contracts.suites.examples.echo import answered
from contracts.suites.examples.trials import case, expect_success, ground, shown
from contracts.suites.provisions import item_of, new_body, operation_of
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation

TEXT: Final = (
    "Caf\u00e9 Cafe\u0301 \u6771\u4eac \u05e9\u05dc\u05d5\u05dd "
    "\u202e\u0645\u0631\u062d\u0628\u0627\u202c "
    "\U0001f469\u200d\U0001f4bb <b>&amp;</b>"
)
"""Composed and decomposed accents, other scripts, right to left, joined emoji, markup."""
_ASKED: Final = "*/*, application/json;q=0.9"
_NAMES: Final = ("slug", "url", "uri", "email", "key", "code", "id", "locale", "zone")
"""Words in the names of properties that hold no free text."""


def text_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """`charset` for each writing operation with a free text, `accept` for each operation."""
    for operation in yardstick.operations:
        if (name := _free_text(yardstick, operation)) is not None:
            yield case(operation, "charset", partial(_charset, operation, name))
        if not options.quick:
            yield case(operation, "accept", partial(_accept, operation))


def _free_text(yardstick: Yardstick, operation: Operation) -> str | None:
    """The first property that takes `TEXT`, and that the answer shows too."""
    schema = yardstick.request_schema(operation)
    action = yardstick.resources.get(yardstick.driving(operation).id)
    if schema is None or action is None or action.kind not in ("create", "update", "replace"):
        return None
    known = properties(yardstick, schema)
    shown_too = properties(yardstick, action.resource.item_schema)
    for name in (*required(yardstick, schema), *optional(yardstick, schema)):
        way = plain(yardstick, known[name])
        is_free = way.get("type") == "string" and not {"enum", "format", "pattern"} & way.keys()
        is_named = any(word in name.lower() for word in _NAMES)
        if not is_free or is_named or name not in shown_too:
            continue
        if yardstick.validator(known[name], "request").is_valid(TEXT):
            return name
    return None


def _charset(operation: Operation, name: str, session: Session) -> None:
    body = {**new_body(session, operation), name: TEXT}
    exchange = session.call(operation, ground(session, operation), body=body)
    if exchange.response.status in (400, 422):
        session.judgements += 1
        session.unseen = f"{name} takes no such text; no schema says so"
        return
    if not expect_success(session, exchange, what=f"a body with other scripts in {name}"):
        return
    _expect_text(session, exchange, name, exchange)
    if (again := _read_again(session, exchange)) is not None:
        _expect_text(session, again, name, exchange)


def _read_again(session: Session, exchange: Exchange) -> Exchange | None:
    if (item := item_of(session, exchange)) is None:
        return None
    operation = operation_of(session, item.resource, "read")
    if operation is None:
        return None
    exchange = session.call(operation, item.path)
    return exchange if exchange.is_success else None


def _expect_text(session: Session, exchange: Exchange, name: str, sent: Exchange) -> None:
    if any(one.rule == "text-mangled" for one in session.findings):
        return  # a check of every exchange has told it
    assert sent.operation is not None
    came = answered(session, exchange, name)
    session.expect(
        not isinstance(came, str) or came == TEXT,
        "text-mangled",
        exchange,
        message=f"{name} comes back with other characters than were sent",
        expected=f"{name} with every character as it was sent: {TEXT!r}",
        source=f"{source_of(sent.operation, 'requestBody')}; RFC 8259 section 8.1",
        came=shown(came),
        cause=name,
        story=() if exchange is sent else (sent,),
    )


def _accept(operation: Operation, session: Session) -> None:
    body = new_body(session, operation)
    path = ground(session, operation)
    exchange = session.call(operation, path, headers={"Accept": _ASKED}, body=body)
    session.expect(
        exchange.response.status not in (406, 415),
        "accept-refused",
        exchange,
        message="A request that asks for JSON among others is refused for what it asks for",
        expected="the documented answer, in JSON",
        source="RFC 9110 section 12.5.1",
    )
