"""Private links where the document speaks."""

import re
from datetime import timedelta
from typing import Any

import pytest

from mockserver.domains.calcom.links.operations import delete_links

LINKS = "/v2/event-types/1/private-links"
V = "2024-09-04"
FUTURE = "2030-01-01T00:00:00.000Z"


@pytest.fixture
def ask(desk: Any) -> Any:
    """Asks as bob, who owns event type 1: `ask("POST", body={...})`, `ask("PATCH", "/x")`."""

    def asked(method: str, rest: str = "", **more: Any) -> Any:
        return desk.send(method, LINKS + rest, **{"key": "bob", "version": V, **more})

    return asked


def data(reply: Any) -> Any:
    assert reply.status < 300, reply.body
    return reply.body["data"]


def message(reply: Any) -> Any:
    return reply.body["error"]["message"]


def test_a_counted_link_is_created(ask: Any) -> None:
    reply = ask("POST", body={"maxUsageCount": 5})
    link = data(reply)
    assert reply.status == 201
    assert link == {
        "linkId": link["linkId"],
        "eventTypeId": 1,
        "isExpired": False,
        "bookingUrl": f"https://cal.com/d/{link['linkId']}/bob-private",
        "maxUsageCount": 5,
        "usageCount": 0,
    }


def test_a_dated_link_is_created(ask: Any) -> None:
    link = data(ask("POST", body={"expiresAt": "2030-01-01T02:00:00+02:00"}))
    assert link == {
        "linkId": link["linkId"],
        "eventTypeId": 1,
        "isExpired": False,
        "bookingUrl": f"https://cal.com/d/{link['linkId']}/bob-private",
        "expiresAt": FUTURE,
    }


def test_an_id_has_22_characters_of_base_58(ask: Any) -> None:
    link_id = data(ask("POST", body={}))["linkId"]
    assert re.fullmatch("[1-9a-km-zA-HJ-NP-Z]{22}", link_id)


def test_an_empty_body_means_one_use(ask: Any) -> None:
    assert data(ask("POST", body={}))["maxUsageCount"] == 1


def test_a_link_may_be_born_expired(ask: Any) -> None:
    assert data(ask("POST", body={"expiresAt": "2020-01-01T00:00:00Z"}))["isExpired"] is True


def test_both_limits_at_once_are_refused(ask: Any) -> None:
    body = {"expiresAt": FUTURE, "maxUsageCount": 5}
    reply = ask("POST", body=body)
    assert reply.status == 400
    assert message(reply) == "Provide only one of expiresAt or maxUsageCount"


def test_unknown_properties_are_dropped(ask: Any) -> None:
    link = data(ask("POST", body={"maxUsageCount": 2, "linkId": "abc", "usageCount": 1}))
    assert (link["linkId"] != "abc", link["usageCount"]) == (True, 0)


def test_a_whole_number_is_stored_whole(ask: Any, desk: Any) -> None:
    link = data(ask("POST", body={"maxUsageCount": 2.0}))
    assert desk.store.get("private-links", link["linkId"])["maxUsageCount"] == 2
    assert isinstance(link["maxUsageCount"], int)


def test_links_are_listed_in_the_order_of_their_creation_ended_ones_too(ask: Any) -> None:
    made = [
        data(ask("POST", body=body))["linkId"]
        for body in ({}, {"expiresAt": "2020-01-01T00:00:00Z"}, {"maxUsageCount": 3})
    ]
    data(ask("PATCH", f"/{made[0]}", body={"maxUsageCount": 9}))
    assert [link["linkId"] for link in data(ask("GET"))] == made


def test_a_list_may_be_empty(ask: Any) -> None:
    assert data(ask("GET", "?take=1")) == []


def test_time_ends_a_dated_link(ask: Any, desk: Any) -> None:
    data(ask("POST", body={"expiresAt": "2026-11-21T01:38:33Z"}))
    assert data(ask("GET"))[0]["isExpired"] is False
    desk.now += timedelta(seconds=4)
    assert data(ask("GET"))[0]["isExpired"] is True


def test_a_counted_link_becomes_dated_and_counted_again(ask: Any) -> None:
    link_id = data(ask("POST", body={"maxUsageCount": 5}))["linkId"]
    assert data(ask("PATCH", f"/{link_id}", body={"expiresAt": FUTURE}))["expiresAt"] == FUTURE
    link = data(ask("PATCH", f"/{link_id}", body={"maxUsageCount": 7}))
    assert (link["maxUsageCount"], "expiresAt" in link) == (7, False)


