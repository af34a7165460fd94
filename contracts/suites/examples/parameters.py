"""Each query and header parameter: what its schema takes is taken, what it refuses is refused."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from contracts.checks.places import source_of
from contracts.exchange import Exchange
from contracts.findings import Severity
from contracts.stops import NotJudged
from contracts.suites.bodies import good_texts
from contracts.suites.examples.trials import (
    case,
    expect_refusal,
    expect_success,
    ground,
    is_good_alone,
)
from contracts.suites.flawed import flawed_texts
from contracts.suites.provisions import new_body
from contracts.suites.session import Case, Options, Session, answer_text
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation, Parameter

REFUSED: Final = frozenset({400, 404, 422})
_QUICK: Final = 1


def parameter_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """One case for each query and header parameter of each operation."""
    for operation in yardstick.operations:
        for parameter in operation.parameters:
            if parameter.where in ("query", "header"):
                run = partial(_parameter, operation, parameter)
                yield case(operation, f"parameter-{parameter.name}", run)


def send_with(
    session: Session, operation: Operation, path: dict[str, str], parameter: Parameter, text: str
) -> Exchange:
    """A good request but for one parameter."""
    body = new_body(session, operation)
    if parameter.where == "query":
        return session.call(operation, path, query=[(parameter.name, text)], body=body)
    return session.call(operation, path, headers={parameter.name: text}, body=body)


def _parameter(operation: Operation, parameter: Parameter, session: Session) -> None:
    good = good_texts(session.yardstick, parameter)
    bound = session.bench.bindings.get(parameter.name)
    bad = list(flawed_texts(session.yardstick, parameter))
    if session.options.quick:
        good, bad = good[:_QUICK], bad[:_QUICK]
    if not good and not bad:
        raise NotJudged("parameters of this style are not written by this suite")
    for text in [bound] if bound else good:
        exchange = send_with(session, operation, ground(session, operation), parameter, text)
        if not _judge_good(session, operation, parameter, exchange, text):
            return
    for flawed in bad:
        path = ground(session, operation)
        exchange = send_with(session, operation, path, parameter, flawed.value)
        expect_refusal(
            session,
            exchange,
            REFUSED,
            what=f"the {parameter.where} parameter {parameter.name} {flawed.says}",
            source=source_of(operation, "parameters"),
            cause=f"{parameter.name} {flawed.flaw}",
        )


def _judge_good(
    session: Session, operation: Operation, parameter: Parameter, exchange: Exchange, text: str
) -> bool:
    """Whether bad values can be told from good ones here.

    A value may name what is not there, or not the caller's; no schema can say that. Where the same
    request is refused without the parameter too, the parameter is not at fault.
    """
    session.judgements += 1
    if exchange.response.status in (403, 404):
        session.unseen = f"{parameter.name}={text} names nothing that this caller may see"
        return exchange.response.status == 404
    if not exchange.is_success and not is_good_alone(session, operation):
        session.unseen = f"the operation refuses its good request: {answer_text(exchange)}"
        return False
    expect_success(
        session,
        exchange,
        what=f"{parameter.name}={text}",
        rule="good-parameter-refused",
        cause=parameter.name,
        severity=Severity.MEDIUM,
        source=source_of(operation, "parameters"),
    )
    return True
