"""Whether the status of an answer is one that the document has for the operation."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from contracts.checks.places import addressed, label_of, methods_at, named, source_of
from contracts.checks.promises import promise_of
from contracts.exchange import Exchange
from contracts.findings import Finding, Severity
from contracts.yardstick import Yardstick

_OFFERED: Final = ("HEAD", "OPTIONS")
"""Methods that servers answer on their own; documents seldom list them."""
_ANNOUNCED: Final = ("501", "503")
"""Failures that a document may announce as a state of the service."""


def status_is_documented(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """Every status is documented, by itself, by its range or by `default`."""
    operation, status = addressed(exchange), exchange.response.status
    if operation is None or status >= 500 or promise_of(exchange, yardstick) is not None:
        return
    documented = ", ".join(operation.responses) or "none"
    yield Finding(
        rule="undocumented-status",
        operation=exchange.label,
        severity=Severity.MEDIUM if 400 <= status < 500 else Severity.HIGH,
        message=f"The answer has the status {named(status)}, which the document does not have for "
        "this operation: document it, or answer with a documented one.",
        expected=f"one of {documented}",
        source=source_of(operation, "responses"),
        came=named(status) + _leading_to(exchange),
        exchange=exchange,
        cause=str(status),
    )


def server_does_not_fail(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """No request makes the server fail.

    A documented 501 or 503 is an announced state of the service, not a failure.
    """
    status, operation = exchange.response.status, exchange.operation
    is_announced = (
        operation is not None and str(status) in _ANNOUNCED and str(status) in operation.responses
    )
    if status < 500 or is_announced:
        return
    yield Finding(
        rule="server-error",
        operation=label_of(exchange, yardstick),
        severity=Severity.HIGH,
        message=f"The server failed with {named(status)}: whatever a client sends, it should get "
        "an answer, or an error that says what is wrong with the request.",
        expected="any status below 500",
        source="RFC 9110 section 15.6",
        came=named(status),
        exchange=exchange,
        cause=str(status),
    )


def method_is_documented(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """A method that a documented path does not have is not served."""
    if exchange.operation is not None or not exchange.is_success:
        return
    methods = methods_at(exchange, yardstick)
    if not methods or exchange.request.method in _OFFERED:
        return
    yield Finding(
        rule="undocumented-method-served",
        operation=label_of(exchange, yardstick),
        severity=Severity.HIGH,
        message=f"{exchange.request.method} is not documented for this path, yet it succeeds: "
        "document it, or refuse it with 405.",
        expected=f"405, for the path has only {', '.join(methods)}",
        source="document #/paths",
        came=named(exchange.response.status),
        exchange=exchange,
        cause=exchange.request.method,
    )


def documented_method_is_allowed(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """An operation of the document is never refused as a method that is not there."""
    operation = addressed(exchange)
    if operation is None or exchange.response.status != HTTPStatus.METHOD_NOT_ALLOWED:
        return
    yield Finding(
        rule="documented-method-refused",
        operation=label_of(exchange, yardstick),
        severity=Severity.HIGH,
        message=f"The server says that the path has no {operation.method}, and the document says "
        "that it has.",
        expected=f"{operation.method} is served",
        source=source_of(operation),
        came=f"{named(405)}, Allow: {exchange.response.header('allow') or '(none)'}",
        exchange=exchange,
    )


def redirect_stays_here(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """A redirect leads to the host that was asked, for clients would show it their credentials;
    one that is documented leads wherever it is meant to.

    Not judged where that host is not known: no network was between, no `Host` header was sent, and
    the document has no server with a host.
    """
    status, location = exchange.response.status, exchange.response.header("location")
    if not 300 <= status < 400 or not location or promise_of(exchange, yardstick) is not None:
        return
    host, known = urlsplit(location).hostname, _hosts(exchange, yardstick)
    if host is None or not known or host in known:
        return
    yield Finding(
        rule="redirect-to-other-host",
        operation=label_of(exchange, yardstick),
        severity=Severity.HIGH,
        message="The answer redirects to another host: clients that follow it lose their "
        "credential, or hand it over.",
        expected=f"a redirect within {', '.join(known)}",
        source="RFC 9110 section 15.4",
        came=f"{named(status)} to {location}",
        exchange=exchange,
        cause=host,
    )


def _leading_to(exchange: Exchange) -> str:
    location = exchange.response.header("location")
    return f" to {location}" if location and 300 <= exchange.response.status < 400 else ""


def _hosts(exchange: Exchange, yardstick: Yardstick) -> list[str]:
    if exchange.response.host:
        return [exchange.response.host]
    asked = exchange.request.header("host")
    urls = [f"//{asked}"] if asked else []
    urls += [str(server.get("url", "")) for server in yardstick.document.get("servers") or ()]
    return [host for url in urls if (host := urlsplit(url).hostname)]
