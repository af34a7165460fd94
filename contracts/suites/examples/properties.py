"""Each optional property of a request body, each member of an enum in one, and all together.

A rule that no schema can tell may refuse a property on its own; what is judged then is only that
the refusal is a documented one that says why.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from contracts.checks.places import source_of
from contracts.exchange import Exchange
from contracts.findings import Severity
from contracts.stops import NotJudged
from contracts.suites.bodies import (
    EnumPlace,
    enum_places,
    least,
    optional,
    with_property,
)
from contracts.suites.examples.echo import answered, is_echo
from contracts.suites.examples.exceptions import exceptions_of
from contracts.suites.examples.trials import (
    case,
    expect_success,
    ground,
    has_reason,
    new_ground,
    shown,
)
from contracts.suites.provisions import new_body
from contracts.suites.session import Case, Options, Session, answer_text
from contracts.yardstick import Yardstick
from mockserver.model import Document, Json
from mockserver.openapi import Operation

ECHO: Final = "input-not-echoed"
_NO_VALUE: Final = "the document contradicts itself: no value of this property makes a good body"
_MOST_MEMBERS: Final = 3
"""How many members of an enum are tried again where an earlier operation tried all."""


def property_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """`optional-<name>`, `optional-all` and `enum-<place>` for each operation with a body."""
    tried: list[tuple[Json, ...]] = []
    for operation in yardstick.operations:
        schema = yardstick.request_schema(operation)
        base = least(yardstick, schema, operation.id) if schema is not None else None
        if schema is None or not isinstance(base, dict):
            continue
        names = optional(yardstick, schema)
        for name in () if options.quick else names:
            yield case(operation, f"optional-{name}", partial(_alone, operation, name))
        if len(names) > 1:
            yield case(operation, "optional-all", partial(_all, operation, names))
        for at, body in enum_places(yardstick, schema, base):
            members = at.members
            if options.quick or members in tried:
                members = members[: _MOST_MEMBERS - 1] + members[-1:]
            tried.append(at.members)
            run = partial(_members, operation, at, tuple(dict.fromkeys(members)), body)
            yield case(operation, f"enum-{at.pointer.replace('/', '.')}", run)


def _alone(operation: Operation, name: str, session: Session) -> None:
    schema = session.yardstick.request_schema(operation)
    assert schema is not None
    base = new_body(session, operation)
    body = with_property(session.yardstick, schema, base, name)
    if body is None:
        raise NotJudged(_NO_VALUE)
    exchange = session.call(operation, ground(session, operation), body=body)
    if _is_refused(exchange) and operation.method in ("PATCH", "PUT"):
        exchange = session.call(operation, new_ground(session, operation), body=body)
    _judge(session, exchange, body, f"the optional property {name}", (name,))


def _all(operation: Operation, names: tuple[str, ...], session: Session) -> None:
    schema = session.yardstick.request_schema(operation)
    assert schema is not None
    body: Document = new_body(session, operation)
    base = body
    for name in names:
        body = with_property(session.yardstick, schema, body, name) or body
    added = tuple(name for name in names if name in body and name not in base)
    exchange = session.call(operation, new_ground(session, operation), body=body)
    _judge(session, exchange, body, f"{len(added)} optional properties together", added)


def _judge(
    session: Session, exchange: Exchange, body: Document, what: str, names: tuple[str, ...]
) -> None:
    operation = exchange.operation
    assert operation is not None
    if _is_refused(exchange):
        session.expect(
            has_reason(exchange),
            "refusal-without-reason",
            exchange,
            message=f"A body with {what} is good by its schema, and is refused without a reason",
            expected="a refusal whose body says why",
            source=source_of(operation, "requestBody"),
            severity=Severity.LOW,
        )
        return
    if not expect_success(session, exchange, what=f"a body with {what}"):
        return
    for name in names:
        expect_echo(session, exchange, name, body[name])


def expect_echo(session: Session, exchange: Exchange, name: str, sent: Json) -> bool:
    """Judge that an answer shows *sent* for the property *name*, where it shows it at all."""
    assert exchange.operation is not None
    came = answered(session, exchange, name)
    return session.expect(
        is_echo(sent, came),
        ECHO,
        exchange,
        message=f"{name} was sent as {shown(sent)} and is answered as {shown(came)}",
        expected=f"{name} as it was sent, for the request was accepted",
        source=source_of(exchange.operation, "requestBody"),
        came=shown(came),
        cause=name,
    )


def _is_refused(exchange: Exchange) -> bool:
    """A refusal that can have a reason in the rules of the API: no fault of the caller's rights,
    the media type or the method."""
    return exchange.response.status in (400, 402, 403, 404, 409, 412, 422, 424)


def _members(
    operation: Operation,
    at: EnumPlace,
    members: tuple[Json, ...],
    body: Document,
    session: Session,
) -> None:
    schema = session.yardstick.request_schema(operation)
    assert schema is not None
    validator = session.yardstick.validator(schema, "request")
    accepted, refused, name = 0, [], str(at.paths[0][0])
    for member in members:
        named = {**body, **new_body(session, operation)}
        sent = at.put(named, member)
        if not validator.is_valid(sent):
            continue
        exchange = session.call(operation, ground(session, operation), body=sent)
        session.judgements += 1
        if exchange.is_success:
            accepted += 1
            expect_echo(session, exchange, name, sent[name])
        else:
            refused.append((member, exchange))
    _judge_members(session, operation, at, accepted, refused)


def _judge_members(
    session: Session,
    operation: Operation,
    at: EnumPlace,
    accepted: int,
    refused: list[tuple[Json, Exchange]],
) -> None:
    """A member is refused wrongly where others are taken; where all are, another rule decides."""
    if not accepted and refused:
        session.unseen = f"every member is refused: {answer_text(refused[0][1], 120)}"
        return
    known = exceptions_of(session.yardstick)
    refused = [one for one in refused if not known.may_refuse(operation, at.pointer)]
    for member, exchange in refused:
        session.expect(
            False,
            "enum-member-refused",
            exchange,
            message=f"{at.pointer} may be {member!r} by the document, and is refused",
            expected=f"every member of the enum of {at.pointer} is accepted",
            source=source_of(operation, "requestBody"),
            cause=f"{at.pointer} {member}",
            severity=Severity.MEDIUM,
        )
