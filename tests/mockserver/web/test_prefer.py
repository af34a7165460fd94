from typing import Any

import pytest

from mockserver.errors import ApiError
from mockserver.model import MISSING, Document, Reply
from mockserver.openapi.operations import Operation, operations_of
from mockserver.openapi.schema import SchemaCompiler
from mockserver.web.prefer import Prefer, parse_prefer, preferred_reply

BOOK: Document = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "title": {"type": "string", "minLength": 3, "example": "Emma"},
    },
    "required": ["id", "title"],
    "additionalProperties": False,
}


def json_of(schema: Document, **more: Any) -> Document:
    return {"description": "", "content": {"application/json": {"schema": schema, **more}}}


@pytest.fixture
def document() -> Document:
    problem = {"type": "object", "properties": {"detail": {"type": "string"}}}
    responses = {
        "201": json_of(BOOK, example={"id": 7, "title": "Persuasion"}),
        "200": json_of({"$ref": "#/components/schemas/Book"}),
        "404": json_of(
            problem,
            examples={
                "missing": {"value": {"detail": "no such book"}},
                "lent": {"$ref": "#/components/examples/Lent"},
                "elsewhere": {"externalValue": "https://example.com/x.json"},
            },
        ),
        "4XX": json_of({"type": "string", "enum": ["refused"]}),
        "204": {"description": ""},
        "429": {
            **json_of({}),
            "headers": {
                "Retry-After": {"required": True, "schema": {"type": "integer", "example": 60}},
                "X-Note": {"schema": {"type": "string"}},
            },
        },
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Library", "version": "1"},
        "paths": {"/books": {"get": {"operationId": "getBook", "responses": responses}}},
        "components": {
            "schemas": {"Book": BOOK},
            "examples": {"Lent": {"value": {"detail": "lent to Ann"}}},
        },
    }


@pytest.fixture
def operation(document: Document) -> Operation:
    return operations_of(document)[0]


def answer(operation: Operation, header: str, seed: int = 1) -> Reply:
    reply = preferred_reply(operation, parse_prefer(header), operation.document, seed)
    assert reply is not None
    return reply


@pytest.mark.parametrize(
    ("header", "prefer"),
    [
        ("", Prefer()),
        ("code=404", Prefer(code=404)),
        ('Code = "404"', Prefer(code=404)),
        ("code=404, code=500", Prefer(code=404)),
        ('example="a, \\"b\\"; c"', Prefer(example='a, "b"; c')),
        ("code=404,example=missing", Prefer(code=404, example="missing")),
        ("dynamic", Prefer(dynamic=True)),
        ("dynamic=True, seed=-7", Prefer(dynamic=True, seed=-7)),
        ("dynamic=false", Prefer()),
        ("seed=7", Prefer(dynamic=True, seed=7)),
        ("seed=7, dynamic=false", Prefer(seed=7)),
        ("return=minimal; x=1, code=201", Prefer(code=201, others=("return",))),
        ("respond-async, wait=10", Prefer(others=("respond-async", "wait"))),
        ("mode=dark, safe", Prefer(others=("mode", "safe"))),
    ],
)
def test_a_header_is_read(header: str, prefer: Prefer) -> None:
    assert parse_prefer(header) == prefer


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("cod=404", "did you mean 'code'?"),
        ("exmaple=x", "did you mean 'example'?"),
        ("code", "100 to 599"),
        ("code=4XX", "100 to 599"),
        ("code=604", "100 to 599"),
        ("code=0404", "100 to 599"),
        ("example=", "needs the name"),
        ("dynamic=tru", "did you mean 'true'?"),
        ("seed=1.5", "whole number"),
        ("code=404; example=missing", "commas separate"),
        ('example="a', "is not closed"),
        ("=404", "is no preference"),
        ("code 404", "is no preference"),
    ],
)
def test_a_header_that_is_not_understood_is_refused(header: str, told: str) -> None:
    with pytest.raises(ApiError, match="Prefer: ") as refused:
        parse_prefer(header)
    assert refused.value.status == 400
    assert told in refused.value.message


