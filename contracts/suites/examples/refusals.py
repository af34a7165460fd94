"""Each documented error that a request can provoke, and a word on those that none can."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from contracts.actors import ANONYMOUS, OTHER
from contracts.checks.places import source_of
from contracts.stops import NoAnswer, NotJudged
from contracts.suites.examples import flaws
from contracts.suites.examples.exceptions import exceptions_of
from contracts.suites.examples.telling import expect_named
from contracts.suites.examples.trials import case, expect_refusal, ground, has_reason, is_good_alone
from contracts.suites.provisions import action_of, new_body
from contracts.suites.session import Case, Options, Session, answer_text
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation

Provoke = Callable[[Operation, Session], None]

REFUSED_CALLER: Final = frozenset({401, 403})
_LARGE_BYTES: Final = 1_200_000
_UNPROVOKED: Final = {
    403: "needs a caller with fewer rights, and nothing in this path belongs to somebody",
    404: "nothing in this path can name what does not exist",
    405: "another method is another operation's matter: see undeclared-verb",
    406: "no media type is asked for that a server must refuse",
    409: "a conflict needs a history: the suite lifecycle makes some",
    429: "no limit is exhausted on purpose: a run stays below it",
    498: "needs a token that has expired, which only the API can give",
}


def refusal_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """A case for each status of refusal, by what provokes it; `status-400` gathers all flaws."""
    first = flaws.FirstSeen()
    for operation in yardstick.operations:
        found = dict(_provocations(yardstick, operation, options, first))
        for status in sorted({*found, *_documented(operation)}):
            run: Callable[[Session], None]
            if status in found:
                run = partial(found[status], operation)
                actors = (OTHER,) if status == 403 else ()
                yield case(operation, f"status-{status}", run, actors)
            else:
                yield case(operation, f"status-{status}", partial(_cannot, status))


def _documented(operation: Operation) -> list[int]:
    return [int(key) for key in operation.responses if key.isdecimal() and int(key) >= 400]


def _provocations(
    yardstick: Yardstick, operation: Operation, options: Options, first: flaws.FirstSeen
) -> Iterator[tuple[int, Provoke]]:
    driving = yardstick.driving(operation)
    documented = _documented(operation)
    has_path = any(one.where == "path" for one in operation.parameters)
    if tried := flaws.flaws_of(yardstick, operation, options, first):
        yield 400, partial(_flawed, tried)
    if driving.security and {} not in driving.security:
        yield 401, _anonymous
    if 403 in documented and has_path and driving.security:
        yield 403, _by_another
    if has_path:
        yield 404, _unknown
    if 413 in documented and operation.has_body:
        yield 413, _large
    if operation.body_content:
        yield 415, _other_media_type


def _cannot(status: int, session: Session) -> None:
    if status >= 500:
        raise NotJudged("only a failing server answers it, and no request is meant to break one")
    reason = "nothing that a request can say is documented to provoke it"
    raise NotJudged(_UNPROVOKED.get(status, reason))


def _flawed(tried: list[flaws.Provocation], operation: Operation, session: Session) -> None:
    for one in tried:
        exchange = session.send(one.make(session, ground(session, operation)))
        is_caller_refused = exchange.response.status in REFUSED_CALLER - one.fitting
        if is_caller_refused and not is_good_alone(session, operation):
            raise NotJudged(f"this caller is refused anyway: {answer_text(exchange)}")
        is_refused = expect_refusal(
            session,
            exchange,
            one.fitting,
            what=one.what,
            source=source_of(operation, *one.place),
            cause=one.cause,
        )
        if is_refused and one.names:
            expect_named(session, exchange, one.names)


def _anonymous(operation: Operation, session: Session) -> None:
    path = ground(session, operation)
    exchange = session.call(operation, path, body=new_body(session, operation), actor=ANONYMOUS)
    expect_refusal(
        session,
        exchange,
        REFUSED_CALLER,
        what="no credential is sent",
        source=source_of(operation, "security"),
        cause="no credential",
        rule="auth-ignored",
    )


def _by_another(operation: Operation, session: Session) -> None:
    """What another actor may do, the suite `auth` judges."""
    path = ground(session, operation)
    exchange = session.call(operation, path, body=new_body(session, operation), actor=OTHER)
    session.judgements += 1
    if exchange.response.status != 403:
        status = exchange.response.status
        session.unseen = f"the actor {OTHER} is answered {status} here; no other was tried"


def _unknown(operation: Operation, session: Session) -> None:
    known = ground(session, operation)
    action = action_of(session, operation)
    known_to_differ = exceptions_of(session.yardstick)
    for name in known:
        unknown = flaws.unknown_value(session.yardstick, operation, name, known[name])
        if unknown is None:
            continue
        path = {**known, name: unknown}
        exchange = session.call(operation, path, body=new_body(session, operation))
        is_own = action is not None and action.resource.id_name == name
        is_own = is_own and not known_to_differ.is_unknown_id_400(operation)
        expect_refusal(
            session,
            exchange,
            flaws.NOT_THERE if is_own else flaws.NOT_THERE | {400, 409, 422},
            what=f"{name} names nothing that exists",
            source=f"{source_of(operation, 'parameters')} ({name})",
            cause=f"unknown {name}",
            rule="unknown-id-accepted",
        )
    if not session.exchanges:
        raise NotJudged("ids are so short here that any of them may belong to somebody")


def _large(operation: Operation, session: Session) -> None:
    """A good body with so much white space behind it that a server with a limit refuses it; many
    close the connection while it still comes, which is as good."""
    request = session.request(
        operation, ground(session, operation), body=new_body(session, operation)
    )
    padded = (request.body or b"{}") + b" " * _LARGE_BYTES
    session.judgements += 1
    try:
        exchange = session.bench.target.send(flaws.with_body(request, padded), case=session.case.id)
    except NoAnswer as silence:
        session.unseen = f"a body of {_LARGE_BYTES / 1e6:.1f} MB: {silence}"
        return
    session.judge(exchange)
    if exchange.response.status != 413:
        size = f"{_LARGE_BYTES / 1e6:.1f} MB"
        session.unseen = f"a body of {size} is answered {exchange.response.status}"


def _other_media_type(operation: Operation, session: Session) -> None:
    """Where a body may be left out, one of another type may be overlooked."""
    if not operation.body_required and 415 not in _documented(operation):
        raise NotJudged("the body may be left out, and 415 is not documented")
    request = session.request(
        operation, ground(session, operation), body=new_body(session, operation)
    )
    exchange = session.send(flaws.with_content_type(request, "text/plain"))
    kinds = ", ".join(operation.body_content)
    is_refused = expect_refusal(
        session,
        exchange,
        frozenset({415, 400, 422}) - ({400, 422} if 415 in _documented(operation) else set()),
        what=f"its body is text/plain, and {kinds} is documented",
        source=source_of(operation, "requestBody", "content"),
        cause="text/plain",
        rule="content-type-not-checked",
    )
    if is_refused and not has_reason(exchange):
        session.unseen = "refused without a word of why"
