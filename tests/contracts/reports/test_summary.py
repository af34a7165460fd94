from dataclasses import replace

import pytest

from contracts.findings import Result, Verdict
from contracts.reports.summary import headline, kind_of, seconds, subline, verdict_matrix
from contracts.results import Report
from tests.contracts.reports.sample import OPERATIONS, clean_report


def with_results(*verdicts: Verdict, is_strict: bool = False) -> Report:
    results = tuple(Result("s", "GET /x", str(n), one) for n, one in enumerate(verdicts))
    return replace(clean_report(), results=results, strict=is_strict)


def test_findings_outweigh_all_else(report: Report) -> None:
    assert headline(report) == (
        "5 findings, and incomplete: the target answered 503 to ten requests in a row"
    )


def test_findings_that_are_accepted_leave_a_run_clean(report: Report) -> None:
    accepted = tuple(one for one in report.findings if one.accepted)
    assert headline(replace(clean_report(), findings=accepted)) == "clean"


@pytest.mark.parametrize(
    ("verdicts", "is_strict", "text"),
    [
        ((Verdict.PASSED, Verdict.NOT_JUDGED), False, "clean"),
        ((Verdict.PASSED, Verdict.UNSEEN), False, "clean"),
        (
            (Verdict.PASSED, Verdict.UNSEEN),
            True,
            "1 case passed unseen, which --strict does not accept",
        ),
        ((Verdict.NOT_JUDGED,), False, "nothing was judged"),
        (
            (Verdict.PASSED, Verdict.BROKEN),
            False,
            "incomplete: the kit itself failed in 1 case",
        ),
        ((), False, "nothing was judged"),
    ],
)
def test_the_verdict_in_one_line(verdicts: tuple[Verdict, ...], is_strict: bool, text: str) -> None:
    assert headline(with_results(*verdicts, is_strict=is_strict)) == text


def test_the_verdict_agrees_with_the_exit_code(report: Report) -> None:
    for one, exit_code in ((report, 1), (clean_report(), 0)):
        assert (kind_of(one) == "clean") == (one.exit_code == 0)
        assert one.exit_code == exit_code


def test_the_line_below_tells_severities_and_size(report: Report) -> None:
    assert subline(report) == (
        "2 high, 1 medium, 2 low, 1 accepted; 98 cases, 1 432 requests, 47 s"
    )


def test_a_case_with_none_but_accepted_findings_counts_as_passed(report: Report) -> None:
    tally = verdict_matrix(report)[OPERATIONS[-1]]["examples"]
    assert tally == {Verdict.PASSED: 3}


def test_spans_are_told_as_people_read_them() -> None:
    assert [seconds(one) for one in (0.04, 12.4, 185)] == ["0.0 s", "12 s", "3 min 5 s"]
