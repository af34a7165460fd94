from typing import Any

import pytest

LINKS = "/v2/event-types/1/private-links"
ONE = "/v2/event-types/1"


@pytest.mark.parametrize("version", ["2024-08-13", "2024-09-04"])
def test_some_versions_have_no_event_types(desk: Any, version: str) -> None:
    reply = desk.send("GET", f"{ONE}?a=b", key="bob", version=version)
    assert reply.status == 404
    assert reply.body["error"]["message"] == "Cannot GET /v2/event-types/1?a=b"


@pytest.mark.parametrize("version", ["2024-04-15", "2024-06-11"])
def test_the_old_handler_of_event_types_is_not_played(desk: Any, version: str) -> None:
    assert desk.send("GET", ONE, key="bob", version=version).status == 501


@pytest.mark.parametrize("version", [None, "2025-01-01"])
def test_event_types_want_a_version(desk: Any, version: str | None) -> None:
    reply = desk.send("GET", ONE, key="bob", version=version)
    assert reply.status == 400
    [entry] = reply.body["error"]["details"]["errors"]
    assert entry["property"] == "cal-api-version"
    assert entry.get("value") == version
    assert entry["constraints"] == {
        "isIn": "cal-api-version must be one of the following values: 2024-06-14"
    }


@pytest.mark.parametrize("version", [None, "2025-01-01"])
def test_without_a_version_the_old_handler_is_meant_where_the_header_is_optional(
    observed: Any, version: str | None
) -> None:
    assert observed.send("GET", ONE, key="bob", version=version).status == 501


@pytest.mark.parametrize("version", [None, "2025-01-01"])
def test_private_links_want_a_version(desk: Any, version: str | None) -> None:
    assert desk.send("GET", LINKS, key="bob", version=version).status == 400


@pytest.mark.parametrize("version", [None, "2025-01-01"])
def test_private_links_answer_without_a_version_where_the_header_is_optional(
    observed: Any, version: str | None
) -> None:
    assert observed.send("GET", LINKS, key="bob", version=version).status == 200


@pytest.mark.parametrize(
    "version", ["2024-04-15", "2024-06-11", "2024-06-14", "2024-08-13", "2024-09-04"]
)
def test_every_known_version_has_private_links(desk: Any, version: str) -> None:
    assert desk.send("GET", LINKS, key="bob", version=version).status == 200


def test_the_handler_is_chosen_before_anybody_asks_who_calls(desk: Any) -> None:
    assert desk.send("GET", ONE, version="2024-08-13").status == 404


def test_event_types_of_teams_need_no_version(desk: Any) -> None:
    reply = desk.send("GET", "/v2/organizations/1/teams/2/event-types", key="tom")
    assert reply.status == 200
