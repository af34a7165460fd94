"""Stored resources of any API: what a client writes is what it reads, below the right parents."""

from copy import deepcopy
from typing import Any
from uuid import UUID

import pytest

from mockserver.errors import ApiError
from mockserver.model import MISSING, Document, Json

START_TEXT = "2030-01-01T08:00:00.000Z"
LATER_TEXT = "2030-01-02T09:30:00.000Z"


def author(library: Any, **given: Json) -> Document:
    """Create an author and give it as answered."""
    body: Document = library.ask("createAuthor", body={"name": "Austen", **given}).body
    return body


def book(library: Any, author_id: int, **given: Json) -> Document:
    """Create a book below an author and give it as answered."""
    sent = {"title": "Emma", **given}
    data: Document = library.ask("createBook", {"authorId": author_id}, sent).body["data"]
    return data


def refused(library: Any, *call: Any) -> ApiError:
    """The refusal of a call."""
    with pytest.raises(ApiError) as caught:
        library.ask(*call)
    return caught.value


# create


def test_what_is_created_can_be_read(library: Any) -> None:
    created = author(library, born=1775)
    assert created["born"] == 1775
    assert library.ask("readAuthor", {"authorId": created["id"]}).body == created


def test_creating_answers_with_the_documented_status(library: Any) -> None:
    assert library.ask("createAuthor", body={"name": "Austen"}).status == 201


def test_integer_ids_count_up(library: Any) -> None:
    assert [author(library)["id"], author(library)["id"]] == [1, 2]
    assert library.store.get("authors", "2")["id"] == 2


def test_uuid_ids_are_drawn_from_the_seed(library: Any, new_library: Any) -> None:
    drawn = [book(library, author(library)["id"])["id"] for _ in range(2)]
    again = new_library(library.document)
    assert drawn == [book(again, author(again)["id"])["id"] for _ in range(2)]
    assert [UUID(text).version for text in drawn] == [4, 4]
    assert drawn[0] != drawn[1]


def test_an_id_that_is_read_only_is_not_the_clients_to_choose(library: Any) -> None:
    assert author(library, id=77)["id"] == 1


def test_an_id_that_the_request_does_not_know_is_not_the_clients_to_choose(library: Any) -> None:
    chosen = "6f1e5c2e-0000-4000-8000-000000000000"
    assert book(library, author(library)["id"], id=chosen)["id"] != chosen


def test_an_id_that_the_client_may_choose_is_kept(library: Any) -> None:
    place = note_place(library)
    created = library.ask("createNote", place, {"slug": "first", "text": "good"}).body
    assert created == {"slug": "first", "text": "good"}
    assert library.ask("readNote", {**place, "slug": "first"}).body == created


def test_an_id_that_is_taken_is_a_conflict(library: Any) -> None:
    place = note_place(library)
    library.ask("createNote", place, {"slug": "first", "text": "good"})
    error = refused(library, "createNote", place, {"slug": "first", "text": "bad"})
    assert (error.status, error.message) == (409, "notes already holds 'first'")
    assert library.ask("listNotes", place).body == [{"slug": "first", "text": "good"}]


def test_the_next_id_is_never_one_that_is_stored(library: Any) -> None:
    library.store.load({"collections": {"authors": {"1": {"id": 1, "name": "Joyce"}}}})
    assert author(library)["id"] == 2


def test_defaults_of_the_schema_are_filled_in(library: Any) -> None:
    assert author(library)["country"] == "unknown"
    assert author(library, country="UK")["country"] == "UK"


def test_a_filled_in_default_is_a_copy(library: Any) -> None:
    before = deepcopy(library.document)
    created = book(library, author(library)["id"])
    created["tags"].append("x")
    assert library.document == before
    assert book(library, 1)["tags"] == []


def test_read_only_properties_are_the_servers(library: Any) -> None:
    created = author(library, rating=99, createdAt="yesterday")
    assert 3 <= created["rating"] <= 4
    assert created["createdAt"] == START_TEXT


