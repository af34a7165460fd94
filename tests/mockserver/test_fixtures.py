"""State files: read, merged, completed, dated, and held against the document."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mockserver.errors import SetupError
from mockserver.fixtures import (
    Collection,
    accepted_state,
    collections_of,
    fitting_state,
    load_fixtures,
)
from mockserver.model import Document
from mockserver.openapi import operations_of
from mockserver.openapi.resources import infer_resources
from mockserver.store import MemoryStore

NOW = datetime(2030, 1, 1, 8, 0, tzinfo=UTC)

USER = {
    "type": "object",
    "required": ["id", "name"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "email": {"type": "string", "format": "email"},
        "until": {"type": "string", "format": "date-time"},
    },
}
DECLARED: Document = {
    "users": {"idField": "id", "schema": {"$ref": "#/components/schemas/User"}},
    "teams": {"idField": "id", "unique": [["slug"], ["parentId", "name"]]},
    "memberships": {
        "idField": ["userId", "teamId"],
        "references": {"userId": "users", "teamId": "teams"},
    },
    "events": {"references": {"hosts.userId": "users", "owner.id": "users"}},
}
DOCUMENT: Document = {
    "openapi": "3.0.3",
    "paths": {},
    "components": {"schemas": {"User": USER}},
    "x-understudy-collections": DECLARED,
}

ALICE = {"id": 1, "name": "Alice"}
BOB = {"id": 2, "name": "Bob"}
TEAM = {"id": 7, "name": "Support", "slug": "support", "parentId": None}


@pytest.fixture
def collections() -> dict[str, Collection]:
    return collections_of(DOCUMENT, {})


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a state file of these collections."""

    def write_file(name: str = "world.json", **collections: Any) -> Path:
        path = tmp_path / name
        path.write_text(json.dumps({"collections": collections}))
        return path

    return write_file


def loaded(collections: dict[str, Collection], *paths: Path, **options: Any) -> Document:
    return load_fixtures(paths, collections=collections, now=NOW, **options)


def refusal(collections: dict[str, Collection], *paths: Path, **options: Any) -> SetupError:
    with pytest.raises(SetupError) as caught:
        loaded(collections, *paths, **options)
    return caught.value


# reading and merging


def test_a_state_file_may_be_yaml_or_json(
    collections: dict[str, Collection], tmp_path: Path, write: Callable[..., Path]
) -> None:
    path = tmp_path / "world.yaml"
    path.write_text("collections:\n  users:\n    1: {id: 1, name: Alice}\n")
    assert loaded(collections, path) == loaded(collections, write(users={"1": ALICE}))


