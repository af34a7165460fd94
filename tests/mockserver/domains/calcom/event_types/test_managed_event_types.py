"""Managed event types: one of the team, and a child in the list of each host."""

from collections.abc import Callable

import pytest

from mockserver.errors import ApiError
from mockserver.model import Document, Json, Reply
from mockserver.store.protocol import Store

Ask = Callable[..., Reply]
Refusal = Callable[..., ApiError]
Make = Callable[..., Document]
AddLink = Callable[[int], str]

CREATE = "OrganizationsEventTypesController_createTeamEventType"
READ = "OrganizationsEventTypesController_getTeamEventType"
UPDATE = "OrganizationsEventTypesController_updateTeamEventType"
DELETE = "OrganizationsEventTypesController_deleteTeamEventType"
SUPPORT = {"orgId": 1, "teamId": 2}
PARENT = {**SUPPORT, "eventTypeId": 1}
MANAGED = {
    "title": "Onboarding",
    "slug": "onboarding",
    "lengthInMinutes": 30,
    "schedulingType": "managed",
}
BOTH = [{"userId": 4}, {"userId": 5}]
BARE = ["team-event-type-children-are-bare", "team-event-type-team-is-reduced"]


@pytest.fixture
def owners(store: Store) -> Callable[[], list[Json]]:
    """Whose lists hold a child of the first event type."""

    def owners() -> list[Json]:
        children = store.find("event-types", {"parentEventTypeId": 1})
        return [child["ownerId"] for child in children]

    return owners


@pytest.fixture
def managed(ask: Ask) -> list[Document]:
    """A managed event type of tom and mia, as answered: ids 1, 2 and 3."""
    data: list[Document] = ask(CREATE, path=SUPPORT, body={**MANAGED, "hosts": BOTH}).body["data"]
    return data


def test_a_managed_event_type_is_answered_with_its_children(managed: list[Document]) -> None:
    assert [answer["ownerId"] for answer in managed] == [None, 4, 5]
    assert [answer["parentEventTypeId"] for answer in managed] == [None, 1, 1]


def test_without_hosts_the_answer_is_still_a_list(ask: Ask) -> None:
    assert len(ask(CREATE, path=SUPPORT, body=MANAGED).body["data"]) == 1


def test_all_members_can_be_given_a_child(ask: Ask, kept: Make) -> None:
    body = {**MANAGED, "assignAllTeamMembers": True}
    data = ask(CREATE, path=SUPPORT, body=body).body["data"]
    assert [answer["ownerId"] for answer in data] == [None, 4, 5]
    assert (kept(1)["assignAllTeamMembers"], kept(2)["assignAllTeamMembers"]) == (True, False)


def test_children_take_over_the_settings(ask: Ask, kept: Make) -> None:
    body = {**MANAGED, "hosts": BOTH, "minimumBookingNotice": 7, "description": "Hello"}
    ask(CREATE, path=SUPPORT, body=body)
    names = ("title", "slug", "minimumBookingNotice", "description")
    assert [kept(2)[name] for name in names] == ["Onboarding", "onboarding", 7, "Hello"]


def test_a_child_is_stored_as_its_owners(managed: list[Document], kept: Make) -> None:
    names = ("ownerId", "teamId", "parentEventTypeId", "schedulingType", "hosts")
    assert [kept(2)[name] for name in names] == [4, None, 1, None, []]


def test_the_hosts_are_the_owners_of_the_children(ask: Ask, managed: list[Document]) -> None:
    read = ask(READ, path=PARENT).body["data"]
    assert read["hosts"] == [
        {"userId": 4, "name": "Tom Test", "username": "tom", "avatarUrl": None},
        {"userId": 5, "name": "Mia Test", "username": "mia", "avatarUrl": None},
    ]


def test_a_child_shows_the_team_and_kind_of_its_parent(managed: list[Document]) -> None:
    child = managed[1]
    assert (child["teamId"], child["schedulingType"]) == (2, "managed")
    assert child["team"]["slug"] == "support"
    assert child["hosts"] == []
    assert "assignAllTeamMembers" not in child


def test_a_child_of_the_real_server_has_neither_team_nor_kind(ask: Ask) -> None:
    body = {**MANAGED, "hosts": BOTH}
    parent, child, _ = ask(CREATE, path=SUPPORT, body=body, quirks=BARE).body["data"]
    assert (child["teamId"], child["schedulingType"], child["team"]) == (None, None, {"id": None})
    assert (parent["teamId"], parent["schedulingType"], parent["team"]) == (2, "managed", {"id": 2})


