"""What requests read of a world in a database, and what is changed meanwhile."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mockserver.app import App, create_app
from mockserver.settings import Settings
from tests.mockserver.store.test_sql import statements_of

HEADERS = {"authorization": "Bearer cal_test_alice", "cal-api-version": "2024-06-14"}
PATH = "/v2/event-types"
NEW = {"title": "One", "slug": "one", "lengthInMinutes": 30}


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[App, App]]:
    """Two mocks on one database."""
    settings = Settings(store=f"sqlite:///{tmp_path}/world.db")
    one, other = create_app(settings), create_app(settings)
    yield one, other
    one.close()
    other.close()


@pytest.fixture
def path(pair: tuple[App, App]) -> str:
    """The path of an event type."""
    created = TestClient(pair[0], headers=HEADERS).post(PATH, json=NEW)
    return f"{PATH}/{created.json()['data']['id']}"


def get(app: App, path: str) -> Any:
    """The document that a request gets; its status must be 200."""
    answer = TestClient(app, headers=HEADERS).get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def test_a_request_that_comes_again_asks_the_database_for_nothing_new(
    pair: tuple[App, App], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = pair
    first = get(one, path)
    asked = statements_of(one.store, monkeypatch)
    assert get(one, path) == first
    assert asked == []


def test_what_another_process_changes_shows_in_the_next_answer(
    pair: tuple[App, App], path: str
) -> None:
    one, other = pair
    get(one, path)
    client = TestClient(other, headers=HEADERS)
    for title in ("first", "second"):
        assert client.patch(path, json={"title": title}).status_code == 200
        assert get(one, path)["title"] == title


def test_a_request_in_whose_middle_the_world_changes_is_done_again(
    pair: tuple[App, App], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, one = pair
    for _ in range(2):
        get(one, "/v2/me")  # the key and the user are remembered, event types are not
    view, asked = one.store.view, []

    def disturbed(collection: str, key: str) -> Any:
        asked.append(collection)
        if asked.count("event-types") == 1 and collection == "event-types":
            [alice] = other.store.find("users", {"username": "alice"})
            other.store.replace("users", str(alice["id"]), {**alice, "name": "Alice the Second"})
        return view(collection, key)

    monkeypatch.setattr(one.store, "view", disturbed)
    assert get(one, path)["users"][0]["name"] == "Alice the Second"
    assert asked.count("api-keys") == 2


def test_many_links_are_found_by_an_index_from_the_first_request_on(
    pair: tuple[App, App], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockserver.store.sql_index_keeper.MANY", 3)
    one, _ = pair
    client = TestClient(one, headers={**HEADERS, "cal-api-version": "2024-09-04"})
    links_path = f"{path}/private-links"
    for _ in range(3):
        assert client.post(links_path, json={}).status_code == 201
    one.store.load(one.store.dump())
    asked = statements_of(one.store, monkeypatch)
    links = client.get(links_path).json()["data"]
    assert len(links) == 3
    assert not [
        statement
        for statement in asked
        if statement.count("WHERE") and "ORDER BY" in statement and "JOIN" not in statement
    ]
