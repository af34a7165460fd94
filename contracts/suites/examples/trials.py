"""What the cases of this suite share: where a request goes, and what a good answer is."""

from collections.abc import Callable, Mapping
from typing import Final

from contracts.checks.places import source_of
from contracts.exchange import READING, Exchange
from contracts.findings import Severity
from contracts.stops import Refused
from contracts.suites.provisions import action_of, create, new_body, path_values
from contracts.suites.session import Case, Session
from mockserver.model import MISSING, Json
from mockserver.openapi import Operation

SUITE: Final = "examples"
Try = Callable[[Session], None]


def case(operation: Operation, rule: str, run: Try, actors: tuple[str, ...] = ()) -> Case:
    """A case of this suite."""
    writes = operation.method not in READING
    return Case(SUITE, operation.label, rule, run, actors, writes)


def ground(
    session: Session, operation: Operation, given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Path values for a trial of *operation*.

    What is changed is an item that only the trials of this operation use, so that no other case
    stumbles over what they leave behind; what is deleted is a new one.
    """
    action = action_of(session, operation)
    if action is None or action.kind not in ("update", "replace"):
        return path_values(session, operation, given)
    name = action.resource.id_name
    if name in (given or {}) or name in session.bench.bindings:
        return path_values(session, operation, given)
    key = (SUITE, operation.label)
    try:
        if key not in session.bench.shared:
            above = path_values(session, operation, {**(given or {}), name: ""})
            parents = {parent: value for parent, value in above.items() if parent != name}
            session.bench.shared[key] = create(session, action.resource, parents).id
    except Refused:
        return path_values(session, operation, given)
    return path_values(session, operation, {**(given or {}), name: session.bench.shared[key]})


def new_ground(session: Session, operation: Operation) -> dict[str, str]:
    """As `ground`, with an item that no trial has touched yet."""
    session.bench.shared.pop((SUITE, operation.label), None)
    return ground(session, operation)


def is_good_alone(session: Session, operation: Operation) -> bool:
    """Whether the plain good request is served: what else would a refusal tell?"""
    path, body = ground(session, operation), new_body(session, operation)
    return session.call(operation, path, body=body).is_success


def successes(operation: Operation) -> tuple[str, ...]:
    """The documented statuses of success: `201`, `2XX`."""
    return tuple(status for status in operation.responses if status.startswith("2"))


def expect_success(
    session: Session,
    exchange: Exchange,
    *,
    what: str,
    rule: str = "good-request-refused",
    cause: str = "",
    severity: Severity = Severity.HIGH,
    source: str = "",
) -> bool:
    """Judge that a good request got the success that is documented for it.

    A status that is not documented at all is left to the checks of every exchange.
    """
    operation = exchange.operation
    assert operation is not None
    documented = successes(operation)
    source = source or source_of(operation, "responses")
    promised = " or ".join(documented) or "2XX"
    if not exchange.is_success:
        return session.expect(
            False,
            rule,
            exchange,
            message=f"{what} is good by the document, and is answered {exchange.response.status}",
            expected=f"{promised} for {what}",
            source=source,
            cause=cause,
            severity=severity,
        )
    return session.expect(
        operation.response_key(exchange.response.status) in (None, *documented),
        "wrong-success-status",
        exchange,
        message=f"{what} is answered {exchange.response.status} instead of {promised}",
        expected=f"{promised} for {what}",
        source=source,
        severity=Severity.MEDIUM,
    )


def expect_refusal(
    session: Session,
    exchange: Exchange,
    fitting: frozenset[int],
    *,
    what: str,
    source: str,
    cause: str,
    rule: str = "invalid-input-accepted",
    severity: Severity = Severity.HIGH,
) -> bool:
    """Judge that a bad request was refused, with one of the *fitting* statuses.

    A 5xx is left to the checks that hold for every exchange.
    """
    status = exchange.response.status
    promised = ", ".join(str(one) for one in sorted(fitting))
    if status < 400:
        return session.expect(
            False,
            rule,
            exchange,
            message=f"A request is accepted although {what}",
            expected=f"a refusal ({promised}), for {what}",
            source=source,
            cause=cause,
            severity=severity,
        )
    return session.expect(
        status in fitting or status >= 500 or status == 429,
        "wrong-error-status",
        exchange,
        message=f"A request is refused with {status}, which does not tell that {what}",
        expected=f"one of {promised}, for {what}",
        source=source,
        cause=cause,
        severity=Severity.MEDIUM,
    )


def has_reason(exchange: Exchange) -> bool:
    """Whether a refusal says anything in its body."""
    return exchange.response.json not in (MISSING, None, {}, [], "")


def shown(value: Json) -> str:
    """A value in a message, short."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}..."
