"""openapi-core's verdict: a second opinion, from a reader of documents that is not our own.

It is slow (some milliseconds for each exchange). Where it objects to the same as the checks of this
package, their findings are given, so that they are one; what only it objects to is `openapi-core`.
"""

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final, Protocol
from urllib.parse import quote

from openapi_core.templating.paths.exceptions import PathError
from openapi_core.templating.responses.exceptions import ResponseFinderError
from openapi_core.templating.security.exceptions import SecurityFinderError
from openapi_core.validation.request.exceptions import (
    RequestBodyValidationError,
    SecurityValidationError,
)
from openapi_core.validation.response.exceptions import (
    DataValidationError,
    HeaderValidationError,
)

from contracts.checks.bodies import body_fits_schema
from contracts.checks.content import content_is_as_documented
from contracts.checks.headers import declared_headers_are_right
from contracts.checks.openapi_views import OpenApiRequest, OpenApiResponse
from contracts.checks.places import addressed, general, source_of
from contracts.checks.statuses import server_does_not_fail, status_is_documented
from contracts.exchange import Exchange, Request
from contracts.findings import Finding, Severity
from contracts.yardstick import Yardstick
from mockserver.model import MISSING, Json
from mockserver.openapi import Operation, follow


class SchemaError(Protocol):
    """The parts of jsonschema's errors that are read here; it ships no types."""

    absolute_path: Iterable[str | int]
    validator: str
    message: str
    instance: Json
    context: list["SchemaError"]


_OWN: Final[
    list[tuple[type[Exception], list[Callable[[Exchange, Yardstick], Iterable[Finding]]]]]
] = [
    (ResponseFinderError, [status_is_documented, server_does_not_fail]),
    (DataValidationError, [content_is_as_documented, body_fits_schema]),
    (HeaderValidationError, [declared_headers_are_right]),
]
"""Which of our checks look at the same as a kind of error."""
_SHOWN: Final = 200


def openapi_core_findings(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """What openapi-core says of the response. Raises SetupError where it cannot read the document.

    Its word on the request (and with it on security) is no finding of the target: see
    `request_flaws`.
    """
    if addressed(exchange) is None or exchange.response.is_cut:
        return
    request, response = OpenApiRequest.of(exchange.request), OpenApiResponse.of(exchange.response)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of deprecated headers
        errors = list(yardstick.openapi.iter_response_errors(request, response))
    for error in errors:
        if isinstance(error, PathError):  # it decodes a path before it splits it
            continue
        own = [
            finding
            for kind, checks in _OWN
            if isinstance(error, kind)
            for check in checks
            for finding in check(exchange, yardstick)
        ]
        yield from own or _findings(exchange, error)


def request_flaws(exchange: Exchange, yardstick: Yardstick) -> list[str]:
    """Why the request does not fit the document, in openapi-core's words; empty where it does.

    Credentials are not looked at.
    """
    operation = addressed(exchange)
    if operation is None:
        return []
    request = OpenApiRequest.of(_with_credential(exchange.request, operation, yardstick))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        errors = list(yardstick.openapi.iter_request_errors(request))
    return [
        _told(error)
        for error in errors
        if not isinstance(error, PathError | SecurityFinderError | SecurityValidationError)
        and not _is_good_body(error, exchange, yardstick)
    ]


def _with_credential(request: Request, operation: Operation, yardstick: Yardstick) -> Request:
    """*request* with some credential for the operation, for without one nothing else is judged."""
    schemes = yardstick.document.get("components", {}).get("securitySchemes", {})
    for name in next(iter(operation.security), {}):
        scheme = follow(yardstick.document, schemes.get(name, {}))
        key, where = str(scheme.get("name", "Authorization")), scheme.get("in", "header")
        word = str(scheme.get("scheme", "bearer")).capitalize()
        if where == "query":
            mark = "&" if "?" in request.target else "?"
            request = replace(request, target=f"{request.target}{mark}{quote(key)}=x")
        elif where == "header" and request.header(key) is None:
            shown = (key, f"{word} eDp4")
            request = replace(request, headers=(*request.headers, shown))
    return request


def _findings(exchange: Exchange, error: Exception) -> Iterator[Finding]:
    """Findings for what only openapi-core objects to.

    Its refusal of null where `nullable` stands beside a composition or an `enum` is none.
    Source: reference stack section 5.
    """
    schema_errors = [one for one in _schema_errors(error) if not _is_about_null(one)]
    if _schema_errors(error) and not schema_errors:
        return
    for cause, told in {_cause(one): one.message for one in schema_errors}.items() or [
        (type(error).__name__, _told(error))
    ]:
        operation = exchange.operation
        yield Finding(
            rule="openapi-core",
            operation=exchange.label,
            severity=Severity.MEDIUM,
            message="openapi-core, which many clients validate with, refuses the answer.",
            expected="an answer that every reader of the document accepts",
            source=source_of(operation, "responses") if operation else "document #/paths",
            came=_short(told),
            exchange=exchange,
            cause=cause,
        )


def _schema_errors(error: Exception) -> list[SchemaError]:
    return list(getattr(error.__cause__, "schema_errors", ()))


def _is_about_null(error: SchemaError) -> bool:
    return error.instance is None or any(map(_is_about_null, error.context or []))


def _cause(error: SchemaError) -> str:
    return f"{general(error.absolute_path)} {error.validator}".strip()


def _is_good_body(error: Exception, exchange: Exchange, yardstick: Yardstick) -> bool:
    """Whether openapi-core refuses a body that fits; see `_findings`."""
    operation, body = exchange.operation, exchange.request.json
    schema = yardstick.request_schema(operation) if operation else None
    if not isinstance(error, RequestBodyValidationError) or schema is None or body is MISSING:
        return False
    return yardstick.validator(schema, "request").is_valid(body)


def _told(error: Exception) -> str:
    errors = _schema_errors(error)
    if errors:
        told = "; ".join(f"{general(one.absolute_path)} {one.message}".strip() for one in errors)
    else:
        told = str(error.__cause__ or "")
    name = str(error).partition(":")[0] if isinstance(error, RequestBodyValidationError) else error
    return _short(f"{name}: {told}" if told else str(name))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
