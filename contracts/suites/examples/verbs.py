"""Methods that the document does not have for a path are not served."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from contracts.exchange import JSON_TYPE, Exchange, Request
from contracts.findings import Finding, Severity
from contracts.suites.examples.trials import SUITE, ground
from contracts.suites.provisions import new_body
from contracts.suites.session import Case, Options, Session, answer_text
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation

RULE: Final = "undocumented-method-served"
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


def verb_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """One case for each path, at the first of its operations that can do without deleting."""
    for first, others in _undeclared(yardstick).items():
        operation = next(one for one in yardstick.operations if one.label == first)
        run = partial(_try, operation, others)
        yield Case(SUITE, first, "undeclared-verb", run, writes=True)


def _undeclared(yardstick: Yardstick) -> dict[str, tuple[str, ...]]:
    """Labels of operations, and the methods that their paths do not have."""
    found: dict[str, tuple[str, ...]] = {}
    for path in dict.fromkeys(one.path for one in yardstick.operations):
        here = [one for one in yardstick.operations if one.path == path]
        first = min(here, key=lambda one: one.method == "DELETE")
        others = tuple(m for m in _METHODS if m not in [one.method for one in here])
        if others:
            found[first.label] = others
    return found


def _try(operation: Operation, methods: tuple[str, ...], session: Session) -> None:
    for method in methods:
        path = ground(session, operation)
        base = session.request(operation, path, body=new_body(session, operation))
        request = _as(base, method)
        if session.yardstick.match(method, request.path) is None:
            _judge(session, operation, session.send(request))


def _as(request: Request, method: str) -> Request:
    """The same request with another method, and a body where it wants one."""
    if method in ("GET", "DELETE"):
        headers = tuple(one for one in request.headers if one[0].lower() != "content-type")
        return replace(request, method=method, headers=headers, body=None)
    headers = request.headers
    if request.body is None:
        headers = (*headers, ("Content-Type", JSON_TYPE))
    return replace(request, method=method, headers=headers, body=request.body or b"{}")


def _judge(session: Session, operation: Operation, exchange: Exchange) -> None:
    """A check of every exchange may have told the same already."""
    session.judgements += 1
    if exchange.response.status >= 400 or any(one.rule == RULE for one in session.findings):
        return
    method = exchange.request.method
    session.found(
        Finding(
            rule=RULE,
            operation=f"{method} {operation.path}",
            severity=Severity.HIGH,
            message=f"{method} is served at a path for which the document does not have it",
            expected="405 (or 404, 501) for a method that the document does not have",
            source="document #/paths; RFC 9110 section 15.5.6",
            came=answer_text(exchange),
            exchange=exchange,
        )
    )
