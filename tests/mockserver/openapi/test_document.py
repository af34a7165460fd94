import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.errors import SetupError
from mockserver.model import Document, Json
from mockserver.openapi import (
    apply_actions,
    check_document,
    effective_document,
    load_document,
    operations_of,
)

Write = Callable[[str, str], Path]
Small = Callable[..., Document]

INFO = {"openapi": "3.0.3", "info": {"title": "T", "version": "1"}}
HEAD = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n"


def test_the_library_is_a_valid_document(library: Document) -> None:
    check_document(library)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("swagger: '2.0'\npaths: {}\n", r"#/swagger: Swagger 2 is not read.*'2\.0'"),
        ("openapi: 3.1.0\npaths: {}\n", r"#/openapi: only OpenAPI 3\.0 is read \(got '3\.1\.0'\)"),
        ("openapi: 3.0\npaths: {}\n", r"#/openapi: only OpenAPI 3\.0 is read"),
        ("info: {}\n", "not an OpenAPI document: `openapi` is missing"),
        ("openapi: 3.0.3\n", "#/paths: `paths` must be an object"),
        ("- 1\n", "an OpenAPI document is an object"),
    ],
)
def test_other_documents_are_refused_with_the_reason(write: Write, text: str, reason: str) -> None:
    with pytest.raises(SetupError, match=rf"api\.yaml: {reason}"):
        load_document(write("api.yaml", text))


def test_path_parameters_are_folded_and_the_operations_own_win(write: Write) -> None:
    path = write(
        "api.yaml",
        HEAD
        + """\
paths:
  /x/{id}:
    summary: kept
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {$ref: '#/components/parameters/Deep'}
      - {name: id, in: query, schema: {type: string}}
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses: {'200': {description: ok}}
components:
  parameters:
    Deep: {name: deep, in: query, schema: {type: boolean}}
""",
    )
    item = load_document(path)["paths"]["/x/{id}"]
    assert "parameters" not in item
    assert item["summary"] == "kept"
    (operation,) = operations_of(load_document(path))
    assert [(p.name, p.where, p.schema["type"]) for p in operation.parameters] == [
        ("deep", "query", "boolean"),
        ("id", "query", "string"),
        ("id", "path", "integer"),
    ]


def test_a_path_item_elsewhere_in_the_document_is_put_in_its_place(write: Write) -> None:
    path = write(
        "api.yaml",
        HEAD
        + """\
paths:
  /x: {$ref: '#/x-items/one', summary: own}
x-items:
  one:
    summary: shared
    parameters: [{name: q, in: query, schema: {type: string}}]
    get: {responses: {'200': {description: ok}}}
""",
    )
    item = load_document(path)["paths"]["/x"]
    assert item["summary"] == "own"
    assert [parameter["name"] for parameter in item["get"]["parameters"]] == ["q"]


def test_a_reference_that_leads_nowhere_offers_the_nearest_name(write: Write) -> None:
    path = write(
        "api.yaml",
        HEAD
        + """\
paths:
  /x:
    get:
      responses:
        '200': {$ref: '#/components/responses/Authr'}
components:
  responses:
    Author: {description: one}
""",
    )
    with pytest.raises(
        SetupError, match=r"api\.yaml: #/paths/~1x/get/responses/200: .*did you mean 'Author'"
    ):
        load_document(path)


def test_a_reference_in_an_example_is_data(write: Write) -> None:
    path = write(
        "api.yaml",
        HEAD
        + """\
paths: {}
components:
  schemas:
    A:
      type: object
      example: {$ref: '#/nowhere'}
      properties:
        example: {$ref: '#/components/schemas/B'}
        $ref: {type: string}
    B: {type: string}
""",
    )
    schemas = load_document(path)["components"]["schemas"]
    assert schemas["A"]["example"] == {"$ref": "#/nowhere"}