def test_dates_of_making_and_changing_come_from_the_clock(library: Any) -> None:
    created = author(library)
    assert (created["createdAt"], created["updatedAt"]) == (START_TEXT, START_TEXT)
    made = book(library, created["id"])
    assert (made["added_on"], made["created_on"]) == ("2030-01-01", "2030-01-01")


def test_what_an_answer_must_hold_and_nobody_gave_is_made_up_the_same_way(
    library: Any, new_library: Any
) -> None:
    made = book(library, author(library)["id"])
    other = new_library(library.document)
    assert made["isbn"] == book(other, author(other)["id"])["isbn"]
    assert len(made["isbn"]) == 13


def test_what_may_only_be_written_is_stored_and_never_shown(library: Any) -> None:
    created = author(library, secret="hush")
    assert "secret" not in created
    assert "secret" not in library.ask("readAuthor", {"authorId": 1}).body
    assert "secret" not in library.ask("listAuthors").body[0]
    assert library.store.get("authors", "1")["secret"] == "hush"


def test_what_the_document_does_not_know_is_not_stored(library: Any) -> None:
    author(library, shoeSize=38)
    assert "shoeSize" not in library.store.get("authors", "1")


def test_a_request_without_a_body_creates_what_the_schema_can_fill_in(library: Any) -> None:
    place = note_place(library)
    created = library.ask("createNote", place).body
    assert created.keys() == {"slug", "text"}
    assert library.ask("listNotes", place).body == [created]


def test_a_declared_location_leads_to_the_new_item(library: Any) -> None:
    reply = library.ask("createAuthor", body={"name": "Austen"})
    assert reply.headers == (("Location", "/v1/authors/1"),)


def test_a_location_holds_every_parent_and_is_quoted(library: Any) -> None:
    place = note_place(library)
    reply = library.ask("createNote", place, {"slug": "a/b", "text": ""})
    path = f"/v1/authors/1/books/{place['bookId']}/notes/a%2Fb"
    assert reply.headers == (("Location", path),)


def test_no_location_is_sent_where_none_is_declared(library: Any) -> None:
    author(library)
    assert library.ask("createBook", {"authorId": 1}, {"title": "Emma"}).headers == ()


# parents


def note_place(library: Any) -> Document:
    """The path to the notes of a new book of a new author."""
    author_id = author(library)["id"]
    return {"authorId": author_id, "bookId": book(library, author_id)["id"]}


def test_a_child_knows_its_parent(library: Any) -> None:
    assert book(library, author(library)["id"], authorId=99)["authorId"] == 1


@pytest.mark.parametrize("operation", ["listBooks", "createBook"])
def test_below_an_unknown_parent_there_is_nothing(library: Any, operation: str) -> None:
    error = refused(library, operation, {"authorId": 9}, {"title": "Emma"})
    assert (error.status, error.message) == (404, "authors holds no '9'")


def test_a_child_is_not_found_below_another_parent(library: Any) -> None:
    emma = book(library, author(library)["id"])
    other = author(library)["id"]
    for operation in ("readBook", "replaceBook", "deleteBook"):
        place = {"authorId": other, "bookId": emma["id"]}
        assert refused(library, operation, place, {"title": "x"}).status == 404
    assert library.ask("readBook", {"authorId": 1, "bookId": emma["id"]}).body["data"] == emma


def test_a_grandchild_is_not_found_below_another_grandparent(library: Any) -> None:
    place = note_place(library)
    library.ask("createNote", place, {"slug": "first", "text": "good"})
    wrong = {**place, "authorId": author(library)["id"]}
    for operation, path, body in (
        ("listNotes", wrong, MISSING),
        ("createNote", wrong, {"slug": "second", "text": ""}),
        ("readNote", {**wrong, "slug": "first"}, MISSING),
    ):
        assert refused(library, operation, path, body).status == 404


