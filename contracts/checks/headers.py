"""Whether the headers of an answer are those that the document, and HTTP, promise."""

import re
from collections.abc import Iterator, Mapping

from contracts.checks.known_headers import is_known
from contracts.checks.places import addressed, label_of, methods_at
from contracts.checks.promises import HeaderPromise, promise_of
from contracts.exchange import Exchange
from contracts.findings import Finding, Severity
from contracts.rate_limits import overdrafts
from contracts.yardstick import Yardstick
from mockserver.model import Document, Json
from mockserver.openapi import follow


def declared_headers_are_right(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """Each required header is there, and each declared one fits its schema."""
    promise = promise_of(exchange, yardstick)
    for header in promise.headers if promise else ():
        text = exchange.response.header(header.name)
        if text is None and header.required:
            yield _header_finding(
                exchange,
                yardstick,
                header,
                "header-missing",
                f"The answer with {exchange.response.status} has no header {header.name}, which "
                "the document requires.",
                "not there",
            )
        elif text is not None and not _fits(text, header.schema, yardstick):
            yield _header_finding(
                exchange,
                yardstick,
                header,
                "header-does-not-fit-schema",
                f"The header {header.name} has a value that its schema does not allow.",
                f"{header.name}: {text}",
            )


def headers_are_declared(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """Headers of the API's own are documented."""
    promise = promise_of(exchange, yardstick)
    if promise is None:
        return
    declared = {header.name.lower() for header in promise.headers}
    for name in dict.fromkeys(name.lower() for name, _ in exchange.response.headers):
        if name in declared or is_known(name):
            continue
        yield Finding(
            rule="undeclared-header",
            operation=exchange.label,
            severity=Severity.LOW,
            message=f"The answer has a header {name}, which the document does not have: declare "
            "it, if clients are to use it.",
            expected=f"well known headers, and {', '.join(sorted(declared)) or 'no others'}",
            source=promise.source,
            came=name,
            exchange=exchange,
            cause=name,
        )


def rate_limits_agree(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """No more requests are left than the limit allows."""
    for said in overdrafts(exchange.response):
        yield Finding(
            rule="rate-limits-contradict",
            operation=label_of(exchange, yardstick),
            severity=Severity.LOW,
            message="More requests are said to be left than the limit allows.",
            expected=f"{said.remaining_name}: at most {said.limit}",
            source="what `limit` and `remaining` mean (IETF draft RateLimit header fields)",
            came=f"{said.limit_name}: {said.limit}, {said.remaining_name}: {said.remaining}",
            exchange=exchange,
        )


def https_is_not_demanded_in_the_clear(
    exchange: Exchange, yardstick: Yardstick
) -> Iterator[Finding]:
    """Who answers without TLS does not demand it: a header that clients then have to ignore."""
    demanded = exchange.response.header("strict-transport-security")
    if demanded is None or exchange.response.is_secure:
        return
    yield Finding(
        rule="transport-security-in-the-clear",
        operation=label_of(exchange, yardstick),
        severity=Severity.LOW,
        message="An answer without TLS has the header Strict-Transport-Security, which it must "
        "not have.",
        expected="no Strict-Transport-Security but over TLS",
        source="RFC 6797 section 7.2",
        came=f"Strict-Transport-Security: {demanded}",
        exchange=exchange,
    )


def allow_tells_the_methods(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """A 405 says which methods there are instead, and these are the documented ones."""
    if exchange.response.status != 405 or exchange.operation is not None:
        return
    documented = methods_at(exchange, yardstick)
    allow = exchange.response.header("allow")
    if allow is None:
        rule, told = "allow-missing", "A 405 comes without the header Allow, which it has to have."
    elif documented and _methods(allow) != _methods(", ".join(documented)):
        rule, told = "allow-differs", "The header Allow lists other methods than the document."
    else:
        return
    yield Finding(
        rule=rule,
        operation=label_of(exchange, yardstick),
        severity=Severity.MEDIUM,
        message=told,
        expected=f"Allow: {', '.join(documented)}" if documented else "a header Allow",
        source="RFC 9110 section 15.5.6",
        came="no Allow" if allow is None else f"Allow: {allow}",
        exchange=exchange,
        cause=rule,
    )


def length_is_right(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """`Content-Length` is the length of the body. Not judged for compressed bodies, whose length
    is that of what was sent."""
    response = exchange.response
    told = response.header("content-length")
    if told is None or response.is_cut or exchange.request.method == "HEAD":
        return
    coding = (response.header("content-encoding") or "identity").lower()
    if coding != "identity" or response.status in (204, 304) or told == str(len(response.body)):
        return
    yield Finding(
        rule="content-length-wrong",
        operation=label_of(exchange, yardstick),
        severity=Severity.HIGH,
        message="The header Content-Length differs from the length of the body: clients cut the "
        "body, or wait for what never comes.",
        expected=f"Content-Length: {len(response.body)}",
        source="RFC 9110 section 8.6",
        came=f"Content-Length: {told}",
        exchange=exchange,
    )


def private_answers_are_not_shared(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """What needs a credential is not offered to caches that others share."""
    operation = addressed(exchange)
    if operation is None or not exchange.is_success or not exchange.request.actor:
        return
    security = yardstick.driving(operation).security
    control = (exchange.response.header("cache-control") or "").lower()
    shared = re.search(r"\bpublic\b|\bs-maxage\s*=\s*\"?[1-9]", control)
    if not shared or not security or {} in security:
        return
    yield Finding(
        rule="private-answer-shared",
        operation=exchange.label,
        severity=Severity.HIGH,
        message="The answer needs a credential, and its Cache-Control lets shared caches keep it: "
        "others may be shown it.",
        expected="Cache-Control: private, or no-store",
        source="RFC 9111 section 3.5",
        came=f"Cache-Control: {control}",
        exchange=exchange,
    )


def _header_finding(
    exchange: Exchange,
    yardstick: Yardstick,
    header: HeaderPromise,
    rule: str,
    message: str,
    came: str,
) -> Finding:
    promise = promise_of(exchange, yardstick)
    return Finding(
        rule=rule,
        operation=exchange.label,
        severity=Severity.MEDIUM,
        message=message,
        expected=_expected(header),
        source=f"{promise.source if promise else 'document #/paths'}/headers/{header.name}",
        came=came,
        exchange=exchange,
        cause=header.name.lower(),
    )


def _expected(header: HeaderPromise) -> str:
    kind = header.schema.get("format") or header.schema.get("type") or "any value"
    return f"{header.name} ({kind})"


def _fits(text: str, schema: Mapping[str, Json], yardstick: Yardstick) -> bool:
    if not schema:
        return True
    plain: Document = follow(yardstick.document, schema)
    return yardstick.validator(schema, "response").is_valid(_read(text, plain, yardstick))


def _read(text: str, schema: Mapping[str, Json], yardstick: Yardstick) -> Json:
    """*text* as a value of the type that *schema* names, style `simple`; itself where it is none.

    Source: OpenAPI 3.0.3 "Style Values".
    """
    kind = schema.get("type")
    if kind == "array":
        inner: Document = follow(yardstick.document, schema.get("items") or {})
        return [_read(part.strip(), inner, yardstick) for part in text.split(",")]
    if kind == "integer" and re.fullmatch(r"-?\d{1,400}", text):
        return int(text)
    if kind == "number" and re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text):
        return float(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _methods(allow: str) -> frozenset[str]:
    """The methods listed, without those that servers add on their own."""
    listed = {method.strip().upper() for method in allow.split(",")}
    return frozenset(listed - {"HEAD", "OPTIONS", ""})