def test_a_property_called_example_may_refer_and_is_checked(write: Write) -> None:
    path = write(
        "api.yaml",
        HEAD + "paths: {}\ncomponents: {schemas: {A: {properties: {example: {$ref: '#/no'}}}}}\n",
    )
    with pytest.raises(SetupError, match="leads nowhere"):
        load_document(path)


def test_files_are_bundled_into_one_document(write: Write) -> None:
    write(
        "parts/schemas.yaml",
        """\
        Book:
          type: object
          properties: {author: {$ref: 'people.json#/Author'}, next: {$ref: '#/Book'}}
        """,
    )
    write("parts/people.json", '{"Author": {"$ref": "../api.yaml#/components/schemas/Person"}}')
    write("parts/limit.yaml", "name: limit\nin: query\nschema: {type: integer}\n")
    write("parts/missing.yaml", "description: Gone\n")
    write(
        "parts/books.yaml",
        "get:\n  responses:\n    '200': {description: ok, content: {application/json: "
        "{schema: {$ref: 'schemas.yaml#/Book'}}}}\n",
    )
    path = write(
        "api.yaml",
        HEAD
        + """\
paths:
  /books: {$ref: parts/books.yaml}
  /x:
    get:
      parameters: [{$ref: parts/limit.yaml}]
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {$ref: parts/schemas.yaml#/Book}}}
        '404': {$ref: parts/missing.yaml}
components:
  schemas:
    Person: {type: object}
    Book: {type: string}
""",
    )
    document = load_document(path)
    check_document(document)
    components = document["components"]
    assert components["schemas"]["Book"] == {"type": "string"}
    assert components["schemas"]["Book-2"]["properties"] == {
        "author": {"$ref": "#/components/schemas/Author"},
        "next": {"$ref": "#/components/schemas/Book-2"},
    }
    assert components["schemas"]["Author"] == {"$ref": "#/components/schemas/Person"}
    assert components["parameters"]["limit"]["name"] == "limit"
    assert components["responses"]["missing"] == {"description": "Gone"}
    listing = {operation.label: operation for operation in operations_of(document)}["GET /books"]
    assert listing.responses["200"]["application/json"] == {"$ref": "#/components/schemas/Book-2"}


def test_properties_named_like_parts_of_a_document_are_schemas_all_the_same(write: Write) -> None:
    write("part.yaml", "type: string\n")
    inner = "{items: {$ref: part.yaml}}"
    schema = f"{{properties: {{responses: {inner}, headers: {inner}, parameters: {inner}}}}}"
    document = load_document(
        write(
            "api.yaml",
            HEAD
            + "paths:\n  /x:\n    get:\n      responses:\n        '200':\n"
            + f"          {{description: ok, content: {{text/plain: {{schema: {schema}}}}}}}\n",
        )
    )
    assert document["components"] == {"schemas": {"part": {"type": "string"}}}


@pytest.mark.parametrize(
    ("ref", "reason"),
    [
        ("partz.yaml#/Book", "no such file.*did you mean 'parts.yaml'"),
        ("parts.yaml#/Bok", "leads nowhere.*did you mean 'Book'"),
        ("https://example.com/a.yaml#/A", "other hosts are not followed"),
    ],
)
def test_a_broken_reference_to_a_file_names_where_it_stands(
    write: Write, ref: str, reason: str
) -> None:
    write("parts.yaml", "Book: {type: object}\n")
    text = f"paths: {{}}\ncomponents: {{schemas: {{A: {{$ref: '{ref}'}}}}}}\n"
    with pytest.raises(SetupError, match=rf"api\.yaml: #/components/schemas/A: .*{reason}"):
        load_document(write("api.yaml", HEAD + text))


