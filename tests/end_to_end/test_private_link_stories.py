"""What users live through with private links, over HTTP: their own ones and those of a team."""

from datetime import datetime, timedelta

import pytest

from tests.end_to_end.callers import LINKS, Answer, Api, Caller, Json

MINE = "/event-types/102/private-links"
SHOWCASE = "/event-types/101/private-links"
TEAMS = "/organizations/101/teams/102/event-types/121/private-links"
FUTURE = "2030-06-01T00:00:00.000Z"
MILLISECOND = timedelta(milliseconds=1)
ONE_OF_TWO = (400, "Provide only one of expiresAt or maxUsageCount")


@pytest.fixture
def demo(api: Api) -> Caller:
    return api.of("demo", LINKS)


def created(caller: Caller, path: str = MINE, **limit: Json) -> Json:
    return caller.post(path, limit).data


def listed(caller: Caller, path: str = MINE) -> list[Json]:
    links: list[Json] = caller.get(path).data
    return links


def is_expired(caller: Caller, path: str = MINE) -> bool:
    """Of the one link that there is."""
    (link,) = listed(caller, path)
    return bool(link["isExpired"])


def used(api: Api, link: Json, times: int = 1) -> Answer:
    body = {"linkId": link["linkId"], "times": times}
    return api.admin.post("/actions/use-private-link", body)


# ---------------------------------------------------------------- both kinds


def test_a_counted_link_says_how_often_it_may_be_used(demo: Caller) -> None:
    answer = demo.post(MINE, {"maxUsageCount": 3})
    link_id = answer.data["linkId"]
    assert (answer.status, answer.data) == (
        201,
        {
            "linkId": link_id,
            "eventTypeId": 102,
            "isExpired": False,
            "bookingUrl": f"https://demo-studio.cal.com/d/{link_id}/several-lengths",
            "maxUsageCount": 3,
            "usageCount": 0,
        },
    )


def test_a_dated_link_says_when_it_ends_in_utc(demo: Caller) -> None:
    answer = demo.post(MINE, {"expiresAt": "2030-06-01T02:00:00+02:00"})
    link_id = answer.data["linkId"]
    assert (answer.status, answer.data) == (
        201,
        {
            "linkId": link_id,
            "eventTypeId": 102,
            "isExpired": False,
            "bookingUrl": f"https://demo-studio.cal.com/d/{link_id}/several-lengths",
            "expiresAt": FUTURE,
        },
    )


def test_created_links_are_listed_as_they_were_answered(demo: Caller) -> None:
    made = [created(demo, maxUsageCount=2), created(demo, expiresAt=FUTURE)]
    assert listed(demo) == made


def test_an_event_type_without_links_lists_none(demo: Caller) -> None:
    assert listed(demo) == []


def test_links_of_one_event_type_are_not_listed_at_another(demo: Caller) -> None:
    created(demo, maxUsageCount=2)
    assert listed(demo, "/event-types/104/private-links") == []


def test_the_showcase_has_each_kind_fresh_and_ended(demo: Caller) -> None:
    seen = {("expiresAt" in link, link["isExpired"]) for link in listed(demo, SHOWCASE)}
    assert seen == {(True, False), (True, True), (False, False), (False, True)}


# ---------------------------------------------------------------- from one kind to the other


def test_a_date_makes_a_counted_link_a_dated_one(demo: Caller) -> None:
    link = created(demo, maxUsageCount=3)
    changed = demo.patch(f"{MINE}/{link['linkId']}", {"expiresAt": FUTURE}).data
    assert changed.keys() == {"linkId", "eventTypeId", "isExpired", "bookingUrl", "expiresAt"}
    assert listed(demo) == [changed]


def test_a_number_makes_a_dated_link_a_counted_one(demo: Caller) -> None:
    link = created(demo, expiresAt=FUTURE)
    changed = demo.patch(f"{MINE}/{link['linkId']}", {"maxUsageCount": 9}).data
    assert (changed["maxUsageCount"], changed["usageCount"]) == (9, 0)
    assert "expiresAt" not in changed
    assert listed(demo) == [changed]


