from collections.abc import Callable

import pytest

from contracts.checks.bodies import body_fits_schema
from contracts.exchange import Exchange, Request, Response
from contracts.findings import Severity
from contracts.yardstick import Yardstick
from mockserver.model import Json
from tests.contracts.checks.conftest import Find
from tests.contracts.checks.shop import body_of, rules

JSON = (("content-type", "application/json"),)
LINKS = "GET /v2/event-types/{eventTypeId}/private-links"
ME = "GET /v2/me"
THING = {"id": 1, "name": "a"}
Answered = Callable[..., Exchange]


def changed(exchange: Exchange, *at: str | int, to: Json = None, without: str = "") -> bytes:
    """The body of an answer with another value at one place, or without a property there."""
    body = exchange.response.json
    node = body
    for key in at[:-1] if not without else at:
        node = node[key]
    if without:
        node = {key: value for key, value in node.items() if key != without}
        return changed(exchange, *at, to=node)
    node[at[-1]] = to
    return body_of(body)


@pytest.mark.parametrize(
    ("at", "to", "cause"),
    [
        (("data", "id"), "101", "/data/id type"),
        (("data", "username"), 7, "/data/username type"),
        (("data",), None, "/data type"),
        (("status",), "perhaps", "/status enum"),
    ],
)
def test_a_value_that_does_not_fit_is_found_with_its_pointer(
    find: Find, yardstick: Yardstick, at: tuple[str, ...], to: Json, cause: str
) -> None:
    body = changed(find(ME, 200), *at, to=to)
    found = list(body_fits_schema(find(ME, 200, body=body), yardstick))
    causes = {finding.cause for finding in found}
    assert causes == {cause}
    assert {finding.rule for finding in found} == {"body-does-not-fit-schema"}
    assert found[0].severity is Severity.HIGH
    assert found[0].source == "document #/paths/~1v2~1me/get/responses/200/content"


def test_a_missing_property_is_found(find: Find, yardstick: Yardstick) -> None:
    body = changed(find(ME, 200), "data", without="email")
    [finding] = body_fits_schema(find(ME, 200, body=body), yardstick)
    assert finding.cause == "/data/email required"
    assert finding.came == "200, and nothing there"


def test_a_value_that_fits_both_branches_is_found_with_their_names(
    find: Find, yardstick: Yardstick
) -> None:
    link = find(LINKS, 200).response.json["data"][0]
    link |= {"expiresAt": "2031-01-01T00:00:00.000Z", "maxUsageCount": 1, "usageCount": 0}
    body = changed(find(LINKS, 200), "data", 0, to=link)
    [finding] = body_fits_schema(find(LINKS, 200, body=body), yardstick)
    assert finding.cause == "/data/* oneOf"
    assert "TimeBasedPrivateLinkOutput and UsageBasedPrivateLinkOutput" in finding.message


def test_a_value_that_fits_no_branch_is_found_with_the_reasons(
    find: Find, yardstick: Yardstick
) -> None:
    link = find(LINKS, 200).response.json["data"][0]
    for name in ("expiresAt", "maxUsageCount", "usageCount"):
        link.pop(name, None)
    body = changed(find(LINKS, 200), "data", 0, to=link)
    [finding] = body_fits_schema(find(LINKS, 200, body=body), yardstick)
    assert "TimeBasedPrivateLinkOutput: expiresAt is required" in finding.message
    assert "UsageBasedPrivateLinkOutput: maxUsageCount is required" in finding.message


def test_the_same_cause_in_many_items_is_one_finding(answered: Answered, shop: Yardstick) -> None:
    body = body_of([{"id": 1}, {"id": 2}, {"id": 3}])
    exchange = answered(Request("GET", "/api/things"), Response(200, JSON, body))
    assert [finding.cause for finding in body_fits_schema(exchange, shop)] == ["/*/name required"]


def test_a_write_only_property_is_a_rule_of_its_own(answered: Answered, shop: Yardstick) -> None:
    body = body_of({**THING, "pin": "1234"})
    exchange = answered(Request("GET", "/api/things/1"), Response(200, JSON, body))
    [finding] = body_fits_schema(exchange, shop)
    assert finding.rule == "write-only-property"
    assert finding.cause == "/pin writeOnly"


def test_an_error_that_does_not_fit_matters_less(find: Find, yardstick: Yardstick) -> None:
    body = body_of({"oops": 1})
    found = list(body_fits_schema(find(ME, 401, body=body), yardstick))
    assert found
    assert {finding.severity for finding in found} == {Severity.MEDIUM}


def test_an_error_in_a_success_is_found_and_nothing_else(find: Find, yardstick: Yardstick) -> None:
    error = find(ME, 401).response.body
    [finding] = body_fits_schema(find(ME, 200, body=error), yardstick)
    assert finding.rule == "success-with-error-body"


def test_an_envelope_that_says_error_is_found_though_the_body_fits(
    find: Find, yardstick: Yardstick
) -> None:
    body = changed(find(LINKS, 200), "status", to="error")
    assert rules(body_fits_schema(find(LINKS, 200, body=body), yardstick)) == [
        "success-with-error-body"
    ]


def test_a_bare_error_in_a_success_is_found(answered: Answered, shop: Yardstick) -> None:
    body = body_of({"code": "no", "why": "because"})
    exchange = answered(Request("POST", "/api/things"), Response(201, JSON, body))
    assert rules(body_fits_schema(exchange, shop)) == ["success-with-error-body"]


def test_an_error_that_no_schema_describes_is_found_in_a_success(
    answered: Answered, shop: Yardstick
) -> None:
    exchange = answered(Request("POST", "/api/things"), Response(201, JSON, b'{"error": "boom"}'))
    assert rules(body_fits_schema(exchange, shop)) == ["success-with-error-body"]


def test_an_error_that_names_itself_is_no_success(answered: Answered, shop: Yardstick) -> None:
    body = body_of({**THING, "error": "boom"})
    exchange = answered(Request("POST", "/api/things"), Response(400, JSON, body))
    assert set(rules(body_fits_schema(exchange, shop))) == {"body-does-not-fit-schema"}


def test_a_success_in_an_error_is_found(find: Find, yardstick: Yardstick) -> None:
    body = find(LINKS, 200).response.body
    assert rules(body_fits_schema(find(LINKS, 404, body=body), yardstick)) == [
        "error-with-success-body"
    ]


def test_what_cannot_be_read_is_left_to_others(find: Find, yardstick: Yardstick) -> None:
    assert list(body_fits_schema(find(ME, 200, body=b"{"), yardstick)) == []