def test_a_parent_that_the_schema_does_not_show_is_kept_all_the_same(library: Any) -> None:
    place = note_place(library)
    library.ask("createNote", place, {"slug": "first", "text": "good"})
    assert library.store.get("notes", "first") == {**place, "slug": "first", "text": "good"}


def test_a_list_holds_only_what_is_below_its_parent(library: Any) -> None:
    first, second = author(library)["id"], author(library)["id"]
    emma, ulysses = book(library, first), book(library, second)
    assert library.ask("listBooks", {"authorId": first}).body["data"] == [emma]
    assert library.ask("listBooks", {"authorId": second}).body["data"] == [ulysses]


# read, list


@pytest.mark.parametrize("operation", ["readAuthor", "replaceAuthor", "updateAuthor"])
def test_what_is_not_stored_is_not_found(library: Any, operation: str) -> None:
    error = refused(library, operation, {"authorId": 5}, {"name": "x"})
    assert (error.status, error.message) == (404, "authors holds no '5'")


def test_a_number_in_the_path_may_be_written_as_a_float(library: Any) -> None:
    author(library)
    assert library.ask("readAuthor", {"authorId": 1.0}).body["id"] == 1


def test_an_empty_collection_lists_as_empty(library: Any) -> None:
    assert library.ask("listAuthors").body == []


def test_a_list_does_what_its_operation_declares(library: Any) -> None:
    for name in ("Woolf", "Austen", "Joyce"):
        author(library, name=name)

    def names(**query: Json) -> list[str]:
        return [one["name"] for one in library.ask("listAuthors", query=query).body]

    assert names() == ["Woolf", "Austen", "Joyce"]
    assert names(sort="-name") == ["Woolf", "Joyce", "Austen"]
    assert names(name="Joyce") == ["Joyce"]
    assert names(limit=1, offset=1, sort="name") == ["Joyce"]


def test_a_list_is_put_into_its_envelope_with_the_true_total(library: Any) -> None:
    author_id = author(library)["id"]
    for title in "abc":
        book(library, author_id, title=title, tags=["new"] if title != "b" else [])
    reply = library.ask("listBooks", {"authorId": 1}, query={"per_page": 2, "page": 2})
    assert [one["title"] for one in reply.body["data"]] == ["c"]
    assert (reply.body["status"], reply.body["total"]) == ("success", 3)
    tagged = library.ask("listBooks", {"authorId": 1}, query={"tags": ["new"]}).body
    assert (len(tagged["data"]), tagged["total"]) == (2, 2)


# replace, update


def test_replacing_leaves_nothing_of_what_clients_may_set(library: Any) -> None:
    created = author(library, born=1775, country="UK", motto="wit")
    replaced = library.ask("replaceAuthor", {"authorId": 1}, {"name": "Joyce"}).body
    assert replaced["name"] == "Joyce"
    assert replaced["country"] == "unknown"
    assert replaced.keys().isdisjoint({"born", "motto"})
    assert (replaced["id"], replaced["rating"]) == (1, created["rating"])
    assert library.ask("readAuthor", {"authorId": 1}).body == replaced


def test_replacing_keeps_parents_and_what_the_request_does_not_know(library: Any) -> None:
    emma = book(library, author(library)["id"], tags=["x"])
    place = {"authorId": 1, "bookId": emma["id"]}
    replaced = library.ask("replaceBook", place, {"title": "Persuasion", "isbn": "1"}).body["data"]
    assert replaced == {**emma, "title": "Persuasion", "tags": []}


def test_updating_changes_only_what_was_sent(library: Any) -> None:
    created = author(library, born=1775, secret="hush")
    updated = library.ask("updateAuthor", {"authorId": 1}, {"country": "UK"}).body
    assert updated == {**created, "country": "UK"}
    assert library.ask("readAuthor", {"authorId": 1}).body == updated
    assert library.store.get("authors", "1")["secret"] == "hush"


