"""A run as a whole: what it chooses, how it ends, and what its report says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.findings import Finding, Severity, Verdict
from contracts.opening import Opened
from contracts.reports.json_data import json_data, timeless
from contracts.reports.terminal import progress_for
from contracts.results import CleanUp, Report
from contracts.run import STOPPED_BY_HAND, Progress, check, once_each, shown
from contracts.settings import Settings
from mockserver.errors import SetupError
from tests.contracts.built_once import build_once

NOWHERE = "http://127.0.0.1:1"
ME = "GET /v2/me/"


def run(progress: Progress | None = None, **settings: object) -> Report:
    """A run on the stub, of a few cases where nothing else is asked for."""
    chosen = {"suite": ("auth",), "only": (ME,), **settings}
    return check(Settings(**chosen), {}, progress or progress_for(is_quiet=True))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    build_once(monkeypatch)


class Interrupting:
    """Ctrl-C when the third case begins."""

    def __init__(self) -> None:
        self.begun = 0

    def start(self, total: int) -> None: ...

    def case(self, suite: str, operation: str, rule: str) -> None:
        self.begun += 1
        if self.begun == 3:
            raise KeyboardInterrupt

    def done(self, result: object) -> None: ...

    def say(self, text: str) -> None: ...

    def stop(self) -> None: ...


def finding(cause: str = "", severity: Severity = Severity.HIGH, count: int = 1) -> Finding:
    return Finding(
        "rule", "GET /x", severity, "Wrong", "right", "document", cause=cause, count=count
    )


def test_the_healthy_stub_is_clean() -> None:
    report = run()
    assert report.exit_code == 0
    assert report.requests > 0
    assert not report.findings
    assert {result.operation for result in report.results} == {"GET /v2/me"}


def test_a_planted_fault_is_found() -> None:
    only = ("GET /v2/event-types/success",)
    report = run(suite=("examples",), only=only, fault=("required-property-dropped",))
    assert report.exit_code == 1


def test_the_same_cause_is_told_once_with_a_count() -> None:
    told = once_each([finding("a"), finding("b"), finding("a", count=2)])
    assert [(one.cause, one.count) for one in told] == [("a", 3), ("b", 1)]


def test_the_gravest_come_first() -> None:
    told = once_each([finding("a", Severity.LOW), finding("b", Severity.HIGH)])
    assert [one.cause for one in told] == ["b", "a"]


def test_settings_are_shown_as_typed_and_without_secrets() -> None:
    settings = Settings(actors=(("owner", "MY_KEY"),), control_token="secret", quick=True)
    assert shown(settings) == {"--as": "owner=MY_KEY", "--quick": "on"}


def test_too_little_coverage_is_a_finding() -> None:
    report = run(min_coverage=(("statuses", 90.0),))
    assert report.exit_code == 1
    [low] = report.findings
    assert "statuses" in low.message


def test_an_unknown_measure_is_told_before_anything_is_sent() -> None:
    with pytest.raises(SetupError, match="operations, statuses"):
        run(target=NOWHERE, min_coverage=(("foo", 3.0),))


def test_a_report_that_cannot_be_written_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="folder"):
        run(target=NOWHERE, html=tmp_path)


def test_a_case_that_is_not_there_is_wrong_use() -> None:
    with pytest.raises(SetupError, match=r"--only.*did you mean 'GET /v2/me/expired'"):
        run(only=("GET /v2/me/expird",))


def test_a_document_without_operations_is_wrong_use(tmp_path: Path) -> None:
    spec = tmp_path / "empty.yaml"
    spec.write_text('openapi: 3.0.0\ninfo: {title: x, version: "1"}\npaths: {}\n')
    with pytest.raises(SetupError, match="no case for any suite"):
        run(spec=spec, suite=(), only=())


def test_where_nothing_was_judged_nothing_is_clean() -> None:
    report = run(deny=("*",))
    assert report.requests == 0
    assert report.exit_code == 3


def test_a_spent_budget_makes_a_run_incomplete() -> None:
    report = run(budget=2)
    assert report.requests == 2
    assert "budget of 2 requests" in report.incomplete
    assert report.exit_code == 3


def test_ctrl_c_keeps_what_was_found_until_then() -> None:
    report = run(Interrupting())
    assert [result.verdict for result in report.results] == [Verdict.PASSED] * 2
    assert report.incomplete == STOPPED_BY_HAND
    assert report.exit_code == 3


def test_ctrl_c_while_cleaning_up_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def clean(opened: Opened) -> CleanUp:
        raise KeyboardInterrupt

    monkeypatch.setattr(Opened, "clean", clean)
    report = run()
    assert report.clean_up.left == ("the clean-up was stopped by hand",)
    assert report.exit_code == 3


def test_what_is_left_behind_makes_a_run_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Opened, "clean", lambda opened: CleanUp(created=1, left=("/x/1: 500",)))
    report = run()
    assert "not everything" in report.incomplete
    assert report.exit_code == 3


@pytest.fixture
def known(tmp_path: Path) -> Callable[[str], Path]:
    """A baseline that accepts low coverage until a date."""

    def write(expires: str) -> Path:
        file = tmp_path / "known.yaml"
        file.write_text(
            "- {rule: coverage-below-minimum, operation: '*', owner: ana, "
            f"expires: '{expires}'}}\n"
        )
        return file

    return write


def test_a_baseline_accepts_what_is_known(known: Callable[[str], Path]) -> None:
    report = run(min_coverage=(("statuses", 90.0),), baseline=known("2999-12-31"))
    assert [one.accepted for one in report.findings] == ["accepted until 2999-12-31 by ana"]
    assert report.exit_code == 0


def test_a_baseline_expires(known: Callable[[str], Path]) -> None:
    report = run(min_coverage=(("statuses", 90.0),), baseline=known("2020-01-01"))
    assert report.exit_code == 1
    assert any("2020-01-01" in remark for remark in report.remarks)


def test_two_runs_tell_the_same() -> None:
    chosen: dict[str, Any] = {
        "suite": ("examples", "fuzz"),
        "only": ("GET /v2/event-types/f", ME),
        "quick": True,
    }
    first, second = (run(**chosen) for _ in range(2))
    assert timeless(json_data(first)) == timeless(json_data(second))
    sent, again = ([one.request for one in report.exchanges] for report in (first, second))
    assert sent == again
