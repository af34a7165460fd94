"""What a refusal of a caller has to be, and what it must leave as it was."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from contracts.actors import OWNER
from contracts.checks.places import source_of
from contracts.exchange import READING, Exchange
from contracts.findings import Severity
from contracts.suites.provisions import action_of, operation_of, payload, text_of
from contracts.suites.session import Case, Session
from mockserver.model import MISSING, Json
from mockserver.openapi import Operation

SUITE: Final = "auth"
SWAPPED: Final = "unauthenticated-vs-forbidden-swapped"
_UNAUTHORIZED: Final = "RFC 9110 section 15.5.2"
_FORBIDDEN: Final = "RFC 9110 section 15.5.4"
_EXPIRED: Final = frozenset({419, 440, 498})
"""Statuses that some APIs have for a credential that has expired; they count where documented."""


def case(
    operation: Operation, rule: str, run: Callable[[Session], None], actors: tuple[str, ...] = ()
) -> Case:
    """A case of this suite."""
    return Case(SUITE, operation.label, rule, run, actors, operation.method not in READING)


def allows_anybody(session: Session, operation: Operation) -> bool:
    return {} in session.yardstick.driving(operation).security


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is expected of an answer to a caller who may not.

    *who* as in a sentence, *rule* what it is called when the request is served all the same.
    """

    who: str
    rule: str
    source: str
    fitting: frozenset[int]


def expect_unauthenticated(session: Session, exchange: Exchange, who: str, rule: str) -> bool:
    """Judge that a caller without a good credential was refused: 401, or a documented status that
    says the same."""
    operation = exchange.operation
    assert operation is not None
    status = exchange.response.status
    if status == 403 and "401" in operation.responses:
        return session.expect(
            False,
            SWAPPED,
            exchange,
            message=f"{who} is answered 403, which says that the credential is good",
            expected="401, which the document has for this operation",
            source=f"{source_of(operation, 'responses', '401')}; {_UNAUTHORIZED}",
            cause=rule,
            severity=Severity.MEDIUM,
        )
    documented = {int(key) for key in operation.responses if key.isdecimal()}
    fitting = frozenset({401, 403}) | (_EXPIRED & documented)
    refusal = Refusal(who, rule, f"{source_of(operation, 'security')}; {_UNAUTHORIZED}", fitting)
    return expect_refused(session, exchange, refusal)


def expect_forbidden(
    session: Session, exchange: Exchange, who: str, rule: str, source: str
) -> bool:
    """Judge that a caller with a good credential and without the right was refused: 403, or 404
    where not even the existence is told."""
    if exchange.response.status == 401:
        return session.expect(
            False,
            SWAPPED,
            exchange,
            message=f"{who} is answered 401, as if the credential were not good",
            expected="403, or 404 where the existence is not to be told",
            source=f"{source}; {_FORBIDDEN}",
            cause=rule,
            severity=Severity.MEDIUM,
        )
    refusal = Refusal(who, rule, source, frozenset({403, 404}))
    return expect_refused(session, exchange, refusal)


def expect_refused(session: Session, exchange: Exchange, refusal: Refusal) -> bool:
    """Judge one answer; a 5xx is left to the checks that hold for every exchange."""
    status = exchange.response.status
    statuses = ", ".join(str(one) for one in sorted(refusal.fitting))
    if status < 400:
        return session.expect(
            False,
            refusal.rule,
            exchange,
            message=f"{refusal.who} is served",
            expected=f"a refusal ({statuses})",
            source=refusal.source,
            cause=refusal.who,
        )
    return session.expect(
        status in refusal.fitting or status >= 500 or status == 429,
        "wrong-error-status",
        exchange,
        message=f"{refusal.who} is refused with {status}, which does not tell why",
        expected=f"a refusal with one of {statuses}",
        source=refusal.source,
        cause=refusal.who,
        severity=Severity.MEDIUM,
    )


def expect_no_data(session: Session, exchange: Exchange) -> None:
    """Judge that a refusal of a request without a body shows nothing that this run has stored."""
    mark = session.options.run_id
    text = exchange.response.body.decode("utf-8", "replace").lower()
    is_own = f"understudy {mark}".lower() in text or f"understudy-{mark}".lower() in text
    session.expect(
        exchange.request.body is not None or exchange.is_success or not is_own,
        "refusal-leaks-data",
        exchange,
        message="The refusal shows what is stored to a caller who may not see it",
        expected="an error without anything of the item",
        source="RFC 9110 section 15.5.4; fault class other-tenant-readable",
    )


def look(session: Session, operation: Operation, path: Mapping[str, str]) -> Json:
    """How the owner sees the item that *path* leads to; MISSING where it cannot be seen.

    By the item's own operation, else in the list of its collection.
    """
    action = action_of(session, operation)
    if action is None or (id := path.get(action.resource.id_name)) is None:
        return MISSING
    for kind in ("read", "list"):
        reading = operation_of(session, action.resource, kind)
        if reading is not None:
            exchange = session.call(reading, _needed(reading, path), actor=OWNER)
            shown = payload(session, exchange) if exchange.is_success else MISSING
            return _with_id(shown, action.resource.id_field, id) if kind == "list" else shown
    return MISSING


def expect_unchanged(
    session: Session, exchange: Exchange, before: Json, after: Json, who: str
) -> None:
    """Judge that a refused write has done nothing. Both views are the owner's."""
    session.expect(
        before is MISSING or before == after,
        "refused-write-has-effect",
        exchange,
        message=f"{who} was refused, and the item is not as it was before",
        expected="an item that a refused request leaves as it was",
        source="RFC 9110 section 15.5",
        came="the item is gone" if after is MISSING else f"the item is now {after!r}"[:300],
    )


def _needed(operation: Operation, path: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in path.items() if f"{{{name}}}" in operation.path}


def _with_id(shown: Json, id_field: str, id: str) -> Json:
    items = shown if isinstance(shown, list) else []
    found = (one for one in items if isinstance(one, dict) and text_of(one.get(id_field)) == id)
    return next(found, MISSING)
