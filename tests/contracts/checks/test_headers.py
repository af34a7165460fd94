from collections.abc import Callable

import pytest

from contracts.checks.headers import (
    allow_tells_the_methods,
    declared_headers_are_right,
    headers_are_declared,
    https_is_not_demanded_in_the_clear,
    length_is_right,
    private_answers_are_not_shared,
    rate_limits_agree,
)
from contracts.exchange import Exchange, Headers, Request, Response
from contracts.findings import Severity
from contracts.yardstick import Yardstick
from tests.contracts.checks.conftest import Find
from tests.contracts.checks.shop import rules

THINGS = Request("GET", "/api/things", actor="owner")
Answered = Callable[..., Exchange]


def test_a_missing_required_header_is_found(answered: Answered, shop: Yardstick) -> None:
    [finding] = declared_headers_are_right(answered(THINGS, Response(200)), shop)
    assert finding.rule == "header-missing"
    assert finding.source == "document #/paths/~1things/get/responses/200/headers/X-Total"
    assert finding.expected == "X-Total (integer)"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ((("x-total", "7"),), []),
        ((("X-TOTAL", "many"),), ["x-total"]),
        ((("x-total", "7.5"),), ["x-total"]),
        ((("x-total", ""),), ["x-total"]),
        ((("x-total", "7"), ("x-kinds", "1, 2")), []),
        ((("x-total", "7"), ("x-kinds", "1,b")), ["x-kinds"]),
    ],
)
def test_header_values_are_read_by_their_schema(
    answered: Answered, shop: Yardstick, headers: Headers, expected: list[str]
) -> None:
    found = list(declared_headers_are_right(answered(THINGS, Response(200, headers)), shop))
    assert [finding.cause for finding in found] == expected
    assert set(rules(found)) <= {"header-does-not-fit-schema"}


def test_a_wrong_request_id_of_the_stub_is_found(find: Find, yardstick: Yardstick) -> None:
    exchange = find("GET /v2/me", 200, headers=(("x-request-id", "7"),))
    [finding] = declared_headers_are_right(exchange, yardstick)
    assert finding.came == "X-Request-Id: 7"


def test_an_undeclared_header_is_untidy(answered: Answered, shop: Yardstick) -> None:
    headers = (
        ("X-Total", "7"),
        ("x-internal-host", "db-7"),
        ("Date", "now"),
        ("cf-ray", "1"),
        ("X-RateLimit-Limit", "1"),
        ("set-cookie", "a=b"),
        ("set-cookie", "c=d"),
    )
    [finding] = headers_are_declared(answered(THINGS, Response(200, headers)), shop)
    assert finding.severity is Severity.LOW
    assert finding.cause == "x-internal-host"


@pytest.mark.parametrize(
    ("allow", "expected"),
    [
        ((("Allow", "GET, DELETE"),), []),
        ((("allow", "delete,HEAD,get,OPTIONS"),), []),
        ((), ["allow-missing"]),
        ((("allow", "GET"),), ["allow-differs"]),
        ((("allow", "GET, DELETE, PATCH"),), ["allow-differs"]),
        ((("allow", ""),), ["allow-differs"]),
    ],
)
def test_a_405_tells_the_documented_methods(
    answered: Answered, shop: Yardstick, allow: Headers, expected: list[str]
) -> None:
    found = list(
        allow_tells_the_methods(
            answered(Request("PUT", "/api/things/5"), Response(405, allow)), shop
        )
    )
    assert rules(found) == expected
    assert {finding.operation for finding in found} <= {"PUT /api/things/{thingId}"}


def test_a_wrong_length_is_found(find: Find, yardstick: Yardstick) -> None:
    body = find("GET /v2/me", 200).response.body
    assert list(length_is_right(find("GET /v2/me", 200), yardstick)) == []
    exchange = find("GET /v2/me", 200, body=body[:-5])
    [finding] = length_is_right(exchange, yardstick)
    assert finding.rule == "content-length-wrong"
    assert finding.came == f"Content-Length: {len(body)}"


def test_the_length_of_what_was_compressed_is_not_judged(
    answered: Answered, shop: Yardstick
) -> None:
    headers = (("content-length", "20"), ("content-encoding", "gzip"))
    exchange = answered(THINGS, Response(200, headers, b"[]"))
    assert list(length_is_right(exchange, shop)) == []


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        ("public, max-age=60", ["private-answer-shared"]),
        ("s-maxage=60", ["private-answer-shared"]),
        ("private, s-maxage=0", []),
        ("no-store", []),
    ],
)
def test_a_private_answer_for_shared_caches_is_found(
    answered: Answered, shop: Yardstick, control: str, expected: list[str]
) -> None:
    exchange = answered(THINGS, Response(200, (("Cache-Control", control),), b"[]"))
    assert rules(private_answers_are_not_shared(exchange, shop)) == expected


def test_what_anybody_may_read_may_be_shared(answered: Answered, shop: Yardstick) -> None:
    request = Request("GET", "/api/things/1", actor="owner")
    exchange = answered(request, Response(200, (("Cache-Control", "public"),), b"{}"))
    assert list(private_answers_are_not_shared(exchange, shop)) == []


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({}, 0),
        ({"X-RateLimit-Limit-Default": "120", "X-RateLimit-Remaining-Default": "119"}, 0),
        ({"X-RateLimit-Limit-Default": "120", "X-RateLimit-Remaining-Default": "120"}, 0),
        ({"X-RateLimit-Limit-Default": "120", "X-RateLimit-Remaining-Default": "121"}, 1),
        ({"x-ratelimit-limit": "9", "x-ratelimit-remaining": "10"}, 1),
        ({"RateLimit-Limit": "9", "RateLimit-Remaining": "10"}, 1),
        ({"RateLimit-Limit": "9;w=60", "RateLimit-Remaining": "10"}, 0),
        ({"RateLimit-Limit": "9"}, 0),
    ],
)
def test_no_more_requests_may_be_left_than_the_limit_allows(
    answered: Answered, shop: Yardstick, headers: dict[str, str], found: int
) -> None:
    exchange = answered(THINGS, Response(200, tuple(headers.items())))
    assert rules(list(rate_limits_agree(exchange, shop))) == ["rate-limits-contradict"] * found


@pytest.mark.parametrize(("is_secure", "found"), [(False, 1), (True, 0)])
def test_https_may_be_demanded_over_tls_only(
    answered: Answered, shop: Yardstick, is_secure: bool, found: int
) -> None:
    headers = (("Strict-Transport-Security", "max-age=31536000"),)
    exchange = answered(THINGS, Response(200, headers, is_secure=is_secure))
    findings = list(https_is_not_demanded_in_the_clear(exchange, shop))
    assert [one.source for one in findings] == ["RFC 6797 section 7.2"] * found
    plain = answered(THINGS, Response(200))
    assert not list(https_is_not_demanded_in_the_clear(plain, shop))
