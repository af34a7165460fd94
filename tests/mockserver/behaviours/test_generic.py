"""How an API that is known only by its document says no."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import pytest

from mockserver.behaviours import generic_domain
from mockserver.behaviours.generic import invalid, unmatched
from mockserver.behaviours.problems import spellings
from mockserver.errors import ApiError
from mockserver.model import MISSING, Document, Reply, Violation
from mockserver.openapi import Quirks

BROKEN = [
    Violation("body", ("items", 0, "title"), "required", "is required"),
    Violation("query", ("limit",), "type", "must be an integer", "x"),
]


def rendered(library: Any, operation_id: str, error: ApiError) -> Reply:
    """The refusal as an answer, which must be documented unless it is the mock's own."""
    call = library.call(operation_id, target="/v1/x?y=1")
    reply: Reply = generic_domain().render(error, call)
    if not reply.is_own:
        library.check(operation_id, reply)
    return reply


def refused_with(library: Any, operation_id: str, violations: Sequence[Violation]) -> ApiError:
    return invalid(library.call(operation_id), violations)


# refusals


def test_every_broken_rule_is_listed(library: Any) -> None:
    error = refused_with(library, "readAuthor", BROKEN)
    assert error.status == 400
    assert error.message == "body.items.0.title is required, and 1 more"
    assert error.details == [
        {
            "location": "body.items.0.title",
            "severity": "error",
            "code": "required",
            "message": "is required",
        },
        {
            "location": "query.limit",
            "severity": "error",
            "code": "type",
            "message": "must be an integer",
        },
    ]


def test_one_broken_rule_is_the_whole_message(library: Any) -> None:
    error = refused_with(library, "readAuthor", BROKEN[1:])
    assert error.message == "query.limit must be an integer"


def test_a_rule_on_the_whole_body_is_located_there(library: Any) -> None:
    error = refused_with(library, "ping", [Violation("body", (), "required", "is required")])
    assert error.message == "body is required"


def test_an_operation_that_documents_422_and_no_400_refuses_with_422(library: Any) -> None:
    assert refused_with(library, "createAuthor", BROKEN).status == 422


def test_a_media_type_that_is_not_taken_is_415(library: Any) -> None:
    wrong = Violation("body", (), "media-type", "text/plain is not accepted here")
    assert refused_with(library, "createAuthor", [wrong]).status == 415


def test_an_unknown_path_is_404() -> None:
    error = unmatched("GET", "/v1/nothing?x=1", (), Quirks())
    assert (error.status, error.headers) == (404, ())
    assert error.message == "no operation has the path /v1/nothing"


def test_a_method_that_a_path_does_not_take_is_405_with_those_that_it_does() -> None:
    error = unmatched("PUT", "/v1/authors?x=1", ("POST", "GET"), Quirks())
    assert (error.status, error.headers) == (405, (("Allow", "GET, POST"),))
    assert error.message == "/v1/authors does not take PUT, only GET, POST"


# their form


def test_an_undocumented_refusal_is_a_problem_document_of_the_mocks_own(library: Any) -> None:
    reply = rendered(library, "readBook", ApiError(404, "books holds no '1'"))
    assert (reply.status, reply.content_type, reply.is_own) == (
        404,
        "application/problem+json",
        True,
    )
    assert reply.body == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "books holds no '1'",
        "instance": "/v1/x?y=1",
    }


def test_broken_rules_stand_in_the_problem_document(library: Any) -> None:
    error = refused_with(library, "readBook", BROKEN[1:])
    body = rendered(library, "readBook", error).body
    assert [entry["location"] for entry in body["validation"]] == ["query.limit"]


def test_a_status_without_a_name_has_a_title_all_the_same(library: Any) -> None:
    assert rendered(library, "readBook", ApiError(498, "expired")).body["title"] == "Error"


def test_headers_of_a_refusal_are_left_to_the_pipeline(library: Any) -> None:
    error = ApiError(401, "who?", headers=[("WWW-Authenticate", "Bearer")])
    assert rendered(library, "readBook", error).headers == ()


def test_a_documented_problem_without_a_schema_is_a_problem_document(library: Any) -> None:
    reply = rendered(library, "deleteAuthor", ApiError(409, "still has books"))
    assert (reply.content_type, reply.is_own) == ("application/problem+json", False)
    assert reply.body["detail"] == "still has books"


def test_a_status_documented_without_content_has_the_reason_in_a_header(library: Any) -> None:
    reply = rendered(library, "readAuthor", ApiError(404, "authors holds no '1'"))
    assert (reply.status, reply.body, reply.is_own) == (404, MISSING, False)
    assert reply.headers == (("X-Understudy-Reason", "authors holds no '1'"),)


