import re
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.reports.terminal import finding_lines, terminal_report
from contracts.results import CleanUp, Coverage, Report
from tests.contracts.reports.sample import LINKS, clean_report


@pytest.fixture(scope="module")
def text(report: Report) -> str:
    return terminal_report(report, 80, written=[Path("out/report.html")])


def test_the_verdict_comes_first(text: str) -> None:
    assert text.splitlines()[0].startswith("5 findings, and incomplete: the target answered 503")


def test_every_section_is_there_in_its_order(text: str) -> None:
    headings = re.findall(r"^(\S.*?) ─+$", text, re.MULTILINE)
    assert headings == [
        "Operations",
        "Findings",
        "Accepted (1)",
        "Broken: the kit itself failed (1)",
        "Not judged (10)",
        "Passed unseen (1)",
        "Worth knowing",
        "Seen of what is documented",
        "Suites",
        "Clean-up",
        "Reports",
    ]


def test_the_table_shows_the_worst_of_each_operation_in_each_suite(text: str) -> None:
    lines = text.splitlines()
    row = lines[lines.index("/v2/event-types/{eventTypeId}/private-links") + 1]
    assert re.split(r"\s{2,}", row.strip()) == ["GET", "✓ 2", "✗ 1/2", "✓ 2"]


def test_a_finding_tells_what_was_expected_what_came_and_how_to_see_it(text: str) -> None:
    shown = text[text.index("HIGH  variant-ambiguous (variants, 3 times)") :]
    shown = shown[: shown.index("\n\n")]
    for part in (
        "fits two kinds at once",
        "expected  exactly one of",
        "source    document",
        "came      both match",
        "curl -i https://api.example.com/v2/event-types/7/private-links",
        '-H "Authorization: Bearer $OWNER_KEY"',
    ):
        assert part in shown


@pytest.mark.parametrize("width", [40, 80, 120])
def test_only_commands_go_beyond_the_width(report: Report, width: int) -> None:
    long = [one for one in terminal_report(report, width).splitlines() if len(one) > width]
    assert all(re.match(r"\s*(curl|echo|-H|--data)", line) for line in long)


def test_without_colour_no_control_character_is_printed(text: str) -> None:
    assert not re.search(r"[^\n -\U0010ffff]|[\x7f-\x9f\u202a-\u202e]", text)


def test_with_colour_the_words_are_the_same(report: Report) -> None:
    colored = terminal_report(report, 80, is_colored=True)
    assert "\x1b[1;31m" in colored
    plain = "\n".join(line.rstrip() for line in re.sub(r"\x1b\[[\d;]*m", "", colored).split("\n"))
    assert plain == terminal_report(report, 80)


def test_colours_do_not_hang_on_the_surroundings(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "30")
    plain = terminal_report(report, 80)
    monkeypatch.undo()
    assert plain == terminal_report(report, 80)


def test_what_is_left_behind_tells_how_to_remove_it(text: str) -> None:
    assert "left behind: event type 14 (DELETE answered 500)" in text
    assert "contracts clean runs/k3v9.ledger" in text


def test_an_undocumented_status_is_told(text: str) -> None:
    assert "Seen, but not documented: POST /v2/event-types 500" in text


def test_a_clean_run_is_short() -> None:
    report = replace(clean_report(), coverage=Coverage(), clean_up=CleanUp())
    text = terminal_report(report, 80)
    assert text.startswith("clean\n")
    assert len(text.splitlines()) < 60


def test_a_brief_report_has_the_verdict_and_the_findings(report: Report) -> None:
    text = terminal_report(report, 80, is_brief=True)
    assert re.findall(r"^(\S.*?) ─+$", text, re.MULTILINE) == ["Findings"]


def test_an_empty_run_is_shown_too() -> None:
    report = replace(clean_report(), operations=(), results=(), suites=(), coverage=Coverage())
    assert terminal_report(report, 80).startswith("nothing was judged\n")


def test_the_lines_of_a_finding_stand_alone(report: Report) -> None:
    lines = finding_lines(report.findings[0], report.target)
    assert lines[0] == "HIGH  variant-ambiguous (variants, 3 times)"
    assert f"  operation  {LINKS}" in lines
