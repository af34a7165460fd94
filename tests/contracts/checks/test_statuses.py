from collections.abc import Callable
from dataclasses import replace

import pytest

from contracts.checks.statuses import (
    documented_method_is_allowed,
    method_is_documented,
    redirect_stays_here,
    server_does_not_fail,
    status_is_documented,
)
from contracts.exchange import Exchange, Request, Response
from contracts.findings import Severity
from contracts.yardstick import Yardstick
from tests.contracts.checks.conftest import Find
from tests.contracts.checks.shop import rules

ME = "GET /v2/me"
Answered = Callable[..., Exchange]


def test_an_undocumented_status_is_found_with_its_place(find: Find, yardstick: Yardstick) -> None:
    [finding] = status_is_documented(find(ME, 200, status=202), yardstick)
    assert finding.rule == "undocumented-status"
    assert finding.severity is Severity.HIGH
    assert finding.source == "document #/paths/~1v2~1me/get/responses"
    assert finding.cause == "202"
    assert "202 Accepted" in finding.message


@pytest.mark.parametrize("status", [404, 410, 499])
def test_a_range_documents_its_statuses(answered: Answered, shop: Yardstick, status: int) -> None:
    exchange = answered(Request("GET", "/api/things"), Response(status))
    assert list(status_is_documented(exchange, shop)) == []


def test_what_is_outside_every_range_is_undocumented(answered: Answered, shop: Yardstick) -> None:
    exchange = answered(Request("GET", "/api/things"), Response(302, (("location", "/x"),)))
    [finding] = status_is_documented(exchange, shop)
    assert finding.came == "302 Found to /x"


def test_a_server_error_is_found_even_where_it_is_documented(
    find: Find, yardstick: Yardstick
) -> None:
    exchange = find(ME, 200, status=500)
    assert rules(server_does_not_fail(exchange, yardstick)) == ["server-error"]
    assert list(status_is_documented(exchange, yardstick)) == []


def test_an_undocumented_server_error_is_one_finding_only(
    answered: Answered, shop: Yardstick
) -> None:
    exchange = answered(Request("DELETE", "/api/things/1"), Response(502))
    assert rules(server_does_not_fail(exchange, shop)) == ["server-error"]
    assert list(status_is_documented(exchange, shop)) == []


def test_a_documented_closure_is_no_server_error(answered: Answered, shop: Yardstick) -> None:
    request = Request("GET", "/api/things/1")
    assert list(server_does_not_fail(answered(request, Response(503)), shop)) == []
    [finding] = server_does_not_fail(answered(request, Response(502)), shop)
    assert finding.cause == "502"


def test_an_undocumented_method_that_succeeds_is_found(answered: Answered, shop: Yardstick) -> None:
    [finding] = method_is_documented(
        answered(Request("PUT", "/api/things/77"), Response(200)), shop
    )
    assert finding.rule == "undocumented-method-served"
    assert finding.operation == "PUT /api/things/{thingId}"
    assert finding.cause == "PUT"


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("PUT", "/api/things/77", 405),
        ("HEAD", "/api/things/77", 200),
        ("OPTIONS", "/api/things/77", 204),
        ("POST", "/api/things/", 201),
        ("PUT", "/api/elsewhere", 200),
    ],
)
def test_other_methods_are_not_found(
    answered: Answered, shop: Yardstick, method: str, target: str, status: int
) -> None:
    exchange = answered(Request(method, target), Response(status))
    assert list(method_is_documented(exchange, shop)) == []


def test_a_documented_method_that_is_refused_is_found(find: Find, yardstick: Yardstick) -> None:
    exchange = find(ME, 200, status=405, headers=(("allow", "POST"),))
    [finding] = documented_method_is_allowed(exchange, yardstick)
    assert finding.rule == "documented-method-refused"
    assert finding.came == "405 Method Not Allowed, Allow: POST"


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://evil.example.test/api/things", ["redirect-to-other-host"]),
        ("//evil.example.test/", ["redirect-to-other-host"]),
        ("https://shop.example.test/api/things", []),
        ("/login", []),
    ],
)
def test_a_redirect_to_another_host_is_found(
    answered: Answered, shop: Yardstick, location: str, expected: list[str]
) -> None:
    exchange = answered(Request("GET", "/api/things"), Response(302, (("location", location),)))
    assert rules(redirect_stays_here(exchange, shop)) == expected


def test_the_host_that_was_asked_counts_as_home(answered: Answered, shop: Yardstick) -> None:
    request = Request("GET", "/api/things", (("Host", "127.0.0.1:8080"),))
    exchange = answered(request, Response(307, (("location", "http://127.0.0.1:8080/"),)))
    assert list(redirect_stays_here(exchange, shop)) == []


def test_over_a_network_only_the_host_that_was_asked_is_home(
    answered: Answered, shop: Yardstick
) -> None:
    """What the document names may be another system: production, asked for from a test."""

    def found(location: str) -> list[str]:
        came = Response(302, (("location", location),), host="staging.example.test")
        return rules(redirect_stays_here(answered(Request("GET", "/api/things"), came), shop))

    assert found("https://staging.example.test/api/things/") == []
    assert found("https://shop.example.test/api/things") == ["redirect-to-other-host"]


def test_a_documented_redirect_leads_wherever_it_is_meant_to(answered: Answered) -> None:
    found = {"302": {"description": "to where the files are"}}
    document = {"openapi": "3.0.3", "info": {"title": "Files", "version": "1"}}
    paths = {"paths": {"/files": {"get": {"responses": found}}}}
    files = Yardstick("effective", {**document, **paths}, {**document, **paths})
    match = files.match("GET", "/files")
    assert match is not None
    came = Response(302, (("location", "https://files.example.test/"),), host="api.example.test")
    exchange = replace(answered(Request("GET", "/files"), came), operation=match.operation)
    assert list(redirect_stays_here(exchange, files)) == []