def test_a_schema_of_the_documents_own_is_filled_in(library: Any) -> None:
    reply = rendered(library, "createAuthor", ApiError(422, "body.name is required"))
    assert reply.content_type == "application/json"
    assert reply.body == {"code": 422, "message": "body.name is required"}


def test_a_message_may_stand_deeper_in_it(library: Any) -> None:
    reply = rendered(library, "updateAuthor", ApiError(404, "authors holds no '1'"))
    assert reply.body == {"error": {"code": 404, "message": "authors holds no '1'"}}


def test_two_refusals_do_not_share_their_words(library: Any) -> None:
    domain, call = generic_domain(), library.call("createAuthor")
    first = domain.render(ApiError(422, "one"), call)
    second = domain.render(ApiError(422, "two"), call)
    assert (first.body["message"], second.body["message"]) == ("one", "two")


def with_error_schema(library: Any, new_library: Any, schema: Document) -> Any:
    """A library whose `createAuthor` documents errors by this schema."""
    document = deepcopy(library.document)
    responses = document["paths"]["/authors"]["post"]["responses"]
    responses["422"]["content"]["application/json"]["schema"] = schema
    return new_library(document)


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        ({"type": "object", "properties": {"error": {"type": "string"}}}, {"error": "bad name"}),
        ({"type": "object", "properties": {"title": {"type": "string"}}}, {"title": "bad name"}),
        (
            {
                "type": "object",
                "required": ["errors"],
                "properties": {
                    "errors": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["detail", "code"],
                            "properties": {
                                "detail": {"type": "string"},
                                "code": {"type": "string", "enum": ["E1"]},
                            },
                        },
                    }
                },
            },
            {"errors": [{"detail": "bad name", "code": "E1"}]},
        ),
        ({"type": "string"}, "bad name"),
        (
            {
                "type": "object",
                "required": ["message", "status"],
                "properties": {
                    "message": {"type": "string", "enum": ["Invalid"]},
                    "status": {"type": "integer"},
                },
            },
            {"message": "Invalid", "status": 422},
        ),
        (
            {
                "type": "object",
                "required": ["code"],
                "properties": {"code": {"type": "integer", "enum": [7]}},
            },
            {"code": 7},
        ),
    ],
)
def test_a_schema_gets_as_much_of_the_reason_as_it_takes(
    library: Any, new_library: Any, schema: Document, body: Any
) -> None:
    made = with_error_schema(library, new_library, schema)
    assert rendered(made, "createAuthor", ApiError(422, "bad name")).body == body


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object"},
        {
            "type": "object",
            "required": ["detail", "status"],
            "properties": {"detail": {"type": "string"}, "status": {"type": "integer"}},
        },
    ],
)
def test_a_schema_that_takes_a_problem_document_gets_it(
    library: Any, new_library: Any, schema: Document
) -> None:
    made = with_error_schema(library, new_library, schema)
    reply = rendered(made, "createAuthor", ApiError(422, "bad name"))
    assert reply.content_type == "application/json"
    assert reply.body["title"] == "Unprocessable Content"
    assert reply.body["detail"] == "bad name"


def test_an_error_documented_in_another_language_than_json_is_a_problem_document(
    library: Any, new_library: Any
) -> None:
    document = deepcopy(library.document)
    responses = document["paths"]["/authors"]["post"]["responses"]
    responses["422"]["content"] = {"text/html": {}}
    reply = rendered(new_library(document), "createAuthor", ApiError(422, "bad name"))
    assert (reply.content_type, reply.is_own) == ("application/problem+json", True)


def test_problem_documents_are_preferred_where_several_forms_are_documented(
    library: Any, new_library: Any
) -> None:
    document = deepcopy(library.document)
    responses = document["paths"]["/authors"]["post"]["responses"]
    responses["422"]["content"] = {"application/json": {}, "application/problem+json": {}}
    reply = rendered(new_library(document), "createAuthor", ApiError(422, "bad name"))
    assert (reply.content_type, reply.is_own) == ("application/problem+json", False)


# broken rules in the words of a document's own problem schema


def test_broken_rules_are_spelt_as_they_are_then_as_prism_does_then_left_out() -> None:
    entry = {"location": "body.name", "severity": "error", "code": "c", "message": "m"}
    prism = {"location": ["body", "name"], "severity": "Error", "code": "c", "message": "m"}
    assert list(spellings({"detail": "d", "validation": [entry]})) == [
        {"detail": "d", "validation": [entry]},
        {"detail": "d", "validation": [prism]},
        {"detail": "d"},
    ]
