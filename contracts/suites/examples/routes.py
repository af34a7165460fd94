"""A path in another spelling leads to the same as the path itself, or nowhere."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from contracts.actors import ANONYMOUS
from contracts.exchange import Exchange, Request
from contracts.stops import NotJudged
from contracts.suites.examples.trials import case, ground
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.model import MISSING, Json
from mockserver.openapi import Operation

_NOWHERE: Final = frozenset({400, 401, 403, 404, 405, 410, 414, 421})
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_SOURCE: Final = "RFC 3986 section 6.2.2; document #/paths"


def route_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """`spellings` for each operation that reads."""
    for operation in yardstick.operations:
        if operation.method == "GET" and operation.path != "/":
            yield case(operation, "spellings", partial(_try, operation))


def spellings(path: str) -> Iterator[tuple[str, str]]:
    """What is other about a spelling, and the path (percent-encoded) in it."""
    yield "a slash at its end", f"{path}/"
    head, _, last = path.rpartition("/")
    if head:
        yield "two slashes", f"{head}//{last}"
    yield "other letters", "/".join(_turned(part) for part in path.split("/"))


def _turned(part: str) -> str:
    """In capitals; what is no word (an id, a number) stays as it is."""
    is_word = part.replace("-", "").replace("_", "").isalpha()
    return part.upper() if is_word else part


def _try(operation: Operation, session: Session) -> None:
    path = ground(session, operation)
    usual = session.request(operation, path)
    before = session.send(usual)
    if not before.is_success:
        raise NotJudged("the path itself is not served")
    given = {unquote(one) for one in path.values()}
    for how, spelled in spellings(usual.path):
        if how == "other letters" and any(one.isalpha() for one in given):
            continue  # ids may be told apart by the case of their letters
        if _is_documented(session, operation, spelled):
            continue
        request = replace(usual, target=spelled + usual.target[len(usual.path) :])
        exchange = session.bench.target.send(request, case=session.case.id)
        session.exchanges.append(exchange)
        _judge(session, before, exchange, how)
        if exchange.is_success:
            _judge_door(session, operation, before, request, how)


def _is_documented(session: Session, operation: Operation, path: str) -> bool:
    """Whether the document itself says what is at *path*. An empty value is no item."""
    match = session.yardstick.match(operation.method, path)
    return match is not None and all(match.path_values.values())


def _judge(session: Session, before: Exchange, exchange: Exchange, how: str) -> None:
    status = exchange.response.status
    if exchange.is_success:
        holds = status == before.response.status and _is_same(session, before, exchange)
    elif status in _MOVED:
        holds = _leads_back(before.request, exchange)
    else:
        holds = status in _NOWHERE or status >= 429
    session.expect(
        holds,
        "path-spelling-differs",
        exchange,
        message=f"The path with {how} leads to something else than the path itself",
        expected="the same answer, a redirect to the path itself, or 404",
        source=_SOURCE,
        cause=how,
        story=(before,),
    )


def _is_same(session: Session, before: Exchange, exchange: Exchange) -> bool:
    """Whether both answers say the same, or the path itself says something else each time. The
    order of lists is for other cases to judge."""
    shown = _unordered(before.response.json)
    if _unordered(exchange.response.json) == shown:
        return True
    again = session.send(before.request)
    return _unordered(again.response.json) != shown


def _unordered(value: Json) -> str:
    """*value* as text, the same in whatever order lists and objects are."""
    if isinstance(value, dict):
        inner = {name: _unordered(one) for name, one in value.items()}
        return json.dumps(inner, sort_keys=True)
    if isinstance(value, list):
        return json.dumps(sorted(_unordered(one) for one in value))
    return "" if value is MISSING else json.dumps(value)


def _leads_back(usual: Request, exchange: Exchange) -> bool:
    location = exchange.response.header("location") or ""
    leads = urlsplit(urljoin(exchange.request.path, location)).path
    return unquote(leads).rstrip("/") == unquote(usual.path)


def _judge_door(
    session: Session, operation: Operation, before: Exchange, request: Request, how: str
) -> None:
    """Who may not see the path may not see it in another spelling."""
    plain = session.request(operation, before.path_values, actor=ANONYMOUS)
    if session.send(plain).is_success:
        return
    asked = replace(request, headers=plain.headers, actor=ANONYMOUS)
    exchange = session.bench.target.send(asked, case=session.case.id)
    session.exchanges.append(exchange)
    session.expect(
        not exchange.is_success,
        "path-spelling-unprotected",
        exchange,
        message=f"The path with {how} is served without a credential, and the path itself is not",
        expected="a refusal, as for the path itself",
        source="document, the operation's security",
        cause=how,
        story=(before,),
    )
