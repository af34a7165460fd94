"""A good request to every operation, and its documented success."""

from collections.abc import Iterator
from functools import partial

from contracts.exchange import Exchange
from contracts.stops import NotJudged
from contracts.suites.examples.trials import case, expect_success, ground
from contracts.suites.provisions import new_body
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation


def success_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """One case for each operation."""
    for operation in yardstick.operations:
        yield case(operation, "success", partial(_good_request, operation))


def _good_request(operation: Operation, session: Session) -> None:
    path = ground(session, operation)
    request = session.request(operation, path, body=new_body(session, operation))
    exchange = session.send(request)
    if not session.options.quick:
        _ask_openapi_core(session, exchange)
    expect_success(session, exchange, what="a request with no more than is required")


def _ask_openapi_core(session: Session, exchange: Exchange) -> None:
    """A second opinion: what openapi-core objects to, and our own checks have not told yet.

    Raises NotJudged where it reads the document so that our request is wrong.
    """
    # slow to import and to ask, so a quick run does without
    from contracts.checks.openapi_core import openapi_core_findings, request_flaws

    flaws = list(request_flaws(exchange, session.yardstick))
    if flaws:
        raise NotJudged(f"no request is good by every reading of the document: {flaws[0]}")
    session.judgements += 1
    told = [finding.key for finding in session.findings]
    for finding in openapi_core_findings(exchange, session.yardstick):
        if finding.key not in told:
            session.found(finding)
