"""Private links where the real server departs from its document."""

from typing import Any

import pytest

LINKS = "/v2/event-types/1/private-links"
FUTURE = "2030-01-01T00:00:00.000Z"


@pytest.fixture
def ask(observed: Any) -> Any:
    return lambda method, rest="", **more: observed.send(method, LINKS + rest, key="bob", **more)


def data(reply: Any) -> Any:
    assert reply.status < 300, reply.body
    return reply.body["data"]


def message(reply: Any) -> Any:
    return reply.body["error"]["message"]


@pytest.mark.parametrize(
    "more",
    [
        {"body": {}},
        {},
        {"body": []},
        {"body": {"expiresAt": None, "maxUsageCount": None}},
        {"body": "maxUsageCount=1", "headers": {"content-type": "text/plain"}},
    ],
)
def test_a_create_without_a_limit_is_refused(ask: Any, more: Any) -> None:
    reply = ask("POST", **more)
    assert reply.status == 400
    assert message(reply) == "Either expiresAt or maxUsageCount must be provided"


@pytest.mark.parametrize("sent", ["2030-01-01", 1893456000000, "2030-01-01T02:00:00+02:00"])
def test_a_date_may_be_anything_that_javascript_reads(ask: Any, sent: Any) -> None:
    assert data(ask("POST", body={"expiresAt": sent}))["expiresAt"] == FUTURE


def test_true_is_a_date_of_1970(ask: Any) -> None:
    link = data(ask("POST", body={"expiresAt": True}))
    assert (link["expiresAt"], link["isExpired"]) == ("1970-01-01T00:00:00.001Z", True)


def test_two_wrong_limits_are_told_in_the_order_of_the_class(ask: Any) -> None:
    reply = ask("POST", body={"maxUsageCount": "x", "expiresAt": "y"})
    target = {"maxUsageCount": "x", "expiresAt": None}
    assert reply.body["error"]["details"]["errors"] == [
        {
            "target": target,
            "value": None,
            "property": "expiresAt",
            "children": [],
            "constraints": {"isDate": "expiresAt must be a Date instance"},
        },
        {
            "target": target,
            "value": "x",
            "property": "maxUsageCount",
            "children": [],
            "constraints": {
                "min": "maxUsageCount must not be less than 1",
                "isInt": "maxUsageCount must be an integer number",
            },
        },
    ]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"expiresAt": None, "maxUsageCount": 2}, "maxUsageCount"),
        ({"expiresAt": FUTURE, "maxUsageCount": None}, "expiresAt"),
    ],
)
def test_null_counts_as_absent(ask: Any, body: Any, kind: str) -> None:
    assert kind in data(ask("POST", body=body))


@pytest.mark.parametrize(("method", "call"), [("POST", "create"), ("PATCH", "updateMany")])
def test_a_number_of_more_than_32_bits_is_the_databases_to_refuse(
    ask: Any, method: str, call: str
) -> None:
    reply = ask(method, "/nope" if method == "PATCH" else "", body={"maxUsageCount": 3000000000})
    assert reply.status == 400
    assert message(reply) == (
        f"\nInvalid `prisma.hashedLink.{call}()` invocation:\n\n\nValue out of range for the type: "
        'value "3000000000" is out of range for type integer'
    )


@pytest.mark.parametrize("body", [{}, {"expiresAt": None}, {"maxUsageCount": None}])
def test_an_update_that_leaves_the_date_out_takes_it_away(ask: Any, body: Any) -> None:
    link_id = data(ask("POST", body={"expiresAt": FUTURE}))["linkId"]
    link = data(ask("PATCH", f"/{link_id}", body=body))
    assert (link["maxUsageCount"], link["usageCount"]) == (1, 0)


def test_both_limits_may_be_updated_at_once(ask: Any) -> None:
    link_id = data(ask("POST", body={"maxUsageCount": 5}))["linkId"]
    body = {"maxUsageCount": 8, "expiresAt": FUTURE}
    assert data(ask("PATCH", f"/{link_id}", body=body))["expiresAt"] == FUTURE
    assert data(ask("PATCH", f"/{link_id}", body={}))["maxUsageCount"] == 8


@pytest.mark.parametrize("body", ["x", 5, None, True])
def test_a_scalar_is_no_json_to_the_strict_parser(ask: Any, body: Any) -> None:
    reply = ask("POST", body=body)
    assert reply.status == 400
    assert message(reply).startswith("Unexpected token '")
    assert message(reply).endswith(" is not valid JSON")


@pytest.fixture
def keeping(open_desk: Any) -> Any:
    """The form of the source of 2026, by name."""
    return open_desk(quirks=["link-update-keeps-expiry", "link-null-clears-the-date"])


def ask_of(desk: Any, method: str, rest: str = "", **more: Any) -> Any:
    return desk.send(method, LINKS + rest, key="bob", version="2024-09-04", **more)


def test_a_date_that_is_left_out_may_stay(keeping: Any) -> None:
    link_id = data(ask_of(keeping, "POST", body={"expiresAt": FUTURE}))["linkId"]
    link = data(ask_of(keeping, "PATCH", f"/{link_id}", body={"maxUsageCount": 9}))
    assert link["expiresAt"] == FUTURE


def test_an_update_without_data_may_be_404(keeping: Any) -> None:
    link_id = data(ask_of(keeping, "POST", body={}))["linkId"]
    reply = ask_of(keeping, "PATCH", f"/{link_id}", body={})
    assert (reply.status, message(reply)) == (404, "Updated link not found")


def test_null_may_clear_the_date(keeping: Any) -> None:
    link_id = data(ask_of(keeping, "POST", body={"expiresAt": FUTURE}))["linkId"]
    link = data(ask_of(keeping, "PATCH", f"/{link_id}", body={"expiresAt": None}))
    assert link["maxUsageCount"] == 1


@pytest.mark.parametrize(
    ("quirk", "body"),
    [
        ("link-create-needs-a-limit", {}),
        ("link-dates-are-lenient", {"expiresAt": "2030-01-01"}),
        ("null-means-absent", {"maxUsageCount": None}),
    ],
)
def test_a_quirk_works_alone(desk: Any, open_desk: Any, quirk: str, body: Any) -> None:
    before = ask_of(desk, "POST", body=body).status
    after = ask_of(open_desk(quirks=[quirk]), "POST", body=body).status
    assert {before, after} == {201, 400}


@pytest.mark.parametrize(
    "quirks",
    [
        ["link-null-clears-the-date"],
        ["null-means-absent", "link-null-clears-the-date", "link-update-keeps-expiry"],
    ],
)
def test_null_clears_the_date_beside_other_quirks(open_desk: Any, quirks: list[str]) -> None:
    desk = open_desk(quirks=quirks)
    link_id = data(ask_of(desk, "POST", body={"expiresAt": FUTURE}))["linkId"]
    link = data(ask_of(desk, "PATCH", f"/{link_id}", body={"expiresAt": None}))
    assert "maxUsageCount" in link
