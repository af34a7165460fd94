"""Private links of a team's event type, and what the real server does to them."""

from typing import Any

import pytest

V = "2024-09-04"
LINKS = "/v2/organizations/3/teams/4/event-types/2/private-links"
FUTURE = "2031-01-01T00:00:00.000Z"


def data(reply: Any) -> Any:
    assert reply.status < 300, reply.body
    return reply.body["data"]


def message(reply: Any) -> Any:
    return reply.body["error"]["message"]


@pytest.fixture
def ask(desk: Any) -> Any:
    """Asks as ned, who owns the team, in the documented profile."""
    return lambda method, rest="", **more: desk.send(
        method, LINKS + rest, **{"key": "ned", "version": V, **more}
    )


@pytest.fixture
def ask_real(observed: Any) -> Any:
    """Asks as ned in the observed profile."""
    return lambda method, rest="", **more: observed.send(
        method, LINKS + rest, **{"key": "ned", "version": V, **more}
    )


@pytest.fixture
def link_id(ask_real: Any) -> Any:
    return data(ask_real("POST", body={"maxUsageCount": 2}))["linkId"]


def test_the_organization_is_the_host_of_the_address(ask: Any) -> None:
    link = data(ask("POST", body={}))
    assert link["bookingUrl"] == f"https://beta.cal.com/d/{link['linkId']}/beta-call"


def test_an_event_type_of_another_team_is_404(ask: Any, desk: Any) -> None:
    path = LINKS.replace("/2/", "/3/")
    reply = desk.send("GET", path, key="ned", version=V)
    assert (reply.status, message(reply)) == (404, "Event type with id 3 not found")


def test_an_event_type_id_that_is_no_number_is_400(desk: Any) -> None:
    reply = desk.send("GET", LINKS.replace("/2/", "/abc/"), key="ned", version=V)
    assert (reply.status, message(reply)) == (400, "Validation failed (numeric string is expected)")


@pytest.mark.parametrize("body", [{"maxUsageCount": 0}, {"maxUsageCount": "9"}, {"expiresAt": 5}])
def test_a_documented_update_is_validated(ask: Any, body: Any) -> None:
    made = data(ask("POST", body={"maxUsageCount": 2}))["linkId"]
    assert ask("PATCH", f"/{made}", body=body).status == 400


def test_a_documented_update_needs_no_body(ask: Any) -> None:
    made = data(ask("POST", body={"expiresAt": FUTURE}))
    assert data(ask("PATCH", f"/{made['linkId']}")) == made


@pytest.mark.parametrize(("sent", "stored"), [(0, 0), (-5, -5), (1.5, 1), (9, 9)])
def test_the_real_update_stores_any_number(
    ask_real: Any, link_id: str, sent: float, stored: int
) -> None:
    link = data(ask_real("PATCH", f"/{link_id}", body={"maxUsageCount": sent}))
    assert (link["maxUsageCount"], link["isExpired"]) == (stored, False)


@pytest.mark.parametrize("sent", ["9", True, [1], {}])
def test_the_real_update_ignores_what_is_no_number(ask_real: Any, link_id: str, sent: Any) -> None:
    assert (
        data(ask_real("PATCH", f"/{link_id}", body={"maxUsageCount": sent}))["maxUsageCount"] == 2
    )


def test_the_real_update_shows_the_database_layers_message(ask_real: Any, link_id: str) -> None:
    reply = ask_real("PATCH", f"/{link_id}", body={"maxUsageCount": 3, "expiresAt": "2031-01-01"})
    assert reply.status == 400
    assert message(reply) == (
        "\nInvalid `prisma.hashedLink.updateMany()` invocation:\n\n{\n  where: {\n"
        f'    eventTypeId: 2,\n    link: "{link_id}"\n  }},\n  data: {{\n'
        '    expiresAt: "2031-01-01",\n               ~~~~~~~~~~~~\n    maxUsageCount: 3\n'
        "  }\n}\n\nInvalid value for argument `expiresAt`: premature end of input. "
        "Expected ISO-8601 DateTime."
    )


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ("soon", "input contains invalid characters. Expected ISO-8601 DateTime."),
        (5, "NullableDateTimeFieldUpdateOperationsInput or Null, provided Int."),
        (True, "NullableDateTimeFieldUpdateOperationsInput or Null, provided Boolean."),
    ],
)
def test_the_message_says_what_was_wrong(
    ask_real: Any, link_id: str, sent: Any, reason: str
) -> None:
    reply = ask_real("PATCH", f"/{link_id}", body={"expiresAt": sent})
    assert (reply.status, message(reply).endswith(reason)) == (400, True)


def test_the_real_update_writes_both_limits(ask_real: Any, link_id: str) -> None:
    body = {"maxUsageCount": 3, "expiresAt": FUTURE}
    assert data(ask_real("PATCH", f"/{link_id}", body=body))["expiresAt"] == FUTURE
    assert data(ask_real("PATCH", f"/{link_id}"))["maxUsageCount"] == 3


def test_the_path_wins_over_a_link_id_in_the_body(ask_real: Any, link_id: str) -> None:
    body = {"maxUsageCount": 3, "linkId": "other"}
    assert data(ask_real("PATCH", f"/{link_id}", body=body))["linkId"] == link_id


def test_a_real_update_of_an_unknown_link_is_404(ask_real: Any) -> None:
    reply = ask_real("PATCH", "/nope", body={"maxUsageCount": 3})
    assert (reply.status, message(reply)) == (404, "Updated link not found")
