"""What belongs to the owner is neither shown to another nor changed by one."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from contracts.actors import OTHER
from contracts.checks.places import source_of
from contracts.exchange import READING, Exchange
from contracts.findings import Severity
from contracts.stops import NotJudged
from contracts.suites.auth.judging import (
    allows_anybody,
    case,
    expect_forbidden,
    expect_no_data,
    expect_unchanged,
    look,
)
from contracts.suites.auth.rules import rows_of
from contracts.suites.examples.flaws import unknown_value
from contracts.suites.provisions import action_of, new_body, path_values
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation

_UNTOLD: Final = (
    "nothing says whose things are whose here: the document has no 403 for this operation"
)


def foreign_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """One case for each secured operation below something of the owner's."""
    for operation in yardstick.operations:
        security = yardstick.driving(operation).security
        has_path = any(one.where == "path" for one in operation.parameters)
        if security and {} not in security and has_path:
            yield case(operation, "foreign", partial(_try, operation), (OTHER,))


def _try(operation: Operation, session: Session) -> None:
    row = next((row for row in rows_of(session.yardstick, operation) if row.actor == OTHER), None)
    if row is None and "403" not in operation.responses:
        raise NotJudged(_UNTOLD)
    source = row.source if row else source_of(operation, "responses", "403")
    is_read = operation.method in READING
    rule = "other-tenant-readable" if is_read else "foreign-write-accepted"
    try_refused(session, operation, OTHER, source, rule)


def expect_nothing_told(session: Session, refused: Exchange, actor: str) -> None:
    """Judge that who may not see an item is answered as if there were none."""
    operation = refused.operation
    assert operation is not None
    action = action_of(session, operation)
    id = refused.path_values.get(action.resource.id_name) if action else None
    if action is None or id is None:
        return
    name = action.resource.id_name
    unknown = unknown_value(session.yardstick, operation, name, id)
    if unknown is None:
        return
    missing = session.call(operation, {**refused.path_values, name: unknown}, actor=actor)
    session.expect(
        missing.response.status == refused.response.status,
        "existence-leak",
        refused,
        message="Somebody who may not see an item can tell whether there is one: what belongs to "
        "another is answered otherwise than what does not exist",
        expected=f"{missing.response.status}, as for an id that nothing has",
        source="RFC 9110 section 15.5.4; CWE-204",
        severity=Severity.LOW,
        story=(missing,),
    )


def try_refused(session: Session, operation: Operation, actor: str, source: str, rule: str) -> None:
    """Send as *actor*, who may not; what is written must stay as the owner had it."""
    if allows_anybody(session, operation):
        raise NotJudged("the document lets anybody in")
    path = path_values(session, operation)
    is_read = operation.method in READING
    before = None if is_read else look(session, operation, path)
    exchange = session.call(operation, path, body=new_body(session, operation), actor=actor)
    who = f"The actor {actor}"
    if expect_forbidden(session, exchange, who, rule, source):
        expect_no_data(session, exchange)
        if is_read:
            expect_nothing_told(session, exchange, actor)
    if not is_read:
        expect_unchanged(session, exchange, before, look(session, operation, path), who)
