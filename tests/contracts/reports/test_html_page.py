import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from contracts.reports.html_page import html_page
from contracts.results import Coverage, Report
from tests.contracts.reports.sample import OPERATIONS, clean_report


class Page(HTMLParser):
    """What a browser would make of a page: its elements, and its text by element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def text(report: Report) -> str:
    return html_page(report)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_the_verdict_is_the_heading(text: str) -> None:
    assert "<h1>5 findings</h1>" in text
    assert "<h1>clean</h1>" in html_page(clean_report())


def test_the_page_asks_for_nothing_outside_of_it(page: Page) -> None:
    for _, attributes in page.elements:
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            value = attributes.get(name)
            assert value is None or value.startswith("#") or value == "data:,"


def test_the_policy_allows_this_script_and_style_and_nothing_else(page: Page) -> None:
    (policy,) = [
        attributes["content"] or ""
        for _, attributes in page.elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_hostile_content_makes_no_element(page: Page) -> None:
    tags = [tag for tag, _ in page.elements]
    assert (tags.count("script"), tags.count("style"), tags.count("img")) == (1, 1, 0)
    assert not [name for _, attributes in page.elements for name in attributes if name[:2] == "on"]


def test_characters_that_deceive_are_spelled_out(text: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)
    assert "\\u202egnp.exe" in text


def test_a_megabyte_is_cut(text: str) -> None:
    assert len(text) < 200_000
    assert "the first 20000 of 1000000 bytes" in text


def test_the_offending_place_is_marked(text: str) -> None:
    marked = re.findall(r"<mark>(.*?)</mark>", text)
    assert "&#34;maxUsageCount&#34;: 2," in " ".join(marked)
    assert len(marked) == 9


def test_every_operation_and_status_has_its_cell(page: Page) -> None:
    cells = [attributes for _, attributes in page.elements if "data-by-suite" in attributes]
    kinds = [attributes["data-kind"] for attributes in cells]
    assert len(kinds) == 5 * len(OPERATIONS) + 2
    assert kinds.count("undocumented") == 1
    assert kinds.count("unseen") > 10


def test_a_variant_that_was_never_seen_says_so(text: str) -> None:
    assert text.count(">never seen<") == 2


def test_reasons_and_notes_are_told(text: str) -> None:
    for part in (
        "needs the actor admin: give --as admin=ENV_VAR",
        "no expired link ever came",
        "KeyError: &#34;&lt;b&gt;&#34;",
        "The branches of #/oneOf/2 overlap",
        "the target answered 503 to ten requests in a row",
        "event type 14 (DELETE answered 500)",
    ):
        assert part in text


def test_many_findings_are_bounded(report: Report) -> None:
    many = tuple(replace(report.findings[1], cause=str(number)) for number in range(1000))
    text = html_page(replace(report, findings=many))
    assert "800 findings more" in text
    assert len(text) < 3_000_000


def test_an_empty_run_has_a_page_too() -> None:
    report = replace(clean_report(), operations=(), results=(), suites=(), coverage=Coverage())
    assert "No case could be judged" in html_page(report)
