"""The page in a real browser. Without one it is skipped, but not in CI."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from contracts.reports.html_page import html_page
from contracts.results import Report
from tests.contracts.reports.browser import Browser, browser_path

SHOWN = "[...document.querySelectorAll('.finding[data-severity]')].filter(e => !e.hidden).length"
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="module")
def page(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(html_page(report), encoding="utf-8")
    return path


def required_browser(environ: Mapping[str, str]) -> str:
    """Where a browser is; without one a skip, and a failure in CI."""
    path = browser_path()
    if path is None:
        missing = pytest.fail if environ.get("CI") else pytest.skip
        missing("there is no Chromium to open the page in")
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = required_browser(os.environ)
    browser = Browser(path, tmp_path_factory.mktemp("profile"))
    try:
        yield browser
    finally:
        browser.close()


def typed(browser: Browser, id: str, value: str) -> None:
    """Set a field as a person would."""
    browser.run(
        f"(() => {{ const field = document.getElementById('{id}'); field.value = '{value}';"
        "field.dispatchEvent(new Event('input', {bubbles: true}));"
        "field.dispatchEvent(new Event('change', {bubbles: true})); })()"
    )


def test_the_page_loads_without_complaint_or_traffic(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert browser.told("Log.entryAdded") == []
    assert browser.told("Runtime.exceptionThrown") == []
    assert browser.told("Runtime.consoleAPICalled") == []
    urls = [one["request"]["url"] for one in browser.told("Network.requestWillBeSent")]
    assert [url for url in urls if url not in (page.as_uri(), "data:,")] == []
    assert browser.run("window.__owned ?? 'nobody'") == "nobody"


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_screen(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width=width)
    browser.run("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.run("innerWidth") == width


def test_the_filter_leaves_what_fits(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert browser.run(SHOWN) == 5
    typed(browser, "filter-suite", "fuzz")
    assert browser.run(SHOWN) == 2
    browser.run("document.querySelector('#filter input[value=low]').click()")
    assert browser.run(SHOWN) == 1
    assert browser.run("document.getElementById('filter-count').textContent") == "1 of 5 shown"
    typed(browser, "filter-text", "no such words")
    assert browser.run(SHOWN) == 0
    assert browser.run("document.getElementById('filter-none').hidden") is False


def test_the_command_can_be_copied(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.run("document.querySelector('button.copy').click()")
    browser.run("new Promise(done => setTimeout(done, 50))")
    told = browser.run("document.getElementById('said').textContent")
    assert told == "The command was copied"


def test_one_suite_shows_what_it_saw(browser: Browser, page: Path) -> None:
    browser.open(page)
    first = "document.querySelector('.cell[data-by-suite]')"
    assert browser.run(f"{first}.textContent") == "3"
    typed(browser, "status-suite", "auth")
    assert browser.run(f"{first}.textContent") == "1"
    typed(browser, "status-suite", "fuzz")
    assert browser.run(f"{first}.className") == "cell unseen"


def test_dark_follows_the_system_and_the_button(browser: Browser, page: Path) -> None:
    browser.open(page, is_dark=True)
    dark = browser.run(BACKGROUND)
    browser.run("document.getElementById('theme').click()")
    light = browser.run(BACKGROUND)
    assert dark != light
    browser.open(page, is_dark=True)
    assert browser.run(BACKGROUND) == light
    browser.run("localStorage.clear()")


@pytest.mark.parametrize("is_dark", [False, True])
def test_every_text_stands_out_from_what_is_behind_it(
    browser: Browser, page: Path, is_dark: bool
) -> None:
    browser.open(page, is_dark=is_dark)
    assert browser.run(Path(__file__).with_name("contrast.js").read_text("utf-8")) == []


def test_everything_that_can_be_used_has_a_name(browser: Browser, page: Path) -> None:
    browser.open(page)
    usable = "document.querySelectorAll('button, select, input, [tabindex][role]')"
    name = "e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length"
    nameless = f"[...{usable}].filter(e => !({name})).length"
    assert browser.run(nameless) == 0


@pytest.mark.parametrize(
    ("environ", "outcome"),
    [({}, pytest.skip.Exception), ({"CI": "true"}, pytest.fail.Exception)],
)
def test_a_missing_browser_is_overlooked_outside_of_ci_only(
    environ: dict[str, str], outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(outcome, match="no Chromium"):
        required_browser(environ)