def test_the_effective_document_has_overlays_then_actions(library_path: Path, write: Write) -> None:
    one = write(
        "one.yaml",
        "overlay: 1.0.0\ninfo: {title: One, version: '1'}\nactions:\n"
        "  - {target: $.info, update: {title: First, x-one: 1}}\n",
    )
    two = write(
        "two.yaml",
        "overlay: 1.0.0\ninfo: {title: Two, version: '1'}\nactions:\n"
        "  - {target: $.info, update: {title: Second}}\n",
    )
    actions = [{"target": "$.info", "update": {"version": "9"}}]
    info = effective_document(library_path, [one, two], actions)["info"]
    assert (info["title"], info["x-one"], info["version"]) == ("Second", 1, "9")


def test_overlays_see_path_parameters_where_they_were_written(
    library_path: Path, write: Write
) -> None:
    overlay = write(
        "one.yaml",
        "overlay: 1.0.0\ninfo: {title: One, version: '1'}\nactions:\n"
        "  - target: $.paths['/books/{bookId}'].parameters\n"
        "    update: {name: trace, in: query, schema: {type: string}}\n",
    )
    document = effective_document(library_path, [overlay])
    by_id = {operation.id: operation for operation in operations_of(document)}
    assert [p.name for p in by_id["getBook"].parameters] == ["bookId", "trace"]


def test_an_overlay_that_leaves_a_reference_dangling_is_found(library_path: Path) -> None:
    actions = [{"target": "$.components.schemas.Author", "remove": True}]
    with pytest.raises(SetupError, match="leads nowhere"):
        effective_document(library_path, (), actions)


def test_an_error_in_an_extra_action_names_its_source(library_path: Path) -> None:
    actions = [{"target": "$.nothing", "remove": True}]
    with pytest.raises(SetupError, match=r"quirks\.yaml: action 1"):
        effective_document(library_path, (), actions, source="quirks.yaml")


BROKEN: Document = {"/x": {"get": {"responses": {"200": {"descripton": "ok"}}}}}


def test_a_document_that_breaks_the_schema_is_told_by_pointer(small: Small) -> None:
    with pytest.raises(
        SetupError, match=r"#/paths/~1x/get/responses/200: \"description\" is a req"
    ):
        check_document(small(BROKEN))


def test_what_no_schema_can_say_is_told_by_pointer(small: Small) -> None:
    document = small({"/x/{id}": {"get": {"responses": {"200": {"description": "ok"}}}}})
    with pytest.raises(SetupError, match=r"not a valid OpenAPI 3\.0 document: .*'id'"):
        check_document(document)


def test_a_broken_document_may_be_loaded_and_repaired_but_not_used(write: Write) -> None:
    path = write("api.json", json.dumps({**INFO, "paths": BROKEN}))
    assert load_document(path)["paths"] == BROKEN
    with pytest.raises(SetupError, match=r"api\.json: not a valid OpenAPI 3\.0 document"):
        effective_document(path)
    repair = {"target": "$.paths['/x'].get.responses", "update": {"200": {"description": "ok"}}}
    gone = {"target": "$..descripton", "remove": True}
    assert effective_document(path, (), [repair, gone])


@pytest.mark.parametrize(
    "paths",
    [
        {"/x": 3},
        {"/x": {"get": 3}},
        {"/x": {"parameters": 3, "get": {}}},
        {"/x": {"parameters": [3], "get": {"parameters": [{}, []]}}},
        {"/x": {"get": {"parameters": {}}}},
        {"/x": {"$ref": "#/info/title"}},
    ],
)
def test_a_document_of_no_sense_is_refused_and_does_not_crash(write: Write, paths: Json) -> None:
    path = write("api.json", json.dumps({**INFO, "paths": paths}))
    load_document(path)
    with pytest.raises(SetupError, match="not a valid OpenAPI"):
        effective_document(path)


def test_nothing_changes_the_document_that_it_is_given(library: Document) -> None:
    before = copy.deepcopy(library)
    operations_of(library)
    apply_actions(library, [{"target": "$.paths.*", "remove": True}], "test")
    check_document(library)
    assert library == before
