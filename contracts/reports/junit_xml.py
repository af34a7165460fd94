"""A report as JUnit XML, as CI servers read it: a suite for each suite, a test for each case."""

import re
from typing import Final
from xml.etree import ElementTree as Xml

from contracts.findings import Finding, Result, Verdict
from contracts.reports.curl import curl_of
from contracts.reports.summary import accepted_keys, suite_names
from contracts.results import Report

_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Source: XML 1.0 section 2.2."""

_TAGS: Final = {"failure": "failures", "error": "errors", "skipped": "skipped"}
_OWN_SUITE: Final = "run"


def junit_xml(report: Report) -> str:
    """The report as an XML document."""
    root = Xml.Element("testsuites", name=_clean(f"contracts: {report.title}"))
    for name in suite_names(report):
        results = [result for result in report.results if result.suite == name]
        root.append(_suite(report, name, results))
    if (own := _own(report)).get("tests") != "0":
        root.append(own)
    for attribute in ("tests", *_TAGS.values()):
        root.set(attribute, str(sum(int(suite.get(attribute, "0")) for suite in root)))
    root.set("time", f"{report.duration_s:.3f}")
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode", xml_declaration=False).join(
        ("<?xml version='1.0' encoding='utf-8'?>\n", "\n")
    )


def _suite(report: Report, name: str, results: list[Result]) -> Xml.Element:
    suite = Xml.Element("testsuite", name=_clean(name))
    suite.append(_properties(report))
    accepted = accepted_keys(report)
    for result in results:
        suite.append(_case(report, result, accepted))
    duration_s = next((one.duration_s for one in report.suites if one.name == name), 0.0)
    return _counted(suite, report, duration_s)


def _counted(suite: Xml.Element, report: Report, duration_s: float) -> Xml.Element:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for tag, attribute in _TAGS.items():
        suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", f"{duration_s:.3f}")
    suite.set("timestamp", report.started_at.strftime("%Y-%m-%dT%H:%M:%S"))
    return suite


def _properties(report: Report) -> Xml.Element:
    properties = Xml.Element("properties")
    facts = {
        "target": report.target,
        "document": report.document,
        "seed": str(report.seed),
        "run id": report.run_id,
        "understudy": report.version,
    }
    for name, value in facts.items():
        Xml.SubElement(properties, "property", name=name, value=_clean(value))
    return properties


def _case(report: Report, result: Result, accepted: dict[tuple[str, str, str], str]) -> Xml.Element:
    case = Xml.Element(
        "testcase",
        name=_clean(result.id),
        classname=_clean(f"contracts.{result.suite}"),
        time=f"{result.duration_s:.3f}",
    )
    is_open = [finding for finding in result.findings if finding.key not in accepted]
    if result.verdict is Verdict.BROKEN:
        _say(case, "error", "the kit itself failed", result.reason)
    elif is_open:
        texts = [_text(finding, report.target) for finding in is_open]
        message = f"{is_open[0].severity.value}: {is_open[0].message}"
        _say(case, "failure", message, "\n\n".join(texts), kind=is_open[0].rule)
    elif result.verdict is Verdict.NOT_JUDGED:
        _say(case, "skipped", f"not judged: {result.reason}")
    elif result.verdict is Verdict.UNSEEN:
        tag = "failure" if report.strict else "skipped"
        _say(case, tag, f"passed unseen: {result.reason}")
    lines = [*result.notes, *_accepted_lines(result, accepted)]
    if lines:
        Xml.SubElement(case, "system-out").text = _clean("\n".join(lines))
    return case


def _accepted_lines(result: Result, accepted: dict[tuple[str, str, str], str]) -> list[str]:
    return [
        f"accepted by {accepted[finding.key]}: {finding.message}"
        for finding in result.findings
        if finding.key in accepted
    ]


def _say(case: Xml.Element, tag: str, message: str, text: str = "", kind: str = "") -> None:
    element = Xml.SubElement(case, tag, message=_clean(message))
    if kind:
        element.set("type", _clean(kind))
    element.text = _clean(text) or None


def _text(finding: Finding, target: str) -> str:
    lines = [
        f"{finding.severity.value} {finding.rule}: {finding.message}",
        f"operation: {finding.operation}",
        f"expected:  {finding.expected}",
        f"source:    {finding.source}",
        f"came:      {finding.came}",
    ]
    if finding.exchange is not None:
        lines.append(curl_of(finding.exchange, target))
    return "\n".join(lines)


def _own(report: Report) -> Xml.Element:
    """What is true of the run, and of none of its cases: that it is incomplete, and findings such
    as too little coverage."""
    suite = Xml.Element("testsuite", name=_OWN_SUITE)
    if report.incomplete:
        case = _own_case(suite, "the run came to its end")
        _say(case, "error", f"incomplete: {report.incomplete}")
    of_cases = {finding.key for result in report.results for finding in result.findings}
    for finding in report.open_findings:
        if finding.key not in of_cases:
            case = _own_case(suite, f"{finding.operation}/{finding.rule}")
            message = f"{finding.severity.value}: {finding.message}"
            _say(case, "failure", message, _text(finding, report.target), kind=finding.rule)
    return _counted(suite, report, 0.0)


def _own_case(suite: Xml.Element, name: str) -> Xml.Element:
    return Xml.SubElement(
        suite, "testcase", name=_clean(name), classname=f"contracts.{_OWN_SUITE}", time="0.000"
    )


def _clean(text: str) -> str:
    return _ILLEGAL.sub("", text)
