import asyncio
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from mockserver.web.admin import admin_app
from mockserver.web.admin import reading as admin_reading


def test_an_unknown_path_offers_the_nearest(admin: Any) -> None:
    answer = admin("GET", "/requets")
    assert answer.status_code == 404
    assert answer.json()["detail"].endswith("did you mean /__admin/requests?")


@pytest.mark.parametrize("path", ["/x", "/users", "/state/collections", "/reload"])
def test_a_path_unlike_every_other_offers_none(admin: Any, path: str) -> None:
    answer = admin("GET", path)
    assert answer.status_code == 404
    assert answer.json()["detail"] == f"there is no admin path /__admin{path}"


def test_a_wrong_method_tells_the_right_ones(admin: Any) -> None:
    answer = admin("POST", "/clock")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "DELETE, GET, HEAD, PUT"


def test_a_literal_path_is_not_taken_for_a_template(admin: Any) -> None:
    answer = admin("PUT", "/requests/count")
    assert answer.headers["allow"] == "GET, HEAD, POST"


def test_a_body_that_is_no_json_is_refused(admin: Any) -> None:
    answer = admin("PUT", "/state", content=b'{"collections": ')
    assert answer.status_code == 400
    assert answer.json()["validation"][0]["code"] == "parse"


@pytest.mark.parametrize("content", [b"", b"  "])
def test_a_missing_body_is_refused(admin: Any, content: bytes) -> None:
    assert admin("PUT", "/clock", content=content).status_code == 400


@pytest.mark.parametrize("content", [b"[]", b"3", b"null", b'"text"'])
def test_a_body_that_is_no_object_cannot_be_used(admin: Any, content: bytes) -> None:
    answer = admin("PUT", "/state", content=content)
    assert answer.status_code == 422
    assert answer.json()["validation"][0]["location"] == "body"


def test_a_body_that_is_too_large_is_refused(
    admin: Any, control: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert admin_reading.MAX_BODY_BYTES == 32 * 1024 * 1024
    monkeypatch.setattr("mockserver.web.admin.app.MAX_BODY_BYTES", 100)
    large = b'{"collections": {"books": {}}, "x": "' + b"y" * 100 + b'"}'
    assert admin("PUT", "/state", content=large).status_code == 413
    assert admin("PUT", "/state", content=iter([large[:60], large[60:]])).status_code == 413
    assert control.store.count("books") == 1


def test_a_misspelled_member_offers_the_nearest(admin: Any) -> None:
    [flaw] = [
        one
        for one in admin("PUT", "/clock", json={"frezee": True}).json()["validation"]
        if one["code"] == "additionalProperties"
    ]
    assert flaw == {
        "location": "body/frezee",
        "severity": "error",
        "code": "additionalProperties",
        "message": "unknown member 'frezee'; did you mean 'freeze'?",
    }


@pytest.mark.parametrize("content", [b"[]", b"null", b'{"seed": 2}', b"no JSON", b"{} {}"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/reset"), ("POST", "/snapshots/kept/restore"), ("DELETE", "/snapshots/kept")],
)
def test_a_body_that_an_operation_does_not_take_changes_nothing(
    admin: Any, control: Any, method: str, path: str, content: bytes
) -> None:
    admin("POST", "/snapshots/kept")
    control.store.delete("books", "1")
    answer = admin(method, path, content=content)
    assert answer.status_code == 422
    assert answer.json()["validation"][0]["location"] == "body"
    assert control.store.count("books") == 0
    assert len(admin("GET", "/snapshots").json()["snapshots"]) == 1


@pytest.mark.parametrize("content", [b"", b" \n", b"{}", b" { } "])
def test_an_empty_body_is_as_good_as_none(admin: Any, content: bytes) -> None:
    assert admin("POST", "/reset", content=content).status_code == 200


def test_a_parameter_is_given_once(admin: Any) -> None:
    answer = admin("GET", "/requests?limit=1&limit=2&status=404")
    assert answer.status_code == 422
    assert [one["location"] for one in answer.json()["validation"]] == ["query/limit"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("since=-1", "query/since: must not be below 0"),
        ("limit=1001", "query/limit: must not be above 1000"),
    ],
)
def test_a_number_beyond_its_bounds_tells_the_bound(admin: Any, query: str, told: str) -> None:
    assert admin("GET", f"/requests?{query}").json()["detail"] == told


def test_every_flaw_of_a_query_is_told(admin: Any) -> None:
    answer = admin("GET", "/requests?sinse=3&limit=0&status=9xx")
    assert answer.status_code == 422
    flaws = {one["location"]: one["message"] for one in answer.json()["validation"]}
    assert flaws.keys() == {"query/sinse", "query/limit", "query/status"}
    assert flaws["query/sinse"] == "unknown parameter 'sinse'; did you mean 'since'?"
    assert "and 2 more" in answer.json()["detail"]


@pytest.mark.parametrize("number", ["x", "0", "-1", "1.5", "9" * 30])
def test_a_number_that_is_none_cannot_be_used(admin: Any, number: str) -> None:
    assert admin("GET", f"/requests/{number}").status_code == 422


def test_a_bug_is_told_as_one(admin: Any, control: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control.store, "dump", lambda: 1 / 0)
    # own failures of the mock have a problem document of their own kind
    answer = admin._client.get("/__admin/state")
    assert answer.status_code == 500
    assert answer.headers["x-understudy-error"] == "bug"


def test_head_is_answered_like_get_without_a_body(control: Any) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "HEAD", "path": "/__admin/health"}
    app = admin_app(control)
    asyncio.run(app({**scope, "query_string": b"", "headers": []}, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 200
    assert int(dict(sent[0]["headers"])[b"content-length"]) > 100
    assert sent[1]["body"] == b""


@pytest.mark.parametrize("place", ["/__admin", "/tools/__admin", "/tools"])
def test_the_admin_api_can_be_mounted_anywhere(control: Any, place: str) -> None:
    app = Starlette(routes=[Mount(place, admin_app(control, None))])
    client = TestClient(app, base_url="http://localhost", client=("127.0.0.1", 1))
    assert client.get(f"{place}/health").status_code == 200
