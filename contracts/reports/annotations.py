"""What GitHub Actions shows of a run: annotations of the job, and the page of its summary.

Source: GitHub documentation, "Workflow commands for GitHub Actions".
"""

import html
import re
from collections.abc import Iterator
from typing import Final

from contracts.findings import Finding, Severity, Verdict
from contracts.reports.curl import NEW_LINE, curl_of
from contracts.reports.printable import one_line, visible
from contracts.reports.summary import (
    CLEAN,
    by_reason,
    counted,
    headline,
    is_incomplete,
    kind_of,
    of_verdict,
    subline,
    suite_names,
    verdict_matrix,
    why_incomplete,
)
from contracts.results import Report

_SHOWN_FINDINGS: Final = 50
"""GitHub shows ten annotations of each kind, and a summary of at most 1 MiB."""
_MARKS: Final = {
    Verdict.FAILED: "❌",
    Verdict.BROKEN: "💥",
    Verdict.UNSEEN: "👻",
    Verdict.NOT_JUDGED: "⬜",
    Verdict.PASSED: "✅",
}
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+\-!|~@])")


def annotations(report: Report) -> str:
    """Workflow commands, one in a line: errors for grave findings, warnings for the others."""
    return "".join(f"{line}\n" for line in _commands(report))


def _commands(report: Report) -> Iterator[str]:
    if is_incomplete(report):
        yield _command("warning", "The run is incomplete", why_incomplete(report))
    findings = sorted(report.open_findings, key=lambda one: list(Severity).index(one.severity))
    for finding in findings[:_SHOWN_FINDINGS]:
        kind = "error" if finding.severity is Severity.HIGH else "warning"
        lines = [finding.message, f"Expected: {finding.expected} ({finding.source})"]
        lines += [f"Came: {one_line(finding.came, 500)}"] if finding.came else []
        yield _command(kind, f"{finding.rule}: {finding.operation}", "\n".join(lines))
    if kind_of(report) != CLEAN:
        yield _command("notice", "Contract", headline(report))


def _command(kind: str, title: str, message: str) -> str:
    safe = _escaped(visible(title)).replace(":", "%3A").replace(",", "%2C")
    return f"::{kind} title={safe}::{_escaped(visible(message))}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def step_summary(report: Report) -> str:
    """The report as Markdown, for the file that `GITHUB_STEP_SUMMARY` names."""
    mark = "✅" if kind_of(report) == CLEAN else "❌"
    lines = [
        f"## {mark} Contract: {_plain(headline(report))}",
        "",
        f"{_plain(report.title)} at {_code(report.target)}: {_plain(subline(report))}.",
        "",
        *_table(report),
        *_findings(report),
        *_not_judged(report),
    ]
    return "\n".join(lines) + "\n"


def _table(report: Report) -> Iterator[str]:
    suites = suite_names(report)
    yield f"| Operation | {' | '.join(map(_plain, suites))} |"
    yield f"| --- |{' --- |' * len(suites)}"
    for operation, row in verdict_matrix(report).items():
        cells = [
            " ".join(f"{_MARKS[verdict]} {row[suite][verdict]}" for verdict in _MARKS
                     if row[suite][verdict]) if suite in row else ""
            for suite in suites
        ]  # fmt: skip
        yield f"| {_code(operation)} | {' | '.join(cells)} |"
    legend = ", ".join(f"{mark} {verdict.value}" for verdict, mark in _MARKS.items())
    yield from ("", legend, "")


def _findings(report: Report) -> Iterator[str]:
    findings = report.open_findings
    if findings:
        yield from ("### Findings", "")
    for finding in findings[:_SHOWN_FINDINGS]:
        yield from _finding(finding, report.target)
    if len(findings) > _SHOWN_FINDINGS:
        yield from (f"{len(findings) - _SHOWN_FINDINGS} more are in the HTML report.", "")


def _finding(finding: Finding, target: str) -> Iterator[str]:
    times = f", {finding.count} times" if finding.count > 1 else ""
    title = f"{finding.severity.value}: {one_line(finding.message, 300)}"
    yield f"<details><summary>{html.escape(title)} ({html.escape(finding.operation)})</summary>"
    yield from ("", f"* Rule: {_code(finding.rule)} in {_plain(finding.suite)}{times}")
    yield f"* Expected: {_plain(finding.expected)} ({_plain(finding.source)})"
    if finding.came:
        yield f"* Came: {_code(one_line(finding.came, 1000))}"
    yield ""
    if finding.exchange is not None:
        yield from _fenced(curl_of(finding.exchange, target, joint=NEW_LINE))
    yield from ("", "</details>", "")


def _fenced(command: str) -> Iterator[str]:
    """In a fence that is longer than any row of backticks in it."""
    longest = max((len(run) for run in re.findall("`+", command)), default=0)
    fence = "`" * max(3, longest + 1)
    shown = command if len(command) <= 5000 else "# the command is too long to be shown here"
    yield from (f"{fence}bash", shown, fence)


def _not_judged(report: Report) -> Iterator[str]:
    reasons = by_reason(of_verdict(report.results, Verdict.NOT_JUDGED))
    if reasons:
        yield from ("### Not judged", "")
        for reason, results in reasons.items():
            yield f"* {counted(len(results), 'case')}: {_plain(one_line(reason, 300))}"
        yield ""


def _plain(text: str) -> str:
    """*text* as Markdown that shows just that, in one line."""
    return _MARKDOWN.sub(r"\\\1", html.escape(one_line(text), quote=False))


def _code(text: str) -> str:
    return f"<code>{_plain(text)}</code>"
