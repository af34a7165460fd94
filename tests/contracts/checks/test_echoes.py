from collections.abc import Callable
from dataclasses import replace

import pytest

from contracts.checks.echoes import (
    ids_are_those_of_the_path,
    location_leads_to_the_new_item,
    texts_come_back_whole,
)
from contracts.exchange import Exchange, Request, Response
from contracts.yardstick import Yardstick
from mockserver.model import Json
from tests.contracts.checks.conftest import Find
from tests.contracts.checks.shop import body_of, rules

EVENT_TYPE = "GET /v2/event-types/{eventTypeId}"
LINKS = f"{EVENT_TYPE}/private-links"
TEAM = "GET /v2/organizations/{orgId}/teams/{teamId}/event-types/{eventTypeId}"
JSON = (("content-type", "application/json"),)
Answered = Callable[..., Exchange]


def asked(exchange: Exchange, **path: str) -> Exchange:
    return replace(exchange, path_values={**exchange.path_values, **path})


def test_another_item_than_asked_for_is_found(find: Find, yardstick: Yardstick) -> None:
    exchange = asked(find(EVENT_TYPE, 200), eventTypeId="7")
    [finding] = ids_are_those_of_the_path(exchange, yardstick)
    assert finding.rule == "wrong-id"
    assert finding.expected == "id: 7"
    assert finding.cause == "id"


def test_an_id_that_the_server_read_loosely_is_found(find: Find, yardstick: Yardstick) -> None:
    healthy = find(EVENT_TYPE, 200)
    id = healthy.path_values["eventTypeId"]
    loose = asked(healthy, eventTypeId=f"{id}abc")
    assert rules(ids_are_those_of_the_path(loose, yardstick)) == ["wrong-id"]


def test_a_long_id_that_was_rounded_is_found(find: Find, yardstick: Yardstick) -> None:
    body = body_of({"status": "success", "data": {"id": 2**53}})
    exchange = asked(find(EVENT_TYPE, 200, body=body), eventTypeId=str(2**53 + 1))
    assert rules(ids_are_those_of_the_path(exchange, yardstick)) == ["wrong-id"]


@pytest.mark.parametrize("label", [LINKS, LINKS.replace("GET", "POST")])
def test_another_parent_than_asked_for_is_found_once(
    find: Find, yardstick: Yardstick, label: str
) -> None:
    exchange = find(label, 200 if label == LINKS else 201)
    [finding] = ids_are_those_of_the_path(asked(exchange, eventTypeId="7"), yardstick)
    assert finding.rule == "wrong-parent-id"
    assert finding.cause == "eventTypeId"


def test_another_id_of_the_name_of_its_parameter_is_found_once(
    find: Find, yardstick: Yardstick
) -> None:
    change = LINKS.replace("GET", "PATCH") + "/{linkId}"
    exchange = asked(find(change, 200), linkId="another")
    assert rules(ids_are_those_of_the_path(exchange, yardstick)) == ["wrong-id"]


def test_another_team_than_asked_for_is_found(find: Find, yardstick: Yardstick) -> None:
    exchange = asked(find(TEAM, 200), teamId="7")
    assert rules(ids_are_those_of_the_path(exchange, yardstick)) == ["wrong-parent-id"]


def test_an_id_that_the_request_changes_is_not_found(find: Find, yardstick: Yardstick) -> None:
    healthy = find(EVENT_TYPE.replace("GET", "PATCH"), 200)
    id = healthy.response.json["data"]["id"]
    request = replace(healthy.request, body=body_of({"id": id}))
    moved = replace(asked(healthy, eventTypeId="7"), request=request)
    assert list(ids_are_those_of_the_path(moved, yardstick)) == []


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/api/things/5", []),
        ("https://shop.example.test/api/things/5", []),
        ("things/5", []),
        ("/api/things/6", ["location-wrong"]),
        ("/things/5", ["location-wrong"]),
    ],
)
def test_a_location_that_leads_elsewhere_is_found(
    answered: Answered, shop: Yardstick, location: str, expected: list[str]
) -> None:
    response = Response(201, (*JSON, ("location", location)), body_of({"id": 5, "name": "a"}))
    exchange = answered(Request("POST", "/api/things"), response)
    assert rules(location_leads_to_the_new_item(exchange, shop)) == expected


def mangled(answered: Answered, shop: Yardstick, sent: str, came: Json) -> list[str]:
    request = Request("POST", "/api/things", JSON, body_of({"name": sent}))
    response = Response(201, JSON, body_of({"id": 1, "name": came}))
    exchange = answered(request, response)
    return [finding.cause for finding in texts_come_back_whole(exchange, shop)]


@pytest.mark.parametrize(
    ("came", "how"),
    [
        ("GrÃ¶Ã\x9fe ð\x9f\x8e\x89", "encoded twice"),
        ("Gr?e ?", "with letters lost"),
        ("Gr??e ????", "with letters lost"),
        ("Gr\ufffd\ufffde \ufffd", "with letters lost"),
        ("Gro\u0308ße 🎉", "in another normal form"),
    ],
)
def test_a_mangled_text_is_found(answered: Answered, shop: Yardstick, came: str, how: str) -> None:
    assert mangled(answered, shop, "Größe 🎉", came) == [f"name {how}"]


@pytest.mark.parametrize("came", ["Größe 🎉", "groesse", "Another? text", None, 7])
def test_other_texts_are_not_found(answered: Answered, shop: Yardstick, came: Json) -> None:
    assert mangled(answered, shop, "Größe 🎉", came) == []
