from collections.abc import Callable

import pytest

from contracts.checks.openapi_core import openapi_core_findings, request_flaws
from contracts.checks.openapi_views import OpenApiRequest, OpenApiResponse
from contracts.exchange import (
    Exchange,
    Request,
    Response,
)
from contracts.yardstick import Yardstick
from mockserver.model import Document
from tests.contracts.checks.conftest import Find
from tests.contracts.checks.shop import SHOP, all_findings, body_of

ME = "GET /v2/me"
JSON = (("content-type", "application/json"),)
Answered = Callable[..., Exchange]


def test_openapi_core_agrees_that_the_stub_is_healthy(
    healthy_exchanges: list[Exchange], yardstick: Yardstick
) -> None:
    found = [f for one in healthy_exchanges[::12] for f in openapi_core_findings(one, yardstick)]
    assert [(finding.key, finding.came) for finding in found] == []


def test_good_requests_have_no_flaws(
    healthy_exchanges: list[Exchange], yardstick: Yardstick
) -> None:
    good = [one for one in healthy_exchanges if one.is_success]
    assert [flaw for one in good[::12] for flaw in request_flaws(one, yardstick)] == []


@pytest.mark.parametrize(
    "change",
    [
        {"status": 202},
        {"headers": (("content-type", "text/html"),)},
        {"headers": (*JSON, ("X-Request-Id", "7"))},
        {"body": b""},
        {"body": b"{"},
        {"body": b'{"status": "success", "data": {}}'},
    ],
)
def test_what_both_object_to_has_the_name_that_our_checks_give(
    find: Find, yardstick: Yardstick, change: Document
) -> None:
    exchange = find(ME, 200, **change)
    found = {finding.key for finding in openapi_core_findings(exchange, yardstick)}
    assert found
    assert found <= {finding.key for finding in all_findings(exchange, yardstick)}


def test_what_only_openapi_core_objects_to_is_its_own_finding(shop: Yardstick) -> None:
    document = {**SHOP, "openapi": "3.1.0"}  # a 3.1 keyword, which only openapi-core knows
    schemas = document["components"]["schemas"]
    size = {**schemas["Size"], "properties": {"width": {"type": "number", "const": 1}}}
    document["components"] = {**document["components"], "schemas": {**schemas, "Size": size}}
    stricter = Yardstick("effective", document, document)
    match = stricter.match("GET", "/api/things/1")
    assert match is not None
    body = body_of({"id": 1, "name": "a", "measure": {"width": 2}})
    exchange = Exchange(
        1, Request("GET", "/api/things/1"), Response(200, JSON, body), match.operation,
        match.path_values, None, 0,  # type: ignore[arg-type]
    )  # fmt: skip
    assert all_findings(exchange, stricter) == []
    [finding] = openapi_core_findings(exchange, stricter)
    assert finding.rule == "openapi-core"
    assert finding.cause == "/measure oneOf"


def test_null_beside_a_composition_is_no_finding(answered: Answered, shop: Yardstick) -> None:
    body = body_of({"id": 1, "name": "a", "measure": None})
    exchange = answered(Request("GET", "/api/things/1"), Response(200, JSON, body))
    request, response = OpenApiRequest.of(exchange.request), OpenApiResponse.of(exchange.response)
    assert list(shop.openapi.iter_response_errors(request, response))
    assert list(openapi_core_findings(exchange, shop)) == []


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (Request("GET", "/api/things/abc"), "Path parameter error: thingId"),
        (Request("GET", "/api/things?sort=sideways"), "Invalid query parameter: sort"),
        (Request("POST", "/api/things", JSON, b'{"name": 7}'), "/name 7 is not of type"),
    ],
)
def test_flaws_of_our_own_requests_are_told(
    answered: Answered, shop: Yardstick, request_: Request, expected: str
) -> None:
    [flaw] = request_flaws(answered(request_, Response(200)), shop)
    assert expected in flaw


def test_a_missing_credential_is_no_flaw(answered: Answered, shop: Yardstick) -> None:
    assert request_flaws(answered(Request("GET", "/api/things"), Response(401)), shop) == []
