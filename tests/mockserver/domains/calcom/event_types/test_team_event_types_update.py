"""Changing and deleting an event type of a team."""

from collections.abc import Callable

import pytest

from mockserver.errors import ApiError
from mockserver.model import Document, Reply
from mockserver.store.protocol import Store

Ask = Callable[..., Reply]
Refusal = Callable[..., ApiError]
Make = Callable[..., Document]
AddLink = Callable[[int], str]

UPDATE = "OrganizationsEventTypesController_updateTeamEventType"
DELETE = "OrganizationsEventTypesController_deleteTeamEventType"
FIRST = {"orgId": 1, "teamId": 2, "eventTypeId": 1}
OWN_SLUG_CLASHES = ["team-event-type-own-slug-clashes"]
DROPS_LINKS = ["event-type-update-drops-links"]
SLUG_IS_TAKEN = "Team event type with this slug already exists"
HOSTS_REQUIRED = (
    "Hosts required when switching schedulingType. Please provide 'hosts' or set "
    "'assignAllTeamMembers: true' to specify how hosts should be configured for the new "
    "scheduling type."
)


def test_only_what_is_sent_changes(ask: Ask, of_team: Make, kept: Make) -> None:
    event_type = of_team(2, "team-call", hosts=[4, 5])
    reply = ask(UPDATE, path=FIRST, body={"title": "Call"})
    assert (reply.status, reply.body["data"]["title"]) == (200, "Call")
    assert kept(1) == {**event_type, "title": "Call"}


def test_an_absent_one_is_a_bad_request(refusal: Refusal) -> None:
    error = refusal(UPDATE, path=FIRST, body={})
    assert (error.status, error.message) == (400, "Event type to update not found")


@pytest.mark.parametrize("team_id", [4, 6])
def test_one_of_another_team_is_a_bad_request(
    refusal: Refusal, of_team: Make, team_id: int
) -> None:
    of_team(team_id, "team-call")
    assert refusal(UPDATE, path=FIRST, body={}).message == "Event type to update not found"


def test_a_slug_of_the_team_is_taken(refusal: Refusal, of_team: Make, kept: Make) -> None:
    of_team(2, "team-call")
    of_team(2, "other")
    error = refusal(UPDATE, path=FIRST, body={"slug": "-other"})
    assert (error.status, error.message) == (400, SLUG_IS_TAKEN)
    assert kept(1)["slug"] == "team-call"


def test_the_own_slug_is_no_clash(ask: Ask, of_team: Make) -> None:
    of_team(2, "team-call")
    assert ask(UPDATE, path=FIRST, body={"slug": "team-call"}).status == 200


def test_the_real_server_finds_even_the_own_slug_taken(refusal: Refusal, of_team: Make) -> None:
    of_team(2, "team-call")
    error = refusal(UPDATE, path=FIRST, body={"slug": "team-call"}, quirks=OWN_SLUG_CLASHES)
    assert (error.status, error.message) == (400, SLUG_IS_TAKEN)


@pytest.mark.parametrize("quirks", [[], OWN_SLUG_CLASHES])
def test_a_free_slug_is_taken_over(ask: Ask, of_team: Make, kept: Make, quirks: list[str]) -> None:
    of_team(2, "team-call")
    ask(UPDATE, path=FIRST, body={"slug": "free"}, quirks=quirks)
    assert kept(1)["slug"] == "free"


def test_hosts_from_outside_the_team_are_refused(refusal: Refusal, of_team: Make) -> None:
    of_team(2, "team-call")
    error = refusal(UPDATE, path=FIRST, body={"hosts": [{"userId": 1}]})
    assert error.status == 404
    assert error.message == "Invalid hosts: 1 are not members of team with id 2."


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("collective", {"userId": 5, "mandatory": True, "priority": "medium"}),
        ("roundRobin", {"userId": 5, "mandatory": False, "priority": "low"}),
    ],
)
def test_hosts_are_replaced_as_their_kind_wants(
    ask: Ask, of_team: Make, kept: Make, kind: str, expected: Document
) -> None:
    of_team(2, "team-call", kind, hosts=[4])
    ask(UPDATE, path=FIRST, body={"hosts": [{"userId": 5, "priority": "low"}]})
    assert kept(1)["hosts"] == [expected]


