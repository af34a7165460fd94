from collections.abc import Callable

import pytest

from mockserver.errors import SetupError
from mockserver.model import Document
from mockserver.openapi import operations_of

Small = Callable[..., Document]
OK = {"responses": {"200": {"description": "ok"}}}


def test_every_operation_of_the_library_is_there(library: Document) -> None:
    labels = [operation.label for operation in operations_of(library)]
    assert len(labels) == 18
    assert "PATCH /v1/books/{bookId}/loans/{loanId}" in labels


def test_literal_paths_come_before_templates_and_else_nothing_moves(small: Small) -> None:
    templates = ["/b/{id}", "/{all}", "/b/{id}.json", "/b/new", "/{all}/x", "/a", "/b/{id}/y"]
    document = small({template: {"get": OK} for template in templates})
    assert [operation.template for operation in operations_of(document)] == [
        "/a",
        "/b/new",
        "/b/{id}.json",
        "/b/{id}",
        "/b/{id}/y",
        "/{all}",
        "/{all}/x",
    ]


def test_an_operation_without_an_id_is_called_by_method_and_path(small: Small) -> None:
    assert operations_of(small({"/x/{id}": {"get": OK}}))[0].id == "get /x/{id}"


def test_an_id_used_twice_is_refused(small: Small) -> None:
    twice = {**OK, "operationId": "same"}
    with pytest.raises(SetupError, match=r"#/paths/~1b/get: .*used twice.*GET /a.*'same'"):
        operations_of(small({"/a": {"get": twice}, "/b": {"get": twice}}))


@pytest.mark.parametrize(
    ("servers", "base"),
    [
        ([], ""),
        ([{"url": "/"}], ""),
        ([{"url": "https://api.example.com"}], ""),
        ([{"url": "https://api.example.com/v1/"}, {"url": "/v2"}], "/v1"),
        ([{"url": "/api/{v}", "variables": {"v": {"default": "v3"}}}], "/api/v3"),
    ],
)
def test_the_base_path_is_that_of_the_first_server(
    small: Small, servers: list[Document], base: str
) -> None:
    (operation,) = operations_of(small({"/x": {"get": OK}}, servers=servers))
    assert (operation.path, operation.template) == (f"{base}/x", "/x")


def test_parameters_have_openapis_defaults(small: Small) -> None:
    text = {"type": "string"}
    declared: list[Document] = [
        {"name": "p", "in": "path", "schema": text},
        {"name": "q", "in": "query", "schema": text},
        {"name": "h", "in": "header", "required": True, "schema": text},
        {"name": "c", "in": "cookie", "schema": text},
        {"name": "d", "in": "query", "style": "deepObject", "schema": text},
        {"name": "s", "in": "query", "explode": False, "schema": text},
        {"name": "j", "in": "query", "content": {"application/json": {"schema": text}}},
    ]
    (operation,) = operations_of(small({"/x/{p}": {"get": {**OK, "parameters": declared}}}))
    assert [(p.name, p.style, p.explode, p.required) for p in operation.parameters] == [
        ("p", "simple", False, True),
        ("q", "form", True, False),
        ("h", "simple", False, True),
        ("c", "form", True, False),
        ("d", "deepObject", False, False),
        ("s", "form", False, False),
        ("j", "json", False, False),
    ]
    assert all(parameter.schema == text for parameter in operation.parameters)


def test_header_parameters_that_openapi_ignores_are_ignored(small: Small) -> None:
    names = ["Authorization", "accept", "Content-Type", "X-Other"]
    declared = [{"name": n, "in": "header", "schema": {"type": "string"}} for n in names]
    (operation,) = operations_of(small({"/x": {"get": {**OK, "parameters": declared}}}))
    assert [parameter.name for parameter in operation.parameters] == ["X-Other"]


def test_references_to_parts_of_an_operation_are_followed(small: Small) -> None:
    schema = {"$ref": "#/components/schemas/S"}
    components = {
        "schemas": {"S": {"type": "string"}},
        "requestBodies": {"B": {"required": True, "content": {"text/plain": {"schema": schema}}}},
        "responses": {"R": {"description": "r", "content": {"application/json": {}}}},
        "parameters": {"P": {"name": "p", "in": "query", "schema": schema}},
    }
    operation = {
        "parameters": [{"$ref": "#/components/parameters/P"}],
        "requestBody": {"$ref": "#/components/requestBodies/B"},
        "responses": {"4XX": {"$ref": "#/components/responses/R"}, "x-note": {"a": 1}},
    }
    (found,) = operations_of(small({"/x": {"post": operation}}, components=components))
    assert (found.has_body, found.body_required) == (True, True)
    assert found.body_content == {"text/plain": schema}
    assert found.responses == {"4XX": {"application/json": None}}
    assert [parameter.name for parameter in found.parameters] == ["p"]


def test_an_operation_without_a_body_says_so(small: Small) -> None:
    (operation,) = operations_of(small({"/x": {"get": OK}}))
    assert (operation.has_body, operation.body_required, operation.body_content) == (
        False,
        False,
        {},
    )


def test_security_of_the_document_holds_where_an_operation_has_none(small: Small) -> None:
    document = small(
        {"/a": {"get": OK, "put": {**OK, "security": []}, "post": {**OK, "security": [{"k": []}]}}},
        security=[{"b": ["s"]}],
    )
    assert {operation.method: operation.security for operation in operations_of(document)} == {
        "GET": ({"b": ["s"]},),
        "PUT": (),
        "POST": ({"k": []},),
    }


def test_the_properties_of_a_body_are_found_through_references_and_parts(small: Small) -> None:
    body = {"allOf": [{"$ref": "#/components/schemas/Base"}, {"properties": {"b": {}}}]}
    content = {"content": {"application/json": {"schema": body}}}
    document = small({"/a": {"post": {**OK, "requestBody": content}, "get": OK}})
    document["components"] = {"schemas": {"Base": {"properties": {"a": {}}}}}
    found = {one.method: one.body_properties for one in operations_of(document)}
    assert found == {"POST": {"a", "b"}, "GET": frozenset()}
