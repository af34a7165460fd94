"""The list of event types by user: which filter wins, who sees what, in which order."""

from collections.abc import Callable, Sequence

import pytest

from mockserver.model import Document, Reply
from mockserver.store.protocol import Store

Ask = Callable[..., Reply]
Make = Callable[..., Document]
Slugs = Callable[..., list[str]]

DYNAMIC = ["event-type-usernames-dynamic"]
LONE_SLUG_IGNORED = ["event-type-lone-slug-ignored"]


@pytest.fixture
def slugs(ask: Ask) -> Slugs:
    """The slugs that a list answers: (query, caller, quirks)."""

    def slugs(query: Document, by: str | None = "alice", quirks: Sequence[str] = ()) -> list[str]:
        reply = ask("getEventTypes", by=by, query=query, quirks=quirks)
        assert reply.status == 200
        return [event_type["slug"] for event_type in reply.body["data"]]

    return slugs


@pytest.fixture(autouse=True)
def event_types(own: Make) -> None:
    own(1, "a-first")
    own(2, "b-first")
    own(1, "a-hidden", hidden=True)
    own(2, "b-hidden", hidden=True)
    own(1, "shared")
    own(2, "shared")


def test_nothing_asked_gives_the_callers_own_hidden_ones_too(slugs: Slugs) -> None:
    assert slugs({}) == ["a-first", "a-hidden", "shared"]


def test_nothing_asked_by_nobody_gives_nothing(slugs: Slugs) -> None:
    assert slugs({}, by=None) == []


@pytest.mark.parametrize("by", [None, "alice"])
def test_a_username_gives_what_its_owner_does_not_hide(slugs: Slugs, by: str | None) -> None:
    assert slugs({"username": "bob"}, by=by) == ["b-first", "shared"]


def test_owners_see_their_hidden_ones_by_username(slugs: Slugs) -> None:
    assert slugs({"username": "bob"}, by="bob") == ["b-first", "b-hidden", "shared"]


def test_an_unknown_username_gives_nothing(slugs: Slugs) -> None:
    assert slugs({"username": "nobody"}) == []


def test_a_username_wins_over_usernames(slugs: Slugs) -> None:
    assert slugs({"username": "bob", "usernames": "alice"}, by=None) == ["b-first", "shared"]
    assert slugs({"username": "bob", "usernames": "alice"}, by=None, quirks=DYNAMIC) == [
        "b-first",
        "shared",
    ]


def test_username_and_slug_give_that_one(slugs: Slugs) -> None:
    assert slugs({"username": "bob", "eventSlug": "shared"}) == ["shared"]


def test_username_and_slug_give_the_one_of_that_user(ask: Ask) -> None:
    reply = ask("getEventTypes", query={"username": "bob", "eventSlug": "shared"})
    assert [found["ownerId"] for found in reply.body["data"]] == [2]


@pytest.mark.parametrize(
    "query",
    [
        {"username": "bob", "eventSlug": "nothing"},
        {"username": "nobody", "eventSlug": "shared"},
        {"username": "bob", "eventSlug": "a-first"},
    ],
)
def test_an_unknown_user_or_slug_gives_nothing(slugs: Slugs, query: Document) -> None:
    assert slugs(query) == []


def test_a_hidden_one_is_found_by_slug_by_its_owner_only(slugs: Slugs) -> None:
    asked = {"username": "bob", "eventSlug": "b-hidden"}
    assert slugs(asked, by="alice") == []
    assert slugs(asked, by="bob") == ["b-hidden"]


def test_usernames_give_the_event_types_of_all_of_them(slugs: Slugs) -> None:
    assert slugs({"usernames": "bob,alice"}, by=None) == ["b-first", "shared", "a-first", "shared"]


def test_usernames_are_trimmed_and_unknown_or_repeated_ones_skipped(slugs: Slugs) -> None:
    assert slugs({"usernames": " bob , nobody,,bob"}, by=None) == ["b-first", "shared"]


def test_usernames_show_hidden_ones_to_their_owner_only(slugs: Slugs) -> None:
    found = slugs({"usernames": "alice,bob"}, by="alice")
    assert found == ["a-first", "a-hidden", "shared", "b-first", "shared"]


def test_usernames_and_slug_filter_together(ask: Ask) -> None:
    reply = ask("getEventTypes", query={"usernames": "alice,bob", "eventSlug": "shared"})
    assert [found["ownerId"] for found in reply.body["data"]] == [1, 2]


def test_a_lone_slug_filters_the_callers_own(slugs: Slugs) -> None:
    assert slugs({"eventSlug": "a-hidden"}) == ["a-hidden"]
    assert slugs({"eventSlug": "b-first"}) == []
    assert slugs({"eventSlug": "a-first"}, by=None) == []


def test_the_real_server_ignores_a_lone_slug(slugs: Slugs) -> None:
    everything = ["a-first", "a-hidden", "shared"]
    assert slugs({"eventSlug": "a-first"}, quirks=LONE_SLUG_IGNORED) == everything


def test_the_real_server_heeds_a_slug_beside_a_username(slugs: Slugs) -> None:
    asked = {"username": "bob", "eventSlug": "shared"}
    assert slugs(asked, quirks=LONE_SLUG_IGNORED) == ["shared"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("asc", ["a-first", "b-first", "shared", "shared"]),
        ("desc", ["shared", "shared", "b-first", "a-first"]),
    ],
)
def test_the_list_is_sorted_by_creation(slugs: Slugs, order: str, expected: list[str]) -> None:
    assert slugs({"usernames": "bob,alice", "sortCreatedAt": order}, by=None) == expected


