from typing import Any

import pytest

from mockserver.model import Document, Json
from mockserver.openapi.operations import operations_of
from mockserver.web.prefer import parse_prefer, preferred_reply

PROBLEM: Document = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer", "example": 422},
    },
    "required": ["title", "status"],
}
LENT: Document = {"type": "about:blank", "title": "Conflict", "status": 409}


def forced(key: str, header: str, schema: Document = PROBLEM, **media: Any) -> Json:
    """The body that *header* gives where the document has one answer, under *key*."""
    content = {"application/problem+json": {"schema": schema, **media}}
    responses = {key: {"description": "", "content": content}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Library", "version": "1"},
        "paths": {"/books": {"get": {"operationId": "getBook", "responses": responses}}},
    }
    [operation] = operations_of(document)
    reply = preferred_reply(operation, parse_prefer(header), document, 1)
    assert reply is not None
    return reply.body


@pytest.mark.parametrize("key", ["default", "5XX"])
def test_an_example_for_many_statuses_tells_the_one_asked_for(key: str) -> None:
    body = forced(key, "code=500", example=LENT)
    assert body == {"type": "about:blank", "title": "Internal Server Error", "status": 500}


def test_a_named_example_for_many_statuses_tells_the_one_asked_for() -> None:
    body = forced("default", "code=500, example=lent", examples={"lent": {"value": LENT}})
    assert body["status"] == 500


@pytest.mark.parametrize("header", ["code=500", "code=500, dynamic, seed=3"])
@pytest.mark.parametrize("key", ["500", "default"])
def test_a_problem_made_from_its_schema_tells_the_status(key: str, header: str) -> None:
    body = forced(key, header)
    assert (body["status"], body["title"]) == (500, "Internal Server Error")


def test_an_example_of_that_very_status_stays_as_it_is() -> None:
    assert forced("500", "code=500", example=LENT) == LENT


def test_a_title_that_belongs_to_a_type_stays() -> None:
    own = {"type": "https://library.test/lent", "title": "Lent", "status": 409}
    assert forced("default", "code=500", example=own) == {**own, "status": 500}


def test_a_status_code_by_another_name_is_told() -> None:
    body = forced("default", "code=500", {}, example={"statusCode": 400, "message": "no"})
    assert body == {"statusCode": 500, "message": "no"}


@pytest.mark.parametrize("status", ["error", True, None])
def test_a_status_that_is_no_number_is_something_else(status: Json) -> None:
    body = {"status": status, "title": "Lent"}
    assert forced("default", "code=500", {}, example=body) == body


def test_a_success_has_a_status_of_its_own() -> None:
    body = {"status": 3, "title": "Emma"}
    assert forced("default", "code=200", {}, example=body) == body


def test_a_status_that_the_schema_does_not_take_is_not_told() -> None:
    schema = {"type": "object", "properties": {"status": {"type": "integer", "enum": [409]}}}
    assert forced("default", "code=500", schema, example=LENT) == LENT


def test_a_title_that_the_schema_does_not_take_is_not_told() -> None:
    titles = {"title": {"type": "string", "enum": ["Conflict"]}}
    schema = {"type": "object", "properties": titles}
    assert forced("default", "code=500", schema, example=LENT) == {**LENT, "status": 500}


def test_without_a_code_an_example_stays_as_it_is() -> None:
    assert forced("4XX", "example=lent", examples={"lent": {"value": LENT}}) == LENT
