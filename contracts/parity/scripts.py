"""Sequences written by hand, for what no schema tells; those that fit the document.

A script is a plain case: it acts, and leaves the judging to the twin run.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Final, TypeAlias

from contracts.actors import ANONYMOUS, STRANGER
from contracts.exchange import Request
from contracts.parity import calcom_scripts
from contracts.stops import NotJudged
from contracts.suites.bodies import good_texts
from contracts.suites.flawed import flawed_bodies, flawed_texts
from contracts.suites.lifecycle.paging import pages_of
from contracts.suites.lifecycle.things import things_of
from contracts.suites.provisions import (
    action_of,
    create,
    item_of,
    new_body,
    operation_of,
    path_values,
)
from contracts.suites.session import Case, Session, parameter_text
from contracts.yardstick import Yardstick
from mockserver.model import MISSING, Json
from mockserver.openapi import Operation, Parameter

Script: TypeAlias = Callable[[Session], None]

_IDS: Final = ("understudy", "-1", "0", "1.5", "999999999", "2147483648", "9007199254740993")
_FEW_IDS: Final = ("understudy", "-1", "9007199254740993")
_MANY: Final = 8
_SOME: Final = 4
_FEW: Final = 3
_SCRIPTS: Final = "Größe 日本語 👋 <b>&amp;</b>"
_VERBS: Final = ("PUT", "PATCH", "DELETE", "POST", "GET", "HEAD", "OPTIONS")
_NO_JSON: Final = ((b"a=b", "application/x-www-form-urlencoded"), (b"words", "text/plain"))


def cases(yardstick: Yardstick) -> Iterator[Case]:
    """The scripts, in their order: those of a known API first."""
    if yardstick.domain == "calcom":
        yield from calcom_scripts.cases(yardstick)
    for name, run in (
        ("glance", _glance),
        ("at-once", _at_once),
        ("queries", _queries),
        ("pages", _pages),
        ("routes", _routes),
        ("twice", _twice),
        ("flaws", _flaws),
        ("credentials", _credentials),
        ("ids", _ids),
        ("headers", _headers),
        ("bodies", _bodies),
        ("verbs", _verbs),
    ):
        for operation in yardstick.operations:
            yield _case(operation, name, run)


def _case(operation: Operation, name: str, run: Callable[[Operation, Session], None]) -> Case:
    return Case("script", operation.label, name, partial(run, operation))


def _glance(operation: Operation, session: Session) -> None:
    """One good request, and one of each kind that is told at length below."""
    path = path_values(session, operation)
    session.call(operation, path, body=_body(session, operation), actor=ANONYMOUS)
    for parameter in operation.parameters:
        if parameter.where == "header" and parameter.required:
            body = _body(session, operation)
            session.call(operation, path, headers={parameter.name: None}, body=body)
    names = [one.name for one in operation.parameters if one.where == "path"]
    for id in _FEW_IDS if names else ():
        session.call(operation, {**path, names[-1]: id}, body=_body(session, operation))
    if session.yardstick.request_schema(operation) is not None:
        session.call(operation, path)
    session.call(operation, path, body=_body(session, operation))


def _at_once(operation: Operation, session: Session) -> None:
    """The same request several times at once; twice for one that reads, for time is compared."""
    if operation.method == "GET":
        first = next(one for one in session.yardstick.operations if one.method == "GET")
        request = session.request(operation, path_values(session, operation))
        for _ in range(2 if operation is first else 0):
            session.parallel([request] * _MANY)
        return
    path = path_values(session, operation)
    session.parallel([session.request(operation, path, body=_body(session, operation))] * _SOME)
    action = action_of(session, operation)
    listing = operation_of(session, action.resource, "list") if action is not None else None
    if listing is not None:
        session.call(listing, path_values(session, listing, path))


def _queries(operation: Operation, session: Session) -> None:
    """Each query parameter with values that its schema takes, and with such as it does not."""
    asked = [one for one in operation.parameters if one.where == "query"]
    path = path_values(session, operation) if asked else {}
    for parameter in asked:
        good = good_texts(session.yardstick, parameter)[:_FEW]
        bad = [str(one.value) for one in flawed_texts(session.yardstick, parameter)]
        for text in (*good, *bad, ""):
            body = _body(session, operation)
            session.call(operation, path, query=[(parameter.name, text)], body=body)


def _pages(operation: Operation, session: Session) -> None:
    """The first pages of one row each, of a list that has some."""
    pages = pages_of(operation)
    thing = next(
        (one for one in things_of(session.yardstick) if operation in one.operations.values()), None
    )
    if not pages.can_walk or thing is None or thing.maker is None:
        return
    for _ in range(_FEW):
        create(session, thing.maker.resource)
    path = path_values(session, operation)
    for number in range(_FEW):
        session.call(operation, path, query=pages.query(1, number))


def _routes(operation: Operation, session: Session) -> None:
    """Paths beside the documented ones: with a slash, in capitals, with a part more."""
    if not _is_first(session, operation):
        return
    path = path_values(session, operation)
    request = session.request(operation, path, body=_body(session, operation))
    for other in (f"{request.path}/", request.path.upper(), f"{request.path}/internal"):
        session.send(Request("GET", other, request.headers, None, request.actor))


def _twice(operation: Operation, session: Session) -> None:
    """The same body again, beside the first and after it has gone; and one in other scripts."""
    action = action_of(session, operation)
    body = _body(session, operation)
    if action is None or action.kind != "create" or not isinstance(body, dict):
        return
    path = path_values(session, operation)
    item = item_of(session, session.call(operation, path, body=body))
    session.call(operation, path, body=body)
    texts = {name: f"{text} {_SCRIPTS}" for name, text in body.items() if isinstance(text, str)}
    for name, text in texts.items():
        session.call(operation, path, body={**new_body(session, operation), name: text})
    for kind in ("delete", "read", "update", "list"):
        other = operation_of(session, action.resource, kind) if item is not None else None
        if other is not None and item is not None:
            sent: Json = {} if kind == "update" else MISSING
            session.call(other, {**path, **item.path}, body=sent)
    session.call(operation, path, body=body)


def _flaws(operation: Operation, session: Session) -> None:
    """Bodies with one flaw each, some of each kind."""
    schema = session.yardstick.request_schema(operation)
    base = _body(session, operation)
    if schema is None or not isinstance(base, dict):
        return
    path = path_values(session, operation)
    sent: Counter[str] = Counter()
    for flawed in flawed_bodies(session.yardstick, schema, base):
        sent[flawed.flaw] += 1
        if sent[flawed.flaw] <= _FEW:
            session.call(operation, path, body=flawed.value)


def _credentials(operation: Operation, session: Session) -> None:
    path = path_values(session, operation)
    for actor in (ANONYMOUS, STRANGER, *session.bench.actors.names[1:]):
        with suppress(NotJudged):
            session.call(operation, path, body=_body(session, operation), actor=actor)


def _ids(operation: Operation, session: Session) -> None:
    """Ids that nothing has, in the place of each path parameter, the last one first."""
    names = [one.name for one in operation.parameters if one.where == "path"]
    if not names:
        return
    path = path_values(session, operation)
    for name in reversed(names):
        for id in _IDS:
            session.call(operation, {**path, name: id}, body=_body(session, operation))


def _headers(operation: Operation, session: Session) -> None:
    """Without each header that is required, with a value that it does not know, and with those
    that it has for other operations."""
    required = [one for one in operation.parameters if one.where == "header" and one.required]
    if not required:
        return
    path = path_values(session, operation)
    for parameter in required:
        for value in (None, "understudy", *_elsewhere(session.yardstick, operation, parameter)):
            headers = {parameter.name: value}
            session.call(operation, path, headers=headers, body=_body(session, operation))


def _elsewhere(yardstick: Yardstick, operation: Operation, parameter: Parameter) -> Iterator[str]:
    """What the header *parameter* is sent with to other operations."""
    named = [
        other
        for other in yardstick.operations
        for one in other.parameters
        if (one.where, one.name) == ("header", parameter.name)
    ]
    own = parameter_text(yardstick, operation, parameter.name)
    texts = dict.fromkeys(parameter_text(yardstick, one, parameter.name) for one in named)
    yield from (text for text in texts if text != own)


def _bodies(operation: Operation, session: Session) -> None:
    """No body, none that is JSON, and JSON that is no object."""
    if session.yardstick.request_schema(operation) is None:
        return
    path = path_values(session, operation)
    session.call(operation, path)
    for content, kind in _NO_JSON:
        session.call(operation, path, headers={"Content-Type": kind}, body=content)
    bodies: tuple[Json, ...] = ([], None, "text", b"{", b"")
    for body in bodies:
        session.call(operation, path, body=body)


def _verbs(operation: Operation, session: Session) -> None:
    """Methods that the path does not have; told once for each path."""
    if not _is_first(session, operation):
        return
    request = session.request(operation, path_values(session, operation))
    path = request.path
    for verb in _VERBS:
        if verb not in session.yardstick.methods(path):
            session.send(Request(verb, path, request.headers, None, request.actor))


def _is_first(session: Session, operation: Operation) -> bool:
    """Whether it is the first of those at its path."""
    at_path = (one for one in session.yardstick.operations if one.path == operation.path)
    return next(at_path) is operation


def _body(session: Session, operation: Operation) -> Json:
    has_body = session.yardstick.request_schema(operation) is not None
    return new_body(session, operation) if has_body else MISSING
