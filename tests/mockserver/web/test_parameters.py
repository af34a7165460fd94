"""Parameters: cast as their schemas say, text that does not read stays text and is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.openapi import SchemaCompiler
from mockserver.web.parameters import read_parameters

Json = Any
Read = Callable[..., tuple[dict[str, Json], dict[str, Json], list[tuple[str, tuple[Any, ...]]]]]


@pytest.fixture
def read(operation_of: Callable[..., Any]) -> Read:
    """Reads a request's parameters; gives path values, query values and broken rules."""

    def reading(
        parameters: list[Json],
        path: dict[str, Json] | None = None,
        query: str = "",
        headers: dict[str, str] | None = None,
    ) -> tuple[dict[str, Json], dict[str, Json], list[tuple[str, tuple[Any, ...]]]]:
        operation = operation_of({"parameters": parameters})
        readers = read_parameters(operation, SchemaCompiler(operation.document))
        values, queried, broken = readers.values(dict(path or {}), query.encode(), headers or {})
        return values, queried, [(one.rule, one.place) for one in broken]

    return reading


def parameter(where: str, name: str, schema: Json, **more: Json) -> Json:
    return {"in": where, "name": name, "schema": schema, "required": where == "path", **more}


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({"type": "number"}, "12", 12),
        ({"type": "number"}, "1.5", 1.5),
        ({"type": "number"}, "1e3", 1000),
        ({"type": "integer"}, "-3", -3),
        ({"type": "string"}, "12", "12"),
        ({"type": "boolean"}, "true", True),
    ],
)
def test_path_text_is_read_as_its_type(read: Read, schema: Json, text: str, value: Json) -> None:
    values, _, broken = read([parameter("path", "id", schema)], {"id": text})
    assert values == {"id": value}
    assert type(values["id"]) is type(value)
    assert broken == []


@pytest.mark.parametrize(
    "text", ["abc", "nan", "inf", "1e400", "1_000", "+1", "", "0x10", "9" * 500, "\u0661"]
)
@pytest.mark.parametrize("kind", ["integer", "number"])
def test_what_is_no_json_number_is_refused_not_converted(read: Read, kind: str, text: str) -> None:
    _, _, broken = read([parameter("path", "id", {"type": kind})], {"id": text})
    assert broken == [("type", ("id",))]


def test_an_integer_beyond_64_bits_is_no_integer(read: Read) -> None:
    values, _, broken = read([parameter("path", "id", {"type": "integer"})], {"id": "1" + "0" * 28})
    assert broken == [("type", ("id",))]
    assert values == {"id": 1e28}


def test_a_missing_required_header_is_a_violation_even_if_it_has_a_default(read: Read) -> None:
    schema = {"type": "string", "default": "2024-09-04"}
    header = parameter("header", "Cal-Api-Version", schema, required=True)
    assert read([header])[2] == [("required", ("Cal-Api-Version",))]
    assert read([header], headers={"cal-api-version": "x"})[2] == []


@pytest.mark.parametrize(("kind", "text"), [("integer", "7"), ("boolean", "true")])
def test_a_typed_header_is_cast_before_it_is_validated(read: Read, kind: str, text: str) -> None:
    header = parameter("header", "X-Count", {"type": kind})
    assert read([header], headers={"x-count": text})[2] == []
    assert read([header], headers={"x-count": "none"})[2] == [("type", ("X-Count",))]


def test_an_absent_query_parameter_takes_its_default_or_stays_away(read: Read) -> None:
    take = parameter("query", "take", {"type": "integer", "default": 250})
    skip = parameter("query", "skip", {"type": "integer"})
    assert read([take, skip])[1] == {"take": 250}


def test_a_query_schema_without_a_type_is_read_as_text(read: Read) -> None:
    either = parameter("query", "q", {"oneOf": [{"enum": ["a"]}, {"enum": ["b"]}]})
    assert read([either], query="q=a")[1:] == ({"q": "a"}, [])
    assert read([either], query="q=c")[2] == [("oneOf", ("q",))]


def test_a_scalar_given_twice_is_refused(read: Read) -> None:
    name = parameter("query", "name", {"type": "string"})
    assert read([name], query="name=a&name=b")[2] == [("type", ("name",))]


@pytest.mark.parametrize(
    ("more", "query", "value"),
    [
        ({}, "ids=1&ids=2", [1, 2]),
        ({"explode": False}, "ids=1,2", [1, 2]),
        ({"style": "pipeDelimited", "explode": False}, "ids=1%7C2", [1, 2]),
        ({"style": "spaceDelimited", "explode": False}, "ids=1+2", [1, 2]),
    ],
)
def test_arrays_are_read_in_their_style(read: Read, more: Json, query: str, value: Json) -> None:
    schema = {"type": "array", "items": {"type": "integer"}}
    assert read([parameter("query", "ids", schema, **more)], query=query)[1] == {"ids": value}


def test_an_exploded_array_keeps_commas_inside_its_values(read: Read) -> None:
    names = parameter("query", "names", {"type": "array", "items": {"type": "string"}})
    assert read([names], query="names=a%2Cb&names=c")[1] == {"names": ["a,b", "c"]}


@pytest.mark.parametrize(
    ("more", "query"),
    [
        ({"style": "deepObject", "explode": True}, "at[x]=1&at[y]=2"),
        ({}, "x=1&y=2"),
        ({"explode": False}, "at=x,1,y,2"),
    ],
)
def test_objects_are_read_in_their_style(read: Read, more: Json, query: str) -> None:
    schema = {
        "type": "object",
        "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}},
        "required": ["x"],
    }
    at = parameter("query", "at", schema, **more)
    assert read([at], query=query)[1:] == ({"at": {"x": 1, "y": 2}}, [])


def test_bytes_that_are_not_utf8_in_a_query_are_no_crash(read: Read) -> None:
    name = parameter("query", "name", {"type": "string"})
    assert read([name], query="name=%ff%fe")[2] == []


def test_a_cookie_is_read(read: Read) -> None:
    cookie = parameter("cookie", "session", {"type": "integer"}, required=True)
    assert read([cookie], headers={"cookie": "session=7"})[2] == []
    assert read([cookie])[2] == [("required", ("session",))]