def test_a_link_that_went_both_ways_is_as_it_was(demo: Caller) -> None:
    link = created(demo, maxUsageCount=3)
    path = f"{MINE}/{link['linkId']}"
    demo.patch(path, {"expiresAt": FUTURE})
    assert demo.patch(path, {"maxUsageCount": 3}).data == link


def test_uses_are_remembered_while_a_link_is_dated(api: Api, demo: Caller) -> None:
    link = created(demo, maxUsageCount=3)
    path = f"{MINE}/{link['linkId']}"
    used(api, link, times=2)
    demo.patch(path, {"expiresAt": FUTURE})
    assert demo.patch(path, {"maxUsageCount": 3}).data["usageCount"] == 2


@pytest.mark.parametrize("limit", [{"maxUsageCount": 3}, {"expiresAt": FUTURE}])
def test_an_empty_update_answers_the_link_as_it_is(demo: Caller, limit: Json) -> None:
    link = created(demo, **limit)
    assert demo.patch(f"{MINE}/{link['linkId']}", {}).data == link


# ---------------------------------------------------------------- the end of a link


@pytest.mark.parametrize(
    ("offset", "has_ended"),
    [(-MILLISECOND, False), (timedelta(), False), (MILLISECOND, True)],
    ids=["just before", "at", "just after"],
)
def test_a_dated_link_ends_after_its_last_moment(
    api: Api, demo: Caller, offset: timedelta, has_ended: bool
) -> None:
    created(demo, expiresAt=FUTURE)
    api.clock.set(datetime.fromisoformat(FUTURE) + offset)
    assert is_expired(demo) is has_ended


def test_a_link_may_be_born_ended(api: Api, demo: Caller) -> None:
    assert created(demo, expiresAt="2029-12-31T23:59:59Z")["isExpired"]


def test_a_later_date_revives_a_link(api: Api, demo: Caller) -> None:
    link = created(demo, expiresAt=FUTURE)
    api.clock.set(datetime.fromisoformat(FUTURE) + MILLISECOND)
    demo.patch(f"{MINE}/{link['linkId']}", {"expiresAt": "2031-01-01T00:00:00Z"})
    assert not is_expired(demo)


def test_the_admin_clock_ends_links(api: Api, demo: Caller) -> None:
    created(demo, expiresAt="2030-01-01T08:10:00Z")
    api.admin.put("/clock", {"advance": "PT11M"})
    assert is_expired(demo)


def test_time_does_not_end_a_counted_link(api: Api, demo: Caller) -> None:
    created(demo, maxUsageCount=1)
    api.clock.advance(timedelta(days=5000))
    assert not is_expired(demo)


def test_a_link_with_a_use_left_is_alive(api: Api, demo: Caller) -> None:
    link = created(demo, maxUsageCount=2)
    used(api, link)
    (seen,) = listed(demo)
    assert (seen["usageCount"], seen["isExpired"]) == (1, False)


def test_the_last_use_ends_a_link(api: Api, demo: Caller) -> None:
    link = created(demo, maxUsageCount=2)
    used(api, link)
    used(api, link)
    (seen,) = listed(demo)
    assert (seen["usageCount"], seen["isExpired"]) == (2, True)


def test_a_use_past_the_maximum_is_refused(api: Api, demo: Caller) -> None:
    link = created(demo, maxUsageCount=1)
    assert [used(api, link).status, used(api, link).status] == [200, 409]


def test_a_refused_use_changes_nothing(api: Api, demo: Caller) -> None:
    link = created(demo, maxUsageCount=3)
    used(api, link, times=2)
    before = listed(demo)
    used(api, link, times=2)
    assert listed(demo) == before


def test_a_greater_maximum_revives_a_used_up_link(api: Api, demo: Caller) -> None:
    link = created(demo, maxUsageCount=1)
    used(api, link)
    changed = demo.patch(f"{MINE}/{link['linkId']}", {"maxUsageCount": 2}).data
    assert (changed["usageCount"], changed["isExpired"]) == (1, False)


