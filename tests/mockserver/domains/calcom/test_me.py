from typing import Any


def test_the_profile_of_a_user_without_organization(desk: Any) -> None:
    assert desk.send("GET", "/v2/me", key="alice").body == {
        "status": "success",
        "data": {
            "id": 1,
            "email": "alice@example.test",
            "name": "Alice Test",
            "avatarUrl": None,
            "bio": None,
            "timeFormat": 12,
            "defaultScheduleId": 1,
            "weekStart": "Sunday",
            "timeZone": "UTC",
            "username": "alice",
            "locale": None,
            "organizationId": None,
        },
    }


def test_a_member_sees_the_organization(desk: Any) -> None:
    profile = desk.send("GET", "/v2/me", key="mia").body["data"]
    assert profile["organizationId"] == 1
    assert profile["organization"] == {"isPlatform": False, "id": 1}


def test_a_team_without_organization_is_none(desk: Any) -> None:
    assert "organization" not in desk.send("GET", "/v2/me", key="alice").body["data"]


def test_the_recorded_server_has_no_locale(observed: Any) -> None:
    assert "locale" not in observed.send("GET", "/v2/me", key="alice").body["data"]
