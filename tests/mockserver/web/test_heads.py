"""Lines and headers of requests: read once, and nobody can change what others are given."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from mockserver.behaviours.generic import generic_domain
from mockserver.model import Reply
from mockserver.openapi import SchemaCompiler
from mockserver.web.compiled import CompiledOperation, compile_operation
from mockserver.web.heads import HEADERS_KEPT, LINES_KEPT, LONGEST_LINE_BYTES, Heads, Line
from mockserver.web.router import Router

Json = Any
Read = Callable[..., Heads]

ID = {"in": "path", "name": "id", "required": True, "schema": {"type": "integer"}}
NAMES = {"in": "query", "name": "name", "schema": {"type": "array", "items": {"type": "string"}}}
COUNT = {"in": "query", "name": "count", "schema": {"type": "integer", "default": 7}}
TOKEN = {"in": "header", "name": "X-Token", "required": True, "schema": {"type": "string"}}
LEVEL = {"in": "cookie", "name": "level", "schema": {"type": "integer"}}


class CountingRouter(Router[CompiledOperation]):
    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def find(self, method: str, path: str) -> Any:
        self.asked += 1
        return super().find(method, path)


@pytest.fixture
def router() -> CountingRouter:
    return CountingRouter()


@pytest.fixture
def read(operation_of: Callable[..., Any], router: CountingRouter) -> Read:
    """Heads for `GET /things/{id}` with these parameters."""

    def make(*parameters: Json) -> Heads:
        raw = {"parameters": [ID, *parameters]}
        operation = operation_of(raw, "/things/{id}", "get")
        schemas = SchemaCompiler(operation.document)
        compiled = compile_operation(operation, lambda call: Reply(204), generic_domain(), schemas)
        router.add("GET", "/things/{id}", compiled)
        return Heads(router, lambda path: path.removeprefix("/api"))

    return make


def line(heads: Heads, path: str = "/things/1", query: str = "", method: str = "GET") -> Line:
    return heads.line(method, (f"{path}?{query}" if query else path).encode())


def values(one: Line, **headers: str) -> tuple[Json, Json, list[str]]:
    assert one.compiled is not None
    path, query, broken = one.values(one.compiled, headers)
    return path, query, [f"{each.where} {each.rule}" for each in broken]


def test_a_line_that_comes_again_is_looked_up_once(read: Read, router: CountingRouter) -> None:
    heads = read()
    assert line(heads) is line(heads)
    assert router.asked == 1


@pytest.mark.parametrize(
    ("path", "query", "method"),
    [("/things/2", "", "GET"), ("/things/1", "count=1", "GET"), ("/things/1", "", "POST")],
)
def test_another_path_query_or_method_is_another_line(
    read: Read, path: str, query: str, method: str
) -> None:
    heads = read(COUNT)
    assert line(heads) is not line(heads, path, query, method)


def test_a_line_tells_the_target_as_the_api_sees_it(read: Read) -> None:
    found = line(read(COUNT), "/api/things/1", "count=1")
    assert (found.target, found.path) == ("/things/1?count=1", {"id": "1"})


def test_a_head_is_found_where_a_get_is(read: Read) -> None:
    heads = read()
    assert line(heads, method="HEAD").compiled is line(heads).compiled
    assert line(heads, "/nowhere", method="HEAD").compiled is None


def test_long_lines_are_not_remembered(read: Read, router: CountingRouter) -> None:
    heads = read()
    for _ in range(2):
        line(heads, "/things/" + "1" * LONGEST_LINE_BYTES)
    assert router.asked == 2


def test_lines_and_headers_are_forgotten_before_they_are_too_many(
    read: Read, router: CountingRouter
) -> None:
    heads = read()
    first = heads.headers([(b"a", b"0")])
    for number in range(LINES_KEPT + 1):
        line(heads, f"/things/{number}")
    for number in range(HEADERS_KEPT + 1):
        heads.headers([(b"a", b"%d" % number)])
    router.asked = 0
    line(heads, "/things/0")
    assert router.asked == 1
    assert heads.headers([(b"a", b"0")]) is not first


def test_the_values_given_are_the_callers_own(read: Read) -> None:
    found = line(read(COUNT))
    for _ in range(3):
        path, query, _ = values(found)
        assert (path, query) == ({"id": 1}, {"count": 7})
        path["id"], query["more"] = 2, 3


def test_lists_in_a_query_are_never_shared(read: Read) -> None:
    found = line(read(NAMES), query="name=a&name=b")
    for _ in range(3):
        _, query, _ = values(found)
        assert query == {"name": ["a", "b"]}
        query["name"].append("c")


def test_broken_rules_of_a_line_are_told_each_time(read: Read) -> None:
    found = line(read(COUNT), "/things/x", "count=y")
    for _ in range(3):
        assert values(found)[2] == ["path type", "query type"]


def test_headers_and_cookies_are_looked_at_each_time(read: Read) -> None:
    found = line(read(TOKEN, LEVEL))
    good = {"x-token": "a", "cookie": "level=1"}
    assert values(found, **good) == ({"id": 1}, {}, [])
    assert values(found)[2] == ["header required"]
    assert values(found, **{**good, "cookie": "level=high"})[2] == ["cookie type"]
    assert values(found, **good)[2] == []


def test_the_same_headers_are_the_same_object_that_nobody_writes_to(read: Read) -> None:
    heads = read()
    sent = [(b"x-a", b"1"), (b"x-b", b"\xe9"), (b"x-a", b"2")]
    first, again = heads.headers(sent), heads.headers(list(sent))
    assert first is again
    assert dict(first) == {"x-a": "2", "x-b": "\u00e9"}
    with pytest.raises(TypeError):
        first["x-a"] = "3"  # type: ignore[index]


def test_header_pairs_may_be_lists(read: Read) -> None:
    pairs: Any = [[b"x-a", b"1"]]
    told: Mapping[str, str] = read().headers(pairs)
    assert dict(told) == {"x-a": "1"}
