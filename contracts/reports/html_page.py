"""A report as one HTML page that needs nothing else: no network, no other file."""

from typing import Final

from contracts.findings import Verdict
from contracts.reports import coverage_views
from contracts.reports.message_views import finding_view
from contracts.reports.page import page
from contracts.reports.summary import (
    INCOMPLETE,
    SYMBOLS,
    by_reason,
    by_severity,
    counted,
    headline,
    is_incomplete,
    kind_of,
    of_verdict,
    subline,
    suite_names,
    why_incomplete,
)
from contracts.results import Report

_SHOWN_FINDINGS: Final = 200
_TONES: Final = {"clean": "good", "findings": "bad"}


def html_page(report: Report) -> str:
    """The whole page. Everything that came from a target is escaped, and bounded in length."""
    open_findings = report.open_findings
    suites = suite_names(report)
    cells = report.coverage.cells
    return page(
        "report.html",
        title=report.title,
        brand="Contract report",
        version=report.version,
        started_at=report.started_at,
        report=report,
        tone=_TONES.get(kind_of(report), "warn"),
        headline=headline(report),
        big=_big(report),
        statuses_seen=sum(cell.is_documented and any(cell.by_suite.values()) for cell in cells),
        statuses_documented=sum(cell.is_documented for cell in cells),
        subline=subline(report),
        why_incomplete=why_incomplete(report) if is_incomplete(report) else "",
        severities=by_severity(open_findings),
        verdicts=_verdicts(report),
        findings=[finding_view(one, report.target) for one in open_findings[:_SHOWN_FINDINGS]],
        more_findings=max(0, len(open_findings) - _SHOWN_FINDINGS),
        found_in=list(dict.fromkeys(one.suite for one in open_findings if one.suite)),
        found_at=list(dict.fromkeys(one.operation for one in open_findings)),
        accepted=[one for one in report.findings if one.accepted],
        suites=suites,
        statuses=coverage_views.status_table(report),
        verdict_table=coverage_views.verdict_table(report),
        symbols=SYMBOLS,
        branch_groups=coverage_views.branch_groups(report),
        not_judged=by_reason(of_verdict(report.results, Verdict.NOT_JUDGED)),
        unseen=by_reason(of_verdict(report.results, Verdict.UNSEEN)),
        broken=by_reason(of_verdict(report.results, Verdict.BROKEN)),
        notes=report.notes,
    )


def _big(report: Report) -> str:
    """The verdict without the reason why a run is incomplete, which stands below it."""
    if kind_of(report) == INCOMPLETE:
        return INCOMPLETE
    count = len(report.open_findings)
    return counted(count, "finding") if count else headline(report)


def _verdicts(report: Report) -> dict[Verdict, int]:
    verdicts = [result.verdict for result in report.results]
    return {verdict: verdicts.count(verdict) for verdict in Verdict}
