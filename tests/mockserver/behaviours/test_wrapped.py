"""Resources in an envelope whose members are not constant, and those that cannot be stored."""

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.model import Document, Json

ORDER: Document = {
    "type": "object",
    "required": ["id", "item"],
    "properties": {"id": {"type": "integer", "readOnly": True}, "item": {"type": "string"}},
}
INTEGER: Document = {"type": "integer", "minimum": 0}
META = ("total", "page", "limit", "totalPages")


def wrapped(data: Document, **beside: Document) -> Document:
    names: Document = {"success": {"type": "boolean"}, "data": data, **beside}
    return {"type": "object", "required": list(names), "properties": names}


def meta_of(*names: str, **more: Document) -> Document:
    properties = {**dict.fromkeys(names, INTEGER), **more}
    return {"type": "object", "required": list(properties), "properties": properties}


def ok(schema: Document, status: str = "200") -> Document:
    content = {"application/json": {"schema": schema}}
    return {status: {"description": "ok", "content": content}}


def shop(listed: Document) -> Document:
    body = {"content": {"application/json": {"schema": ORDER}}}
    names = ("page", "limit")
    query = [{"name": name, "in": "query", "schema": {"type": "integer"}} for name in names]
    query[1]["schema"]["default"] = 2  # type: ignore[index]
    path = {"name": "orderId", "in": "path", "required": True, "schema": {"type": "integer"}}
    created = {"operationId": "create", "requestBody": body}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Shop", "version": "1"},
        "paths": {
            "/orders": {
                "get": {"operationId": "list", "parameters": query, "responses": ok(listed)},
                "post": {**created, "responses": ok(wrapped(ORDER), "201")},
            },
            "/orders/{orderId}": {
                "parameters": [path],
                "get": {"operationId": "read", "responses": ok(wrapped(ORDER))},
            },
        },
    }


@pytest.fixture
def filled(new_library: Callable[[Document], Any]) -> Callable[..., Any]:
    """A shop with that many orders, whose list has *beside* beside it."""

    def filled(count: int, /, **beside: Document) -> Any:
        library = new_library(shop(wrapped({"type": "array", "items": ORDER}, **beside)))
        for _ in range(count):
            library.ask("create", body={"item": "pen"})
        return library

    return filled


def test_a_required_boolean_beside_the_payload_is_true(filled: Callable[..., Any]) -> None:
    shown = {"success": True, "data": {"id": 1, "item": "pen"}}
    assert filled(1).ask("read", {"orderId": 1}).body == shown


def test_totals_and_pages_one_level_down_are_true(filled: Callable[..., Any]) -> None:
    answer = filled(5, meta=meta_of(*META)).ask("list", query={"page": 3, "limit": 2}).body
    assert answer["meta"] == {"total": 5, "page": 3, "limit": 2, "totalPages": 3}
    assert [one["id"] for one in answer["data"]] == [5]


def test_pages_are_the_defaults_where_nothing_is_asked(filled: Callable[..., Any]) -> None:
    answer = filled(5, meta=meta_of(*META)).ask("list").body
    assert answer["meta"] == {"total": 5, "page": 1, "limit": 2, "totalPages": 3}


@pytest.mark.parametrize("name", ["total", "count", "totalCount", "total_count"])
def test_a_total_beside_the_list_is_the_real_one(filled: Callable[..., Any], name: str) -> None:
    assert filled(3, **{name: INTEGER}).ask("list").body[name] == 3


@pytest.mark.parametrize(("page", "has_more"), [(1, True), (2, False)])
def test_more_is_promised_only_where_there_is_more(
    filled: Callable[..., Any], page: int, has_more: bool
) -> None:
    library = filled(3, meta=meta_of(hasMore={"type": "boolean"}))
    assert library.ask("list", query={"page": page}).body["meta"] == {"hasMore": has_more}


def test_a_text_so_named_is_left_alone(filled: Callable[..., Any]) -> None:
    text: Document = {"type": "string", "example": "many"}
    assert filled(3, total=text).ask("list").body["total"] == "many"


def test_one_list_that_is_none_makes_examples_of_all_and_says_so(
    new_library: Callable[[Document], Any], caplog: pytest.LogCaptureFixture
) -> None:
    library = new_library(shop(wrapped({"type": "array", "items": {"type": "string"}})))
    assert {choice.kind for choice in library.choices.values()} == {"example"}
    reason = "because the answer of GET /orders shows no orders"
    assert sorted(caplog.messages) == [
        f"GET /orders is answered by an example {reason}",
        f"GET /orders/{{orderId}} is answered by an example {reason}",
        f"POST /orders is answered by an example {reason}",
    ]


def below_a_shop() -> Document:
    """Orders below a shop that is answered by an example."""
    document = shop(wrapped({"type": "array", "items": ORDER}))
    parent: Json = {"name": "shopId", "in": "path", "required": True, "schema": {"type": "string"}}
    paths: Document = {
        f"/shops/{{shopId}}{path}": {
            **item,
            "parameters": [parent, *item.get("parameters", [])],
        }
        for path, item in document["paths"].items()
    }
    named = {"type": "object", "properties": {"name": {"type": "string"}}}
    paths["/shops/{shopId}"] = {
        "parameters": [parent],
        "get": {"operationId": "readShop", "responses": ok(named)},
    }
    return {**document, "paths": paths}


def test_a_parent_that_is_not_stored_still_parts_its_children(
    new_library: Callable[[Document], Any],
) -> None:
    library = new_library(below_a_shop())
    library.ask("create", {"shopId": "a"}, {"item": "pen"})
    assert library.ask("list", {"shopId": "b"}).body["data"] == []


def test_a_parent_that_is_not_stored_is_warned_of(
    new_library: Callable[[Document], Any], caplog: pytest.LogCaptureFixture
) -> None:
    new_library(below_a_shop())
    told = "GET /shops/{shopId}/orders takes any shopId because /shops/{shopId} is not stored"
    assert told in caplog.messages
