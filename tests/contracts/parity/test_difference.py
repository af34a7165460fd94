"""Each kind of difference is found, and nothing is where answers mean the same."""

import json
from datetime import UTC, datetime

import pytest

from contracts.exchange import Response
from contracts.parity.difference import Difference, Kind, differences
from contracts.parity.renaming import Renaming
from mockserver.model import Json

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
JSON_TYPE = ("Content-Type", "application/json; charset=utf-8")


def answer(body: Json, status: int = 200, *headers: tuple[str, str]) -> Response:
    return Response(status, (JSON_TYPE, *headers), json.dumps(body).encode())


def between(
    expected: Response,
    actual: Response,
    renaming: Renaming | None = None,
    *,
    is_ordered: bool = False,
) -> list[Difference]:
    return differences(
        expected,
        actual,
        renaming or Renaming(),
        expected_at=AT,
        actual_at=AT,
        noun="book",
        is_ordered=is_ordered,
    )


def kinds(expected: Json, actual: Json) -> list[tuple[str, str]]:
    return [(one.kind.value, one.place) for one in between(answer(expected), answer(actual))]


def test_equal_answers_do_not_differ() -> None:
    assert kinds({"id": 1, "title": "Emma"}, {"title": "Emma", "id": 1}) == []


def test_ids_are_compared_by_what_they_refer_to() -> None:
    expected = {"books": [{"id": 1, "next": {"bookId": 2}}, {"id": 2, "next": {"bookId": 1}}]}
    actual = {"books": [{"id": 8, "next": {"bookId": 9}}, {"id": 9, "next": {"bookId": 8}}]}
    assert kinds(expected, actual) == []
    actual["books"][1]["next"]["bookId"] = 9  # type: ignore[index]
    assert ("value", "/books/*/next/bookId") in kinds(expected, actual)


def test_another_status_hides_the_body_but_not_the_message() -> None:
    expected = answer({"message": "no such book", "a": 1}, 404)
    actual = answer({"message": "who are you", "b": 2}, 401)
    found = between(expected, actual)
    assert [one.kind for one in found] == [Kind.STATUS, Kind.MESSAGE]
    assert (found[0].expected, found[0].actual) == ("404", "401")


def test_a_message_counts_once_though_it_is_told_twice() -> None:
    def refusal(message: str) -> Response:
        return answer({"error": {"message": message, "details": {"message": message}}}, 400)

    [found] = between(refusal("too long"), refusal("too short"))
    assert (found.kind, found.place) == (Kind.MESSAGE, "/error/message")


@pytest.mark.parametrize(
    ("expected", "actual", "place"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, "/b"),
        ({"a": 1}, {"a": 1, "b": None}, "/b"),
        ({"a": 1}, {"a": "1"}, "/a"),
        ({"a": None}, {"a": "x"}, "/a"),
        ({"a": {"b": [1]}}, {"a": {"b": {}}}, "/a/b"),
        ({"a": True}, {"a": 1}, "/a"),
    ],
    ids=["missing", "added", "type", "null", "array", "boolean"],
)
def test_the_shape_differs(expected: Json, actual: Json, place: str) -> None:
    assert kinds(expected, actual) == [("shape", place)]


def test_a_whole_number_and_a_fraction_have_one_type() -> None:
    assert kinds({"price": 1}, {"price": 1.0}) == []
    assert kinds({"price": 1}, {"price": 1.5}) == [("value", "/price")]


def test_the_order_of_a_list_does_not_matter_unless_it_is_documented() -> None:
    expected = answer([{"title": "Emma", "n": 1}, {"title": "Dune", "n": 2}])
    actual = answer([{"title": "Dune", "n": 2}, {"title": "Emma", "n": 1}])
    assert between(expected, actual) == []
    assert between(expected, actual, is_ordered=True)


def test_members_of_a_list_are_matched_by_what_is_known_of_their_names() -> None:
    renaming = Renaming()
    for here, there in (("1", "8"), ("2", "9")):
        renaming.agrees("book", here, there)
    expected, actual = answer([{"id": 1}, {"id": 2}]), answer([{"id": 9}, {"id": 8}])
    assert between(expected, actual, renaming) == []


def test_what_is_known_to_be_the_same_is_compared_however_much_it_differs() -> None:
    renaming = Renaming()
    for here, there in (("1", "8"), ("2", "9")):
        renaming.agrees("book", here, there)
    expected = [{"id": 1, "title": "Emma", "n": 1}, {"id": 2, "title": "Dune", "n": 2}]
    actual = [{"id": 9, "title": "Emma", "n": 1}, {"id": 8, "title": "Dune", "n": 2}]
    found = between(answer(expected), answer(actual), renaming)
    assert {one.place for one in found} == {"/*/title", "/*/n"}


def test_nothing_is_learned_from_members_that_do_not_belong_together() -> None:
    expected = [{"id": 1, "title": "Emma"}, {"id": 2, "title": "Dune"}]
    assert kinds(expected, [{"id": 8, "title": "Dune"}, {"id": 9, "title": "Emma"}]) == []


def test_names_are_read_before_the_texts_that_hold_them() -> None:
    expected = {"url": "https://x.test/d/abcdef", "linkId": "abcdef"}
    assert kinds(expected, {"url": "https://x.test/d/uvwxyz", "linkId": "uvwxyz"}) == []


def test_a_list_of_another_length_is_one_difference() -> None:
    assert kinds({"data": [{"a": 1}] * 3}, {"data": [{"a": 1}]}) == [("value", "/data")]


@pytest.mark.parametrize(
    ("name", "expected", "actual"),
    [
        ("Content-Type", "application/json", "text/html"),
        ("Allow", "GET, POST", "GET"),
        ("Location", "http://a.test/books/1", "http://b.test/books"),
        ("WWW-Authenticate", "Bearer", None),
        ("Cache-Control", None, "no-store"),
    ],
)
def test_headers_of_substance_differ(name: str, expected: str | None, actual: str | None) -> None:
    def carrying(value: str | None) -> Response:
        return Response(200, ((name, value),) if value is not None else ())

    [found] = between(carrying(expected), carrying(actual))
    assert (found.kind, found.place) == (Kind.HEADER, name.lower())


@pytest.mark.parametrize(
    ("name", "expected", "actual"),
    [
        ("Content-Type", "application/json; charset=utf-8", "application/json"),
        ("Allow", "GET, POST", "post,get"),
        ("Location", "http://a.test/books/1", "https://b.test/books/1"),
        ("Retry-After", "3", "7"),
        ("Date", "Sat, 21 Nov 2026 09:00:00 GMT", None),
        ("X-Request-Id", "a", "b"),
        ("X-RateLimit-Remaining-Default", "3", "4"),
        ("ETag", '"a"', '"b"'),
    ],
)
def test_headers_that_say_the_same_or_nothing(name: str, expected: str, actual: str | None) -> None:
    given = Response(200, ((name, expected),))
    assert between(given, Response(200, ((name, actual),) if actual is not None else ())) == []


def test_json_and_text_differ_in_shape() -> None:
    [found] = between(Response(200, (), b"OK"), Response(200, (), b'{"a": 1}'))
    assert (found.kind, found.expected, found.actual) == (Kind.SHAPE, "text", "JSON")


def test_texts_differ_in_value() -> None:
    [found] = between(Response(200, (), b"OK"), Response(200, (), b"fine"))
    assert found.kind is Kind.VALUE


def test_a_body_that_was_cut_is_not_compared() -> None:
    assert between(Response(200, (), b'{"a": 1'), Response(200, (), b"x", is_cut=True)) == []