def test_a_maximum_below_the_uses_ends_a_link(api: Api, demo: Caller) -> None:
    link = created(demo, maxUsageCount=5)
    used(api, link, times=4)
    assert demo.patch(f"{MINE}/{link['linkId']}", {"maxUsageCount": 4}).data["isExpired"]


# ---------------------------------------------------------------- going away


def test_a_deleted_link_is_listed_no_more(demo: Caller) -> None:
    gone, kept = created(demo, maxUsageCount=1), created(demo, maxUsageCount=2)
    answer = demo.delete(f"{MINE}/{gone['linkId']}")
    assert answer.data == {
        "linkId": gone["linkId"],
        "message": "Private link deleted successfully",
    }
    assert listed(demo) == [kept]


def test_a_link_is_deleted_once(demo: Caller) -> None:
    path = f"{MINE}/{created(demo, maxUsageCount=1)['linkId']}"
    demo.delete(path)
    assert demo.delete(path).refusal == (404, "Deleted link not found")


def test_a_deleted_link_cannot_be_changed(demo: Caller) -> None:
    path = f"{MINE}/{created(demo, maxUsageCount=1)['linkId']}"
    demo.delete(path)
    assert demo.patch(path, {"maxUsageCount": 2}).refusal == (404, "Updated link not found")


def test_a_deleted_link_cannot_be_used(api: Api, demo: Caller) -> None:
    link = created(demo, maxUsageCount=1)
    demo.delete(f"{MINE}/{link['linkId']}")
    assert used(api, link).status == 404


def test_links_are_unknown_at_another_event_type(demo: Caller) -> None:
    link = created(demo, maxUsageCount=1)
    elsewhere = f"/event-types/104/private-links/{link['linkId']}"
    assert demo.delete(elsewhere).refusal == (404, "Deleted link not found")
    assert listed(demo) == [link]


def test_links_of_a_deleted_event_type_are_404(api: Api, demo: Caller) -> None:
    api.of("demo").delete("/event-types/101")
    assert demo.get(SHOWCASE).refusal == (404, "Event type with id 101 not found")


def test_links_go_with_their_event_type(api: Api, demo: Caller) -> None:
    api.of("demo").delete("/event-types/101")
    links = api.admin.get("/state").body["collections"]["private-links"]
    assert {link["eventTypeId"] for link in links.values()} == {120}


def test_an_update_of_the_event_type_leaves_links_alone(api: Api, demo: Caller) -> None:
    link = created(demo, maxUsageCount=1)
    api.of("demo").patch("/event-types/102", {"title": "Longer"})
    assert listed(demo) == [link]


def test_in_reality_an_update_of_the_event_type_drops_its_links(observed: Api) -> None:
    demo = observed.of("demo", LINKS)
    observed.of("demo").patch("/event-types/101", {"title": "Hello"})
    assert listed(demo, SHOWCASE) == []


# ---------------------------------------------------------------- strangers


@pytest.mark.parametrize("name", ["alice", "lena", "omar", "root"])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", SHOWCASE, None),
        ("POST", SHOWCASE, {"maxUsageCount": 1}),
        ("PATCH", f"{SHOWCASE}/demoCountedFresh111111", {"maxUsageCount": 1}),
        ("DELETE", f"{SHOWCASE}/demoCountedFresh111111", None),
    ],
    ids=["list", "create", "update", "delete"],
)
def test_links_are_their_owners_alone(
    api: Api, name: str, method: str, path: str, body: Json
) -> None:
    answer = api.of(name, LINKS).send(method, path, json=body)
    assert answer.refusal == (404, "Event type with id 101 not found")


def test_strangers_change_nothing(api: Api, demo: Caller) -> None:
    before = listed(demo, SHOWCASE)
    path = f"{SHOWCASE}/demoCountedFresh111111"
    api.of("alice", LINKS).patch(path, {"maxUsageCount": 1})
    api.of("alice", LINKS).delete(path)
    assert listed(demo, SHOWCASE) == before