def test_the_owner_reads_a_child_in_the_shape_of_a_user(ask: Ask, managed: list[Document]) -> None:
    child = ask("getEventTypeById", by="tom", path={"eventTypeId": 2}).body["data"]
    assert [user["username"] for user in child["users"]] == ["tom"]
    assert "parentEventTypeId" not in child


def test_children_follow_an_update(ask: Ask, managed: list[Document], kept: Make) -> None:
    data = ask(UPDATE, path=PARENT, body={"title": "Welcome", "slug": "welcome"}).body["data"]
    assert [answer["title"] for answer in data] == ["Welcome"] * 3
    assert (kept(2)["title"], kept(3)["slug"]) == ("Welcome", "welcome")
    assert [answer["id"] for answer in data] == [1, 2, 3]


def test_a_child_goes_with_its_host(
    ask: Ask, managed: list[Document], owners: Callable[[], list[Json]], store: Store
) -> None:
    data = ask(UPDATE, path=PARENT, body={"hosts": [{"userId": 5}]}).body["data"]
    assert [answer["ownerId"] for answer in data] == [None, 5]
    assert owners() == [5]
    assert store.get("event-types", "2") is None


def test_a_child_comes_with_a_host(ask: Ask, owners: Callable[[], list[Json]], kept: Make) -> None:
    ask(CREATE, path=SUPPORT, body={**MANAGED, "hosts": [{"userId": 5}]})
    ask(UPDATE, path=PARENT, body={"hosts": BOTH, "title": "Welcome"})
    assert owners() == [5, 4]
    assert kept(3)["title"] == "Welcome"


@pytest.mark.parametrize("body", [{"hosts": []}, {"hosts": [], "assignAllTeamMembers": False}])
def test_no_hosts_leave_no_children(
    ask: Ask, managed: list[Document], owners: Callable[[], list[Json]], body: Document
) -> None:
    assert len(ask(UPDATE, path=PARENT, body=body).body["data"]) == 1
    assert owners() == []


def test_assigning_everybody_completes_the_children(
    ask: Ask, owners: Callable[[], list[Json]]
) -> None:
    ask(CREATE, path=SUPPORT, body={**MANAGED, "hosts": [{"userId": 5}]})
    ask(UPDATE, path=PARENT, body={"assignAllTeamMembers": True})
    assert sorted(owners()) == [4, 5]


def test_an_event_type_that_is_managed_no_more_has_no_children(
    ask: Ask, managed: list[Document], owners: Callable[[], list[Json]], kept: Make
) -> None:
    body = {"schedulingType": "collective", "hosts": [{"userId": 4}]}
    data = ask(UPDATE, path=PARENT, body=body).body["data"]
    assert [host["userId"] for host in data["hosts"]] == [4]
    assert owners() == []
    assert kept(1)["schedulingType"] == "collective"


def test_a_homonym_of_a_hosts_own_gives_way(
    ask: Ask, own: Make, add_link: AddLink, store: Store
) -> None:
    homonym = own(4, "onboarding")
    other = own(1, "onboarding")
    link_id = add_link(homonym["id"])
    ask(CREATE, path=SUPPORT, body={**MANAGED, "hosts": BOTH})
    assert store.get("event-types", str(homonym["id"])) is None
    assert store.get("private-links", link_id) is None
    assert store.get("event-types", str(other["id"])) is not None


def test_a_child_of_another_parent_does_not_give_way(
    refusal: Refusal, own: Make, of_team: Make
) -> None:
    sales = of_team(6, "onboarding", "managed")
    own(5, "onboarding", parent_id=sales["id"])
    error = refusal(CREATE, path=SUPPORT, body={**MANAGED, "hosts": BOTH})
    assert (error.status, error.message) == (400, "User already has an event type with this slug.")


def test_the_children_and_all_links_go_with_their_parent(
    ask: Ask, managed: list[Document], add_link: AddLink, store: Store
) -> None:
    for event_type_id in (1, 2, 3):
        add_link(event_type_id)
    ask(DELETE, path=PARENT)
    assert (store.count("event-types"), store.count("private-links")) == (0, 0)


@pytest.mark.parametrize(("quirks", "left"), [([], 1), (["event-type-update-drops-links"], 0)])
def test_the_links_of_a_child_fare_like_those_of_its_parent(
    ask: Ask,
    managed: list[Document],
    add_link: AddLink,
    store: Store,
    quirks: list[str],
    left: int,
) -> None:
    add_link(2)
    ask(UPDATE, path=PARENT, body={"title": "Welcome"}, quirks=quirks)
    assert store.count("private-links") == left
