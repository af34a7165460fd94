"""Reading team event types: one, those of a team, those of all teams."""

from collections.abc import Callable

import pytest

from mockserver.errors import ApiError
from mockserver.model import Document, Reply

Ask = Callable[..., Reply]
Refusal = Callable[..., ApiError]
Make = Callable[..., Document]

READ = "OrganizationsEventTypesController_getTeamEventType"
LIST = "OrganizationsEventTypesController_getTeamEventTypes"
LIST_ALL = "OrganizationsEventTypesController_getTeamsEventTypes"
SUPPORT = {"orgId": 1, "teamId": 2}


def slugs(reply: Reply) -> list[str]:
    assert reply.status == 200
    return [event_type["slug"] for event_type in reply.body["data"]]


def test_one_is_read_by_its_id(ask: Ask, of_team: Make) -> None:
    event_type = of_team(2, "team-call")
    reply = ask(READ, path={**SUPPORT, "eventTypeId": event_type["id"]})
    assert (reply.status, reply.body["data"]["slug"]) == (200, "team-call")


def test_one_of_another_team_is_not_found(refusal: Refusal, of_team: Make) -> None:
    event_type = of_team(4, "team-call")
    error = refusal(READ, path={**SUPPORT, "eventTypeId": event_type["id"]})
    assert (error.status, error.message) == (404, "Event type with id 1 not found")


def test_a_personal_one_is_not_found(refusal: Refusal, own: Make) -> None:
    event_type = own(4, "tom-own")
    assert refusal(READ, path={**SUPPORT, "eventTypeId": event_type["id"]}).status == 404


def test_an_absent_one_is_not_found(refusal: Refusal) -> None:
    error = refusal(READ, path={**SUPPORT, "eventTypeId": 9})
    assert (error.status, error.message) == (404, "Event type with id 9 not found")


def test_everybody_sees_all_of_a_team_hidden_ones_too(ask: Ask, of_team: Make) -> None:
    of_team(2, "open")
    of_team(4, "elsewhere")
    of_team(2, "hidden", hidden=True)
    assert slugs(ask(LIST, by=None, path=SUPPORT)) == ["open", "hidden"]


def test_hidden_booking_fields_are_shown(ask: Ask, of_team: Make) -> None:
    of_team(2, "team-call")
    [listed] = ask(LIST, by=None, path=SUPPORT).body["data"]
    assert "title" in [field["slug"] for field in listed["bookingFields"]]


def test_managed_children_do_not_stand_in_the_teams_list(
    ask: Ask, own: Make, of_team: Make
) -> None:
    parent = of_team(2, "onboarding", "managed")
    own(4, "onboarding", parent_id=parent["id"])
    assert slugs(ask(LIST, by=None, path=SUPPORT)) == ["onboarding"]


@pytest.mark.parametrize(
    ("order", "expected"), [("asc", ["first", "second"]), ("desc", ["second", "first"])]
)
def test_the_list_of_a_team_is_sorted(
    ask: Ask, of_team: Make, order: str, expected: list[str]
) -> None:
    of_team(2, "first")
    of_team(2, "second")
    assert slugs(ask(LIST, path=SUPPORT, query={"sortCreatedAt": order})) == expected


@pytest.mark.parametrize(("slug", "expected"), [("second", ["second"]), ("nothing", [])])
def test_a_slug_gives_one_or_none(ask: Ask, of_team: Make, slug: str, expected: list[str]) -> None:
    of_team(2, "first")
    of_team(2, "second")
    of_team(4, "nothing")
    assert slugs(ask(LIST, path=SUPPORT, query={"eventSlug": slug})) == expected


def test_hosts_are_cut_only_together_with_a_slug(ask: Ask, of_team: Make) -> None:
    of_team(2, "team-call", hosts=[4, 5])

    def hosts(query: Document) -> list[int]:
        [listed] = ask(LIST, path=SUPPORT, query=query).body["data"]
        return [host["userId"] for host in listed["hosts"]]

    assert hosts({"hostsLimit": 1, "eventSlug": "team-call"}) == [4]
    assert hosts({"hostsLimit": 1}) == [4, 5]
    assert hosts({"eventSlug": "team-call"}) == [4, 5]
    assert hosts({"hostsLimit": 0, "eventSlug": "team-call"}) == [4, 5]


def test_all_teams_of_an_organization_are_listed_oldest_first(ask: Ask, of_team: Make) -> None:
    of_team(6, "sales-first")
    of_team(2, "support", hidden=True)
    of_team(6, "sales-second")
    of_team(4, "elsewhere")
    of_team(5, "alone")
    assert slugs(ask(LIST_ALL, path={"orgId": 1})) == ["sales-first", "support", "sales-second"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"take": 2}, [0, 1]),
        ({"skip": 3}, [3, 4]),
        ({"skip": 1, "take": 2}, [1, 2]),
        ({"skip": 9}, []),
        ({"sortCreatedAt": "desc", "take": 2}, [4, 3]),
        ({"sortCreatedAt": "asc", "skip": 4}, [4]),
    ],
)
def test_pages_are_cut_from_the_sorted_list(
    ask: Ask, of_team: Make, query: Document, expected: list[int]
) -> None:
    for number in range(5):
        of_team((2, 6)[number % 2], f"slug-{number}")
    reply = ask(LIST_ALL, path={"orgId": 1}, query=query)
    assert slugs(reply) == [f"slug-{number}" for number in expected]


def test_a_page_holds_250_unless_told(ask: Ask, of_team: Make) -> None:
    for number in range(251):
        of_team(2, f"slug-{number}")
    assert len(slugs(ask(LIST_ALL, path={"orgId": 1}))) == 250