def test_a_change_moves_only_the_date_of_changing(library: Any) -> None:
    created = author(library)
    library.now = library.now.replace(day=2, hour=9, minute=30)
    for operation in ("updateAuthor", "replaceAuthor"):
        changed = library.ask(operation, {"authorId": 1}, {"name": "Joyce"}).body
        assert (changed["createdAt"], changed["updatedAt"]) == (created["createdAt"], LATER_TEXT)


def test_null_is_kept_where_the_item_may_hold_it_and_removes_elsewhere(library: Any) -> None:
    author(library, born=1775, motto="wit")
    updated = library.ask("updateAuthor", {"authorId": 1}, {"born": None, "motto": None}).body
    assert updated["born"] is None
    assert "motto" not in updated


@pytest.mark.parametrize("operation", ["updateAuthor", "replaceAuthor"])
def test_a_change_never_touches_what_is_read_only(library: Any, operation: str) -> None:
    created = author(library)
    body = {"name": "Joyce", "id": 7, "rating": 9, "createdAt": "never"}
    changed = library.ask(operation, {"authorId": 1}, body).body
    for name in ("id", "rating", "createdAt"):
        assert changed[name] == created[name]


def test_a_change_keeps_the_place_in_the_list(library: Any) -> None:
    for name in ("Woolf", "Joyce"):
        author(library, name=name)
    library.ask("updateAuthor", {"authorId": 1}, {"name": "Austen"})
    assert [one["name"] for one in library.ask("listAuthors").body] == ["Austen", "Joyce"]


# delete


def test_a_deleted_item_is_not_found_again(library: Any) -> None:
    author(library)
    reply = library.ask("deleteAuthor", {"authorId": 1})
    assert (reply.status, reply.body) == (204, MISSING)
    with pytest.raises(ApiError, match="authors holds no '1'"):
        library.choices["deleteAuthor"].behaviour(library.call("deleteAuthor", {"authorId": 1}))
    assert library.ask("listAuthors").body == []


def test_a_documented_body_shows_what_was_deleted(library: Any) -> None:
    emma = book(library, author(library)["id"])
    reply = library.ask("deleteBook", {"authorId": 1, "bookId": emma["id"]})
    assert (reply.status, reply.body) == (200, {"status": "success", "data": emma})


def test_deleting_takes_everything_below_along_and_nothing_else(library: Any) -> None:
    first, second = note_place(library), note_place(library)
    library.ask("createNote", first, {"slug": "a", "text": ""})
    library.ask("createNote", second, {"slug": "b", "text": ""})
    library.ask("deleteAuthor", {"authorId": 1})
    left = library.store.dump()["collections"]
    assert {name: list(documents) for name, documents in left.items()} == {
        "authors": ["2"],
        "books": [second["bookId"]],
        "notes": ["b"],
    }


# other shapes


def wrapped(schema: Document) -> Document:
    """An answer or request that holds one tag in an envelope."""
    content = {"schema": {"type": "object", "required": ["tag"], "properties": {"tag": schema}}}
    return {"application/vnd.tags+json": content}


