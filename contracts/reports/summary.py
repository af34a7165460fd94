"""What every report says first: the verdict in one line, and tables of counts."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from contracts.findings import Finding, Result, Severity, Verdict
from contracts.results import Report

CLEAN: Final = "clean"
FINDINGS: Final = "findings"
UNSEEN: Final = "unseen"
INCOMPLETE: Final = "incomplete"
NOTHING_JUDGED: Final = "nothing judged"

Tally = Counter[Verdict]

SYMBOLS: Final[Mapping[Verdict, str]] = {
    Verdict.FAILED: "✗",
    Verdict.BROKEN: "!",
    Verdict.UNSEEN: "○",
    Verdict.NOT_JUDGED: "-",
    Verdict.PASSED: "✓",
}
"""One sign for each verdict, the gravest first."""


def kind_of(report: Report) -> str:
    """How a run ended: one of the words above. Findings outweigh all else."""
    verdicts = {result.verdict for result in report.results}
    if report.open_findings:
        return FINDINGS
    if report.incomplete or Verdict.BROKEN in verdicts:
        return INCOMPLETE
    if report.strict and Verdict.UNSEEN in verdicts:
        return UNSEEN
    return CLEAN if verdicts & {Verdict.PASSED, Verdict.FAILED} else NOTHING_JUDGED


def headline(report: Report) -> str:
    """The verdict: `clean`, `3 findings`, `incomplete: the target is gone`."""
    kind = kind_of(report)
    if kind == FINDINGS:
        text = counted(len(report.open_findings), "finding")
        return (
            f"{text}, and incomplete: {why_incomplete(report)}" if is_incomplete(report) else text
        )
    if kind == INCOMPLETE:
        return f"incomplete: {why_incomplete(report)}"
    if kind == UNSEEN:
        unseen = of_verdict(report.results, Verdict.UNSEEN)
        return f"{counted(len(unseen), 'case')} passed unseen, which --strict does not accept"
    return "nothing was judged" if kind == NOTHING_JUDGED else "clean"


def is_incomplete(report: Report) -> bool:
    return bool(report.incomplete or of_verdict(report.results, Verdict.BROKEN))


def why_incomplete(report: Report) -> str:
    """The reason in one sentence; `` for a complete run."""
    broken = of_verdict(report.results, Verdict.BROKEN)
    if report.incomplete or not broken:
        return report.incomplete
    return f"the kit itself failed in {counted(len(broken), 'case')}"


def subline(report: Report) -> str:
    """The findings by severity, and the size of the run."""
    severities = by_severity(report.open_findings)
    parts = [f"{count} {severity}" for severity, count in severities.items() if count]
    if accepted := len(report.findings) - len(report.open_findings):
        parts.append(f"{accepted} accepted")
    size = (
        f"{counted(len(report.results), 'case')}, {counted(report.requests, 'request')}, "
        f"{seconds(report.duration_s)}"
    )
    return f"{', '.join(parts)}; {size}" if parts else size


def by_severity(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many findings of each severity, the gravest first."""
    counts = Counter(finding.severity for finding in findings)
    return {severity: counts[severity] for severity in Severity}


def by_operation(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """The findings of each operation, in the order in which they are given."""
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.operation, []).append(finding)
    return grouped


def verdict_matrix(report: Report) -> dict[str, dict[str, Tally]]:
    """The verdicts of each operation in each suite: documented operations first, then whatever
    else cases are about. A case with none but accepted findings counts as passed."""
    accepted = accepted_keys(report)
    matrix: dict[str, dict[str, Tally]] = {operation: {} for operation in report.operations}
    for result in report.results:
        row = matrix.setdefault(result.operation, {})
        row.setdefault(result.suite, Counter())[_verdict(result, accepted)] += 1
    return matrix


def by_path(operations: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Operations below their paths, as pairs of method and whole label. A label that is no
    operation stands for itself, without a method."""
    paths: dict[str, list[tuple[str, str]]] = {}
    for operation in operations:
        method, space, path = operation.partition(" ")
        is_operation = space and path.startswith("/")
        pair = (method, operation) if is_operation else ("", operation)
        paths.setdefault(path if is_operation else operation, []).append(pair)
    return paths


def _verdict(result: Result, accepted: Collection[tuple[str, str, str]]) -> Verdict:
    is_accepted = result.findings and all(one.key in accepted for one in result.findings)
    is_failed = result.verdict is Verdict.FAILED
    return Verdict.PASSED if is_failed and is_accepted else result.verdict


def suite_names(report: Report) -> list[str]:
    """Every suite that ran or has a result, in their order."""
    names = [suite.name for suite in report.suites]
    return list(dict.fromkeys([*names, *(result.suite for result in report.results)]))


def of_verdict(results: Iterable[Result], verdict: Verdict) -> list[Result]:
    return [result for result in results if result.verdict is verdict]


def by_reason(results: Iterable[Result]) -> Mapping[str, list[Result]]:
    """Results with the same reason together, the most frequent reason first."""
    grouped: dict[str, list[Result]] = {}
    for result in results:
        grouped.setdefault(result.reason, []).append(result)
    return dict(sorted(grouped.items(), key=lambda pair: -len(pair[1])))


def accepted_keys(report: Report) -> dict[tuple[str, str, str], str]:
    """Which findings a baseline accepts, and who does until when."""
    return {finding.key: finding.accepted for finding in report.findings if finding.accepted}


def counted(count: int, noun: str) -> str:
    """`1 case`, `2 cases`."""
    return f"{count:,} {noun}".replace(",", " ") + ("" if count == 1 else "s")


def seconds(duration_s: float) -> str:
    """A span as people read it: `0.4 s`, `12 s`, `3 min 5 s`."""
    if duration_s < 10:
        return f"{duration_s:.1f} s"
    whole = round(duration_s)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"
