"""Numbers come back to the last digit."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from contracts.checks.places import source_of
from contracts.stops import NotJudged
from contracts.suites.bodies import optional, plain, properties, required
from contracts.suites.examples.echo import answered
from contracts.suites.examples.trials import case, new_ground, shown
from contracts.suites.provisions import new_body
from contracts.suites.session import Case, Options, Session, answer_text
from contracts.yardstick import Yardstick
from mockserver.model import Json
from mockserver.openapi import Operation

_LONG: Final = 9_007_199_254_740_991
"""The greatest whole number that every reader of JSON keeps. Source: RFC 8259 section 6."""
_OF_32_BITS: Final = 2_147_483_647
_DECIMAL: Final = 1234567.891
_IS_ID: Final = re.compile(r"(?:^id|[a-z0-9]I[dD]|[_-]id)$")
"""What names something is good or bad by what there is, not by its digits."""
_WRITES: Final = ("create", "update", "replace")


def number_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """`number-<name>` for each number that a request says and an answer shows."""
    for operation in () if options.quick else yardstick.operations:
        action = yardstick.resources.get(yardstick.driving(operation).id)
        schema = yardstick.request_schema(operation)
        if schema is None or action is None or action.kind not in _WRITES:
            continue
        shown_too = properties(yardstick, action.resource.item_schema)
        known = properties(yardstick, schema)
        for name in (*required(yardstick, schema), *optional(yardstick, schema)):
            if name not in shown_too or _IS_ID.search(name):
                continue
            if (number := far_number(yardstick, known[name])) is not None:
                run = partial(_number, operation, name, number)
                yield case(operation, f"number-{name}", run)


def far_number(yardstick: Yardstick, schema: Mapping[str, Json]) -> Json:
    """A number of many digits that *schema* takes; None where it takes none."""
    way = plain(yardstick, schema)
    if way.get("type") not in ("integer", "number") or "enum" in way:
        return None
    validator = yardstick.validator(schema, "request")
    whole = _OF_32_BITS if way.get("format") == "int32" else _LONG
    numbers = (whole, way.get("maximum")) if way["type"] == "integer" else (_DECIMAL,)
    return next((one for one in numbers if one is not None and validator.is_valid(one)), None)


def _number(operation: Operation, name: str, number: Json, session: Session) -> None:
    body = {**new_body(session, operation), name: number}
    exchange = session.call(operation, new_ground(session, operation), body=body)
    if not exchange.is_success:
        raise NotJudged(f"{name} takes no number of so many digits: {answer_text(exchange, 120)}")
    came = answered(session, exchange, name)
    is_number = isinstance(came, int | float) and not isinstance(came, bool)
    session.expect(
        not is_number or came == number,
        "precision-lost",
        exchange,
        message=f"{name} was sent as {number} and is answered as {came}",
        expected=f"{name}: {number}, to the last digit",
        source=f"{source_of(operation, 'requestBody')}; RFC 8259 section 6",
        came=shown(came),
        cause=name,
    )
