"""A report as JSON for other programs: versioned, described in `docs/report-json.md`."""

import json
import re
from importlib.resources import files
from typing import Final

from contracts.exchange import Exchange, Headers
from contracts.findings import Finding, Result, Verdict
from contracts.reports.curl import curl_of
from contracts.reports.printable import body_text
from contracts.reports.summary import by_severity, headline, kind_of
from contracts.results import Coverage, Report, SuiteTally
from mockserver.model import Document, Json

FORMAT: Final = "understudy-report/1"
LONGEST_BODY_BYTES: Final = 50_000

_TIMES: Final = frozenset({"startedAt", "sentAt", "durationS"})
_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d(?::|%3A)\d\d(?:(?::|%3A)\d\d(?:\.\d+)?)?"
    r"(?:Z|(?:[+-]|%2B)\d\d(?::|%3A)?\d\d)?"
)


def json_text(report: Report) -> str:
    """The report as indented JSON."""
    return json.dumps(json_data(report), ensure_ascii=False, indent=2) + "\n"


def json_data(report: Report) -> Document:
    """The report as one JSON object, keys in a fixed order."""
    return {
        "format": FORMAT,
        "verdict": kind_of(report).replace(" ", "-"),
        "headline": headline(report),
        "exitCode": report.exit_code,
        "run": _run(report),
        "summary": _summary(report),
        "operations": list(report.operations),
        "suites": [_suite(suite) for suite in report.suites],
        "findings": [_finding(finding, report.target) for finding in report.findings],
        "results": _results(report),
        "coverage": _coverage(report.coverage),
        "cleanUp": {
            "created": report.clean_up.created,
            "removed": list(report.clean_up.removed),
            "left": list(report.clean_up.left),
            "ledger": report.clean_up.ledger,
        },
    }


def schema() -> Document:
    """The JSON Schema of the format."""
    text = files("contracts.reports").joinpath("report.schema.json").read_text(encoding="utf-8")
    document: Document = json.loads(text)
    return document


def timeless(document: Json) -> Json:
    """A copy without times, for comparing two runs: no instants, no durations, no `Date` header.

    Instants inside of texts and bodies read `<time>`.
    """
    if isinstance(document, dict):
        return {
            key: _dateless(value) if key == "headers" else timeless(value)
            for key, value in document.items()
            if key not in _TIMES
        }
    if isinstance(document, list):
        return [timeless(item) for item in document]
    return _INSTANT.sub("<time>", document) if isinstance(document, str) else document


def _dateless(headers: Json) -> Json:
    return timeless([pair for pair in headers if pair[0].lower() != "date"])


def _run(report: Report) -> Document:
    return {
        "target": report.target,
        "title": report.title,
        "document": report.document,
        "seed": report.seed,
        "runId": report.run_id,
        "version": report.version,
        "startedAt": report.started_at.isoformat(),
        "durationS": round(report.duration_s, 3),
        "strict": report.strict,
        "incomplete": report.incomplete,
        "remarks": list(report.remarks),
        "settings": dict(report.shown_settings),
    }


def _summary(report: Report) -> Document:
    severities = by_severity(report.open_findings)
    verdicts = [result.verdict for result in report.results]
    return {
        "cases": len(report.results),
        "requests": report.requests,
        "findings": {severity.value: count for severity, count in severities.items()},
        "accepted": len(report.findings) - len(report.open_findings),
        "verdicts": {verdict.value: verdicts.count(verdict) for verdict in Verdict},
    }


def _suite(suite: SuiteTally) -> Document:
    return {
        "name": suite.name,
        "cases": suite.cases,
        "requests": suite.requests,
        "durationS": round(suite.duration_s, 3),
        "verdicts": {verdict.value: suite.verdicts.get(verdict, 0) for verdict in Verdict},
    }


def _finding(finding: Finding, target: str) -> Document:
    exchange = finding.exchange
    return {
        "rule": finding.rule,
        "operation": finding.operation,
        "severity": finding.severity.value,
        "message": finding.message,
        "expected": finding.expected,
        "source": finding.source,
        "came": finding.came,
        "cause": finding.cause,
        "suite": finding.suite,
        "case": finding.case,
        "count": finding.count,
        "accepted": finding.accepted,
        "curl": curl_of(exchange, target) if exchange is not None else "",
        "exchange": _exchange(exchange) if exchange is not None else None,
        "story": [_exchange(earlier) for earlier in finding.story],
    }


def _exchange(exchange: Exchange) -> Document:
    request, response = exchange.request, exchange.response
    return {
        "number": exchange.number,
        "sentAt": exchange.sent_at.isoformat(),
        "durationS": round(exchange.duration_s, 6),
        "actor": request.actor,
        "request": {
            "method": request.method,
            "target": request.target,
            "headers": _headers(request.headers),
            "body": None if request.body is None else _body(request.body),
        },
        "response": {
            "status": response.status,
            "headers": _headers(response.headers),
            "body": _body(response.body, response.is_cut),
        },
    }


def _headers(headers: Headers) -> list[list[str]]:
    return [[name, value] for name, value in headers]


def _body(body: bytes, is_cut: bool = False) -> Document:
    shown = body_text(body, LONGEST_BODY_BYTES, is_cut=is_cut)
    return {
        "text": shown.text,
        "encoding": shown.encoding,
        "sizeBytes": shown.size_bytes,
        "note": shown.note,
    }


def _results(report: Report) -> list[Document]:
    numbers = {finding.key: number for number, finding in enumerate(report.findings)}
    return [_result(result, numbers) for result in report.results]


def _result(result: Result, numbers: dict[tuple[str, str, str], int]) -> Document:
    found = {numbers[finding.key] for finding in result.findings if finding.key in numbers}
    return {
        "suite": result.suite,
        "id": result.id,
        "operation": result.operation,
        "rule": result.rule,
        "verdict": result.verdict.value,
        "reason": result.reason,
        "notes": list(result.notes),
        "findings": sorted(found),
        "judgements": result.judgements,
        "requests": result.requests,
        "durationS": round(result.duration_s, 3),
    }


def _coverage(coverage: Coverage) -> Document:
    return {
        "measures": [
            {
                "kind": measure.kind,
                "seen": measure.seen,
                "documented": measure.documented,
                "percent": round(measure.percent, 1),
                "unseen": list(measure.unseen),
            }
            for measure in coverage.measures
        ],
        "statuses": [
            {
                "operation": cell.operation,
                "status": cell.status,
                "documented": cell.is_documented,
                "seen": sum(cell.by_suite.values()),
                "bySuite": dict(cell.by_suite),
            }
            for cell in coverage.cells
        ],
        "branches": [
            {
                "place": branch.place,
                "direction": branch.direction,
                "branch": branch.branch,
                "good": branch.good,
                "refused": branch.refused,
            }
            for branch in coverage.branches
        ],
    }
