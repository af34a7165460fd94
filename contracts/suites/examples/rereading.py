"""Reading again in the ways that HTTP has for it: HEAD, `If-None-Match`, and from a web page."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from contracts.checks.places import source_of
from contracts.exchange import Exchange
from contracts.findings import Severity
from contracts.stops import NotJudged
from contracts.suites.examples.trials import case, ground
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation

_NOT_SERVED: Final = frozenset({404, 405, 501})
_ORIGIN: Final = "https://understudy.example"
_ALLOW_ORIGIN: Final = "Access-Control-Allow-Origin"


def rereading_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """`head`, `if-none-match` and `other-origin` for each operation that reads."""
    for operation in yardstick.operations:
        if operation.method != "GET":
            continue
        if yardstick.match("HEAD", operation.path) is None:
            yield case(operation, "head", partial(_head, operation))
        yield case(operation, "if-none-match", partial(_if_none_match, operation))
        yield case(operation, "other-origin", partial(_other_origin, operation))


def _read(session: Session, operation: Operation, **headers: str) -> Exchange:
    exchange = session.call(operation, ground(session, operation), headers=headers)
    if not exchange.is_success:
        raise NotJudged(f"the path itself is answered {exchange.response.status}")
    return exchange


def _head(operation: Operation, session: Session) -> None:
    """HEAD answers as GET does, without a body; it need not be served at all."""
    read = _read(session, operation)
    asked = replace(read.request, method="HEAD")
    exchange = session.bench.target.send(asked, case=session.case.id)
    session.exchanges.append(exchange)
    came, usual = exchange.response, read.response
    if came.status in _NOT_SERVED:
        session.judgements += 1
        return
    kind = came.content_type
    session.expect(
        came.status == usual.status and not came.body and kind in ("", usual.content_type),
        "head-differs-from-get",
        exchange,
        message="HEAD is served, and answers otherwise than GET without its body",
        expected=f"{usual.status}, {usual.content_type or 'no media type'} and no body, or 405",
        source="RFC 9110 section 9.3.2",
        came=f"{came.status}, {kind or 'no media type'} and {len(came.body)} bytes",
        severity=Severity.LOW,
        story=(read,),
    )


def _if_none_match(operation: Operation, session: Session) -> None:
    """Whoever has what is there is told so, or given it again; whoever has not is given it."""
    read = _read(session, operation)
    tag = read.response.header("etag")
    if not tag:
        raise NotJudged("the answer has no ETag")
    same = _read_if(session, read, tag)
    session.expect(
        _is_not_modified(same) or same.response.body == read.response.body,
        "conditional-get-broken",
        same,
        message="The ETag that was just given is answered neither with 304 nor with the same body",
        expected="304 without a body, or the same answer again",
        source="RFC 9110 section 13.1.2",
        cause="same",
        story=(read,),
    )
    other = _read_if(session, read, '"understudy-never-given"')
    session.expect(
        other.response.status == read.response.status,
        "conditional-get-broken",
        other,
        message="An ETag that was never given is taken for what is there",
        expected=f"{read.response.status} and the whole answer",
        source="RFC 9110 section 13.1.2",
        cause="other",
        story=(read,),
    )


def _read_if(session: Session, read: Exchange, tag: str) -> Exchange:
    request = replace(read.request, headers=(*read.request.headers, ("If-None-Match", tag)))
    exchange = session.bench.target.send(request, case=session.case.id)
    session.exchanges.append(exchange)
    return exchange


def _is_not_modified(exchange: Exchange) -> bool:
    return exchange.response.status == 304 and not exchange.response.body


def _other_origin(operation: Operation, session: Session) -> None:
    """What a preflight promises to a web page, the answer keeps."""
    path = ground(session, operation)
    usual = session.request(operation, path)
    asking = (
        ("Origin", _ORIGIN),
        ("Access-Control-Request-Method", operation.method),
        ("Access-Control-Request-Headers", ", ".join(name.lower() for name, _ in usual.headers)),
    )
    preflight = replace(usual, method="OPTIONS", headers=asking, body=None, actor="")
    promised = session.bench.target.send(preflight, case=session.case.id)
    session.exchanges.append(promised)
    allowed = promised.response.header(_ALLOW_ORIGIN)
    if not promised.is_success or allowed not in ("*", _ORIGIN):
        raise NotJudged("no preflight of another origin is let in")
    exchange = session.call(operation, path, headers={"Origin": _ORIGIN})
    shown = exchange.response.header(_ALLOW_ORIGIN)
    session.expect(
        shown in ("*", _ORIGIN),
        "cross-origin-denied",
        exchange,
        message="The preflight lets a web page call the operation, and the answer then keeps it "
        "from reading what came",
        expected=f"{_ALLOW_ORIGIN}: {allowed}, as the preflight said",
        source=f"{source_of(operation)}; Fetch standard, section CORS check",
        came=f"{_ALLOW_ORIGIN}: {shown}" if shown else f"no {_ALLOW_ORIGIN}",
        severity=Severity.MEDIUM,
        story=(promised,),
    )