def test_managed_children_stand_in_their_owners_list(
    slugs: Slugs, own: Make, of_team: Make
) -> None:
    parent = of_team(2, "onboarding", "managed")
    own(4, "onboarding", parent_id=parent["id"])
    assert slugs({}, by="tom") == ["onboarding"]


def test_event_types_of_a_team_do_not_stand_in_a_hosts_list(slugs: Slugs, of_team: Make) -> None:
    of_team(2, "team-call", hosts=[4])
    assert slugs({}, by="tom") == []


def test_hidden_booking_fields_are_left_out(ask: Ask, own: Make) -> None:
    listed = ask("getEventTypes", query={"username": "alice", "eventSlug": "shared"})
    read = ask("getEventTypeById", path={"eventTypeId": listed.body["data"][0]["id"]})
    listed_slugs = [field["slug"] for field in listed.body["data"][0]["bookingFields"]]
    read_slugs = [field["slug"] for field in read.body["data"]["bookingFields"]]
    assert "title" in read_slugs
    assert "title" not in listed_slugs


@pytest.mark.parametrize("where", [{"orgSlug": "acme"}, {"orgId": 1}])
def test_an_organization_narrows_the_search_to_its_members(
    slugs: Slugs, own: Make, where: Document
) -> None:
    own(4, "tom-own")
    assert slugs({"username": "tom", **where}) == ["tom-own"]
    assert slugs({"username": "bob", **where}) == []
    assert slugs({"usernames": "bob,tom", **where}) == ["tom-own"]


def test_the_slug_of_an_organization_wins_over_its_id(slugs: Slugs, own: Make) -> None:
    own(4, "tom-own")
    assert slugs({"username": "tom", "orgSlug": "acme", "orgId": 3}) == ["tom-own"]
    assert slugs({"username": "tom", "orgSlug": "other", "orgId": 1}) == []


@pytest.mark.parametrize("where", [{"orgSlug": "nothing"}, {"orgId": 999}, {"orgId": 2}])
def test_what_is_no_organization_has_no_members(slugs: Slugs, own: Make, where: Document) -> None:
    own(4, "tom-own")
    assert slugs({"username": "tom", **where}) == []


def test_of_two_users_of_one_name_the_organizations_member_is_meant(
    slugs: Slugs, store: Store, own: Make, kept: Make
) -> None:
    store.insert("users", "9", {**kept(1, "users"), "id": 9, "username": "tom"})
    store.replace("users", "4", {**kept(4, "users"), "username": "gone"})
    store.insert("users", "10", {**kept(1, "users"), "id": 10, "username": "tom"})
    own(10, "second-tom")
    store.insert(
        "memberships",
        "10-1",
        {"id": 99, "userId": 10, "teamId": 1, "role": "MEMBER", "accepted": True},
    )
    assert slugs({"username": "tom"}) == []
    assert slugs({"username": "tom", "orgId": 1}) == ["second-tom"]


def test_the_real_server_answers_usernames_with_one_made_up_event_type(ask: Ask) -> None:
    reply = ask("getEventTypes", query={"usernames": "bob, nobody,alice"}, quirks=DYNAMIC)
    [dynamic] = reply.body["data"]
    assert (dynamic["id"], dynamic["ownerId"]) == (0, 0)
    assert (dynamic["title"], dynamic["slug"]) == ("Group Meeting", "dynamic")
    assert dynamic["description"] == "Join us for a meeting with multiple people"
    assert dynamic["lengthInMinutes"] == 30
    assert dynamic["lengthInMinutesOptions"] == [15, 30, 45, 60, 90]
    assert dynamic["metadata"] == {"multipleDuration": [15, 30, 45, 60, 90]}
    assert dynamic["customName"] == "Group Meeting"
    assert dynamic["locations"] == [{"type": "integration", "integration": "cal-video"}]
    assert (dynamic["bookingFields"], dynamic["disableGuests"]) == ([], True)
    assert (dynamic["successRedirectUrl"], dynamic["minimumBookingNotice"]) == ("", 120)
    assert [user["username"] for user in dynamic["users"]] == ["bob", "alice"]
    assert dynamic["bookingUrl"] == "https://cal.com/bob/dynamic"


def test_the_made_up_event_type_takes_place_in_cal_video_whatever_the_default(ask: Ask) -> None:
    quirks = [*DYNAMIC, "event-type-create-has-no-location"]
    [dynamic] = ask("getEventTypes", query={"usernames": "bob"}, quirks=quirks).body["data"]
    assert dynamic["locations"] == [{"type": "integration", "integration": "cal-video"}]


def test_the_made_up_event_type_looks_for_users_inside_an_organization(ask: Ask) -> None:
    asked = {"usernames": "bob,tom", "orgSlug": "acme"}
    [dynamic] = ask("getEventTypes", query=asked, quirks=DYNAMIC).body["data"]
    assert [user["username"] for user in dynamic["users"]] == ["tom"]


def test_the_older_server_gives_the_made_up_event_type_no_address(ask: Ask) -> None:
    quirks = [*DYNAMIC, "event-type-answers-as-of-2025"]
    [dynamic] = ask("getEventTypes", query={"usernames": "bob"}, quirks=quirks).body["data"]
    assert "bookingUrl" not in dynamic
