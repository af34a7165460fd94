"""The admin API's own OpenAPI document, and what follows from it for each operation."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mockserver.model import MISSING, Document, Json
from mockserver.openapi.reading import read_yaml
from mockserver.web.admin.checks import Check

PREFIX = "/__admin"
_FILE = Path(__file__).with_name("openapi.yaml")
_METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A path or query parameter; *default* is MISSING where the document gives none."""

    name: str
    where: str
    is_integer: bool
    default: Json
    check: Check


@dataclass(frozen=True, slots=True)
class AdminOperation:
    """One operation of the admin API; *body* is None where it takes none."""

    id: str
    method: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    body: Check | None
    is_body_required: bool


def admin_document() -> Document:
    """The document, as a value of the caller's own."""
    document: Document = read_yaml(_FILE)
    return document


@cache
def admin_operations() -> tuple[AdminOperation, ...]:
    """Every operation of the admin document, compiled: once, as the document never changes."""
    document = admin_document()
    return tuple(
        _operation(document, method.upper(), path, item, item[method])
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item
    )


def _operation(
    document: Document, method: str, path: str, item: Document, raw: Document
) -> AdminOperation:
    declared = [*item.get("parameters", ()), *raw.get("parameters", ())]
    body = raw.get("requestBody")
    schema = body["content"]["application/json"]["schema"] if body else None
    return AdminOperation(
        id=raw["operationId"],
        method=method,
        path=path,
        summary=raw["summary"],
        parameters=tuple(_parameter(document, one) for one in declared),
        body=None if schema is None else Check(schema, document),
        is_body_required=bool(body and body["required"]),
    )


def _parameter(document: Document, declared: Mapping[str, Json]) -> Parameter:
    if "$ref" in declared:
        declared = document["components"]["parameters"][declared["$ref"].rpartition("/")[2]]
    schema = declared["schema"]
    return Parameter(
        name=declared["name"],
        where=declared["in"],
        is_integer=schema.get("type") == "integer",
        default=schema.get("default", MISSING),
        check=Check(schema, document),
    )
