from typing import Any

import pytest


def test_a_put_state_replaces_everything(admin: Any, control: Any) -> None:
    state = {"collections": {"shelves": {"a": {"id": "a"}}}, "sequences": {"shelves": 4}}
    assert admin("PUT", "/state", json=state).json() == {"collections": {"shelves": 1}}
    assert admin("GET", "/state").json() == state
    assert control.store.count("books") == 0


def test_a_put_state_is_completed(admin: Any, control: Any) -> None:
    admin("PUT", "/state", json={"collections": {"books": {"2": {"id": 2}}}})
    assert control.store.get("books", "2") == {"id": 2, "shelf": "new"}


@pytest.mark.parametrize(
    ("state", "location"),
    [
        ({"collections": {"authors": {}}}, "body/collections/authors"),
        ({"collections": {"books": {"1": "Emma"}}}, "body/collections/books/1"),
        ({"collections": {"books": []}}, "body/collections/books"),
        ({"collections": {}, "sequences": {"books": -1}}, "body/sequences/books"),
        ({"colections": {}}, "body/colections"),
        ({}, "body/collections"),
    ],
)
def test_a_wrong_state_changes_nothing(admin: Any, control: Any, state: Any, location: str) -> None:
    before = control.store.dump()
    answer = admin("PUT", "/state", json=state)
    assert answer.status_code == 422
    assert location in [flaw["location"] for flaw in answer.json()["validation"]]
    assert control.store.dump() == before


def test_a_state_too_deep_to_keep_changes_nothing(admin: Any, control: Any) -> None:
    deep = b'{"collections": {"books": {"1": ' + b'{"x":' * 300 + b"1" + b"}" * 300 + b"}}}"
    before = control.store.dump()
    assert admin("PUT", "/state", content=deep).status_code == 400
    assert control.store.dump() == before


def test_a_reset_replays_the_fixtures_and_nothing_else(admin: Any, control: Any) -> None:
    admin("PUT", "/state", json={"collections": {}})
    admin("PUT", "/clock", json={"freeze": "2031-05-05T05:05:05Z"})
    admin("POST", "/snapshots/kept")
    assert admin("POST", "/reset").json() == {"collections": {"books": 1}}
    assert control.store.get("books", "1") == {"id": 1, "title": "Emma", "shelf": "a"}
    assert admin("GET", "/clock").json()["now"] == "2031-05-05T05:05:05.000Z"
    assert [one["name"] for one in admin("GET", "/snapshots").json()["snapshots"]] == ["kept"]


def test_a_restored_snapshot_brings_its_state_back(admin: Any, control: Any) -> None:
    taken = admin("POST", "/snapshots/first")
    assert taken.headers["location"] == "/__admin/snapshots/first"
    before = control.store.dump()
    control.store.delete("books", "1")
    admin("POST", "/snapshots/first/restore")
    assert control.store.dump() == before
    control.store.delete("books", "1")
    admin("POST", "/snapshots/first/restore")
    assert control.store.dump() == before


def test_a_restored_snapshot_is_completed(admin: Any, control: Any) -> None:
    control.store.replace("books", "1", {"id": 1})
    admin("POST", "/snapshots/first")
    admin("POST", "/snapshots/first/restore")
    assert control.store.get("books", "1") == {"id": 1, "shelf": "new"}


def test_a_snapshot_that_no_longer_fits_changes_nothing(admin: Any, control: Any) -> None:
    admin("POST", "/snapshots/first")
    control.store.load({"collections": {"shelves": {"a": {"id": "a"}}}})
    before = control.store.dump()
    control.refused.add("books")
    answer = admin("POST", "/snapshots/first/restore")
    assert answer.status_code == 409
    assert "a library has no books" in answer.json()["detail"]
    assert control.store.dump() == before


def test_a_snapshot_under_a_known_path_replaces_the_older(admin: Any, control: Any) -> None:
    admin("POST", "/snapshots/one")
    control.store.delete("books", "1")
    assert admin("POST", "/snapshots/one").json()["collections"] == {}
    control.reset()
    admin("POST", "/snapshots/one/restore")
    assert control.store.count("books") == 0


def test_a_new_snapshot_does_not_take_a_name_that_is_taken(admin: Any) -> None:
    assert admin("POST", "/snapshots", json={"name": "one"}).status_code == 201
    assert admin("POST", "/snapshots", json={"name": "one"}).status_code == 409


def test_a_snapshot_without_a_name_gets_the_next_number(admin: Any) -> None:
    names = [admin("POST", "/snapshots").json()["name"] for _ in range(2)]
    names.append(admin("POST", "/snapshots", json={}).json()["name"])
    assert names == ["snapshot-1", "snapshot-2", "snapshot-3"]


@pytest.mark.parametrize("name", [".hidden", "a b", "a" * 65, "%00"])
def test_a_snapshot_needs_a_plain_name(admin: Any, name: str) -> None:
    assert admin("POST", f"/snapshots/{name}").status_code == 422
    assert admin("GET", "/snapshots").json() == {"snapshots": []}


def test_an_unknown_snapshot_offers_the_nearest(admin: Any) -> None:
    admin("POST", "/snapshots/before")
    for method, path in (("POST", "/snapshots/befor/restore"), ("DELETE", "/snapshots/befor")):
        answer = admin(method, path)
        assert answer.status_code == 404
        assert "did you mean 'before'?" in answer.json()["detail"]


def test_a_hundred_snapshots_are_kept_and_no_more(admin: Any) -> None:
    for _ in range(100):
        assert admin("POST", "/snapshots").status_code == 201
    assert admin("POST", "/snapshots/one-more").status_code == 409
    assert admin("POST", "/snapshots/snapshot-7").status_code == 200
    admin("DELETE", "/snapshots/snapshot-9")
    assert admin("POST", "/snapshots/one-more").status_code == 201