def test_nobody_sees_links_without_a_key(api: Api) -> None:
    assert api.anybody(LINKS).get(SHOWCASE).status == 401


# ---------------------------------------------------------------- where a link leads


def test_a_user_without_organization_books_at_the_plain_site(api: Api) -> None:
    bob = api.of("bob", LINKS)
    link = created(bob, "/event-types/1/private-links", maxUsageCount=1)
    assert link["bookingUrl"] == f"https://cal.com/d/{link['linkId']}/bob-private"


def test_a_renamed_event_type_moves_its_links(api: Api, demo: Caller) -> None:
    link = created(demo, maxUsageCount=1)
    api.of("demo").patch("/event-types/102", {"slug": "any-length"})
    (seen,) = listed(demo)
    assert seen["bookingUrl"] == f"https://demo-studio.cal.com/d/{link['linkId']}/any-length"


OLDER = ["2024-04-15", "2024-06-11", "2024-06-14", "2024-08-13"]


@pytest.mark.parametrize("version", OLDER)
def test_older_versions_give_the_short_address(demo: Caller, version: str) -> None:
    link = created(demo.at_version(version), maxUsageCount=1)
    assert link["bookingUrl"] == f"https://cal.com/d/{link['linkId']}"


@pytest.mark.parametrize("version", OLDER)
def test_only_the_address_depends_on_the_version(demo: Caller, version: str) -> None:
    old = created(demo.at_version(version), expiresAt=FUTURE)
    assert {**listed(demo)[0], "bookingUrl": ""} == {**old, "bookingUrl": ""}


@pytest.mark.parametrize("version", [None, "2024-09-05"])
def test_the_documented_version_is_asked_for(demo: Caller, version: str | None) -> None:
    assert list(demo.at_version(version).get(MINE).constraints) == ["cal-api-version"]


@pytest.mark.parametrize("version", [None, "2024-09-05"])
def test_in_reality_any_other_version_is_the_oldest(observed: Api, version: str | None) -> None:
    demo = observed.of("demo", LINKS).at_version(version)
    link = created(demo, maxUsageCount=1)
    assert link["bookingUrl"] == f"https://cal.com/d/{link['linkId']}"


# ---------------------------------------------------------------- bodies


def test_a_body_without_limits_gives_one_use(demo: Caller) -> None:
    link = created(demo)
    assert (link["maxUsageCount"], link["usageCount"]) == (1, 0)


def test_in_reality_a_body_without_limits_is_refused(observed: Api) -> None:
    answer = observed.of("demo", LINKS).post(MINE, {})
    assert answer.refusal == (400, "Either expiresAt or maxUsageCount must be provided")


def test_a_link_cannot_be_created_with_both_limits(demo: Caller) -> None:
    assert demo.post(MINE, {"expiresAt": FUTURE, "maxUsageCount": 2}).refusal == ONE_OF_TWO
    assert listed(demo) == []


def test_a_link_cannot_be_given_both_limits(demo: Caller) -> None:
    link = created(demo, maxUsageCount=1)
    path = f"{MINE}/{link['linkId']}"
    assert demo.patch(path, {"expiresAt": FUTURE, "maxUsageCount": 2}).refusal == ONE_OF_TWO
    assert listed(demo) == [link]


def test_in_reality_a_link_given_both_limits_is_dated(observed: Api) -> None:
    demo = observed.of("demo", LINKS)
    link = created(demo, maxUsageCount=1)
    both = {"expiresAt": FUTURE, "maxUsageCount": 2}
    assert demo.patch(f"{MINE}/{link['linkId']}", both).data["expiresAt"] == FUTURE


