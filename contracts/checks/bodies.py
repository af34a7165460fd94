"""Whether the body of an answer fits the schema that is documented for its status."""

from collections.abc import Iterator
from typing import Final

from contracts.checks.misplaced import misplaced
from contracts.checks.places import general
from contracts.checks.promises import Promise, body_validator, promise_of
from contracts.exchange import Exchange
from contracts.findings import Finding, Severity
from contracts.yardstick import Yardstick
from mockserver.model import MISSING, Json, Violation

_SHOWN: Final = 120


def body_fits_schema(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """The body fits its schema; a success carries no error, an error no success."""
    body = exchange.response.json
    if body is MISSING or exchange.response.is_cut:
        return
    promise, validator = promise_of(exchange, yardstick), body_validator(exchange, yardstick)
    fits = validator is not None and validator.is_valid(body)
    if (finding := misplaced(exchange, yardstick, fits=fits)) is not None:
        yield finding
    elif promise is not None and validator is not None and not fits:
        seen = set()
        for violation in validator.violations(body, "response"):
            cause = _cause(violation)
            if cause not in seen:
                seen.add(cause)
                yield _finding(exchange, promise, violation, cause)


def _finding(exchange: Exchange, promise: Promise, violation: Violation, cause: str) -> Finding:
    where = violation.pointer or "the body"
    if violation.rule == "writeOnly":
        rule = "write-only-property"
        message = f"{where} is only ever sent by clients (`writeOnly`): take it out of the answers."
    else:
        rule = "body-does-not-fit-schema"
        message = f"{where} {violation.message}, by the schema of {promise.key} answers."
    return Finding(
        rule=rule,
        operation=exchange.label,
        severity=Severity.HIGH if exchange.is_success else Severity.MEDIUM,
        message=message,
        expected=f"{where} {violation.message}",
        source=f"{promise.source}/content",
        came=_came(exchange, violation.value),
        exchange=exchange,
        cause=cause,
    )


def _cause(violation: Violation) -> str:
    """`/items/*/price minimum`: the same for every item and every value."""
    return f"{general(violation.place)} {violation.rule}".strip()


def _came(exchange: Exchange, value: Json) -> str:
    if value is MISSING:
        return f"{exchange.response.status}, and nothing there"
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
