"""A version that the API does not have is not taken for another one."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from contracts.checks.places import source_of
from contracts.findings import Severity
from contracts.stops import NotJudged
from contracts.suites.examples.exceptions import exceptions_of
from contracts.suites.examples.trials import case, expect_refusal, ground
from contracts.suites.provisions import new_body
from contracts.suites.session import Case, Options, Session, answer_text
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation, Parameter

_NAMED: Final = re.compile(r"(?:^|[^a-z])version(?:$|[^a-z])", re.IGNORECASE)
_UNKNOWN: Final = ("1970-01-01", "understudy")
_REFUSED: Final = frozenset({400, 404, 406, 410, 422})


def version_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """`unknown-version` for each operation whose callers have to say in a header which version
    they mean."""
    for operation in yardstick.operations:
        for parameter in operation.parameters:
            is_named = _NAMED.search(parameter.name) is not None
            if parameter.where == "header" and parameter.required and is_named:
                yield case(operation, "unknown-version", partial(_try, operation, parameter))


def _try(operation: Operation, parameter: Parameter, session: Session) -> None:
    path, body = ground(session, operation), new_body(session, operation)
    good = session.call(operation, path, body=body)
    if not good.is_success:
        raise NotJudged(f"the documented version is refused too: {answer_text(good, 120)}")
    others = exceptions_of(session.yardstick).versions_not_served(operation)
    for version in (*_UNKNOWN, *others):
        exchange = session.call(
            operation,
            ground(session, operation),
            headers={parameter.name: version},
            body=new_body(session, operation),
        )
        is_foreign = version in others
        what = "does not have here" if is_foreign else "never had"
        expect_refusal(
            session,
            exchange,
            _REFUSED,
            what=f"{parameter.name} is {version}, a version that the API {what}",
            source=f"{source_of(operation, 'parameters')} ({parameter.name})",
            cause="version of others" if is_foreign else "unknown version",
            rule="unknown-version-accepted",
            severity=Severity.MEDIUM,
        )
