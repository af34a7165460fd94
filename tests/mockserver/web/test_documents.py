"""Documents that are right, and over which a library once stumbled at the start."""

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.app import create_app
from mockserver.model import Document
from mockserver.settings import Settings

MEDIA: Document = {"schema": {"type": "object"}}


def document_with(media: Document = MEDIA, **more: Any) -> Document:
    content = {"application/json": media}
    answers = {"200": {"description": "", "content": content}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Books", "version": "1"},
        "paths": {"/books": {"get": {"responses": answers}}},
        **more,
    }


HEADER: Document = {"a": {"headers": {"X-A": {"$ref": "#/components/headers/A"}}}}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(document_with({"example": {"$ref": "#/none"}}), id="an example with a $ref"),
        pytest.param(
            document_with({"schema": {"type": "object", "default": {"$ref": "#/none"}}}),
            id="a default with a $ref",
        ),
        pytest.param(
            document_with(
                {"schema": {"type": "object"}, "x-note": {"$ref": "http://127.0.0.1:1/"}}
            ),
            id="an extension with a $ref",
        ),
        pytest.param(document_with(servers=[{"url": "https://{host}/"}]), id="a host left open"),
        pytest.param(
            document_with(
                {**MEDIA, "encoding": HEADER},
                components={"headers": {"A": {"schema": {"type": "string"}}}},
            ),
            id="an encoding whose header is a reference",
        ),
    ],
)
def test_a_document_that_is_right_is_served(tmp_path: Path, document: Document) -> None:
    file = tmp_path / "books.json"
    file.write_text(json.dumps(document))
    assert [route.path for route in create_app(Settings(spec=file)).routes()] == ["/books"]