def test_who_asks_nothing_of_the_mock_gets_no_forced_answer(operation: Operation) -> None:
    prefer = parse_prefer("return=minimal")
    assert preferred_reply(operation, prefer, operation.document, 1) is None


def test_a_code_gives_its_example_and_tells_so(operation: Operation) -> None:
    reply = answer(operation, "code=201")
    assert (reply.status, reply.body) == (201, {"id": 7, "title": "Persuasion"})
    assert reply.headers == (("Preference-Applied", "code=201"),)
    assert reply.content_type == "application/json"


def test_a_code_without_example_gives_a_value_of_its_schema(operation: Operation) -> None:
    reply = answer(operation, "code=200")
    assert reply.body["title"] == "Emma"
    assert isinstance(reply.body["id"], int)


def test_a_code_of_a_documented_range_is_documented(operation: Operation) -> None:
    reply = answer(operation, "code=418")
    assert (reply.status, reply.body) == (418, "refused")


def test_a_default_answer_documents_every_code(document: Document) -> None:
    document["paths"]["/books"]["get"]["responses"] = {"default": json_of(BOOK)}
    [operation] = operations_of(document)
    assert answer(operation, "code=503").status == 503
    assert answer(operation, "dynamic").status == 200


def test_an_answer_documented_without_body_has_none(operation: Operation) -> None:
    reply = answer(operation, "code=204")
    assert (reply.status, reply.body) == (204, MISSING)


def test_an_undocumented_code_names_the_documented_ones(operation: Operation) -> None:
    with pytest.raises(ApiError, match="no answer 500; documented are: 200, 201, 204, 404") as no:
        answer(operation, "code=500")
    assert no.value.status == 400


def test_a_named_example_is_given(operation: Operation) -> None:
    assert answer(operation, "code=404, example=missing").body == {"detail": "no such book"}
    assert answer(operation, "code=404, example=lent").body == {"detail": "lent to Ann"}


def test_an_unknown_example_names_the_known_ones(operation: Operation) -> None:
    with pytest.raises(ApiError, match="are: missing, lent; did you mean 'missing'"):
        answer(operation, "code=404, example=mising")
    with pytest.raises(ApiError, match="has no example 'elsewhere'"):
        answer(operation, "code=404, example=elsewhere")


def test_an_example_of_another_answer_tells_its_code(operation: Operation) -> None:
    with pytest.raises(ApiError, match="it belongs to code 404"):
        answer(operation, "example=missing")


def test_without_a_code_the_success_is_given(operation: Operation) -> None:
    assert answer(operation, "dynamic").status == 200


def test_dynamic_values_fit_the_schema_and_follow_the_seed(operation: Operation) -> None:
    validator = SchemaCompiler(operation.document).compile(BOOK, "response")
    bodies = [answer(operation, f"dynamic, seed={seed}").body for seed in range(8)]
    assert all(map(validator.is_valid, bodies))
    assert len({body["title"] for body in bodies}) > 1
    assert bodies[3] == answer(operation, "seed=3").body
    assert bodies[3] == answer(operation, "dynamic=true", seed=3).body


def test_dynamic_wins_over_the_example_of_the_document(operation: Operation) -> None:
    reply = answer(operation, "code=201, dynamic, seed=2")
    assert reply.body["title"] != "Persuasion"
    assert reply.headers[0] == ("Preference-Applied", "code=201, dynamic=true, seed=2")


def test_an_applied_example_name_is_quoted_where_it_must_be(document: Document) -> None:
    get = document["paths"]["/books"]["get"]
    get["responses"] = {"200": json_of(BOOK, examples={'a "b"': {"value": {}}})}
    [operation] = operations_of(document)
    reply = answer(operation, 'example="a \\"b\\""')
    assert reply.headers == (("Preference-Applied", 'example="a \\"b\\""'),)


def test_headers_that_the_document_requires_are_sent(operation: Operation) -> None:
    assert answer(operation, "code=429").headers[1:] == (("Retry-After", "60"),)
