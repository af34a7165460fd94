from collections.abc import Callable

import pytest

from contracts.checks.content import (
    body_is_encoded_as_told,
    content_is_as_documented,
    names_are_unique,
)
from contracts.exchange import Exchange, Request, Response
from contracts.findings import Severity
from contracts.yardstick import Yardstick
from tests.contracts.checks.conftest import Find
from tests.contracts.checks.shop import rules

ME = "GET /v2/me"
JSON = (("content-type", "application/json; charset=utf-8"),)
HTML = (("content-type", "text/html"),)
PAGE = b"\n<!-- proxy -->\n<!DOCTYPE html><html><body>Back soon</body></html>"
Answered = Callable[..., Exchange]


def test_an_undocumented_content_type_is_found(find: Find, yardstick: Yardstick) -> None:
    [finding] = content_is_as_documented(find(ME, 200, headers=HTML), yardstick)
    assert finding.rule == "undocumented-content-type"
    assert finding.cause == "200 text/html"
    assert finding.source == "document #/paths/~1v2~1me/get/responses/200/content"


def test_a_body_without_a_content_type_is_found(find: Find, yardstick: Yardstick) -> None:
    [finding] = content_is_as_documented(find(ME, 200, headers=()), yardstick)
    assert finding.came == "no media type"


@pytest.mark.parametrize("headers", [JSON, HTML])
def test_a_web_page_with_a_success_is_found_once(
    find: Find, yardstick: Yardstick, headers: tuple[tuple[str, str], ...]
) -> None:
    [finding] = content_is_as_documented(find(ME, 200, body=PAGE, headers=headers), yardstick)
    assert finding.rule == "html-page"
    assert finding.severity is Severity.HIGH


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b'{"status": "success", "data": {"id', "body-not-json"),
        (b"success", "body-not-json"),
        (b'{"a": NaN}', "body-not-json"),
        ('{"name": "Größe"}'.encode("latin-1"), "body-not-utf-8"),
        ('{"name": "x"}'.encode("utf-16"), "body-not-utf-8"),
        ('{"name": "x"}'.encode("utf-16-le"), "body-not-utf-8"),
        (b"", "body-missing"),
    ],
)
def test_an_unreadable_body_is_found(
    find: Find, yardstick: Yardstick, body: bytes, rule: str
) -> None:
    assert rules(content_is_as_documented(find(ME, 200, body=body), yardstick)) == [rule]


def test_a_charset_that_json_does_not_have_is_found(find: Find, yardstick: Yardstick) -> None:
    headers = (("Content-Type", 'application/json; charset="ISO-8859-1"'),)
    [finding] = content_is_as_documented(find(ME, 200, headers=headers), yardstick)
    assert finding.rule == "body-not-utf-8"


def test_a_body_that_was_not_read_to_its_end_is_not_called_cut(
    find: Find, yardstick: Yardstick
) -> None:
    exchange = find(ME, 200, body=b'{"a": [', is_cut=True)
    assert rules(content_is_as_documented(exchange, yardstick)) == ["body-too-long"]


def test_a_body_where_none_is_documented_is_found(answered: Answered, shop: Yardstick) -> None:
    request = Request("DELETE", "/api/things/1")
    silent = answered(request, Response(204))
    assert list(content_is_as_documented(silent, shop)) == []
    [finding] = content_is_as_documented(answered(request, Response(204, JSON, b"{}")), shop)
    assert finding.rule == "unexpected-body"
    assert finding.source == "document #/paths/~1things~1{thingId}/delete/responses/204"


def test_an_answer_to_head_needs_no_body(answered: Answered, shop: Yardstick) -> None:
    exchange = answered(Request("HEAD", "/api/things"), Response(200, JSON))
    assert list(content_is_as_documented(exchange, shop)) == []


def test_json_that_nobody_promised_has_to_be_readable_too(
    answered: Answered, shop: Yardstick
) -> None:
    exchange = answered(Request("GET", "/elsewhere"), Response(404, JSON, b"{"))
    assert rules(content_is_as_documented(exchange, shop)) == ["body-not-json"]


def test_a_body_that_is_not_encoded_as_told_is_found(find: Find, yardstick: Yardstick) -> None:
    headers = (*JSON, ("content-encoding", "gzip"))
    flawed = find(ME, 200, headers=headers, coding_flaw="the body is not encoded as gzip")
    [finding] = body_is_encoded_as_told(flawed, yardstick)
    assert finding.rule == "content-encoding-wrong"
    assert finding.cause == "gzip"
    assert list(body_is_encoded_as_told(find(ME, 200), yardstick)) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"status": "success", "data": {"id": 1}}', []),
        (b'{"id": 1, "data": {"id": 1}}', []),
        (b'[{"id": 1}, {"id": 2}]', []),
        (b'{"status": "error", "data": {}, "status": "success"}', ["status"]),
        (b'[{"a": {"id": 1, "id": 2}}, {"id": 3, "id": 4}]', ["id"]),
        (b'{"id": 1, "id": 2', []),
    ],
)
def test_a_name_that_stands_twice_in_one_object_is_found_once(
    find: Find, yardstick: Yardstick, body: bytes, expected: list[str]
) -> None:
    found = list(names_are_unique(find(ME, 200, body=body), yardstick))
    assert [one.cause for one in found] == expected
    assert set(rules(found)) <= {"duplicate-names"}
