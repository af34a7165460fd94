"""What users of any other document live through: its state, its refusals, the admin API."""

import pytest

from tests.end_to_end.callers import Answer, Api, Caller, Json

QUIET, SPOKEN, LINES = (f"5c1c0a52-38cf-4f2c-9f0e-7d3a5f5b1a0{number}" for number in (1, 2, 3))
NOWHERE = "5c1c0a52-38cf-4f2c-9f0e-7d3a5f5b1a09"
PRINT = {"type": "print", "pages": 100}
AUDIO = {"type": "audio", "durationMinutes": 90}
LOAN = {"borrower": "Pat Leaf", "dueOn": "2030-04-01"}
PROBLEM = "application/problem+json"


@pytest.fixture
def reader(library: Api) -> Caller:
    """Somebody without a credential."""
    return Caller(library.client, "/v1", {})


@pytest.fixture
def librarian(library: Api) -> Caller:
    """Any bearer token is one, as the state holds no keys."""
    return Caller(library.client, "/v1", {"Authorization": "Bearer anything"})


def book(**more: Json) -> Json:
    return {"title": "New", "authorId": 2, "format": PRINT, **more}


def ids(answer: Answer) -> list[Json]:
    assert answer.status == 200, answer.body
    return [one["id"] for one in answer.body]


def locations(answer: Answer) -> list[list[str]]:
    """Where a body is wrong, as a problem document tells it."""
    assert (answer.status, answer.headers["content-type"]) == (400, PROBLEM)
    return [entry["location"] for entry in answer.body["validation"]]


# ---------------------------------------------------------------- authors


def test_authors_of_the_fixtures_are_listed(reader: Caller) -> None:
    assert ids(reader.get("/authors")) == [1, 2]


def test_a_created_author_can_be_read(reader: Caller) -> None:
    answer = reader.post("/authors", {"name": "Max Leaf", "born": "1980-05-06"})
    assert (answer.status, answer.body) == (
        201,
        {"id": 3, "name": "Max Leaf", "born": "1980-05-06"},
    )
    assert reader.get("/authors/3").body == answer.body


def test_a_replaced_author_has_only_what_was_sent(reader: Caller) -> None:
    reader.put("/authors/1", {"name": "Ada Inkwell"})
    assert reader.get("/authors/1").body == {"id": 1, "name": "Ada Inkwell"}


def test_a_deleted_author_is_gone(reader: Caller) -> None:
    answer = reader.delete("/authors/2")
    assert (answer.status, answer.body) == (204, None)
    assert reader.get("/authors/2").status == 404
    assert ids(reader.get("/authors")) == [1]


def test_an_author_is_deleted_once(reader: Caller) -> None:
    assert [reader.delete("/authors/2").status for _ in range(2)] == [204, 404]


def test_the_id_of_a_deleted_author_is_not_used_again(reader: Caller) -> None:
    reader.delete("/authors/2")
    assert reader.post("/authors", {"name": "Max Leaf"}).body["id"] == 3


@pytest.mark.parametrize("name", [None, 5, "", "x" * 81])
def test_an_author_without_a_fitting_name_is_refused(reader: Caller, name: Json) -> None:
    assert locations(reader.post("/authors", {"name": name})) == [["body", "name"]]
    assert ids(reader.get("/authors")) == [1, 2]


def test_every_flaw_of_a_body_is_told(reader: Caller) -> None:
    answer = reader.post("/authors", {"email": "nobody", "born": "1980-13-01"})
    told = locations(answer)
    assert sorted(told) == [["body", "born"], ["body", "email"], ["body", "name"]]


def test_a_flaw_is_told_with_its_rule(reader: Caller) -> None:
    (entry,) = reader.post("/authors", {}).body["validation"]
    assert entry == {
        "location": ["body", "name"],
        "severity": "Error",
        "code": "required",
        "message": "is required",
    }


def test_a_refusal_has_title_status_and_detail(reader: Caller) -> None:
    body = reader.post("/authors", {}).body
    told = {name: body[name] for name in ("title", "status", "detail")}
    assert told == {"title": "Bad Request", "status": 400, "detail": "body.name is required"}


def test_an_unknown_author_is_a_problem(reader: Caller) -> None:
    answer = reader.get("/authors/9")
    assert (answer.status, answer.headers["content-type"]) == (404, PROBLEM)
    assert answer.body["detail"] == "authors holds no '9'"


def test_an_id_that_is_no_number_is_refused(reader: Caller) -> None:
    assert locations(reader.get("/authors/x")) == [["path", "authorId"]]


# ---------------------------------------------------------------- books


def test_a_new_book_gets_a_uuid_and_a_date(library: Api, reader: Caller) -> None:
    answer = reader.post("/books", book())
    made = answer.body
    assert (answer.status, len(made["id"]), made["addedAt"]) == (201, 36, library.now_text)
    assert reader.get(f"/books/{made['id']}").body == made


