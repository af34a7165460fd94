"""Connexion is given what it needs of a document; bad defaults are found as by its own check."""

from collections.abc import Callable
from typing import Any

import pytest
from connexion.exceptions import InvalidSpecification
from connexion.spec import OpenAPISpecification

from mockserver.model import Document
from mockserver.openapi.copies import copied
from mockserver.web.specification import QuickSpecification


def document_with(schema: Document, **more: Any) -> Document:
    content = {"application/json": {"schema": schema}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Books", "version": "1"},
        "paths": {
            "/books": {"get": {"responses": {"200": {"description": "", "content": content}}}}
        },
        **more,
    }


@pytest.fixture
def own_checks(monkeypatch: pytest.MonkeyPatch) -> list[Document]:
    """The documents that Connexion's own check was asked about."""
    asked: list[Document] = []
    check: Callable[[Document], None] = OpenAPISpecification._validate_spec

    def noted(cls: type, spec: Document) -> None:
        asked.append(spec)
        check(spec)

    monkeypatch.setattr(OpenAPISpecification, "_validate_spec", classmethod(noted))
    return asked


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "default": "a"},
        {"type": "string", "nullable": True, "default": None},
        {"properties": {"default": {"type": "string"}, "type": {"type": "string", "default": ""}}},
        {"example": {"type": "integer", "default": "no schema"}},
        {"enum": [{"type": "integer", "default": "no schema"}]},
        {"x-note": {"type": "integer", "default": "no schema"}},
    ],
)
def test_a_good_document_is_not_checked_twice(own_checks: list[Document], schema: Document) -> None:
    document = document_with(schema)
    OpenAPISpecification(copied(document))
    own_checks.clear()
    assert list(QuickSpecification(document)["paths"]) == ["/books"]
    assert own_checks == []


@pytest.mark.parametrize(
    "document",
    [
        document_with({"type": "integer", "default": "one"}),
        document_with({"properties": {"headers": {"type": "integer", "default": "one"}}}),
        document_with({"items": {"allOf": [{"type": "boolean", "default": 1}]}}),
        document_with({}, components={"schemas": {"default": {"type": "array", "default": 1}}}),
    ],
)
def test_a_bad_default_is_refused_in_connexion_s_words(document: Document) -> None:
    with pytest.raises(InvalidSpecification) as expected:
        OpenAPISpecification(copied(document))
    with pytest.raises(InvalidSpecification) as refused:
        QuickSpecification(copied(document))
    assert str(refused.value) == str(expected.value)


def test_what_only_looks_like_a_reference_is_not_followed() -> None:
    """Connexion would, over the network too."""
    data = {"$ref": "http://127.0.0.1:1/nothing"}
    schema = {"type": "object", "default": data, "enum": [[data]], "example": data, "x-note": data}
    document = document_with({**schema, "properties": {"example": {"type": "string"}}})
    shown = QuickSpecification(document)["paths"]["/books"]["get"]["responses"]["200"]
    assert shown["content"]["application/json"]["schema"] == {
        "type": "object",
        "properties": {"example": {"type": "string"}},
    }
    assert document["paths"]["/books"]["get"]["responses"]["200"]["content"][
        "application/json"
    ] == {"schema": {**schema, "properties": {"example": {"type": "string"}}}}
