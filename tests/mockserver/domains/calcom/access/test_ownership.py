from typing import Any

import pytest

from mockserver.domains.calcom.conventions.numbers import whole_number

V = "2024-09-04"


def links(event_type_id: str) -> str:
    return f"/v2/event-types/{event_type_id}/private-links"


def message(reply: Any) -> Any:
    return reply.body["error"]["message"]


@pytest.mark.parametrize("event_type_id", ["abc", "0", "-1", "1.5", "1abc"])
def test_an_id_that_is_no_positive_number_is_400(desk: Any, event_type_id: str) -> None:
    reply = desk.send("GET", links(event_type_id), key="alice", version=V)
    assert (reply.status, message(reply)) == (400, "Invalid eventTypeId param.")


@pytest.mark.parametrize("event_type_id", ["999999", "1", "2"])
def test_what_is_absent_foreign_or_a_teams_is_404(desk: Any, event_type_id: str) -> None:
    reply = desk.send("GET", links(event_type_id), key="alice", version=V)
    assert reply.status == 404
    assert message(reply) == f"Event type with id {event_type_id} not found"


def test_not_even_the_owner_of_the_team_uses_the_personal_path(desk: Any) -> None:
    assert desk.send("GET", links("2"), key="ned", version=V).status == 404


def test_the_owner_is_found_before_the_body_is_looked_at(desk: Any) -> None:
    reply = desk.send("POST", links("999999"), key="alice", version=V, body={"maxUsageCount": "x"})
    assert reply.status == 404


def test_a_hexadecimal_id_names_an_event_type_like_any_other(desk: Any) -> None:
    reply = desk.send("GET", links("0x1"), key="alice", version=V)
    assert message(reply) == "Event type with id 1 not found"


def test_a_huge_id_is_one_that_nothing_has(desk: Any) -> None:
    assert desk.send("GET", links("99999999999"), key="alice", version=V).status == 404


def test_a_huge_id_fails_in_the_real_database(observed: Any) -> None:
    reply = observed.send("GET", links("99999999999"), key="alice", version=V)
    assert (reply.status, reply.body["error"]["code"]) == (500, "INTERNAL_SERVER_ERROR")


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("-3", -3), ("0x1", 1), ("0b11", 3), ("1e2", 100), ("2.0", 2), (" 7 ", 7)],
)
def test_numbers_read_as_in_javascript(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "abc", "1.5", "1_0", "0x", "\u0661", "1" * 401, "Infinity"])
def test_what_is_no_whole_number_is_none(text: str) -> None:
    assert whole_number(text) is None
