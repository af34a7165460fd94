"""Routing: literal before template, any non-empty segment as a value, `Allow` from the document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.web.router import Router


@pytest.fixture
def router() -> Router[str]:
    router: Router[str] = Router()
    router.add("GET", "/books", "list")
    router.add("GET", "/books/{bookId}", "read")
    router.add("PATCH", "/books/{bookId}", "update")
    router.add("GET", "/books/search", "search")
    router.add("GET", "/books/{bookId}/loans/{loanId}", "loan")
    router.add("GET", "/files/{name}.json", "file")
    router.add("GET", "/", "root")
    return router


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/books", ("list", {})),
        ("/", ("root", {})),
        ("/books/7", ("read", {"bookId": "7"})),
        ("/books/search", ("search", {})),
        ("/books/abc", ("read", {"bookId": "abc"})),
        ("/books/7/loans/9", ("loan", {"bookId": "7", "loanId": "9"})),
        ("/books/search/loans/9", ("loan", {"bookId": "search", "loanId": "9"})),
        ("/files/report.json", ("file", {"name": "report"})),
    ],
)
def test_a_path_finds_its_operation(
    router: Router[str], path: str, expected: tuple[str, dict[str, str]]
) -> None:
    assert router.find("GET", path) == expected


@pytest.mark.parametrize("path", ["/books/", "/books//loans/9", "/Books", "/books/7/", "books", ""])
def test_a_path_that_no_template_spells_finds_nothing(router: Router[str], path: str) -> None:
    assert router.find("GET", path) is None


def test_a_method_that_only_the_literal_path_lacks_is_found_at_the_template(
    router: Router[str],
) -> None:
    assert router.find("PATCH", "/books/search") == ("update", {"bookId": "search"})


def test_an_encoded_slash_stays_inside_its_segment(router: Router[str]) -> None:
    assert router.find("GET", "/books/a%2Fb") == ("read", {"bookId": "a/b"})


def test_allow_names_the_documented_methods_of_every_template_that_fits(
    router: Router[str],
) -> None:
    assert router.methods("/books/7") == ["GET", "PATCH"]
    assert router.methods("/books") == ["GET"]
    assert router.methods("/nothing") == []


@given(st.text(min_size=1).filter(lambda text: "/" not in text and "%" not in text))
def test_any_segment_can_be_a_value(segment: str) -> None:
    router: Router[str] = Router()
    router.add("GET", "/books/{bookId}", "read")
    assert router.find("GET", f"/books/{segment}") == ("read", {"bookId": segment})


def test_a_segment_that_is_part_text_goes_before_a_whole_value() -> None:
    router: Router[str] = Router()
    router.add("GET", "/files/{name}.json", "as JSON")
    router.add("GET", "/files/{fileId}", "read")
    assert router.find("GET", "/files/a.json") == ("as JSON", {"name": "a"})
    assert router.find("GET", "/files/a.xml") == ("read", {"fileId": "a.xml"})
