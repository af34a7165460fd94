"""Creating an event type of a team."""

from collections.abc import Callable

import pytest

from mockserver.errors import ApiError
from mockserver.model import Document, Reply
from mockserver.store.protocol import Store

Ask = Callable[..., Reply]
Refusal = Callable[..., ApiError]
Make = Callable[..., Document]

CREATE = "OrganizationsEventTypesController_createTeamEventType"
SUPPORT = {"orgId": 1, "teamId": 2}
CALL = {"title": "Team call", "slug": "team-call", "lengthInMinutes": 30}
COLLECTIVE = {**CALL, "schedulingType": "collective"}
ROUND_ROBIN = {**CALL, "schedulingType": "roundRobin"}
PHONE_ONLY = [
    {"type": "email", "label": "Mail", "required": False, "hidden": True},
    {
        "type": "phone",
        "slug": "attendeePhoneNumber",
        "label": "Phone",
        "required": True,
        "hidden": False,
    },
]


def test_a_new_event_type_belongs_to_the_team(ask: Ask, kept: Make) -> None:
    reply = ask(CREATE, path=SUPPORT, body=COLLECTIVE)
    data = reply.body["data"]
    assert reply.status == 201
    assert (data["teamId"], data["ownerId"], data["parentEventTypeId"]) == (2, None, None)
    assert kept(data["id"])["schedulingType"] == "collective"


def test_hosts_may_be_left_out(ask: Ask) -> None:
    data = ask(CREATE, path=SUPPORT, body=COLLECTIVE).body["data"]
    assert (data["hosts"], data["assignAllTeamMembers"]) == ([], False)


def test_locations_left_out_mean_cal_video(ask: Ask) -> None:
    data = ask(CREATE, path=SUPPORT, body=COLLECTIVE).body["data"]
    assert data["locations"] == [{"type": "integration", "integration": "cal-video"}]


def test_everybody_is_mandatory_in_a_collective_event_type(ask: Ask, kept: Make) -> None:
    hosts = [{"userId": 4, "mandatory": False, "priority": "high"}]
    data = ask(CREATE, path=SUPPORT, body={**COLLECTIVE, "hosts": hosts}).body["data"]
    assert kept(data["id"])["hosts"] == [{"userId": 4, "mandatory": True, "priority": "medium"}]


def test_round_robin_keeps_what_is_sent_of_a_host(ask: Ask, kept: Make) -> None:
    hosts = [{"userId": 5, "mandatory": True, "priority": "high"}, {"userId": 4}]
    data = ask(CREATE, path=SUPPORT, body={**ROUND_ROBIN, "hosts": hosts}).body["data"]
    assert kept(data["id"])["hosts"] == [
        {"userId": 5, "mandatory": True, "priority": "high"},
        {"userId": 4, "mandatory": False, "priority": "medium"},
    ]


def test_a_host_named_twice_hosts_once_as_named_first(ask: Ask, kept: Make) -> None:
    hosts = [{"userId": 4, "priority": "high"}, {"userId": 4, "priority": "low"}]
    data = ask(CREATE, path=SUPPORT, body={**ROUND_ROBIN, "hosts": hosts}).body["data"]
    assert kept(data["id"])["hosts"] == [{"userId": 4, "mandatory": False, "priority": "high"}]


@pytest.mark.parametrize("kind", ["collective", "roundRobin"])
def test_all_members_can_be_assigned(ask: Ask, kind: str) -> None:
    body = {**CALL, "schedulingType": kind, "assignAllTeamMembers": True}
    data = ask(CREATE, path=SUPPORT, body=body).body["data"]
    assert [host["userId"] for host in data["hosts"]] == [4, 5]
    assert data["assignAllTeamMembers"] is True


def test_assigning_all_wins_over_the_hosts_sent(ask: Ask, kept: Make) -> None:
    hosts = [{"userId": 5, "mandatory": True, "priority": "high"}]
    body = {**ROUND_ROBIN, "assignAllTeamMembers": True, "hosts": hosts}
    data = ask(CREATE, path=SUPPORT, body=body).body["data"]
    assert kept(data["id"])["hosts"] == [
        {"userId": 4, "mandatory": False, "priority": "medium"},
        {"userId": 5, "mandatory": False, "priority": "medium"},
    ]


def test_hosts_from_outside_the_team_are_named_in_the_refusal(
    refusal: Refusal, store: Store
) -> None:
    hosts = [{"userId": 4}, {"userId": 3}, {"userId": 99}]
    error = refusal(CREATE, path=SUPPORT, body={**COLLECTIVE, "hosts": hosts})
    assert error.status == 404
    assert error.message == "Invalid hosts: 3, 99 are not members of team with id 2."
    assert store.count("event-types") == 0


def test_a_slug_of_the_team_is_taken(ask: Ask, refusal: Refusal) -> None:
    ask(CREATE, path=SUPPORT, body=COLLECTIVE)
    error = refusal(CREATE, path=SUPPORT, body={**ROUND_ROBIN, "slug": "_team-call"})
    assert (error.status, error.message) == (400, "Team event type with this slug already exists")


def test_a_slug_of_another_team_or_of_a_host_is_free(ask: Ask, own: Make, of_team: Make) -> None:
    own(4, "team-call")
    of_team(4, "team-call")
    body = {**COLLECTIVE, "hosts": [{"userId": 4}]}
    assert ask(CREATE, path=SUPPORT, body=body).status == 201


def test_hosts_are_looked_at_before_the_slug(refusal: Refusal, of_team: Make) -> None:
    of_team(2, "team-call")
    assert (
        refusal(CREATE, path=SUPPORT, body={**COLLECTIVE, "hosts": [{"userId": 1}]}).status == 404
    )


def test_the_slug_is_looked_at_before_the_rules_across_fields(
    refusal: Refusal, of_team: Make
) -> None:
    of_team(2, "team-call")
    error = refusal(CREATE, path=SUPPORT, body={**COLLECTIVE, "customName": "{Nobody}"})
    assert error.message == "Team event type with this slug already exists"


def test_connected_apps_are_looked_at_before_the_hosts(refusal: Refusal) -> None:
    zoom = [{"type": "integration", "integration": "zoom"}]
    body = {**COLLECTIVE, "locations": zoom, "hosts": [{"userId": 1}]}
    assert refusal(CREATE, path=SUPPORT, body=body).message == "zoom not connected."


def test_the_rules_across_fields_hold(refusal: Refusal) -> None:
    error = refusal(CREATE, path=SUPPORT, body={**COLLECTIVE, "customName": "{Nobody}"})
    assert error.message == "Invalid event name variables: {Nobody}"


def test_the_rules_of_the_second_write_hold(refusal: Refusal, store: Store) -> None:
    seats = {"seatsPerTimeSlot": 4, "showAttendeeInfo": True, "showAvailabilityCount": True}
    series = {"interval": 1, "occurrences": 3, "frequency": "weekly"}
    error = refusal(CREATE, path=SUPPORT, body={**COLLECTIVE, "seats": seats, "recurrence": series})
    assert error.code == "TRPCError"
    assert store.count("event-types") == 0


def test_a_phone_may_do_without_an_email(ask: Ask) -> None:
    body = {**COLLECTIVE, "bookingFields": PHONE_ONLY}
    assert ask(CREATE, path=SUPPORT, body=body).status == 201


def test_an_unknown_team_is_not_found(refusal: Refusal) -> None:
    path = {"teamId": 404}
    error = refusal(CREATE, by="root", path=path, body=COLLECTIVE)
    assert (error.status, error.message) == (404, "Team with id 404 not found")
