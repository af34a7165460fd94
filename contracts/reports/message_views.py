"""Requests, responses and findings as the HTML page shows them: bounded, with places marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from contracts.exchange import Exchange, Headers
from contracts.findings import Finding
from contracts.reports.curl import NEW_LINE, curl_of
from contracts.reports.pretty_json import json_lines, pointers_in
from contracts.reports.printable import body_text, visible
from mockserver.errors import status_title
from mockserver.model import MISSING, Json

_LONGEST_BODY_BYTES: Final = 20_000
_LONGEST_JSON_BYTES: Final = 250_000
_LONGEST_EARLIER_BYTES: Final = 2_000
_LONGEST_CURL: Final = 8_000
_LONGEST_TEXT: Final = 4_000
_SHOWN_LINES: Final = 300
_MARKED_LINES: Final = 30
_LONGEST_LINE: Final = 1_000
_SHOWN_EARLIER: Final = 20


@dataclass(frozen=True, slots=True)
class BodyLine:
    """One line of a body; *is_marked* where the finding names its place."""

    text: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class MessageView:
    """A request or a response. *start* is its first line, *note* what is left out of its body."""

    start: str
    headers: Headers
    lines: tuple[BodyLine, ...]
    note: str


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """Both messages of an exchange. *is_success* tells a 2xx answer."""

    number: int
    status: int
    label: str
    actor: str
    duration_ms: float
    request: MessageView
    response: MessageView


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with everything that the page shows of it. *left_out* counts earlier exchanges
    that are not shown; *search* is what the filter looks through."""

    finding: Finding
    message: str
    expected: str
    source: str
    came: str
    exchange: ExchangeView | None
    curl: str
    story: tuple[ExchangeView, ...]
    left_out: int
    search: str


def finding_view(finding: Finding, target: str) -> FindingView:
    exchange = finding.exchange
    story = finding.story[-_SHOWN_EARLIER:]
    told = (finding.message, finding.cause, finding.came)
    words = [finding.rule, finding.operation, *told, finding.expected, finding.source]
    return FindingView(
        finding=finding,
        message=_bounded(finding.message),
        expected=_bounded(finding.expected),
        source=_bounded(finding.source),
        came=_bounded(finding.came),
        exchange=exchange_view(exchange, told) if exchange is not None else None,
        curl=_curl(exchange, target) if exchange is not None else "",
        story=tuple(exchange_view(one, (), _LONGEST_EARLIER_BYTES) for one in story),
        left_out=len(finding.story) - len(story),
        search=" ".join(visible(" ".join(words)).lower().split())[:_LONGEST_TEXT],
    )


def exchange_view(
    exchange: Exchange, told: Sequence[str], limit_bytes: int = _LONGEST_BODY_BYTES
) -> ExchangeView:
    """*told* are texts that may name a place in a body, as a JSON pointer."""
    request, response = exchange.request, exchange.response
    in_response = pointers_in(told, response.json) if response.json is not MISSING else set()
    in_request = pointers_in(told, request.json) if request.json is not MISSING else set()
    sent = _lines(request.body or b"", request.json, set() if in_response else in_request)
    return ExchangeView(
        number=exchange.number,
        status=response.status,
        label=visible(exchange.label),
        actor=visible(request.actor),
        duration_ms=round(exchange.duration_s * 1000, 1),
        request=_message(f"{request.method} {request.target}", request.headers, sent),
        response=_message(
            f"{response.status} {status_title(response.status)}",
            response.headers,
            _lines(response.body, response.json, in_response, limit_bytes, response.is_cut),
        ),
    )


def _message(start: str, headers: Headers, body: tuple[tuple[BodyLine, ...], str]) -> MessageView:
    shown = tuple((visible(name), _bounded(value)) for name, value in headers)
    return MessageView(_bounded(start), shown, *body)


def _lines(
    body: bytes,
    value: Json,
    marks: set[str],
    limit_bytes: int = _LONGEST_BODY_BYTES,
    is_cut: bool = False,
) -> tuple[tuple[BodyLine, ...], str]:
    if value is not MISSING and len(body) <= _LONGEST_JSON_BYTES and not is_cut:
        return _json(value, marks, _SHOWN_LINES * limit_bytes // _LONGEST_BODY_BYTES)
    shown = body_text(body, limit_bytes, is_cut=is_cut)
    lines = tuple(BodyLine(visible(line)) for line in shown.text.split("\n"))
    base64 = ["no text, here as base64"] if shown.encoding == "base64" else []
    return lines if shown.text else (), "; ".join([*base64, *([shown.note] if shown.note else [])])


def _json(value: Json, marks: set[str], limit: int) -> tuple[tuple[BodyLine, ...], str]:
    """The first lines, and those around the first mark where it comes later."""
    told = list(islice(json_lines(value), 20 * limit))
    whole = {pointer for pointer, _ in told if _is_within(pointer, marks)}
    is_small = sum(pointer in whole for pointer, _ in told) <= _MARKED_LINES
    marked = whole if is_small else marks
    lines = [BodyLine(_cut(visible(text)), pointer in marked) for pointer, text in told]
    if len(lines) <= limit:
        return tuple(lines), ""
    first = next((number for number, line in enumerate(lines) if line.is_marked), 0)
    start = max(0, first - limit // 2)
    shown = lines[start : start + limit]
    before = [BodyLine(f"… {start} lines before")] if start else []
    return (*before, *shown), f"{len(shown)} of its lines are shown"


def _is_within(pointer: str, marks: set[str]) -> bool:
    return any(pointer == mark or pointer.startswith(f"{mark}/") for mark in marks)


def _cut(line: str) -> str:
    over = len(line) - _LONGEST_LINE
    return line if over <= 0 else f"{line[:_LONGEST_LINE]}… {over} more characters"


def _bounded(text: str) -> str:
    over = len(text) - _LONGEST_TEXT
    return visible(text if over <= 0 else f"{text[:_LONGEST_TEXT]}… {over} more characters")


def _curl(exchange: Exchange, target: str) -> str:
    command = visible(curl_of(exchange, target, joint=NEW_LINE))
    if len(command) <= _LONGEST_CURL:
        return command
    return f"# the command has {len(command)} characters: it stands in the JSON report"
