"""The quick check of a document finds what Connexion's own check finds."""

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
    assert QuickSpecification(document).raw["paths"] == document["paths"]
    assert own_checks == []


@pytest.mark.parametrize(
    "document",
    [
        document_with({"type": "integer", "default": "one"}),
        document_with({"properties": {"headers": {"type": "integer", "default": "one"}}}),
        document_with({"items": {"allOf": [{"type": "boolean", "default": 1}]}}),
        document_with({}, components={"schemas": {"default": {"type": "array", "default": 1}}}),
        document_with(
            {}, servers=[{"url": "/{v}", "variables": {"v": {"enum": [], "default": 1}}}]
        ),
        document_with({}, paths={"/books": {"get": {}}}),
        document_with({"type": "unheard of"}),
        document_with({}, info={}),
    ],
)
def test_a_bad_document_is_refused_in_connexion_s_words(document: Document) -> None:
    with pytest.raises(InvalidSpecification) as expected:
        OpenAPISpecification(copied(document))
    with pytest.raises(InvalidSpecification) as refused:
        QuickSpecification(copied(document))
    assert str(refused.value) == str(expected.value)