@pytest.fixture
def tags(new_library: Any) -> Any:
    """Tags in an envelope on the way in and out; deleting one answers with a constant."""
    tag: Document = {
        "type": "object",
        "required": ["id"],
        "additionalProperties": True,
        "properties": {"id": {"type": "string", "readOnly": True}, "colour": {"type": "string"}},
    }
    deleted = {"type": "object", "properties": {"ok": {"type": "boolean", "enum": [True]}}}
    parameters = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    answer = {"description": "a tag", "content": wrapped(tag)}
    body = {"content": wrapped(tag)}
    return new_library(
        {
            "openapi": "3.0.3",
            "paths": {
                "/tags": {
                    "post": {
                        "operationId": "create",
                        "requestBody": body,
                        "responses": {"2XX": answer},
                    },
                },
                "/tags/{id}": {
                    "get": {
                        "operationId": "read",
                        "parameters": parameters,
                        "responses": {"200": answer},
                    },
                    "put": {
                        "operationId": "replace",
                        "parameters": parameters,
                        "requestBody": {"content": {"application/json": {"schema": tag}}},
                        "responses": {"202": {"description": "taken"}},
                    },
                    "delete": {
                        "operationId": "delete",
                        "parameters": parameters,
                        "responses": {
                            "200": {
                                "description": "gone",
                                "content": {
                                    "application/json": {
                                        "schema": {**deleted, "required": ["ok"]},
                                    }
                                },
                            }
                        },
                    },
                },
            },
        }
    )


def test_an_envelope_is_taken_off_the_request_and_put_around_the_answer(tags: Any) -> None:
    reply = tags.ask("create", body={"tag": {"colour": "red"}})
    assert reply.status == 201
    assert reply.content_type == "application/vnd.tags+json"
    tag = reply.body["tag"]
    assert tag["colour"] == "red"
    assert len(tag["id"]) == 22
    assert tags.ask("read", {"id": tag["id"]}).body == {"tag": tag}


def test_a_schema_that_is_open_keeps_and_shows_what_it_does_not_know(tags: Any) -> None:
    tag = tags.ask("create", body={"tag": {"size": 3}}).body["tag"]
    assert tags.ask("read", {"id": tag["id"]}).body["tag"]["size"] == 3


def test_a_success_without_content_has_no_body(tags: Any) -> None:
    tag_id = tags.ask("create", body={"tag": {"colour": "red"}}).body["tag"]["id"]
    reply = tags.ask("replace", {"id": tag_id}, {"colour": "blue"})
    assert (reply.status, reply.body) == (202, MISSING)
    assert tags.ask("read", {"id": tag_id}).body["tag"]["colour"] == "blue"


def test_deleting_may_answer_with_a_constant(tags: Any) -> None:
    tag_id = tags.ask("create", body={"tag": {}}).body["tag"]["id"]
    assert tags.ask("delete", {"id": tag_id}).body == {"ok": True}
    assert refused(tags, "read", {"id": tag_id}).status == 404


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "integer", "minimum": 1000}, [1000, 1001, 1002]),
        ({"type": "integer", "minimum": -5}, [1, 2, 3]),
    ],
)
def test_counted_ids_begin_where_the_schema_lets_them(
    new_library: Any, schema: Document, expected: list[int]
) -> None:
    things = things_with_id(new_library, schema)
    assert [things.ask("create", body={}).body["id"] for _ in range(3)] == expected


def test_drawn_ids_have_the_form_that_the_schema_wants(new_library: Any) -> None:
    things = things_with_id(new_library, {"type": "string", "pattern": "^th_[0-9]{6}$"})
    drawn = [things.ask("create", body={}).body["id"] for _ in range(3)]
    assert len(set(drawn)) == 3
    assert all(text.startswith("th_") for text in drawn)


def things_with_id(new_library: Any, schema: Document) -> Any:
    """Things of which only the id is known."""
    thing = {"type": "object", "required": ["id"], "properties": {"id": schema}}
    content = {"application/json": {"schema": thing}}
    body = {"content": {"application/json": {"schema": {"type": "object"}}}}
    answer = {"description": "a thing", "content": content}
    parameters = [{"name": "id", "in": "path", "required": True, "schema": schema}]
    return new_library(
        {
            "openapi": "3.0.3",
            "paths": {
                "/things": {
                    "post": {
                        "operationId": "create",
                        "requestBody": body,
                        "responses": {"201": answer},
                    }
                },
                "/things/{id}": {
                    "get": {
                        "operationId": "read",
                        "parameters": parameters,
                        "responses": {"200": answer},
                    }
                },
            },
        }
    )