def test_a_new_book_has_the_default_language(reader: Caller) -> None:
    assert reader.post("/books", book()).body["language"] == "en"


@pytest.mark.parametrize("form", [PRINT, AUDIO], ids=["print", "audio"])
def test_a_book_has_one_of_two_forms(reader: Caller, form: Json) -> None:
    made = reader.post("/books", book(format=form)).body
    assert reader.get(f"/books/{made['id']}").body["format"] == form


@pytest.mark.parametrize(
    "form",
    [{"type": "print", "durationMinutes": 9}, {**PRINT, **AUDIO}, {"type": "clay", "pages": 3}],
)
def test_a_book_of_no_known_form_is_refused(reader: Caller, form: Json) -> None:
    told = locations(reader.post("/books", book(format=form)))
    assert {tuple(location[:2]) for location in told} == {("body", "format")}


def test_a_book_can_change_its_form(reader: Caller) -> None:
    reader.patch(f"/books/{QUIET}", {"format": AUDIO})
    assert reader.get(f"/books/{QUIET}").body["format"] == AUDIO


def test_an_update_keeps_the_rest_of_a_book(reader: Caller) -> None:
    before = reader.get(f"/books/{QUIET}").body
    answer = reader.patch(f"/books/{QUIET}", {"title": "The Loud Index"})
    assert (answer.status, answer.body) == (200, {**before, "title": "The Loud Index"})
    assert reader.get(f"/books/{QUIET}").body == answer.body


def test_a_refused_update_changes_nothing(reader: Caller) -> None:
    before = reader.get(f"/books/{QUIET}").body
    told = locations(reader.patch(f"/books/{QUIET}", {"title": "Loud", "language": "xx"}))
    assert told == [["body", "language"]]
    assert reader.get(f"/books/{QUIET}").body == before


def test_an_update_says_something(reader: Caller) -> None:
    assert locations(reader.patch(f"/books/{QUIET}", {})) == [["body"]]


def test_a_replaced_book_keeps_what_is_the_servers(reader: Caller) -> None:
    before = reader.get(f"/books/{QUIET}").body
    after = reader.put(f"/books/{QUIET}", book()).body
    kept = {"id": before["id"], "addedAt": before["addedAt"], "language": "en"}
    assert after == {**book(), **kept}


def test_a_deleted_book_is_gone(reader: Caller) -> None:
    assert reader.delete(f"/books/{QUIET}").status == 204
    assert ids(reader.get("/books")) == [SPOKEN, LINES]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_an_unknown_book_is_404(reader: Caller, method: str) -> None:
    body = book() if method in ("PUT", "PATCH") else None
    assert reader.send(method, f"/books/{NOWHERE}", json=body).status == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [QUIET, SPOKEN, LINES]),
        ({"authorId": 1}, [QUIET, SPOKEN]),
        ({"language": "fr"}, [LINES]),
        ({"authorId": 1, "language": "de"}, [SPOKEN]),
        ({"authorId": 2, "language": "de"}, []),
        ({"limit": 2}, [QUIET, SPOKEN]),
        ({"limit": 2, "offset": 2}, [LINES]),
        ({"offset": 9}, []),
        ({"authorId": 1, "limit": 1, "offset": 1}, [SPOKEN]),
    ],
)
def test_books_are_filtered_and_paged(
    reader: Caller, query: dict[str, str | int], expected: list[str]
) -> None:
    assert ids(reader.get("/books", **query)) == expected


@pytest.mark.parametrize(
    ("name", "value"), [("limit", 0), ("limit", 101), ("offset", -1), ("language", "xx")]
)
def test_a_wrong_query_is_named(reader: Caller, name: str, value: str | int) -> None:
    assert locations(reader.get("/books", **{name: value})) == [["query", name]]


def test_an_author_lists_the_books_written(reader: Caller) -> None:
    made = reader.post("/books", book(authorId=2)).body
    assert ids(reader.get("/authors/2/books")) == [LINES, made["id"]]


def test_an_unknown_author_has_written_nothing(reader: Caller) -> None:
    assert reader.get("/authors/9/books").status == 404


# ---------------------------------------------------------------- loans


def test_a_loan_belongs_to_the_book_of_its_path(librarian: Caller) -> None:
    answer = librarian.post(f"/books/{SPOKEN}/loans", LOAN)
    expected = {**LOAN, "id": 3, "bookId": SPOKEN, "returned": False}
    assert (answer.status, answer.body) == (201, expected)
    assert librarian.get(f"/books/{SPOKEN}/loans").body == [expected]


