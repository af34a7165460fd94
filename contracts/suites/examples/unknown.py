"""Properties that a request has no right to set: unknown ones, ids, and what only answers show."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from contracts.checks.places import source_of
from contracts.exchange import Exchange
from contracts.findings import Severity
from contracts.stops import NotJudged
from contracts.suites.bodies import UNKNOWN_PROPERTY, plain, properties
from contracts.suites.examples.echo import answered
from contracts.suites.examples.exceptions import exceptions_of
from contracts.suites.examples.trials import case, expect_refusal, ground
from contracts.suites.provisions import action_of, new_body, payload
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.model import MISSING, Document, Json
from mockserver.openapi import Operation

_VALUE: Final = "sent by nobody who may"
_REFUSED: Final = frozenset({400, 403, 409, 422})


def unknown_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """`unknown-property` and `read-only-properties` for each operation with a body."""
    for operation in yardstick.operations:
        if yardstick.request_schema(operation) is None:
            continue
        yield case(operation, "unknown-property", partial(_unknown, operation))
        action = yardstick.resources.get(yardstick.driving(operation).id)
        if action is not None and action.kind in ("create", "update", "replace"):
            yield case(operation, "read-only-properties", partial(_read_only, operation))


def _unknown(operation: Operation, session: Session) -> None:
    schema = session.yardstick.request_schema(operation)
    assert schema is not None
    body = new_body(session, operation)
    if not isinstance(body, dict):
        raise NotJudged("the body is no object")
    body = {**body, UNKNOWN_PROPERTY: _VALUE}
    exchange = session.call(operation, ground(session, operation), body=body)
    if not session.yardstick.validator(schema, "request").is_valid(body):
        expect_refusal(
            session,
            exchange,
            _REFUSED,
            what="its body has a property that the document rules out (additionalProperties)",
            source=source_of(operation, "requestBody"),
            cause="additionalProperties",
            rule="unknown-property-accepted",
        )
        return
    shown = payload(session, exchange)
    session.expect(
        not exchange.is_success or not (isinstance(shown, dict) and UNKNOWN_PROPERTY in shown),
        "unknown-property-stored",
        exchange,
        message="A property that the document does not know is taken in and answered",
        expected="an unknown property is ignored or refused",
        source=source_of(operation, "requestBody"),
        severity=Severity.MEDIUM,
    )


def _read_only(operation: Operation, session: Session) -> None:
    """Compared with the answer to the same request without them, made just before."""
    body = new_body(session, operation)
    path = ground(session, operation)
    plain_one = session.call(operation, path, body=body)
    if not plain_one.is_success or not isinstance(body, dict):
        raise NotJudged("needs a request that is accepted to compare with")
    extra = _forbidden(session, operation, plain_one)
    if not extra:
        raise NotJudged("the answer shows nothing that the request could not set")
    exchange = session.call(operation, path, body={**new_body(session, operation), **extra})
    session.judgements += 1
    if exchange.is_success:
        for name, sent in extra.items():
            _expect_unset(session, exchange, name, sent, plain_one)


def _forbidden(session: Session, operation: Operation, exchange: Exchange) -> Document:
    """Properties that the answer shows and the request's schema does not have (or marks
    `readOnly`), with other values than those shown."""
    schema = session.yardstick.request_schema(operation)
    action = action_of(session, operation)
    assert schema is not None
    assert action is not None
    settable = properties(session.yardstick, schema)
    extra = {}
    hidden = exceptions_of(session.yardstick).hidden_inputs
    for name in properties(session.yardstick, action.resource.item_schema):
        inner = plain(session.yardstick, settable.get(name, {}))
        is_settable = name in settable and inner.get("readOnly") is not True
        other = other_value(answered(session, exchange, name))
        if other is not MISSING and not is_settable and name not in hidden:
            extra[name] = other
    return extra


def other_value(value: Json) -> Json:
    """Another value of the same type; MISSING for none, null and what has parts. A text ends in a
    letter then, for those that the kit gives end in a number, and the next may be the same."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 4242
    if isinstance(value, str) and value:
        return value[:-1] + ("a" if value[-1] != "a" else "b")
    return MISSING


def _expect_unset(
    session: Session, exchange: Exchange, name: str, sent: Json, before: Exchange
) -> None:
    assert exchange.operation is not None
    session.expect(
        answered(session, exchange, name) != sent,
        "read-only-property-accepted",
        exchange,
        message=f"A caller can set {name}, which the document lets no request say",
        expected=f"{name} as the API gives it, whatever a body says",
        source=source_of(exchange.operation, "requestBody"),
        cause=name,
        story=(before,),
    )
