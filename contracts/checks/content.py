"""Whether an answer carries what was promised: a body or none, of a documented kind, readable."""

import re
from collections.abc import Iterator
from typing import Final

from contracts.checks.places import label_of
from contracts.checks.promises import Promise, promise_of
from contracts.exchange import Exchange
from contracts.findings import Finding, Severity
from contracts.yardstick import Yardstick, is_json
from mockserver.model import MISSING

_HTML: Final = re.compile(rb"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html[\s>])", re.I | re.S)
_BODILESS: Final = (204, 205, 304)
"""Source: RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5."""


def content_is_as_documented(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """A body where one is documented, of a documented media type, and readable."""
    if exchange.request.method == "HEAD":
        return
    promise, response = promise_of(exchange, yardstick), exchange.response
    if not response.body:
        if promise is not None:
            yield from _absent(exchange, promise)
        return
    is_promised = promise is not None and bool(promise.content)
    if promise is not None and not is_promised:
        yield from _unexpected(exchange, promise)
    elif _HTML.match(response.body) and not (promise and promise.media_type("text/html")):
        yield from _html(exchange, yardstick)
        return
    elif promise is not None and promise.media_type(response.content_type) is None:
        yield from _other_kind(exchange, promise)
    if is_json(response.content_type) or (promise is not None and promise.is_json_only):
        yield from _unreadable(exchange, yardstick)


def body_is_encoded_as_told(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """The body can be read by its `Content-Encoding`."""
    response = exchange.response
    if not response.coding_flaw or response.is_cut or exchange.request.method == "HEAD":
        return
    told = response.header("content-encoding") or ""
    yield Finding(
        rule="content-encoding-wrong",
        operation=label_of(exchange, yardstick),
        severity=Severity.HIGH,
        message=f"The header Content-Encoding says {told}, and the body is something else: "
        "clients cannot read it. Encode it so, or leave the header out.",
        expected=f"a body that is encoded as {told}",
        source="RFC 9110 section 8.4",
        came=f"Content-Encoding: {told}, and {_size(exchange)} that end with {_end(response.body)}",
        exchange=exchange,
        cause=told,
    )


def names_are_unique(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """No object of a JSON body has one name twice."""
    for name in exchange.response.repeated_names:
        yield Finding(
            rule="duplicate-names",
            operation=label_of(exchange, yardstick),
            severity=Severity.MEDIUM,
            message=f"One object of the body has {name} more than once: some clients read the "
            "first, some the last, some none.",
            expected=f"{name} once in each object",
            source="RFC 8259 section 4",
            came=f"{name}, more than once",
            exchange=exchange,
            cause=name,
        )


def _absent(exchange: Exchange, promise: Promise) -> Iterator[Finding]:
    status = exchange.response.status
    if not promise.content or status in _BODILESS:
        return
    yield Finding(
        rule="body-missing",
        operation=exchange.label,
        severity=Severity.HIGH if exchange.is_success else Severity.MEDIUM,
        message=f"The answer with {status} has no body, and the document promises one.",
        expected=f"a body of {' or '.join(promise.content)}",
        source=f"{promise.source}/content",
        came=f"{status} without a body",
        exchange=exchange,
        cause=str(status),
    )


def _unexpected(exchange: Exchange, promise: Promise) -> Iterator[Finding]:
    status = exchange.response.status
    yield Finding(
        rule="unexpected-body",
        operation=exchange.label,
        severity=Severity.MEDIUM,
        message=f"The answer with {status} has a body, and the document promises none: document "
        "its content, or leave it out.",
        expected="no body",
        source=promise.source,
        came=f"{_size(exchange)} of {_kind(exchange)}",
        exchange=exchange,
        cause=str(status),
    )


def _html(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    yield Finding(
        rule="html-page",
        operation=label_of(exchange, yardstick),
        severity=Severity.HIGH if exchange.is_success else Severity.MEDIUM,
        message="The answer is a web page, as a proxy or a maintenance mode sends it, not one of "
        "the API: let whatever stands before the API answer in its form, and never with a success.",
        expected="an answer of the API",
        source="document #/paths",
        came=f"{exchange.response.status} with a page of HTML as {_kind(exchange)}",
        exchange=exchange,
        cause=str(exchange.response.status),
    )


def _other_kind(exchange: Exchange, promise: Promise) -> Iterator[Finding]:
    status, kind = exchange.response.status, _kind(exchange)
    yield Finding(
        rule="undocumented-content-type",
        operation=exchange.label,
        severity=Severity.HIGH if exchange.is_success else Severity.MEDIUM,
        message=f"The body of the answer with {status} is marked as {kind}, which the document "
        "does not have there: clients will not read it as they should.",
        expected=" or ".join(promise.content),
        source=f"{promise.source}/content",
        came=kind,
        exchange=exchange,
        cause=f"{status} {kind}",
    )


def _unreadable(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    response = exchange.response
    if response.is_cut:
        rule, told = "body-too-long", "is so long that it was not read to its end"
    elif not _is_utf8(response.body):
        rule, told = "body-not-utf-8", "is not UTF-8, which JSON has to be between systems"
    elif response.json is MISSING:
        rule, told = "body-not-json", "is no JSON: it is cut, or was never complete"
    elif _charset(exchange) not in ("", "utf-8", "utf8", "us-ascii"):
        rule, told = "body-not-utf-8", f"is marked with the charset {_charset(exchange)}"
    else:
        return
    yield Finding(
        rule=rule,
        operation=label_of(exchange, yardstick),
        severity=Severity.HIGH if exchange.is_success else Severity.MEDIUM,
        message=f"The body of the answer with {response.status} {told}.",
        expected="a complete JSON text in UTF-8",
        source="RFC 8259 sections 2 and 8.1",
        came=f"{_size(exchange)} that end with {_end(response.body)}",
        exchange=exchange,
        cause=str(response.status),
    )


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in body


def _charset(exchange: Exchange) -> str:
    told = (exchange.response.header("content-type") or "").lower()
    return told.partition("charset=")[2].partition(";")[0].strip(" \"'")


def _kind(exchange: Exchange) -> str:
    return exchange.response.content_type or "no media type"


def _size(exchange: Exchange) -> str:
    return f"{len(exchange.response.body)} bytes"


def _end(body: bytes) -> str:
    return repr(body[-20:].decode("utf-8", "replace"))