def test_all_members_can_be_assigned_and_stay_when_the_flag_goes(
    ask: Ask, of_team: Make, kept: Make
) -> None:
    of_team(2, "team-call", hosts=[5])
    ask(UPDATE, path=FIRST, body={"assignAllTeamMembers": True})
    assert [host["userId"] for host in kept(1)["hosts"]] == [4, 5]
    assert kept(1)["assignAllTeamMembers"] is True
    ask(UPDATE, path=FIRST, body={"assignAllTeamMembers": False})
    assert [host["userId"] for host in kept(1)["hosts"]] == [4, 5]
    assert kept(1)["assignAllTeamMembers"] is False


@pytest.mark.parametrize("more", [{}, {"assignAllTeamMembers": False}])
def test_another_scheduling_type_needs_hosts(
    refusal: Refusal, of_team: Make, kept: Make, more: Document
) -> None:
    of_team(2, "team-call", hosts=[4])
    error = refusal(UPDATE, path=FIRST, body={"schedulingType": "roundRobin", **more})
    assert (error.status, error.message) == (400, HOSTS_REQUIRED)
    assert kept(1)["schedulingType"] == "collective"


@pytest.mark.parametrize(
    "more", [{"assignAllTeamMembers": True}, {"hosts": [{"userId": 4}, {"userId": 5}]}]
)
def test_another_scheduling_type_takes_effect_with_hosts(
    ask: Ask, of_team: Make, kept: Make, more: Document
) -> None:
    of_team(2, "team-call", hosts=[4])
    ask(UPDATE, path=FIRST, body={"schedulingType": "roundRobin", **more})
    assert kept(1)["schedulingType"] == "roundRobin"
    assert [host["mandatory"] for host in kept(1)["hosts"]] == [False, False]


def test_another_scheduling_type_may_come_without_any_host(
    ask: Ask, of_team: Make, kept: Make
) -> None:
    of_team(2, "team-call", hosts=[4])
    ask(UPDATE, path=FIRST, body={"schedulingType": "roundRobin", "hosts": []})
    assert kept(1)["hosts"] == []


def test_the_same_scheduling_type_needs_no_hosts(ask: Ask, of_team: Make) -> None:
    of_team(2, "team-call", hosts=[4])
    reply = ask(UPDATE, path=FIRST, body={"schedulingType": "collective"})
    assert [host["userId"] for host in reply.body["data"]["hosts"]] == [4]


def test_the_rules_across_fields_hold(refusal: Refusal, of_team: Make) -> None:
    of_team(2, "team-call")
    error = refusal(UPDATE, path=FIRST, body={"customName": "{Nobody}"})
    assert error.message == "Invalid event name variables: {Nobody}"


def test_the_rules_of_the_second_write_hold(refusal: Refusal, of_team: Make) -> None:
    of_team(2, "team-call", recurrence={"interval": 1, "occurrences": 3, "frequency": "weekly"})
    seats = {"seatsPerTimeSlot": 4, "showAttendeeInfo": True, "showAvailabilityCount": True}
    assert refusal(UPDATE, path=FIRST, body={"seats": seats}).code == "TRPCError"


def test_links_stay_when_the_event_type_changes(
    ask: Ask, of_team: Make, add_link: AddLink, store: Store
) -> None:
    of_team(2, "team-call")
    link_id = add_link(1)
    ask(UPDATE, path=FIRST, body={"title": "Call"})
    assert store.get("private-links", link_id) is not None


def test_the_real_server_drops_the_links(
    ask: Ask, of_team: Make, add_link: AddLink, store: Store
) -> None:
    of_team(2, "team-call")
    link_id = add_link(1)
    ask(UPDATE, path=FIRST, body={"title": "Call"}, quirks=DROPS_LINKS)
    assert store.get("private-links", link_id) is None


def test_a_deletion_tells_id_and_title(
    ask: Ask, of_team: Make, add_link: AddLink, store: Store
) -> None:
    of_team(2, "team-call")
    add_link(1)
    reply = ask(DELETE, path=FIRST)
    assert (reply.status, reply.body["data"]) == (200, {"id": 1, "title": "Team-Call"})
    assert (store.count("event-types"), store.count("private-links")) == (0, 0)


def test_an_absent_one_cannot_be_deleted(refusal: Refusal) -> None:
    error = refusal(DELETE, path=FIRST)
    assert (error.status, error.message) == (404, "Event type with ID=1 does not exist.")


def test_one_of_another_team_cannot_be_deleted(
    refusal: Refusal, of_team: Make, store: Store
) -> None:
    of_team(4, "team-call")
    assert refusal(DELETE, path=FIRST).status == 404
    assert store.count("event-types") == 1
