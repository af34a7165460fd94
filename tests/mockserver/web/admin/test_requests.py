from datetime import UTC, datetime
from typing import Any

import pytest

from mockserver.web.observers import Answered


@pytest.fixture
def admin(admin: Any, control: Any) -> Any:
    """A journal with three requests: a list, a create, and a create that was refused."""
    for method, target, operation, status, body in (
        ("GET", "/books?page=2", "listBooks", 200, b""),
        ("POST", "/shelves/4/books", "createBook", 201, b'{"title": "Emma", "pages": 9}'),
        ("POST", "/shelves/5/books", "createBook", 400, b'{"title": 3}'),
    ):
        at = datetime(2030, 1, 1, 8, tzinfo=UTC)
        headers = {"authorization": "Bearer key-of-ann", "accept": "application/json"}
        what = at, method, target, operation, status, 0.0125
        control.journal.add(Answered(*what, "ann", headers, body, b"{}", b"id-7"))
    return admin


def numbers(answer: Any) -> list[int]:
    return [one["number"] for one in answer.json()["requests"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 3]),
        ("method=post", [2, 3]),
        ("path=/books", [1]),
        ("path=/books?page=2", [1]),
        ("path=/shelves/*", [2, 3]),
        ("path=/shelves/{shelfId}/books", [2, 3]),
        ("path=/shelves/{shelfId}", []),
        ("operationId=createBook", [2, 3]),
        ("status=400", [3]),
        ("status=2xx", [1, 2]),
        ("since=1", [2, 3]),
        ("since=3", []),
        ("limit=2", [2, 3]),
        ("method=POST&status=4XX", [3]),
    ],
)
def test_requests_are_listed_by_filters(admin: Any, query: str, found: list[int]) -> None:
    answer = admin("GET", f"/requests?{query.replace('page=2', 'page%3D2')}")
    assert numbers(answer) == found
    assert answer.json()["last"] == 3


def test_a_request_is_shown_whole_but_for_its_credentials(admin: Any) -> None:
    assert admin("GET", "/requests/2").json() == {
        "number": 2,
        "at": "2030-01-01T08:00:00.000Z",
        "method": "POST",
        "target": "/shelves/4/books",
        "operationId": "createBook",
        "status": 201,
        "durationMs": 12.5,
        "actor": "ann",
        "requestId": "id-7",
        "request": {
            "headers": {"authorization": "Bearer ***", "accept": "application/json"},
            "body": {
                "size": 29,
                "isCut": False,
                "text": '{"title": "Emma", "pages": 9}',
                "json": {"title": "Emma", "pages": 9},
            },
        },
        "response": {"body": {"size": 2, "isCut": False, "text": "{}", "json": {}}},
    }


def test_a_request_that_is_not_kept_is_not_found(admin: Any) -> None:
    assert admin("GET", "/requests/4").status_code == 404


def test_forgotten_requests_leave_the_numbering(admin: Any, control: Any) -> None:
    assert admin("DELETE", "/requests").json() == {"cleared": 3}
    assert admin("GET", "/requests").json() == {"requests": [], "last": 3}


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ({}, 3),
        ({"method": "POST"}, 2),
        ({"path": "/shelves/{id}/books", "status": 201}, 1),
        ({"status": "4xx"}, 1),
        ({"bodyContains": "Emma"}, 1),
        ({"json": {"title": "Emma"}}, 1),
        ({"json": {"title": 3}}, 1),
        ({"headers": {"Accept": "application/*"}}, 3),
        ({"headers": {"Authorization": "Bearer key-of-ann"}}, 3),
        ({"operationId": "createBook", "since": 2}, 1),
    ],
)
def test_requests_are_counted(admin: Any, pattern: Any, count: int) -> None:
    assert admin("POST", "/requests/count", json=pattern).json() == {
        "count": count,
        "nearMisses": [],
    }


def test_what_was_not_called_names_the_nearest_calls(admin: Any) -> None:
    pattern = {"method": "POST", "path": "/shelves/4/books", "json": {"title": "Persuasion"}}
    answer = admin("POST", "/requests/count", json=pattern).json()
    assert answer["count"] == 0
    nearest = answer["nearMisses"][0]
    assert nearest["request"]["number"] == 2
    assert nearest["differences"] == [
        {"part": "json /title", "wanted": "Persuasion", "got": "Emma"}
    ]


def test_near_misses_show_no_credentials(admin: Any) -> None:
    pattern = {"headers": {"Authorization": "Bearer key-of-bob"}}
    answer = admin("POST", "/requests/count", json=pattern)
    assert "key-of-ann" not in answer.text
    assert answer.json()["nearMisses"][0]["differences"][0]["got"] == "Bearer ***"


@pytest.mark.parametrize(
    "pattern", [{"metod": "GET"}, {"status": 999}, {"status": "abc"}, {"headers": {"a": 1}}]
)
def test_a_wrong_pattern_cannot_be_counted(admin: Any, pattern: Any) -> None:
    assert admin("POST", "/requests/count", json=pattern).status_code == 422
