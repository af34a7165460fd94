"""What each role may do with the owner's things, for APIs whose rules are known."""

from collections.abc import Iterator
from functools import partial

from contracts.actors import OTHER
from contracts.stops import NotJudged
from contracts.suites.auth.foreign import try_refused
from contracts.suites.auth.judging import case
from contracts.suites.auth.rules import Row, rows_of
from contracts.suites.provisions import new_body, path_values
from contracts.suites.session import Case, Options, Session, answer_text
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation


def role_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """`role-<actor>` for every rule that is known; `foreign_cases` has those of the actor other."""
    for operation in yardstick.operations:
        for row in rows_of(yardstick, operation):
            if row.actor != OTHER:
                run = partial(_try, operation, row)
                yield case(operation, f"role-{row.actor}", run, (row.actor,))


def _try(operation: Operation, row: Row, session: Session) -> None:
    if not row.is_allowed:
        try_refused(session, operation, row.actor, row.source, "role-not-enforced")
        return
    path = path_values(session, operation)
    exchange = session.call(operation, path, body=new_body(session, operation), actor=row.actor)
    if exchange.response.status in (400, 409, 422):
        raise NotJudged(f"the request itself is refused: {answer_text(exchange)}")
    session.expect(
        exchange.is_success,
        "role-refused",
        exchange,
        message=f"The actor {row.actor} is refused what this role may do",
        expected="2XX for this role",
        source=row.source,
        cause=row.actor,
    )
