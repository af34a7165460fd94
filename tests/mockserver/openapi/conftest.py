"""The library as a document, and small files written for one test."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from mockserver.model import Document, Json
from mockserver.openapi import load_document

LIBRARY = Path(__file__).parents[2] / "data" / "library.yaml"

Write = Callable[[str, str], Path]


@pytest.fixture(scope="session")
def library_path() -> Path:
    return LIBRARY


@pytest.fixture
def library() -> Document:
    return load_document(LIBRARY)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a dedented text into a file below `tmp_path` and gives its path."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
        return path

    return write


@pytest.fixture
def small() -> Callable[..., Document]:
    """A document of the given paths and schemas."""

    def small(paths: Json = None, schemas: Json = None, **rest: Json) -> Document:
        components = {"components": {"schemas": schemas}} if schemas else {}
        info = {"title": "Small", "version": "1"}
        return {"openapi": "3.0.3", "info": info, "paths": paths or {}, **components, **rest}

    return small
