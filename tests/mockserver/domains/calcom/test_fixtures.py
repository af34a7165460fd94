"""The two worlds that come with the project."""

from datetime import timedelta
from typing import Any

import pytest

from mockserver.app import App, create_app
from mockserver.errors import SetupError
from mockserver.settings import Settings

V = "2024-09-04"
LINKS = "/v2/event-types/101/private-links"


@pytest.fixture
def desk(open_desk: Any) -> Any:
    return open_desk(fixtures=("world", "showcase"))


def data(reply: Any) -> Any:
    assert reply.status < 300, reply.body
    return reply.body["data"]


def test_the_world_has_the_people_of_the_recordings(desk: Any) -> None:
    names = ("alice", "bob", "olga", "tom", "mia", "nora", "ned")
    profiles = [data(desk.send("GET", "/v2/me", key=name)) for name in names]
    assert [one["id"] for one in profiles] == [1, 2, 3, 4, 5, 6, 7]
    assert [one["defaultScheduleId"] for one in profiles] == [1, 2, 3, 4, 5, 6, 7]


def test_the_next_event_type_of_the_world_is_number_4(open_desk: Any) -> None:
    assert open_desk().store.next_id("event-types") == 4


def test_the_showcase_has_a_link_in_every_state(desk: Any) -> None:
    links = data(desk.send("GET", LINKS, key="demo", version=V))
    dated = {one["linkId"]: one["isExpired"] for one in links if "expiresAt" in one}
    counted = {
        one["linkId"]: (one["maxUsageCount"] - one["usageCount"], one["isExpired"])
        for one in links
        if "usageCount" in one
    }
    assert dated == {
        "demoDatedFresh11111111": False,
        "demoDatedEndsSoon11111": False,
        "demoDatedEnded11111111": True,
    }
    assert counted == {
        "demoCountedFresh111111": (10, False),
        "demoCountedLastUse1111": (1, False),
        "demoCountedUsedUp11111": (0, True),
    }


def test_one_of_its_links_ends_while_one_looks_on(desk: Any) -> None:
    desk.now += timedelta(minutes=10, milliseconds=1)
    links = data(desk.send("GET", LINKS, key="demo", version=V))
    ended = {one["linkId"] for one in links if one["isExpired"]}
    assert "demoDatedEndsSoon11111" in ended


def test_every_event_type_of_the_showcase_fits_the_document(desk: Any) -> None:
    listed = data(desk.send("GET", "/v2/event-types", key="demo", version="2024-06-14"))
    assert len(listed) == 14
    for one in listed:
        path = f"/v2/event-types/{one['id']}"
        assert data(desk.send("GET", path, key="demo", version="2024-06-14"))["id"] == one["id"]


def test_the_team_of_the_showcase_has_every_scheduling_type(desk: Any) -> None:
    listed = data(desk.send("GET", "/v2/organizations/101/teams/102/event-types"))
    kinds = [one["schedulingType"] for one in listed]
    assert kinds == ["collective", "roundRobin", "managed"]


@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_the_showcase_answers_in_both_profiles(open_desk: Any, profile: str) -> None:
    desk = open_desk(profile, fixtures=("world", "showcase"))
    for number in (*range(101, 115), 120, 121, 122):
        path = f"/v2/event-types/{number}"
        assert desk.send("GET", path, key="demo", version="2024-06-14").status == 200
    assert desk.send("GET", "/v2/organizations/101/teams/102/event-types").status == 200


def test_each_event_type_has_a_slug_of_its_own(desk: Any) -> None:
    stored = desk.store.find("event-types")
    owned = [(one["ownerId"], one["teamId"], one["slug"]) for one in stored]
    assert len(owned) == len(set(owned))


# short documents


EVENT = {"id": 900, "ownerId": 900, "title": "Chat", "slug": "chat", "lengthInMinutes": 20}
SHORT: dict[str, dict[str, Any]] = {
    "users": {"900": {"id": 900, "username": "zoe", "email": "zoe@example.com"}},
    "api-keys": {"cal_test_zoe": {"key": "cal_test_zoe", "userId": 900}},
    "event-types": {"900": EVENT},
    "private-links": {"short": {"linkId": "short", "eventTypeId": 900}},
}


@pytest.fixture(scope="module")
def app() -> App:
    return create_app(Settings())


def refusal(app: App, collection: str, document: dict[str, Any]) -> str:
    key = str(next(iter(document.values())))
    with pytest.raises(SetupError) as caught:
        app.accepted_state({"collections": {collection: {key: document}}})
    return str(caught.value)


def test_short_documents_of_a_state_are_whole_and_can_be_read(app: App, desk: Any) -> None:
    desk.store.load(app.accepted_state({"collections": SHORT}))
    assert data(desk.send("GET", "/v2/me", key="zoe"))["username"] == "zoe"
    path = "/v2/event-types/900"
    assert data(desk.send("GET", path, key="zoe", version="2024-06-14"))["title"] == "Chat"
    links = data(desk.send("GET", f"{path}/private-links", key="zoe", version=V))
    assert [one["maxUsageCount"] for one in links] == [1]


def test_a_state_that_the_mock_gave_is_taken_back_as_it_is(app: App) -> None:
    state = app.store.dump()
    assert app.accepted_state(state) == state


@pytest.mark.parametrize("name", ["title", "slug", "lengthInMinutes"])
def test_an_event_type_must_say_what_is_required(app: App, name: str) -> None:
    document = {key: value for key, value in EVENT.items() if key != name}
    assert (
        refusal(app, "event-types", document) == f"/collections/event-types/900/{name}: is required"
    )


def test_a_user_without_username_is_refused(app: App) -> None:
    document = {"id": 1, "email": "zoe@example.com"}
    assert refusal(app, "users", document) == "/collections/users/1/username: is required"


@pytest.mark.parametrize("owners", [{"teamId": 1}, {"ownerId": None}])
def test_an_event_type_has_one_owner(app: App, owners: dict[str, Any]) -> None:
    text = refusal(app, "event-types", {**EVENT, **owners})
    assert text.startswith("/collections/event-types/900: fits none of 3 variants")


@pytest.mark.parametrize(
    ("collection", "document", "place"),
    [
        ("event-types", {**EVENT, "bookingFields": 3}, "event-types/900/bookingFields"),
        ("event-types", {**EVENT, "minimumBookingNotic": 3}, "event-types/900/minimumBookingNotic"),
        (
            "oauth-clients",
            {"id": "c", "secret": "s", "organizationId": 1, "permissions": ["EVENT_READ"]},
            "oauth-clients/c/permissions/0",
        ),
        (
            "access-tokens",
            {"token": "t", "kind": "oauth", "userId": 900, "scopes": ["READ_BOOKING", "ALL"]},
            "access-tokens/t/scopes/1",
        ),
    ],
)
def test_what_the_mock_does_not_know_is_refused_at_its_place(
    app: App, collection: str, document: dict[str, Any], place: str
) -> None:
    assert refusal(app, collection, document).startswith(f"/collections/{place}: ")
