from collections.abc import Callable

import pytest

from contracts.checks.undeclared import looks_secret, properties_are_declared
from contracts.exchange import Exchange, Request, Response
from contracts.findings import Severity
from contracts.yardstick import Yardstick
from mockserver.model import Json
from tests.contracts.checks.conftest import Find
from tests.contracts.checks.shop import body_of

JSON = (("content-type", "application/json"),)
Answered = Callable[..., Exchange]


def causes(answered: Answered, shop: Yardstick, thing: dict[str, Json]) -> list[str]:
    body = body_of({"id": 1, "name": "a", **thing})
    exchange = answered(Request("GET", "/api/things/1"), Response(200, JSON, body))
    return [finding.cause for finding in properties_are_declared(exchange, shop)]


@pytest.mark.parametrize(
    "thing",
    [
        {"kind": "big"},
        {"free": {"anything": {"goes": [1]}}},
        {"counts": {"all": 1, "others": 2}},
        {"measure": {"width": 1}},
        {"measure": {"grams": 1}},
        {"measure": None},
        {"parts": [{"id": 2, "name": "b", "measure": {"grams": 1}}]},
    ],
)
def test_declared_properties_are_not_found(
    answered: Answered, shop: Yardstick, thing: dict[str, Json]
) -> None:
    assert causes(answered, shop, thing) == []


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        ({"colour": "red"}, ["/colour"]),
        ({"colour": "red", "shade": 1}, ["/colour", "/shade"]),
        ({"measure": {"width": 1, "depth": 2}}, ["/measure/depth"]),
        ({"places": {"home": {"width": 1, "depth": 2}}}, ["/places/home/depth"]),
        ({"measure": {"grams": 1, "width": "not of this branch"}}, ["/measure/width"]),
        (
            {"parts": [{"id": 2, "name": "b", "x": 1}, {"id": 3, "name": "c", "x": 1}]},
            ["/parts/*/x"],
        ),
    ],
)
def test_undeclared_properties_are_found_once_by_place(
    answered: Answered, shop: Yardstick, thing: dict[str, Json], expected: list[str]
) -> None:
    assert causes(answered, shop, thing) == expected


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ({"grams": 1, "width": 2}, []),
        ({"depth": 2}, ["/measure/depth"]),
        ({"width": "no number", "unit": "of the other branch", "depth": 2}, ["/measure/depth"]),
        (7, []),
    ],
)
def test_where_branches_do_not_fit_all_of_them_count(
    answered: Answered, shop: Yardstick, measure: Json, expected: list[str]
) -> None:
    assert causes(answered, shop, {"measure": measure}) == expected


def test_an_error_in_a_success_is_not_taken_apart(find: Find, yardstick: Yardstick) -> None:
    error = find("GET /v2/me", 401).response.body
    assert list(properties_are_declared(find("GET /v2/me", 200, body=error), yardstick)) == []


def test_a_name_that_looks_secret_matters_more(find: Find, yardstick: Yardstick) -> None:
    body = find("GET /v2/me", 200).response.body.replace(b'"email"', b'"apiKey":"x","email"')
    [finding] = properties_are_declared(find("GET /v2/me", 200, body=body), yardstick)
    assert finding.severity is Severity.HIGH
    assert finding.cause == "/data/apiKey"
    assert "x" not in finding.came.split()
    body = body.replace(b"apiKey", b"colour")
    [finding] = properties_are_declared(find("GET /v2/me", 200, body=body), yardstick)
    assert finding.severity is Severity.MEDIUM


def test_errors_are_looked_at_too(find: Find, yardstick: Yardstick) -> None:
    body = find("GET /v2/me", 401).response.body.replace(b'"code"', b'"stack":"x","code"')
    [finding] = properties_are_declared(find("GET /v2/me", 401, body=body), yardstick)
    assert finding.cause == "/error/stack"


@pytest.mark.parametrize("name", ["password", "passwordHash", "api_key", "accessToken", "API-KEY"])
def test_names_of_secrets(name: str) -> None:
    assert looks_secret(name)


@pytest.mark.parametrize("name", ["title", "isPinned", "keyboard", "monkey", "hashtags"])
def test_names_of_other_things(name: str) -> None:
    assert not looks_secret(name)


def test_a_problem_document_may_have_what_all_of_them_may(
    answered: Answered, shop: Yardstick
) -> None:
    body = body_of({"code": "x", "why": "y", "type": "about:blank", "instance": "/api", "hint": 1})

    def found(kind: str) -> list[str]:
        came = Response(404, (("content-type", kind),), body)
        exchange = answered(Request("GET", "/api/things"), came)
        return [one.cause for one in properties_are_declared(exchange, shop)]

    assert found("application/problem+json") == ["/hint"]
    assert found("application/json") == ["/type", "/instance", "/hint"]
