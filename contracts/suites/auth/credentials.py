"""Every operation without a credential, with wrong, ended and malformed ones."""

import base64
from collections.abc import Iterator
from functools import partial
from typing import Final

from contracts.actors import ANONYMOUS, OWNER, STRANGER
from contracts.checks.places import source_of
from contracts.exchange import READING
from contracts.stops import NotJudged
from contracts.suites.auth.judging import (
    allows_anybody,
    case,
    expect_no_data,
    expect_unauthenticated,
    expect_unchanged,
    look,
)
from contracts.suites.auth.rules import accepts_bare_credential, refuses_bad_credentials
from contracts.suites.provisions import new_body, path_values
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation

EXPIRED: Final = "expired"


def credential_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """Four cases for each operation that the document secures."""
    for operation in yardstick.operations:
        if not yardstick.driving(operation).security:
            continue
        yield case(operation, "anonymous", partial(_anonymous, operation))
        yield case(operation, "stranger", partial(_bad, operation, STRANGER))
        yield case(operation, "expired", partial(_bad, operation, EXPIRED), (EXPIRED,))
        yield case(operation, "malformed-credential", partial(_malformed, operation))


def _anonymous(operation: Operation, session: Session) -> None:
    path = path_values(session, operation)
    if allows_anybody(session, operation):
        exchange = session.call(operation, path, body=new_body(session, operation), actor=ANONYMOUS)
        session.expect(
            exchange.response.status not in (401, 403),
            "anonymous-refused",
            exchange,
            message="A caller without a credential is refused where the document lets anybody in",
            expected="an answer as for everybody (`security` has an empty requirement)",
            source=source_of(operation, "security"),
        )
        return
    before = _view(session, operation, path)
    exchange = session.call(operation, path, body=new_body(session, operation), actor=ANONYMOUS)
    if expect_unauthenticated(session, exchange, "A caller without a credential", "auth-ignored"):
        expect_no_data(session, exchange)
        after = _view(session, operation, path)
        expect_unchanged(session, exchange, before, after, "A caller without a credential")


def _view(session: Session, operation: Operation, path: dict[str, str]) -> object:
    """The owner's view of what a write is about; nothing is read for operations that read."""
    return None if operation.method in READING else look(session, operation, path)


def _bad(operation: Operation, actor: str, session: Session) -> None:
    """Where anybody is let in, a bad credential may be overlooked as well."""
    path = path_values(session, operation)
    exchange = session.call(operation, path, body=new_body(session, operation), actor=actor)
    session.judgements += 1
    strict = refuses_bad_credentials(session.yardstick, operation)
    if allows_anybody(session, operation) and not strict:
        return
    who, rule = (
        ("A caller with a credential that nobody has", "auth-any-token-accepted")
        if actor == STRANGER
        else ("A caller with an expired credential", "expired-credential-accepted")
    )
    if expect_unauthenticated(session, exchange, who, rule):
        expect_no_data(session, exchange)


def _malformed(operation: Operation, session: Session) -> None:
    strict = refuses_bad_credentials(session.yardstick, operation)
    if allows_anybody(session, operation) and not strict:
        raise NotJudged("anybody is let in, so a malformed credential may be overlooked")
    if OWNER not in session.bench.actors:
        raise NotJudged("needs the actor owner: give --as owner=ENV_VAR")
    driving = session.yardstick.driving(operation)
    shown = dict(session.bench.actors.headers(driving, OWNER))
    if "Authorization" not in shown and strict:
        raise NotJudged("the credential is not sent as Authorization")
    for name in shown:
        for kind, text in _spoilt(session, name, shown[name]):
            if strict and not text.strip():
                continue
            _judge(session, operation, name, kind, text)


def _judge(session: Session, operation: Operation, name: str, kind: str, text: str) -> None:
    path = path_values(session, operation)
    body = new_body(session, operation)
    spoilt = {name: text}
    exchange = session.call(operation, path, headers=spoilt, body=body, actor=ANONYMOUS)
    if exchange.response.status == 400:
        session.judgements += 1
        return
    who = f"A caller with {kind} in {name}"
    if expect_unauthenticated(session, exchange, who, "malformed-credential-accepted"):
        expect_no_data(session, exchange)


def _spoilt(session: Session, name: str, good: str) -> Iterator[tuple[str, str]]:
    """Header values that are no credential of the documented scheme. 400 is right for them too.

    Source: RFC 9110 section 11.4, RFC 6750 section 3.1.
    """
    yield "nothing", ""
    if not good.startswith("Basic "):
        yield "a credential with letters behind it", f"{good}understudy"
    if name.lower() != "authorization":
        return
    scheme, _, secret = good.partition(" ")
    yield "a scheme without a credential", f"{scheme} "
    other = "Basic" if scheme != "Basic" else "Bearer"
    spelled = base64.b64encode(f"{secret}:".encode()).decode() if other == "Basic" else secret
    yield f"the scheme {other}", f"{other} {spelled}"
    yield "a scheme that does not exist", f"Understudy {secret}"
    if not accepts_bare_credential(session.yardstick):
        yield "a credential without a scheme", secret
