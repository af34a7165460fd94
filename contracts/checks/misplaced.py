"""Errors that look like successes, and successes that look like errors."""

from collections.abc import Mapping
from typing import Final

from contracts.checks.places import addressed, source_of
from contracts.exchange import Exchange
from contracts.findings import Finding, Severity
from contracts.yardstick import Yardstick, is_json
from mockserver.model import Document, Json
from mockserver.openapi import Operation, follow

_FAILED: Final = frozenset({"error", "fail", "failed", "failure"})


def misplaced(exchange: Exchange, yardstick: Yardstick, *, fits: bool) -> Finding | None:
    """The finding where a success carries an error, or an error a success.

    *fits* tells that the body fits what is documented for its status. An error in a success is
    one whose envelope says that it failed, or that fits an error and no success.
    """
    operation, body = addressed(exchange), exchange.response.json
    if operation is None or not isinstance(body, dict):
        return None
    if exchange.is_success and _is_error(exchange, yardstick, body, fits=fits):
        told = (
            "succeeds, and its body tells of an error: clients go on as if all were well. Answer "
            "with the status of that error."
        )
        return _finding(exchange, "success-with-error-body", told, "a body that tells of no error")
    if 400 <= exchange.response.status < 500 and not fits and not _names_error(body):
        told = (
            "is an error, and its body is that of a success: clients cannot tell what became of "
            "their request."
        )
        if _fits_any(operation, "2", yardstick, body):
            expected = "a body that says what is wrong"
            return _finding(exchange, "error-with-success-body", told, expected)
    return None


def _is_error(
    exchange: Exchange, yardstick: Yardstick, body: Mapping[str, Json], *, fits: bool
) -> bool:
    operation = exchange.operation
    if operation is None or _says_failed(operation, yardstick, body):
        return operation is not None
    return not fits and (_names_error(body) or _fits_any(operation, "45", yardstick, body))


def _says_failed(operation: Operation, yardstick: Yardstick, body: Mapping[str, Json]) -> bool:
    """Whether a property of the envelope that is the same in every success says the contrary."""
    action = yardstick.resources.get(yardstick.driving(operation).id)
    beside = (action.envelope.rest if action and action.envelope else None) or {}
    return any(
        isinstance(body.get(name), str) and body[name].lower() in _FAILED
        for name, usual in beside.items()
        if isinstance(usual, str) and usual.lower() not in _FAILED
    )


def _names_error(body: Mapping[str, Json]) -> bool:
    told = body.get("status")
    is_told = isinstance(told, str) and told.lower() in _FAILED
    return is_told or any(body.get(name) for name in ("error", "errors"))


def _fits_any(operation: Operation, digits: str, yardstick: Yardstick, body: Json) -> bool:
    """Whether *body* fits the JSON of an answer whose status begins with one of *digits*, and
    that says what it requires."""
    return any(
        yardstick.validator(schema, "response").is_valid(body)
        for status, content in operation.responses.items()
        for kind, schema in content.items()
        if status[0] in digits and schema and is_json(kind)
        if _requires(operation.document, schema)
    )


def _requires(document: Document, schema: Mapping[str, Json]) -> bool:
    plain: Document = follow(document, schema)
    parts = plain.get("allOf") or ()
    return bool(plain.get("required")) or any(_requires(document, part) for part in parts)


def _finding(exchange: Exchange, rule: str, told: str, expected: str) -> Finding:
    operation, status = exchange.operation, exchange.response.status
    assert operation is not None, "only answers of an operation are judged"
    key = operation.response_key(status)
    return Finding(
        rule=rule,
        operation=exchange.label,
        severity=Severity.HIGH,
        message=f"The answer with {status} {told}",
        expected=expected,
        source=source_of(operation, "responses", *([key] if key else [])),
        came=_shown(exchange),
        exchange=exchange,
        cause=str(status),
    )


def _shown(exchange: Exchange) -> str:
    text = exchange.response.body[:200].decode("utf-8", "replace")
    return f"{exchange.response.status} {text}"
