from typing import Any

import pytest

LINKS = "/v2/event-types/1/private-links"
TEAM_LINKS = "/v2/organizations/1/teams/2/event-types/4/private-links"
V = "2024-09-04"


def message(reply: Any) -> Any:
    return reply.body["error"]["message"]


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        (
            {},
            "no authentication provided. Provide either authorization bearer token containing "
            "managed user access token or oAuth client id in 'x-cal-client-id' header.",
        ),
        (bearer("not-a-key"), "no oAuth client found for access token=not-a-key"),
        (bearer("").copy(), "no oAuth client found for access token=Bearer"),
        ({"x-cal-client-id": "abc"}, "no oAuth client found for client id=abc"),
    ],
)
def test_the_real_server_answers_403_where_a_credential_is_missing(
    observed: Any, headers: dict[str, str], why: str
) -> None:
    reply = observed.send("GET", LINKS, version=V, headers=headers)
    assert (reply.status, message(reply)) == (403, f"PermissionsGuard - {why}")


@pytest.mark.parametrize("headers", [{}, bearer("not-a-key"), {"x-cal-client-id": "abc"}])
def test_a_missing_credential_is_401_as_documented(desk: Any, headers: dict[str, str]) -> None:
    assert desk.send("GET", LINKS, version=V, headers=headers).status == 401


def test_an_api_key_has_every_permission(observed: Any) -> None:
    assert observed.send("GET", LINKS, key="bob", version=V).status == 200


def test_teams_answer_401_in_both_profiles(desk: Any, observed: Any) -> None:
    assert desk.send("GET", TEAM_LINKS, version=V).status == 401
    assert observed.send("GET", TEAM_LINKS, version=V).status == 401


def test_a_credential_is_asked_for_before_the_body_is_looked_at(desk: Any) -> None:
    assert desk.send("POST", LINKS, version=V, body={"maxUsageCount": "x"}).status == 401


def test_a_managed_token_needs_the_permission_of_its_client(desk: Any) -> None:
    body = {"title": "A", "slug": "a", "lengthInMinutes": 30}
    headers = bearer("cal-test-managed-reader")
    reply = desk.send("POST", "/v2/event-types", version="2024-06-14", headers=headers, body=body)
    assert reply.status == 403
    assert message(reply) == (
        "PermissionsGuard - oAuth client with id=cal-test-reader does not have the required "
        "permissions=EVENT_TYPE_WRITE. Go to platform dashboard settings and add the required "
        "permissions to the oAuth client."
    )


def test_a_managed_token_with_the_permission_passes(desk: Any) -> None:
    body = {"title": "A", "slug": "a", "lengthInMinutes": 30}
    headers = bearer("cal-test-managed")
    reply = desk.send("POST", "/v2/event-types", version="2024-06-14", headers=headers, body=body)
    assert reply.status == 201


def test_a_third_party_token_without_scopes_may_do_everything(desk: Any) -> None:
    body = {"title": "A", "slug": "a", "lengthInMinutes": 30}
    headers = bearer("cal-test-oauth")
    reply = desk.send("POST", "/v2/event-types", version="2024-06-14", headers=headers, body=body)
    assert reply.status == 201


def test_a_third_party_token_needs_the_scope(desk: Any) -> None:
    headers = bearer("cal-test-oauth-reader")
    reply = desk.send("POST", LINKS, version=V, headers=headers, body={})
    assert reply.status == 403
    assert message(reply) == (
        "insufficient_scope: token does not have the required scopes. "
        "Required: EVENT_TYPE_WRITE. Token has: EVENT_TYPE_READ, PROFILE_READ"
    )


def test_old_scopes_count_as_none(desk: Any) -> None:
    token = desk.store.get("access-tokens", "cal-test-oauth-reader")
    desk.store.replace(
        "access-tokens", "cal-test-oauth-reader", {**token, "scopes": ["READ_BOOKING"]}
    )
    headers = bearer("cal-test-oauth-reader")
    body = {"title": "A", "slug": "a", "lengthInMinutes": 30}
    reply = desk.send("POST", "/v2/event-types", version="2024-06-14", headers=headers, body=body)
    assert reply.status == 201


def test_a_personal_scope_does_not_reach_a_team(desk: Any) -> None:
    headers = bearer("cal-test-oauth-reader")
    reply = desk.send("GET", TEAM_LINKS, version=V, headers=headers)
    assert reply.status == 403
    assert "Required: TEAM_EVENT_TYPE_READ" in message(reply)


@pytest.mark.parametrize("scope", ["TEAM_EVENT_TYPE_READ", "ORG_EVENT_TYPE_READ"])
def test_a_scope_of_the_organization_stands_in_for_the_teams(desk: Any, scope: str) -> None:
    token = desk.store.get("access-tokens", "cal-test-oauth-team")
    desk.store.replace("access-tokens", "cal-test-oauth-team", {**token, "scopes": [scope]})
    headers = bearer("cal-test-oauth-team")
    reply = desk.send("GET", TEAM_LINKS, version=V, headers=headers)
    assert (reply.status, message(reply)) == (404, "Event type with id 4 not found")


def test_a_scope_makes_up_for_the_role_of_a_mere_member(desk: Any) -> None:
    token = desk.store.get("access-tokens", "cal-test-oauth-team")
    desk.store.replace("access-tokens", "cal-test-oauth-team", {**token, "userId": 5})
    reply = desk.send("GET", TEAM_LINKS, version=V, headers=bearer("cal-test-oauth-team"))
    assert reply.status == 404
