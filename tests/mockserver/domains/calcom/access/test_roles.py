from typing import Any

import pytest

V = "2024-09-04"
TEAM = "/v2/organizations/1/teams/2/event-types"
LINKS = f"{TEAM}/4/private-links"
LIST_ALL = "/v2/organizations/1/teams/event-types"


@pytest.fixture
def desk(open_desk: Any) -> Any:
    """The world of the recordings with a team event type of team 2, number 4."""
    desk = open_desk(fixtures=("world", "showcase"))
    stored = desk.store.get("event-types", "2")
    desk.store.insert("event-types", "4", {**stored, "id": 4, "teamId": 2, "slug": "four"})
    return desk


def message(reply: Any) -> Any:
    return reply.body["error"]["message"]


@pytest.mark.parametrize("key", ["olga", "nora", "tom", "root"])
def test_administrators_of_team_organization_and_system_pass(desk: Any, key: str) -> None:
    assert desk.send("GET", LINKS, key=key, version=V).status == 200


def test_a_member_of_the_team_is_refused(desk: Any) -> None:
    reply = desk.send("GET", LINKS, key="mia", version=V)
    assert reply.status == 403
    assert message(reply) == (
        "RolesGuard - user with id=5 does not have the minimum required role=TEAM_ADMIN within "
        "organization with id=1 team with id=2."
    )


@pytest.mark.parametrize("key", ["alice", "bob", "ned"])
def test_strangers_are_refused(desk: Any, key: str) -> None:
    reply = desk.send("GET", LINKS, key=key, version=V)
    assert reply.status == 403
    assert message(reply) == "RolesGuard - User is not part of the organization with id=1."


def test_a_member_of_the_organization_only_is_told_so(desk: Any) -> None:
    desk.store.delete("memberships", "5-2")
    reply = desk.send("GET", LINKS, key="mia", version=V)
    assert reply.status == 403
    assert message(reply) == (
        "RolesGuard - User is not part of the team with id=2 and/or, is not an admin nor an owner "
        "of the organization with id=1."
    )


def test_an_open_invitation_counts(desk: Any) -> None:
    stored = desk.store.get("memberships", "4-2")
    desk.store.replace("memberships", "4-2", {**stored, "accepted": False})
    assert desk.send("GET", LINKS, key="tom", version=V).status == 200


@pytest.mark.parametrize("org", ["999999", "2"])
def test_the_organization_must_be_one(desk: Any, org: str) -> None:
    path = f"/v2/organizations/{org}/teams/2/event-types/4/private-links"
    reply = desk.send("GET", path, key="olga", version=V)
    assert reply.status == 403
    assert message(reply) == (
        f"IsOrgGuard - provided organization id={org} does not represent any existing organization."
    )


@pytest.mark.parametrize("team", ["999999", "4"])
def test_the_team_must_be_the_organizations(desk: Any, team: str) -> None:
    path = f"/v2/organizations/1/teams/{team}/event-types/4/private-links"
    reply = desk.send("GET", path, key="olga", version=V)
    assert (reply.status, message(reply)) == (404, f"IsTeamInOrg - Team ({team}) not found.")


def test_a_mere_team_administrator_is_refused_before_the_team_is_looked_for(desk: Any) -> None:
    path = "/v2/organizations/1/teams/4/event-types/4/private-links"
    assert desk.send("GET", path, key="tom", version=V).status == 403


def test_an_organization_without_settings_is_refused(desk: Any) -> None:
    path = "/v2/organizations/6/teams/7/event-types/3/private-links"
    reply = desk.send("GET", path, key="ned", version=V)
    assert reply.status == 403
    assert message(reply).startswith("IsAdminAPIEnabledGuard - Organization does not have Admin")


def test_an_organization_with_the_admin_api_off_passes(desk: Any) -> None:
    path = "/v2/organizations/3/teams/4/event-types/2/private-links"
    assert desk.send("GET", path, key="ned", version=V).status == 200


@pytest.mark.parametrize(
    ("plan", "status"), [(None, 403), ("STARTER", 403), ("ESSENTIALS", 200), ("ENTERPRISE", 200)]
)
def test_a_platform_organization_needs_a_plan(desk: Any, plan: str | None, status: int) -> None:
    stored = desk.store.get("teams", "1")
    changed = {**stored, "isPlatform": True, "plan": plan, "hasAdminApi": None}
    desk.store.replace("teams", "1", changed)
    assert desk.send("GET", LINKS, key="olga", version=V).status == status


def test_a_plan_that_is_too_small_is_named(desk: Any) -> None:
    stored = desk.store.get("teams", "1")
    desk.store.replace("teams", "1", {**stored, "isPlatform": True, "plan": "FREE"})
    reply = desk.send("GET", LINKS, key="olga", version=V)
    assert "Minimum plan is ESSENTIALS while the organization has FREE" in message(reply)


@pytest.mark.parametrize(("org", "team"), [("abc", "2"), ("1", "abc"), ("1.5", "2")])
def test_an_id_that_is_no_number_is_400(desk: Any, org: str, team: str) -> None:
    path = f"/v2/organizations/{org}/teams/{team}/event-types/4/private-links"
    reply = desk.send("GET", path, key="olga", version=V)
    assert reply.status == 400
    assert message(reply) == "Validation failed (numeric string is expected)"


@pytest.mark.parametrize(("org", "team"), [("abc", "2"), ("1", "abc")])
def test_an_id_that_is_no_number_fails_in_the_real_database(
    observed: Any, org: str, team: str
) -> None:
    path = f"/v2/organizations/{org}/teams/{team}/event-types/4/private-links"
    reply = observed.send("GET", path, key="olga", version=V)
    assert (reply.status, reply.body["error"]["code"]) == (500, "INTERNAL_SERVER_ERROR")


def test_the_list_of_a_team_asks_nobody_who_calls(desk: Any) -> None:
    assert desk.send("GET", TEAM).status == 200


def test_the_list_of_a_team_still_wants_organization_and_team(desk: Any) -> None:
    assert desk.send("GET", "/v2/organizations/2/teams/2/event-types").status == 403
    assert desk.send("GET", "/v2/organizations/1/teams/4/event-types").status == 404


def test_the_list_of_an_organization_is_its_administrators(desk: Any) -> None:
    assert desk.send("GET", LIST_ALL, key="nora").status == 200
    member = desk.send("GET", LIST_ALL, key="tom")
    assert member.status == 403
    assert message(member) == (
        "RolesGuard - user with id=4 does not have the minimum required role=TEAM_ADMIN within "
        "organization with id=1."
    )
    stranger = desk.send("GET", LIST_ALL, key="alice")
    assert stranger.status == 403
    assert message(stranger) == ("RolesGuard - User is not a member of the organization with id=1.")


def test_the_real_list_of_an_organization_is_for_system_administrators(open_desk: Any) -> None:
    desk = open_desk("observed", fixtures=("world", "showcase"))
    assert desk.send("GET", LIST_ALL, key="olga").status == 403
    assert desk.send("GET", LIST_ALL, key="root").status == 200
