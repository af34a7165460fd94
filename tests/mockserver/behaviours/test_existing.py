"""References to what does not exist are refused, and refusals fill a document's own problems."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from mockserver.behaviours import generic_domain
from mockserver.behaviours.generic import invalid
from mockserver.errors import ApiError
from mockserver.model import Document, Violation
from mockserver.openapi import load_document

LIBRARY = Path(__file__).parents[2] / "data" / "library.yaml"
BROKEN = [
    Violation("body", ("title",), "required", "is required"),
    Violation("body", ("pages",), "type", "must be an integer"),
]


@pytest.fixture
def document() -> Document:
    return deepcopy(load_document(LIBRARY))


@pytest.fixture
def lending(new_library: Callable[[Document], Any], document: Document) -> Any:
    """The library of the tests' data with one author and one book."""
    library = new_library(document)
    author = library.ask("createAuthor", body={"name": "Ada"}).body
    library.ask("createBook", body={"title": "Ink", "authorId": author["id"]})
    return library


def place(library: Any) -> Document:
    return {"bookId": library.store.find("books")[0]["id"]}


CALLS = [
    ("createBook", {"title": "Dust", "authorId": 99}),
    ("replaceBook", {"title": "Dust", "authorId": 99}),
    ("updateBook", {"authorId": 99}),
]


@pytest.mark.parametrize(("operation", "body"), CALLS)
def test_a_reference_to_nothing_is_refused(lending: Any, operation: str, body: Document) -> None:
    with pytest.raises(ApiError) as caught:
        lending.ask(operation, place(lending), body)
    assert (caught.value.status, caught.value.message) == (
        400,
        "body.authorId refers to no stored document: authors holds no '99'",
    )


@pytest.mark.parametrize(("operation", "body"), CALLS)
def test_a_refused_reference_changes_nothing(lending: Any, operation: str, body: Document) -> None:
    before = deepcopy(lending.store.find("books"))
    with pytest.raises(ApiError):
        lending.ask(operation, place(lending), body)
    assert lending.store.find("books") == before


@pytest.mark.parametrize(
    ("documented", "status"), [(["422", "400"], 422), (["400"], 400), (["404"], 404)]
)
def test_the_status_is_a_documented_one(
    new_library: Callable[[Document], Any],
    document: Document,
    documented: list[str],
    status: int,
) -> None:
    responses = document["paths"]["/books"]["post"]["responses"]
    problem = responses.pop("default")
    responses.update(dict.fromkeys(documented, problem))
    with pytest.raises(ApiError) as caught:
        new_library(document).ask("createBook", body=CALLS[0][1])
    assert caught.value.status == status


def problem_of(library: Any, error: ApiError) -> Document:
    """The refusal in the document's own form, which it must fit."""
    reply = generic_domain().render(error, library.call("createBook", target="/v1/books"))
    assert not reply.is_own
    library.check("createBook", reply)
    body: Document = reply.body
    return body


def closed(document: Document, *optional: str) -> Document:
    """The document whose problems have a title, a status, and nothing but these beside."""
    problem = document["components"]["schemas"]["Problem"]
    problem["additionalProperties"] = False
    known = {"title", "status", *optional}
    found = {name: one for name, one in problem["properties"].items() if name in known}
    found |= {name: {"type": "string"} for name in known - found.keys()}
    problem["properties"] = found
    return document


def test_a_closed_problem_gets_every_member_that_it_has(
    new_library: Callable[[Document], Any], document: Document
) -> None:
    library = new_library(closed(document, "type", "detail", "validation"))
    problem = problem_of(library, invalid(library.call("createBook"), BROKEN))
    assert [entry["location"] for entry in problem.pop("validation")] == [
        ["body", "title"],
        ["body", "pages"],
    ]
    assert problem == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "body.title is required, and 1 more",
    }


def test_a_closed_entry_gets_only_what_it_has(
    new_library: Callable[[Document], Any], document: Document
) -> None:
    closed(document, "detail", "validation")
    names = {"location": {"type": "string"}, "message": {"type": "string"}}
    entry = {"type": "object", "additionalProperties": False, "properties": names}
    validation = {"type": "array", "items": entry}
    document["components"]["schemas"]["Problem"]["properties"]["validation"] = validation
    library = new_library(document)
    problem = problem_of(library, invalid(library.call("createBook"), BROKEN[:1]))
    assert problem["validation"] == [{"location": "body.title", "message": "is required"}]


def test_json_that_is_none_is_a_broken_rule_of_the_body(
    new_library: Callable[[Document], Any], document: Document
) -> None:
    error = ApiError(400, "Malformed JSON in the request body: line 1")
    (entry,) = problem_of(new_library(document), error)["validation"]
    assert (entry["location"], entry["message"]) == (["body"], error.message)