@pytest.mark.parametrize("first", [{"maxUsageCount": 5}, {"expiresAt": FUTURE}])
@pytest.mark.parametrize("body", [{}, {"nope": 1}])
def test_an_update_that_names_no_limit_changes_nothing(ask: Any, first: Any, body: Any) -> None:
    before = data(ask("POST", body=first))
    assert data(ask("PATCH", f"/{before['linkId']}", body=body)) == before


def test_an_update_keeps_the_uses(ask: Any, desk: Any) -> None:
    link_id = data(ask("POST", body={"maxUsageCount": 5}))["linkId"]
    stored = desk.store.get("private-links", link_id)
    desk.store.replace("private-links", link_id, {**stored, "usageCount": 5})
    link = data(ask("PATCH", f"/{link_id}", body={"maxUsageCount": 6}))
    assert (link["usageCount"], link["isExpired"]) == (5, False)


def test_an_update_with_both_limits_is_refused(ask: Any) -> None:
    link_id = data(ask("POST", body={}))["linkId"]
    reply = ask("PATCH", f"/{link_id}", body={"maxUsageCount": 1, "expiresAt": FUTURE})
    assert reply.status == 400
    assert message(reply) == "Provide only one of expiresAt or maxUsageCount"


def test_null_is_no_date(ask: Any) -> None:
    link_id = data(ask("POST", body={}))["linkId"]
    assert ask("PATCH", f"/{link_id}", body={"expiresAt": None}).status == 400


def test_an_unknown_link_is_404_after_the_body(ask: Any) -> None:
    unknown = ask("PATCH", "/nope", body={"maxUsageCount": 1})
    assert (unknown.status, message(unknown)) == (404, "Updated link not found")
    assert ask("PATCH", "/nope", body={"maxUsageCount": "x"}).status == 400


def test_a_link_is_deleted_once(ask: Any) -> None:
    link_id = data(ask("POST", body={}))["linkId"]
    assert data(ask("DELETE", f"/{link_id}")) == {
        "linkId": link_id,
        "message": "Private link deleted successfully",
    }
    again = ask("DELETE", f"/{link_id}")
    assert (again.status, message(again)) == (404, "Deleted link not found")


def test_a_link_of_another_event_type_counts_as_missing(ask: Any, desk: Any) -> None:
    stored = desk.store.get("event-types", "1")
    desk.store.insert("event-types", "9", {**stored, "id": 9, "slug": "nine"})
    link_id = data(ask("POST", body={}))["linkId"]
    path = f"/v2/event-types/9/private-links/{link_id}"
    assert desk.send("DELETE", path, key="bob", version=V).status == 404
    assert desk.send("PATCH", path, key="bob", version=V, body={}).status == 404


def test_a_cascade_takes_the_links_of_one_event_type_only(ask: Any, desk: Any) -> None:
    data(ask("POST", body={}))
    other = {"linkId": "other", "eventTypeId": 2, "expiresAt": None}
    desk.store.insert("private-links", "other", {**other, "maxUsageCount": 1, "usageCount": 0})
    delete_links(desk.store, 1)
    assert [link["linkId"] for link in desk.store.find("private-links")] == ["other"]


@pytest.mark.parametrize("version", ["2024-04-15", "2024-06-14", "2024-08-13"])
def test_older_versions_have_a_short_address(ask: Any, version: str) -> None:
    link = data(ask("POST", body={}, version=version))
    assert link["bookingUrl"] == f"https://cal.com/d/{link['linkId']}"


def test_the_address_follows_a_new_slug(ask: Any, desk: Any) -> None:
    data(ask("POST", body={}))
    stored = desk.store.get("event-types", "1")
    desk.store.replace("event-types", "1", {**stored, "slug": "new name"})
    assert data(ask("GET"))[0]["bookingUrl"].endswith("/new%20name")


def test_a_member_of_an_organization_has_its_host(desk: Any) -> None:
    stored = desk.store.get("event-types", "1")
    desk.store.insert("event-types", "9", {**stored, "id": 9, "ownerId": 4, "slug": "nine"})
    reply = desk.send("POST", "/v2/event-types/9/private-links", key="tom", version=V, body={})
    link = data(reply)
    assert link["bookingUrl"] == f"https://acme.cal.com/d/{link['linkId']}/nine"
