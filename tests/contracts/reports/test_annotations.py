import re
from dataclasses import replace

from contracts.reports.annotations import annotations, step_summary
from contracts.results import Report
from tests.contracts.reports.sample import HOSTILE, clean_report


def test_severity_chooses_the_kind(report: Report) -> None:
    kinds = re.findall(r"^::(\w+) ", annotations(report), re.MULTILINE)
    assert kinds == ["warning", "error", "error", "warning", "warning", "warning", "notice"]


def test_every_line_is_one_command(report: Report) -> None:
    lines = annotations(report).splitlines()
    assert all(re.fullmatch(r"::\w+ title=[^:,]*::.*", line) for line in lines)


def test_hostile_text_starts_no_command_of_its_own(report: Report) -> None:
    finding = replace(report.findings[0], message="a\r\n::set-env name=X::1%0A", rule="a,b:c%")
    text = annotations(replace(clean_report(), findings=(finding,)))
    assert "\n::set-env" not in text
    assert "title=a%2Cb%3Ac%25%3A GET" in text
    assert "\\x0d%0A::set-env name=X::1%250A" in text


def test_a_clean_run_is_silent() -> None:
    assert annotations(clean_report()) == ""


def test_the_summary_begins_with_the_verdict(report: Report) -> None:
    assert step_summary(report).startswith("## ❌ Contract: 5 findings, and incomplete")
    assert step_summary(clean_report()).startswith("## ✅ Contract: clean\n")


def test_the_summary_has_a_row_for_each_operation(report: Report) -> None:
    rows = [line for line in step_summary(report).splitlines() if line.startswith("| <code>")]
    assert len(rows) == len(report.operations)
    assert {line.count(" | ") for line in rows} == {6}


def test_the_summary_makes_no_html_of_hostile_text(report: Report) -> None:
    assert HOSTILE[:9] in report.findings[2].message
    outside = re.sub(r"^(`{3,})bash\n.*?^\1$", "", step_summary(report), flags=re.M | re.S)
    assert "<script" not in outside
    assert "<img" not in outside