def test_what_was_loaded_is_a_state_that_a_store_takes(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    store = MemoryStore()
    store.load(loaded(collections, write(users={"1": ALICE, "2": BOB})))
    assert store.find("users") == [ALICE, BOB]
    assert store.next_id("users") == 3


def test_no_files_make_an_empty_world(collections: dict[str, Collection]) -> None:
    assert loaded(collections) == {"collections": {}, "sequences": {}}


def test_an_empty_file_adds_nothing(collections: dict[str, Collection], tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text("# nothing yet\n")
    assert loaded(collections, path) == {"collections": {}, "sequences": {}}


def test_a_later_file_adds_documents(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    first = write("a.json", users={"1": ALICE})
    second = write("b.json", users={"2": BOB}, teams={"7": TEAM})
    assert loaded(collections, first, second)["collections"] == {
        "users": {"1": ALICE, "2": BOB},
        "teams": {"7": TEAM},
    }


def test_a_key_in_two_files_is_refused(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    first, second = write("a.json", users={"1": ALICE}), write("b.json", users={"1": ALICE})
    error = refusal(collections, first, second)
    assert (error.file, error.place) == (str(second), "/collections/users/1")
    assert "an earlier file has this key already" in str(error)


def test_the_highest_sequence_of_all_files_holds(
    collections: dict[str, Collection], tmp_path: Path
) -> None:
    paths = [tmp_path / "a.json", tmp_path / "b.json"]
    for path, sequences in zip(paths, [{"users": 9, "x": 1}, {"users": 4}], strict=True):
        path.write_text(json.dumps({"collections": {}, "sequences": sequences}))
    assert loaded(collections, *paths)["sequences"] == {"users": 9, "x": 1}


def test_parts_for_the_files_own_use_are_left_out(
    collections: dict[str, Collection], tmp_path: Path
) -> None:
    path = tmp_path / "world.yaml"
    path.write_text(
        "x-base: &base {name: Alice}\ncollections:\n  users:\n    1: {<<: *base, id: 1}\n"
    )
    assert loaded(collections, path) == {"collections": {"users": {"1": ALICE}}, "sequences": {}}


@pytest.mark.parametrize(
    ("state", "place"),
    [
        ([], "/"),
        ({"users": {}}, "/users"),
        ({"collections": []}, "/collections"),
        ({"collections": {"users": []}}, "/collections/users"),
        ({"collections": {"users": {"a/b": 1}}}, "/collections/users/a~1b"),
        ({"sequences": {}}, "/collections"),
        ({"collections": {}, "sequences": []}, "/sequences"),
        ({"collections": {}, "sequences": {"users": "1"}}, "/sequences/users"),
        ({"collections": {}, "sequences": {"users": -1}}, "/sequences/users"),
        ({"collections": {}, "sequences": {"users": True}}, "/sequences/users"),
    ],
)
def test_a_file_of_a_wrong_shape_is_refused_with_its_place(
    collections: dict[str, Collection], tmp_path: Path, state: Any, place: str
) -> None:
    path = tmp_path / "world.json"
    path.write_text(json.dumps(state))
    error = refusal(collections, path)
    assert (error.file, error.place) == (str(path), place)


# relative instants


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("${now}", "2030-01-01T08:00:00.000Z"),
        ("${now+2d}", "2030-01-03T08:00:00.000Z"),
        ("${now-1h-30m}", "2030-01-01T06:30:00.000Z"),
        ("${now+1w-5s}", "2030-01-08T07:59:55.000Z"),
    ],
)
def test_an_instant_may_be_told_from_now(
    collections: dict[str, Collection], write: Callable[..., Path], text: str, instant: str
) -> None:
    path = write(users={"1": {**ALICE, "until": text}}, events={"a": {"deep": [{"at": text}]}})
    state = loaded(collections, path)["collections"]
    assert state["users"]["1"]["until"] == instant
    assert state["events"]["a"] == {"deep": [{"at": instant}]}


@pytest.mark.parametrize("text", ["${now+2}", "${now + 2d}", "${nowhere}", "${now+9999999w}"])
def test_a_relative_instant_that_cannot_be_read_is_refused(
    collections: dict[str, Collection], write: Callable[..., Path], text: str
) -> None:
    error = refusal(collections, write(events={"a": {"on/off": [{}, {"at": text}]}}))
    assert (error.place, error.value) == ("/collections/events/a/on~1off/1/at", text)


def test_a_text_that_only_holds_such_an_instant_is_left_alone(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    state = loaded(collections, write(events={"a": {"at": "by ${now}"}}))
    assert state["collections"]["events"]["a"]["at"] == "by ${now}"


# completing


def test_documents_are_completed_before_they_are_checked(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    path = write(users={"1": ALICE})
    complete = {"users": lambda document: {"email": "nobody", **document}, "teams": dict}
    error = refusal(collections, path, complete=complete)
    assert (error.place, error.value) == ("/collections/users/1/email", "nobody")


def test_a_document_that_cannot_be_completed_is_refused_with_its_place(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    path = write(users={"1": ALICE})
    complete = {"users": lambda document: document["nothing"]}
    error = refusal(collections, path, complete=complete)
    assert (error.file, error.place) == (str(path), "/collections/users/1")
    assert "KeyError 'nothing'" in str(error)


def test_what_a_document_must_say_is_not_made_up(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    path = write(users={"1": {"id": 1}})
    complete = {"users": lambda document: {"name": "Nobody", **document}}
    error = refusal(collections, path, complete=complete)
    assert str(error) == f"{path}: /collections/users/1/name: is required"


def test_a_wrong_value_that_stops_the_completion_is_named(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    path = write(users={"1": {"id": 1, "name": 7}})
    complete = {"users": lambda document: {**document, "email": document["name"].lower()}}
    error = refusal(collections, path, complete=complete)
    assert (error.place, error.value) == ("/collections/users/1/name", 7)


def test_a_misspelt_name_is_refused_with_the_nearest_one(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    error = refusal(collections, write(users={"1": {"id": 1, "nmae": "Alice"}}))
    assert (error.place, error.nearest) == ("/collections/users/1/nmae", "name")


# what must hold


def test_an_unknown_collection_comes_with_the_nearest_known_one(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    path = write(usres={"1": ALICE})
    error = refusal(collections, path)
    assert (error.file, error.place, error.nearest) == (str(path), "/collections/usres", "users")


@pytest.mark.parametrize(
    ("document", "place", "value"),
    [
        ({"id": 1, "name": 5}, "/collections/users/1/name", 5),
        ({"id": 1, "name": "A", "email": "x"}, "/collections/users/1/email", "x"),
        ({"id": 1}, "/collections/users/1/name", None),
        ({"id": 1, "name": "A", "nmae": "B"}, "/collections/users/1/nmae", "nmae"),
        ({"id": 1, "name": False}, "/collections/users/1/name", False),
    ],
)
def test_a_document_must_fit_its_schema(
    collections: dict[str, Collection],
    write: Callable[..., Path],
    document: Document,
    place: str,
    value: Any,
) -> None:
    first, second = write("a.json", users={"2": BOB}), write("b.json", users={"1": document})
    error = refusal(collections, first, second)
    assert (error.file, error.place, error.value) == (str(second), place, value)


def test_a_key_must_be_the_documents_own_id(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    error = refusal(collections, write(users={"2": ALICE}))
    assert error.place == "/collections/users/2"
    assert "the key must be '1', the document's own id" in str(error)


def test_a_key_may_be_made_of_several_fields(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    world = {"users": {"1": ALICE}, "teams": {"7": TEAM}}
    member = {"userId": 1, "teamId": 7}
    state = loaded(collections, write(**world, memberships={"1-7": member}))
    assert state["collections"]["memberships"] == {"1-7": member}
    error = refusal(collections, write(**world, memberships={"7-1": member}))
    assert "the key must be '1-7', the document's own userId and teamId" in str(error)


def test_a_document_must_have_the_id_that_it_is_stored_under(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    error = refusal(collections, write(teams={"7": {"slug": "support"}}))
    assert "lacks its own id" in str(error)


def test_without_an_id_field_any_key_will_do(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    assert loaded(collections, write(events={"any": {}}))["collections"] == {"events": {"any": {}}}


@pytest.mark.parametrize(
    ("event", "pointer", "value"),
    [
        ({"hosts": [{"userId": 1}, {"userId": 9}]}, "/hosts/1/userId", "9"),
        ({"owner": {"id": 9}}, "/owner/id", "9"),
    ],
)
def test_what_a_document_refers_to_must_exist(
    collections: dict[str, Collection],
    write: Callable[..., Path],
    event: Document,
    pointer: str,
    value: str,
) -> None:
    error = refusal(collections, write(users={"1": ALICE}, events={"a": event}))
    assert (error.place, error.value) == (f"/collections/events/a{pointer}", value)
    assert "refers to no document of users" in str(error)


@pytest.mark.parametrize(
    "event",
    [
        {"hosts": [{"userId": 1}, {"userId": None}, {}], "owner": {"id": 1}},
        {"hosts": [], "owner": None},
        {"hosts": None},
        {},
    ],
)
def test_a_reference_that_is_null_or_absent_refers_to_nothing(
    collections: dict[str, Collection], write: Callable[..., Path], event: Document
) -> None:
    assert loaded(collections, write(users={"1": ALICE}, events={"a": event}))


def test_a_reference_may_lead_into_another_file(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    event = write("a.json", events={"a": {"owner": {"id": 1}}})
    users = write("b.json", users={"1": ALICE})
    assert loaded(collections, event, users)
    assert refusal(collections, event).file == str(event)


def test_unique_fields_hold_a_value_once(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    other = {**TEAM, "id": 8, "name": "Sales"}
    error = refusal(collections, write(teams={"7": TEAM, "8": other}))
    assert (error.place, error.value) == ("/collections/teams/8", "support")
    assert "has the same slug as '7'" in str(error)


def test_several_unique_fields_are_compared_together_and_null_is_like_nothing(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    def team(number: int, parent: int | None, name: str) -> Document:
        return {"id": number, "slug": str(number), "parentId": parent, "name": name}

    kept = {"1": team(1, None, "A"), "2": team(2, None, "A"), "3": team(3, 1, "A")}
    assert loaded(collections, write(teams={**kept, "4": team(4, 1, "B")}))
    error = refusal(collections, write(teams={**kept, "4": team(4, 1, "A")}))
    assert "has the same parentId and name as '3'" in str(error)


def test_progress_is_told_and_ends_at_the_total(
    collections: dict[str, Collection], write: Callable[..., Path]
) -> None:
    told: list[tuple[int, int]] = []
    path = write(events={str(number): {} for number in range(2500)})
    loaded(collections, path, progress=lambda done, total: told.append((done, total)))
    assert told == [(1000, 2500), (2000, 2500), (2500, 2500)]


# states that come in while the mock runs


def test_a_state_that_fits_passes(collections: dict[str, Collection]) -> None:
    state = {"collections": {"users": {"1": ALICE}}, "sequences": {"users": 4}}
    assert accepted_state(state, collections=collections, complete={}) == state


def test_a_state_is_completed_as_a_copy(collections: dict[str, Collection]) -> None:
    state = {"collections": {"users": {"1": ALICE}}}
    complete = {"users": lambda document: {"email": "a@example.com", **document}}
    accepted = accepted_state(state, collections=collections, complete=complete)
    assert accepted["collections"]["users"]["1"]["email"] == "a@example.com"
    assert state == {"collections": {"users": {"1": {"id": 1, "name": "Alice"}}}}


@pytest.mark.parametrize(
    ("state", "place"),
    [
        ([], "/"),
        ({"collections": {"users": {"1": []}}}, "/collections/users/1"),
        ({"collections": {"users": {"1": {"id": 1}}}}, "/collections/users/1/name"),
        ({"collections": {"nobody": {}}}, "/collections/nobody"),
    ],
)
def test_a_state_that_does_not_fit_is_refused_without_a_file(
    collections: dict[str, Collection], state: Any, place: str
) -> None:
    with pytest.raises(SetupError) as caught:
        accepted_state(state, collections=collections, complete={})
    assert (caught.value.file, caught.value.place) == (None, place)


def test_what_still_fits_is_kept_and_the_rest_is_told(collections: dict[str, Collection]) -> None:
    state: Document = {
        "collections": {
            "users": {"1": ALICE, "2": {"id": 2}},
            "gone": {"x": {}},
            "teams": {"7": TEAM},
            "memberships": {
                "1-7": {"userId": 1, "teamId": 7},
                "2-7": {"userId": 2, "teamId": 7},
            },
        },
        "sequences": {"users": 2},
    }
    before = json.dumps(state)
    kept, dropped = fitting_state(state, collections)
    assert kept == {
        "collections": {
            "users": {"1": ALICE},
            "teams": {"7": TEAM},
            "memberships": {"1-7": {"userId": 1, "teamId": 7}},
        },
        "sequences": {"users": 2},
    }
    assert [line.partition(": ")[0] for line in dropped] == [
        "/collections/users/2/name",
        "/collections/gone",
        "/collections/memberships/2-7/userId",
    ]
    assert json.dumps(state) == before


def test_a_state_that_fits_is_kept_whole(collections: dict[str, Collection]) -> None:
    state: Document = {"collections": {"users": {"1": ALICE}}, "sequences": {}}
    assert fitting_state(state, collections) == (state, [])


# collections


@pytest.fixture
def library() -> Document:
    """Books below authors; a note does not show the book that it belongs to."""

    def path(item: Document, *names: str) -> Document:
        answer = {"content": {"application/json": {"schema": item}}, "description": ""}
        kind = {"type": "integer"}
        parameters = [{"name": n, "in": "path", "required": True, "schema": kind} for n in names]
        return {"get": {"parameters": parameters, "responses": {"200": answer}}}

    author, book, note = (
        {"$ref": f"#/components/schemas/{name}"} for name in ("Author", "Book", "Note")
    )
    number = {"type": "integer"}
    secret = {"type": "string", "writeOnly": True}
    return {
        "openapi": "3.0.3",
        "paths": {
            "/authors": path({"type": "array", "items": author}),
            "/authors/{authorId}": path(author, "authorId"),
            "/authors/{authorId}/books": path({"type": "array", "items": book}, "authorId"),
            "/authors/{authorId}/books/{bookId}": path(book, "authorId", "bookId"),
            "/books/{bookId}/notes": path({"type": "array", "items": note}, "bookId"),
            "/books/{bookId}/notes/{noteId}": path(note, "bookId", "noteId"),
        },
        "components": {
            "schemas": {
                "Author": {
                    "type": "object",
                    "required": ["id"],
                    "properties": {"id": number, "secret": secret},
                },
                "Book": {
                    "type": "object",
                    "required": ["id", "authorId"],
                    "properties": {"id": number, "authorId": number},
                },
                "Note": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"noteId": number},
                },
            }
        },
    }


def inferred(document: Document) -> dict[str, Collection]:
    return collections_of(document, infer_resources(document, operations_of(document)))


def test_a_resource_is_a_collection_with_its_id_schema_and_parents(library: Document) -> None:
    collections = inferred(library)
    assert list(collections) == ["authors", "books", "notes"]
    books = collections["books"]
    assert (books.id_fields, dict(books.references)) == (("id",), {"authorId": "authors"})
    assert books.schema == {"$ref": "#/components/schemas/Book"}


def test_a_fixture_may_hold_what_its_schema_does_not_show(library: Document) -> None:
    state = {
        "collections": {
            "authors": {"1": {"id": 1, "secret": "hush"}},
            "notes": {"5": {"noteId": 5, "bookId": 3}},
        }
    }
    accepted_state(state, collections=inferred(library), complete={})


def test_children_in_fixtures_must_have_a_parent(library: Document) -> None:
    state = {"collections": {"books": {"5": {"id": 5, "authorId": 1}}}}
    with pytest.raises(SetupError, match="refers to no document of authors"):
        accepted_state(state, collections=inferred(library), complete={})


def test_what_the_document_declares_of_a_collection_wins(library: Document) -> None:
    library["x-understudy-collections"] = {"books": {"references": {}}, "shelves": {}}
    collections = inferred(library)
    assert list(collections) == ["authors", "books", "notes", "shelves"]
    assert collections["books"].references == {}
    assert collections["books"].id_fields == ("id",)


def test_an_api_with_security_schemes_has_keys(library: Document) -> None:
    library["components"]["securitySchemes"] = {"b": {"type": "http", "scheme": "bearer"}}
    state = {"collections": {"api-keys": {"k1": {"key": "k1"}}}}
    assert accepted_state(state, collections=inferred(library), complete={})


@pytest.mark.parametrize(
    ("declared", "place", "hint"),
    [
        ({"users": {"idfield": "id"}}, "#/x-understudy-collections/users", "idField"),
        (
            {"users": {}, "teams": {"references": {"userId": "usres"}}},
            "#/x-understudy-collections/teams/references/userId",
            "users",
        ),
        ({"users": {"schema": {"type": "nothing"}}}, "#/x-understudy-collections/users/schema", ""),
    ],
)
def test_a_declaration_that_is_wrong_is_refused_with_its_place(
    declared: Document, place: str, hint: str
) -> None:
    with pytest.raises(SetupError) as caught:
        collections_of(
            {"openapi": "3.0.3", "paths": {}, **{"x-understudy-collections": declared}}, {}
        )
    assert caught.value.place == place
    assert (caught.value.nearest or "") == hint
