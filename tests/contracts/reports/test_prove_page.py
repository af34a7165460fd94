"""A proof as a page: whole, harmless, and readable in a real browser."""

import os
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from contracts.reports.prove_page import prove_page
from tests.contracts.prove.samples import SUITES, proof_of, proven, survivor, whole_proof
from tests.contracts.reports.browser import Browser
from tests.contracts.reports.test_in_browser import required_browser


class Page(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def classes(self, name: str) -> list[str]:
        """The classes of all elements that have the class *name*."""
        found = [attributes.get("class") or "" for _, attributes in self.elements]
        return [one for one in found if name in one.split()]


@pytest.fixture(scope="module")
def text() -> str:
    return prove_page(whole_proof())


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_the_verdict_is_the_heading(text: str) -> None:
    assert "<h1>incomplete</h1>" in text
    assert "<h1>proven</h1>" in prove_page(proven())
    assert "<h1>not proven</h1>" in prove_page(proof_of(survivor("a")))


def test_every_deviation_has_a_square_and_a_cell_for_each_suite(page: Page) -> None:
    tried = len(whole_proof().outcomes)
    assert len(page.classes("dot")) == tried
    assert len(page.classes("mark")) == tried * len(SUITES) + 5  # the legend has five
    assert page.classes("dot").count("dot survived") == 1
    assert page.classes("mark").count("mark first") == 20 + 1


def test_every_square_leads_to_its_row(page: Page) -> None:
    ids = {attributes.get("id") for _, attributes in page.elements}
    links = [attributes["href"] or "" for tag, attributes in page.elements if tag == "a"]
    assert {link[1:] for link in links} <= ids


def test_the_page_asks_for_nothing_and_hostile_text_makes_no_element(page: Page) -> None:
    tags = [tag for tag, _ in page.elements]
    assert (tags.count("script"), tags.count("style"), tags.count("img")) == (1, 1, 0)
    for _, attributes in page.elements:
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            value = attributes.get(name)
            assert value is None or value.startswith("#") or value == "data:,"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = required_browser(os.environ)
    browser = Browser(path, tmp_path_factory.mktemp("profile"))
    try:
        yield browser
    finally:
        browser.close()


@pytest.fixture(scope="module")
def file(text: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "proof.html"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_page_loads_without_complaint_or_traffic(browser: Browser, file: Path) -> None:
    browser.open(file)
    assert browser.told("Log.entryAdded") == []
    assert browser.told("Runtime.exceptionThrown") == []
    urls = [one["request"]["url"] for one in browser.told("Network.requestWillBeSent")]
    assert [url for url in urls if url not in (file.as_uri(), "data:,")] == []
    assert browser.run("window.__owned ?? 'nobody'") == "nobody"


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_screen(browser: Browser, file: Path, width: int) -> None:
    browser.open(file, width=width)
    assert browser.run("document.documentElement.scrollWidth") <= width
    wide = "[...document.querySelectorAll('.matrix')].filter(e => e.scrollWidth > e.clientWidth)"
    assert browser.run(f"{wide}.length") == 0


@pytest.mark.parametrize("is_dark", [False, True])
def test_every_text_stands_out_from_what_is_behind_it(
    browser: Browser, file: Path, is_dark: bool
) -> None:
    browser.open(file, is_dark=is_dark)
    assert browser.run(Path(__file__).with_name("contrast.js").read_text("utf-8")) == []
