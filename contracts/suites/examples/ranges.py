"""Ids beyond what the document lets an id be: refused as one that is no number at all."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from contracts.checks.places import source_of
from contracts.findings import Severity
from contracts.suites.bodies import plain
from contracts.suites.examples.trials import case, ground
from contracts.suites.flawed import flawed_texts
from contracts.suites.provisions import new_body
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation, Parameter

_MALFORMED: Final = frozenset({400, 422})
_BOUNDS: Final = ("below-minimum", "above-maximum")
_NO_NUMBER: Final = "understudy"


def range_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """`out-of-range-id` for each operation on an item whose id is a number within bounds.

    Of ids further up in a path nothing is said: who may go there is often asked before they are
    looked at closely.
    """
    for operation in yardstick.operations:
        action = yardstick.resources.get(yardstick.driving(operation).id)
        for parameter in operation.parameters:
            is_own = action is not None and parameter.name == action.resource.id_name
            if parameter.where == "path" and is_own and _beyond(yardstick, parameter):
                yield case(operation, "out-of-range-id", partial(_try, operation, parameter))


def _beyond(yardstick: Yardstick, parameter: Parameter) -> list[str]:
    """Numbers out of the parameter's bounds, as texts."""
    if plain(yardstick, parameter.schema).get("type") not in ("integer", "number"):
        return []
    found = flawed_texts(yardstick, parameter)
    return [one.value for one in found if one.flaw in _BOUNDS]


def _try(operation: Operation, parameter: Parameter, session: Session) -> None:
    """A target may take an id that breaks its schema for one that nothing has; but then for each:
    where it tells that one is malformed, it tells so of all."""
    path = ground(session, operation)
    statuses: dict[str, int] = {}
    for text in (_NO_NUMBER, *_beyond(session.yardstick, parameter)):
        values = {**path, parameter.name: text}
        exchange = session.call(operation, values, body=new_body(session, operation))
        statuses[text] = exchange.response.status
        if statuses[_NO_NUMBER] not in _MALFORMED or exchange.response.status >= 500:
            continue
        session.expect(
            exchange.response.status in _MALFORMED,
            "out-of-range-id-not-refused",
            exchange,
            message=f"{parameter.name}={text} breaks the schema, and is answered as an id that "
            f"could be: {exchange.response.status}; {parameter.name}={_NO_NUMBER} is refused as "
            f"malformed: {statuses[_NO_NUMBER]}",
            expected=" or ".join(map(str, sorted(_MALFORMED))),
            source=f"{source_of(operation, 'parameters')} ({parameter.name})",
            cause=parameter.name,
            severity=Severity.LOW,
        )
