"""A mock whose world is in a database: taken over, shared in time, lost and found."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mockserver.app import App, create_app
from mockserver.banner import banner
from mockserver.clock import Clock, ClockState
from mockserver.settings import Settings
from mockserver.store import WriteInReading
from mockserver.stored_clock import state_of, text_of

DATA = Path(__file__).parents[1] / "data"
LIBRARY = {"spec": DATA / "library.yaml", "fixtures": (DATA / "library-fixtures.yaml",)}
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
HERE = ("127.0.0.1", 50000)

Open = Callable[[], tuple[App, TestClient]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "world.db"


@pytest.fixture
def opened(file: Path) -> Iterator[Open]:
    """Makes mocks of a small library on one database."""
    with ExitStack() as stack:

        def open_one() -> tuple[App, TestClient]:
            app = create_app(Settings(store=f"sqlite:///{file}", **LIBRARY))  # type: ignore[arg-type]
            client = TestClient(app, base_url="http://127.0.0.1", client=HERE)
            stack.enter_context(client)
            return app, client

        yield open_one


def test_a_fresh_database_gets_the_fixtures_and_a_used_one_is_taken_over(opened: Open) -> None:
    app, _ = opened()
    held = app.store.dump()["collections"]
    count = len(held["books"])
    assert count > 0
    total = sum(map(len, held.values()))
    assert f": {total} documents, from the fixtures" in banner(app, "http://a")
    app.store.delete("books", next(iter(app.store.dump()["collections"]["books"])))
    again, _ = opened()
    assert len(again.store.find("books")) == count - 1
    assert "documents, as they were" in banner(again, "http://a")


def test_a_world_of_another_document_is_told_of_before_a_reset_wipes_it(
    opened: Open, file: Path
) -> None:
    opened()
    other = create_app(Settings(store=f"sqlite:///{file}"))
    shown = banner(other, "http://a")
    assert "not of this API, and gone with a reset: authors, books" in shown
    other.reset()
    assert "not of this API" not in banner(other, "http://a")
    other.close()


def test_a_reset_replays_the_fixtures_for_all(opened: Open) -> None:
    (app, client), (other, _) = opened(), opened()
    before = app.store.dump()
    other.store.load({"collections": {}})
    assert client.post("/__admin/reset").status_code == 200
    assert other.store.dump()["collections"] == before["collections"]


def test_the_clock_is_one_for_all_and_outlives_them(opened: Open) -> None:
    (app, client), (other, _) = opened(), opened()
    client.put("/__admin/clock", json={"freeze": "2030-01-01T12:00:00Z"})
    assert other.clock.now() == NOON
    assert other.clock.is_frozen
    other.clock.advance(timedelta(hours=1))
    assert client.get("/__admin/clock").json()["now"] == "2030-01-01T13:00:00.000Z"
    assert opened()[0].clock.now() == NOON + timedelta(hours=1)
    app.clock.release()
    assert not other.clock.is_frozen


def test_a_request_lives_in_the_time_that_another_has_set(opened: Open) -> None:
    (_, client), (other, _) = opened(), opened()
    client.get("/v1/books")
    other.clock.freeze(NOON)
    client.get("/v1/books")
    assert (
        client.get("/__admin/requests").json()["requests"][-1]["at"] == "2030-01-01T12:00:00.000Z"
    )


@pytest.mark.parametrize(
    "state",
    [
        ClockState(),
        ClockState(offset=timedelta(days=-3, microseconds=7)),
        ClockState(frozen_at=NOON),
        ClockState(timedelta(hours=2), NOON.replace(microsecond=123456)),
    ],
)
def test_the_state_of_a_clock_comes_back_as_it_was(state: ClockState) -> None:
    assert state_of(text_of(state)) == state


def test_request_ids_differ_between_openings_and_not_in_memory(opened: Open) -> None:
    answers = [opened()[1].get("/v1/books").headers["X-Request-Id"] for _ in range(2)]
    assert len(set(answers)) == 2
    in_memory = []
    for _ in range(2):
        with TestClient(create_app(Settings(**LIBRARY))) as client:  # type: ignore[arg-type]
            in_memory.append(client.get("/v1/books").headers["X-Request-Id"])
    assert len(set(in_memory)) == 1


def test_a_database_that_goes_away_is_told_and_found_again(opened: Open, file: Path) -> None:
    app, client = opened()
    before = app.store.dump()
    aside = file.with_name("aside.db")
    file.rename(aside)
    for method, path in (("GET", "/v1/books"), ("POST", "/v1/books")):
        answer = client.request(method, path, json={"title": "Emma"} if method == "POST" else None)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert answer.headers["X-Understudy-Error"] == "store"
        assert "is not there" in answer.json()["detail"]
    for path in ("/state", "/clock", "/health", "/snapshots"):
        answer = client.get(f"/__admin{path}")
        assert (answer.status_code, answer.headers["X-Understudy-Error"]) == (503, "store")
    aside.rename(file)
    assert client.get("/v1/books").status_code == 200
    assert app.store.dump() == before


def test_snapshots_are_those_of_the_database(opened: Open) -> None:
    (_, client), (_, other) = opened(), opened()
    assert client.post("/__admin/snapshots/one").status_code == 201
    assert [one["name"] for one in other.get("/__admin/snapshots").json()["snapshots"]] == ["one"]
    other.put("/__admin/state", json={"collections": {}})
    assert opened()[1].post("/__admin/snapshots/one/restore").status_code == 200
    assert client.get("/__admin/state").json()["collections"] != {}


def test_a_read_that_writes_is_done_again_as_a_write(opened: Open) -> None:
    app, client = opened()
    asked: list[bool] = []
    doors: Any = app._server.serving.doors
    pipeline = doors._pipeline
    inner = pipeline._work

    def counting(compiled: Any, call: Any, *rest: Any) -> Any:
        asked.append(True)
        reply = inner(compiled, call, *rest)
        call.answer_headers.append(("X-Try", "1"))
        call.store.next_id("reads")
        return reply

    pipeline._work = counting
    place = f"/v1/books/{next(iter(app.store.dump()['collections']['books']))}"
    answers = [client.get(place) for _ in "ab"]
    assert [one.status_code for one in answers] == [200, 200]
    assert [one.headers.get_list("X-Try") for one in answers] == [["1"], ["1"]]
    assert len(asked) == 3  # refused once, and known from then on
    assert app.store.dump()["sequences"]["reads"] == 2


def test_a_refused_write_leaves_nothing(opened: Open) -> None:
    app, _ = opened()
    with pytest.raises(WriteInReading), app.store.transaction(is_writing=False):
        app.store.insert("books", "99", {"title": "Emma"})
    assert app.store.get("books", "99") is None


def test_settings_show_no_password() -> None:
    shown = repr(Settings(store="postgresql://u:wholly-secret@h/d"))
    assert "secret" not in shown


def test_a_shared_clock_with_a_source_of_its_own_goes_by_it(file: Path) -> None:
    clock = Clock(lambda: NOON)
    app = create_app(Settings(store=f"sqlite:///{file}", **LIBRARY), clock)  # type: ignore[arg-type]
    clock.advance(timedelta(minutes=5))
    assert app.clock.now() == NOON + timedelta(minutes=5)
    assert json.loads(text_of(ClockState(timedelta(seconds=1))))["offset_us"] == 1_000_000
    app.close()
