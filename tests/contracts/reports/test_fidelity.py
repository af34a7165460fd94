"""The page shows how well a mock of ours knows the real server, and nothing of other targets."""

from dataclasses import replace

from contracts.reports.html_page import html_page
from contracts.results import Report


def test_the_page_shows_what_is_confirmed_and_what_is_not(report: Report) -> None:
    first, second, *_ = report.operations
    known = {first: "confirmed 2026-11-21", second: "modelled"}
    page = html_page(replace(report, fidelity=known))
    assert '<span class="pill good">confirmed 2026-11-21</span>' in page
    assert '<span class="pill">modelled</span>' in page


def test_a_target_that_is_no_mock_of_ours_has_no_such_column(report: Report) -> None:
    assert "Fidelity" not in html_page(report)
