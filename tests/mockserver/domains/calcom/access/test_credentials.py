from datetime import UTC, datetime
from typing import Any

import pytest

ME = "/v2/me"


def message(reply: Any) -> Any:
    return reply.body["error"]["message"]


def caller(reply: Any) -> Any:
    assert reply.status == 200, reply.body
    return reply.body["data"]["username"]


@pytest.mark.parametrize("value", ["Bearer cal_test_alice", "cal_test_alice"])
def test_an_api_key_works_with_and_without_the_word_bearer(desk: Any, value: str) -> None:
    assert caller(desk.send("GET", ME, headers={"authorization": value})) == "alice"


@pytest.mark.parametrize("value", ["bearer cal_test_alice", "Basic YWxpY2U6c2VjcmV0", "nonsense"])
def test_anything_else_is_an_unknown_access_token(desk: Any, value: str) -> None:
    reply = desk.send("GET", ME, headers={"authorization": value})
    assert (reply.status, message(reply)) == (401, "Invalid Access Token.")


def test_nothing_sent_names_both_ways(desk: Any) -> None:
    reply = desk.send("GET", ME)
    assert reply.status == 401
    assert message(reply) == (
        "ApiAuthStrategy - No authentication method provided. Either pass an API key as 'Bearer' "
        "header or OAuth client credentials as 'x-cal-secret-key' and 'x-cal-client-id' headers"
    )


@pytest.mark.parametrize(
    ("sent", "missing"),
    [("x-cal-client-id", "x-cal-secret-key"), ("x-cal-secret-key", "x-cal-client-id")],
)
def test_half_of_a_client_asks_for_the_other_half(desk: Any, sent: str, missing: str) -> None:
    reply = desk.send("GET", ME, headers={sent: "abc"})
    assert reply.status == 401
    assert message(reply) == (
        f"ApiAuthStrategy - Only '{sent}' header provided. Please also provide '{missing}' header "
        "or Auth bearer token as 'Authentication' header"
    )


def client(client_id: str, secret: str, **more: str) -> dict[str, str]:
    return {"x-cal-client-id": client_id, "x-cal-secret-key": secret, **more}


def test_a_client_acts_as_the_owner_of_its_organization(desk: Any) -> None:
    headers = client("cal-test-client", "cal-test-secret")
    assert caller(desk.send("GET", ME, headers=headers)) == "olga"


def test_a_client_wins_over_a_bearer_token(desk: Any) -> None:
    headers = client("cal-test-client", "cal-test-secret", authorization="Bearer cal_test_alice")
    assert caller(desk.send("GET", ME, headers=headers)) == "olga"


def test_without_an_owner_a_client_acts_as_an_administrator(desk: Any) -> None:
    desk.store.delete("memberships", "3-1")
    headers = client("cal-test-client", "cal-test-secret")
    assert caller(desk.send("GET", ME, headers=headers)) == "nora"


def test_an_unknown_client_is_named(desk: Any) -> None:
    reply = desk.send("GET", ME, headers=client("abc", "abc"))
    assert reply.status == 401
    assert message(reply) == "ApiAuthStrategy - oAuth client - Client with ID abc not found"


def test_a_wrong_secret_is_refused(desk: Any) -> None:
    reply = desk.send("GET", ME, headers=client("cal-test-client", "abc"))
    assert reply.status == 401
    assert message(reply) == "ApiAuthStrategy - oAuth client - Invalid client secret"


def test_a_key_expires_after_its_last_day(desk: Any) -> None:
    desk.now = datetime(2026, 1, 1, 23, 59, tzinfo=UTC)
    assert caller(desk.send("GET", ME, key="alice_expired")) == "alice"
    desk.now = datetime(2026, 1, 2, tzinfo=UTC)
    reply = desk.send("GET", ME, key="alice_expired")
    assert reply.status == 401
    assert message(reply) == "ApiAuthStrategy - api key - Your api key is expired"


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_a_managed_token_acts_as_its_user(desk: Any) -> None:
    assert caller(desk.send("GET", ME, headers=bearer("cal-test-managed"))) == "mia"


def test_an_expired_managed_token_has_a_status_of_its_own(desk: Any) -> None:
    reply = desk.send("GET", ME, headers=bearer("cal-test-managed-expired"))
    assert reply.status == 498
    assert reply.body["error"] == {
        "code": "TokenExpiredException",
        "message": "ACCESS_TOKEN_IS_EXPIRED",
        "details": "ACCESS_TOKEN_IS_EXPIRED",
    }


def test_a_managed_token_works_only_from_the_origins_of_its_client(desk: Any) -> None:
    stored = desk.store.get("oauth-clients", "cal-test-client")
    uris = ["https://app.example.com/callback"]
    desk.store.replace("oauth-clients", "cal-test-client", {**stored, "redirectUris": uris})
    headers = bearer("cal-test-managed")
    known = desk.send("GET", ME, headers={**headers, "origin": "https://app.example.com"})
    unknown = desk.send("GET", ME, headers={**headers, "origin": "https://evil.example.com"})
    assert (known.status, unknown.status) == (200, 401)
    assert "add the origin 'https://evil.example.com'" in message(unknown)


def test_a_third_party_token_acts_as_its_user(desk: Any) -> None:
    assert caller(desk.send("GET", ME, headers=bearer("cal-test-oauth"))) == "alice"


def test_an_expired_third_party_token_is_unknown(desk: Any) -> None:
    reply = desk.send("GET", ME, headers=bearer("cal-test-oauth-expired"))
    assert (reply.status, message(reply)) == (401, "Invalid Access Token.")


def test_a_key_in_the_query_is_no_credential(desk: Any) -> None:
    assert desk.send("GET", f"{ME}?apiKey=cal_test_alice").status == 401


@pytest.mark.parametrize("headers", [{}, {"x-cal-client-id": "abc"}, {"x-cal-secret-key": "abc"}])
def test_the_list_of_event_types_takes_the_nameless(desk: Any, headers: dict[str, str]) -> None:
    reply = desk.send("GET", "/v2/event-types", version="2024-06-14", headers=headers)
    assert (reply.status, reply.body["data"]) == (200, [])


@pytest.mark.parametrize("value", ["Bearer nonsense", "Bearer cal_test_alice_expired"])
def test_the_list_of_event_types_refuses_invalid_credentials(desk: Any, value: str) -> None:
    headers = {"authorization": value}
    reply = desk.send("GET", "/v2/event-types", version="2024-06-14", headers=headers)
    assert reply.status == 401