def test_loans_of_one_book_are_listed_there_only(librarian: Caller) -> None:
    assert ids(librarian.get(f"/books/{QUIET}/loans")) == [1, 2]
    assert ids(librarian.get(f"/books/{LINES}/loans")) == []


def test_a_loan_ends(librarian: Caller) -> None:
    answer = librarian.patch(f"/books/{QUIET}/loans/2", {"returned": True})
    assert answer.body["returned"] is True
    assert librarian.get(f"/books/{QUIET}/loans/2").body == answer.body


def test_a_forgotten_loan_is_gone(librarian: Caller) -> None:
    assert librarian.delete(f"/books/{QUIET}/loans/1").status == 204
    assert ids(librarian.get(f"/books/{QUIET}/loans")) == [2]


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("parent", [SPOKEN, NOWHERE], ids=["another book", "no book"])
def test_a_loan_is_unknown_under_another_book(librarian: Caller, method: str, parent: str) -> None:
    body = {"returned": True} if method == "PATCH" else None
    assert librarian.send(method, f"/books/{parent}/loans/2", json=body).status == 404
    assert librarian.get(f"/books/{QUIET}/loans/2").body["returned"] is False


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_book_has_no_loans(librarian: Caller, method: str) -> None:
    body = LOAN if method == "POST" else None
    assert librarian.send(method, f"/books/{NOWHERE}/loans", json=body).status == 404


def test_the_loans_of_a_deleted_book_are_404(librarian: Caller) -> None:
    librarian.delete(f"/books/{QUIET}")
    assert librarian.get(f"/books/{QUIET}/loans").status == 404


def test_a_loan_without_a_date_is_refused(librarian: Caller) -> None:
    told = locations(librarian.post(f"/books/{LINES}/loans", {"borrower": "Pat Leaf"}))
    assert told == [["body", "dueOn"]]


def test_loans_are_the_librarians(reader: Caller) -> None:
    answer = reader.get(f"/books/{QUIET}/loans")
    assert (answer.status, answer.headers["content-type"]) == (401, PROBLEM)


# ---------------------------------------------------------------- the rest of the document


def test_what_is_no_resource_is_answered_by_its_schema(reader: Caller) -> None:
    assert {day["from"] for day in reader.get("/opening-hours").body["days"]} == {"09:00"}


def test_an_unknown_path_is_a_problem(reader: Caller) -> None:
    answer = reader.get("/shelves")
    assert (answer.status, answer.headers["content-type"]) == (404, PROBLEM)


def test_a_method_that_is_not_taken_names_the_others(reader: Caller) -> None:
    answer = reader.delete("/authors")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")


# ---------------------------------------------------------------- the admin API


def test_the_state_can_be_read_and_put_back(library: Api, reader: Caller) -> None:
    state = library.admin.get("/state").body
    reader.delete("/authors/1")
    library.admin.put("/state", state)
    assert library.admin.get("/state").body == state


def test_a_state_that_is_put_is_served(library: Api, reader: Caller) -> None:
    library.admin.put("/state", {"collections": {"authors": {"5": {"id": 5, "name": "Solo"}}}})
    assert reader.get("/authors").body == [{"id": 5, "name": "Solo"}]
    assert reader.get("/books").body == []


def test_ids_go_on_from_a_state_that_is_put(library: Api, reader: Caller) -> None:
    library.admin.put("/state", {"collections": {"authors": {"5": {"id": 5, "name": "Solo"}}}})
    assert reader.post("/authors", {"name": "Duo"}).body["id"] == 6


def test_a_state_that_does_not_fit_is_refused_whole(library: Api, reader: Caller) -> None:
    wrong = {"collections": {"authors": {"5": {"id": 5}}}}
    assert library.admin.put("/state", wrong).status == 422
    assert ids(reader.get("/authors")) == [1, 2]


def test_a_snapshot_brings_everything_back(library: Api, reader: Caller) -> None:
    before = library.admin.get("/state").body
    library.admin.post("/snapshots/before", None)
    reader.delete("/authors/1")
    reader.post("/books", book())
    library.admin.post("/snapshots/before/restore", None)
    assert library.admin.get("/state").body == before


def test_a_snapshot_can_be_restored_twice(library: Api, reader: Caller) -> None:
    library.admin.post("/snapshots/twice", None)
    for _ in range(2):
        reader.delete("/authors/1")
        library.admin.post("/snapshots/twice/restore", None)
    assert ids(reader.get("/authors")) == [1, 2]


def test_an_unknown_snapshot_is_404(library: Api) -> None:
    assert library.admin.post("/snapshots/never/restore", None).status == 404


def test_a_reset_brings_the_fixtures_back(library: Api, reader: Caller) -> None:
    reader.delete("/authors/1")
    library.admin.post("/reset", None)
    assert ids(reader.get("/authors")) == [1, 2]