@pytest.mark.parametrize(
    ("body", "constraints"),
    [
        ({"maxUsageCount": 0}, {"min"}),
        ({"maxUsageCount": -5}, {"min"}),
        ({"maxUsageCount": 1.5}, {"isInt"}),
        ({"maxUsageCount": "5"}, {"min", "isInt"}),
        ({"expiresAt": "nope"}, {"isDate"}),
        ({"expiresAt": ""}, {"isDate"}),
    ],
)
def test_a_wrong_limit_is_named(demo: Caller, body: Json, constraints: set[str]) -> None:
    (name,) = body
    assert demo.post(MINE, body).constraints.keys() == {name}
    assert demo.post(MINE, body).constraints[name].keys() == constraints


def test_a_wrong_limit_leaves_a_link_as_it_was(demo: Caller) -> None:
    link = created(demo, maxUsageCount=4)
    assert demo.patch(f"{MINE}/{link['linkId']}", {"maxUsageCount": 0}).status == 400
    assert listed(demo) == [link]


# ---------------------------------------------------------------- of a team


@pytest.mark.parametrize("name", ["demo", "lena", "root"])
def test_whoever_leads_a_team_makes_its_links(api: Api, name: str) -> None:
    caller = api.of(name, LINKS)
    link = created(caller, TEAMS, maxUsageCount=2)
    assert listed(caller, TEAMS) == [link]


def test_a_links_kind_can_be_changed_for_a_team(api: Api) -> None:
    lena = api.of("lena", LINKS)
    path = f"{TEAMS}/{created(lena, TEAMS, maxUsageCount=2)['linkId']}"
    assert "maxUsageCount" not in lena.patch(path, {"expiresAt": FUTURE}).data
    assert "expiresAt" not in lena.patch(path, {"maxUsageCount": 4}).data


def test_a_teams_link_is_deleted_once(api: Api) -> None:
    lena = api.of("lena", LINKS)
    path = f"{TEAMS}/{created(lena, TEAMS, maxUsageCount=2)['linkId']}"
    assert lena.delete(path).status == 200
    assert lena.delete(path).refusal == (404, "Deleted link not found")


def test_a_teams_link_leads_to_the_organization(api: Api) -> None:
    link = created(api.of("lena", LINKS), TEAMS, maxUsageCount=2)
    assert link["bookingUrl"] == f"https://demo-studio.cal.com/d/{link['linkId']}/one-of-us"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("omar", "user with id=103 does not have the minimum required role=TEAM_ADMIN"),
        ("alice", "User is not part of the organization with id=101."),
    ],
)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", TEAMS, None),
        ("POST", TEAMS, {"maxUsageCount": 1}),
        ("PATCH", f"{TEAMS}/any", {"maxUsageCount": 1}),
        ("DELETE", f"{TEAMS}/any", None),
    ],
    ids=["list", "create", "update", "delete"],
)
def test_members_and_strangers_are_kept_from_a_teams_links(
    api: Api, name: str, reason: str, method: str, path: str, body: Json
) -> None:
    status, message = api.of(name, LINKS).send(method, path, json=body).refusal
    assert status == 403
    assert message.startswith(f"RolesGuard - {reason}")


def test_nobody_sees_a_teams_links_without_a_key(api: Api) -> None:
    assert api.anybody(LINKS).get(TEAMS).status == 401


def test_an_event_type_of_a_user_is_unknown_to_the_team(api: Api) -> None:
    answer = api.of("demo", LINKS).get(TEAMS.replace("121", "101"))
    assert answer.refusal == (404, "Event type with id 101 not found")


def test_an_event_type_of_a_team_has_no_links_at_the_users_path(api: Api) -> None:
    answer = api.of("demo", LINKS).get("/event-types/120/private-links")
    assert answer.refusal == (404, "Event type with id 120 not found")


def test_a_teams_links_go_with_its_event_type(api: Api) -> None:
    lena = api.of("lena", LINKS)
    lena.delete("/organizations/101/teams/102/event-types/120")
    links = api.admin.get("/state").body["collections"]["private-links"]
    assert {link["eventTypeId"] for link in links.values()} == {101}
