"""Reading one event type: who may, and in which shape."""

from collections.abc import Callable

import pytest

from mockserver.errors import ApiError
from mockserver.model import Document, Reply

Ask = Callable[..., Reply]
Refusal = Callable[..., ApiError]
Make = Callable[..., Document]
Invite = Callable[..., None]


def read(ask: Ask, event_type_id: int, by: str) -> Reply:
    return ask("getEventTypeById", by=by, path={"eventTypeId": event_type_id})


@pytest.mark.parametrize("by", ["alice", "root"])
def test_the_owner_and_a_system_admin_read_a_personal_event_type(
    ask: Ask, own: Make, by: str
) -> None:
    event_type = own(1, "coffee-chat", hidden=True)
    reply = read(ask, event_type["id"], by)
    assert (reply.status, reply.body["data"]["id"]) == (200, event_type["id"])


@pytest.mark.parametrize("by", ["bob", "olga", "ned"])
def test_others_do_not_find_a_personal_event_type(refusal: Refusal, own: Make, by: str) -> None:
    event_type = own(1, "coffee-chat")
    error = refusal("getEventTypeById", by=by, path={"eventTypeId": event_type["id"]})
    assert (error.status, error.message) == (
        404,
        f"Event type with id {event_type['id']} not found",
    )


def test_an_absent_event_type_is_not_found(refusal: Refusal) -> None:
    error = refusal("getEventTypeById", by="root", path={"eventTypeId": 404})
    assert (error.status, error.message) == (404, "Event type with id 404 not found")


@pytest.mark.parametrize("by", ["olga", "nora"])
def test_admins_of_an_organization_read_what_its_members_own(ask: Ask, own: Make, by: str) -> None:
    event_type = own(5, "mia-own")
    assert read(ask, event_type["id"], by).body["data"]["ownerId"] == 5


@pytest.mark.parametrize("by", ["tom", "ned", "alice"])
def test_fellow_members_and_admins_elsewhere_do_not(refusal: Refusal, own: Make, by: str) -> None:
    event_type = own(5, "mia-own")
    assert refusal("getEventTypeById", by=by, path={"eventTypeId": event_type["id"]}).status == 404


def test_the_admin_of_a_plain_team_does_not_read_what_its_members_own(
    refusal: Refusal, own: Make, invite: Invite
) -> None:
    invite(2, 5, "MEMBER")
    event_type = own(2, "bob-own")
    assert refusal("getEventTypeById", path={"eventTypeId": event_type["id"]}).status == 404


@pytest.mark.parametrize(
    ("by", "why"),
    [
        ("mia", "a host"),
        ("tom", "an admin of the team"),
        ("olga", "the owner of its organization"),
        ("nora", "an admin of its organization"),
        ("root", "a system admin"),
    ],
)
def test_a_team_event_type_is_read_by(ask: Ask, of_team: Make, by: str, why: str) -> None:
    event_type = of_team(2, "team-call", hosts=[5])
    assert read(ask, event_type["id"], by).body["data"]["teamId"] == 2, why


def test_a_member_of_the_team_who_does_not_host_finds_nothing(
    refusal: Refusal, of_team: Make
) -> None:
    event_type = of_team(2, "team-call", hosts=[4])
    path = {"eventTypeId": event_type["id"]}
    assert refusal("getEventTypeById", by="mia", path=path).status == 404


@pytest.mark.parametrize("by", ["alice", "ned"])
def test_strangers_to_the_team_find_nothing(refusal: Refusal, of_team: Make, by: str) -> None:
    event_type = of_team(2, "team-call")
    assert refusal("getEventTypeById", by=by, path={"eventTypeId": event_type["id"]}).status == 404


@pytest.mark.parametrize("group", [1, 2])
def test_an_open_invitation_makes_no_admin(
    refusal: Refusal, of_team: Make, invite: Invite, group: int
) -> None:
    invite(2, group, "ADMIN", accepted=False)
    event_type = of_team(2, "team-call")
    path = {"eventTypeId": event_type["id"]}
    assert refusal("getEventTypeById", by="bob", path=path).status == 404


def test_a_user_with_a_managed_child_reads_the_parent(
    ask: Ask, refusal: Refusal, own: Make, of_team: Make
) -> None:
    parent = of_team(2, "onboarding", "managed")
    path = {"eventTypeId": parent["id"]}
    assert refusal("getEventTypeById", by="mia", path=path).status == 404
    own(5, "onboarding", parent_id=parent["id"])
    assert read(ask, parent["id"], "mia").body["data"]["schedulingType"] == "managed"


def test_nobody_finds_nothing(refusal: Refusal, own: Make) -> None:
    event_type = own(1, "coffee-chat")
    path = {"eventTypeId": event_type["id"]}
    assert refusal("getEventTypeById", by=None, path=path).status == 404
