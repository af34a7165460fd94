import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.model import Document, Json
from mockserver.openapi import (
    Sampler,
    SchemaCompiler,
    effective_document,
    examples_of,
    load_document,
    operations_of,
    sample,
)
from mockserver.openapi.sample_pattern import Unfit, matching

Small = Callable[..., Document]

ROOT = Path(__file__).parents[3]
BUNDLED = ROOT / "spec" / "openapi.yaml"
EMPTY: Document = {"openapi": "3.0.3", "paths": {}}


def ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "example": "e", "default": "d", "enum": ["x", "d", "e"]}, "e"),
        ({"type": "string", "default": "d", "enum": ["x", "d"]}, "d"),
        ({"type": "string", "enum": ["x", "d"]}, "x"),
        ({"type": "integer", "example": "not one", "default": 7}, 7),
        ({"type": "integer", "minimum": 5, "maximum": 5}, 5),
        ({"oneOf": [{"type": "integer", "enum": [1]}, {"type": "string"}]}, 1),
        ({"type": "string", "nullable": True, "example": None}, None),
    ],
)
def test_the_documents_own_words_come_first(schema: Document, value: Json) -> None:
    assert sample(schema, EMPTY) == value


def test_dynamic_values_leave_examples_aside() -> None:
    schema = {"type": "string", "example": "the example", "default": "the default"}
    assert sample(schema, EMPTY, dynamic=True) not in ("the example", "the default")


def test_an_object_has_what_is_required_and_what_has_an_example() -> None:
    schema = {
        "type": "object",
        "required": ["a", "undeclared"],
        "properties": {
            "a": {"type": "integer"},
            "b": {"type": "string", "example": "shown"},
            "c": {"type": "string"},
        },
    }
    value = sample(schema, EMPTY)
    assert value.keys() == {"a", "b", "undeclared"}
    assert value["b"] == "shown"


def test_what_the_direction_hides_is_left_out() -> None:
    schema = {
        "type": "object",
        "required": ["r", "w"],
        "properties": {
            "r": {"type": "integer", "readOnly": True},
            "w": {"type": "integer", "writeOnly": True},
        },
    }
    assert sample(schema, EMPTY, direction="request").keys() == {"w"}
    assert sample(schema, EMPTY, direction="response").keys() == {"r"}


def test_parts_of_all_of_are_one_object() -> None:
    schema = {
        "allOf": [
            {"type": "object", "required": ["a"], "properties": {"a": {"example": 1}}},
            {"type": "object", "required": ["b"], "properties": {"b": {"enum": [2]}}},
        ]
    }
    assert sample(schema, EMPTY) == {"a": 1, "b": 2}


def test_of_overlapping_variants_one_is_met_alone() -> None:
    dated = {"type": "object", "required": ["until"], "properties": {"until": {"example": "x"}}}
    counted = {
        "type": "object",
        "required": ["uses"],
        "properties": {"uses": {"example": 1}, "until": {"example": "y"}},
    }
    assert sample({"oneOf": [counted, dated]}, EMPTY) == {"uses": 1}


def test_dynamic_values_meet_every_variant_for_some_seed() -> None:
    schema = {"oneOf": [{"type": "integer"}, {"type": "string"}, {"type": "boolean"}]}
    sampler = Sampler(EMPTY)
    kinds = {type(sampler.sample(schema, seed=seed, dynamic=True)) for seed in range(40)}
    assert kinds == {int, str, bool}


def test_only_dynamic_lists_are_longer_than_they_must_be() -> None:
    schema = {"type": "array", "items": {"type": "integer"}}
    sampler = Sampler(EMPTY)
    assert {len(sampler.sample(schema, seed=seed)) for seed in range(20)} == {1}
    assert {len(sampler.sample(schema, seed=seed, dynamic=True)) for seed in range(20)} == {1, 2, 3}


def test_same_seed_and_pointer_give_the_same_value(library: Document) -> None:
    for dynamic in (False, True):
        one, other = (
            sample(ref("Book"), library, seed=4, pointer="/x", dynamic=dynamic) for _ in range(2)
        )
        assert one == other


def test_another_seed_or_pointer_gives_another_value(library: Document) -> None:
    schema = {"type": "string", "format": "uuid"}
    values = [
        sample(schema, library, seed=seed, pointer=pointer)
        for seed in (1, 2)
        for pointer in ("/a", "/b")
    ]
    assert len(set(values)) == 4


def test_what_was_sampled_before_does_not_matter(small: Small) -> None:
    hard = {"type": "object", "required": ["a"], "properties": {"a": {"not": {}}}}
    document = small(schemas={"Hard": hard, "Easy": {"type": "integer"}})
    used = Sampler(document)
    used.sample(ref("Hard"))
    for schema in (ref("Hard"), ref("Easy")):
        assert used.sample(schema, seed=3) == Sampler(document).sample(schema, seed=3)


def test_a_sample_is_nobody_elses_value(library: Document) -> None:
    before = str(library)
    schema = {"type": "object", "example": {"list": []}}
    sample(schema, library)["list"].append(1)
    assert schema["example"] == {"list": []}
    assert str(library) == before


TREES: dict[str, Document] = {
    "Tree": {"properties": {"kids": {"type": "array", "items": ref("Tree")}}, "required": ["kids"]},
    "List": {
        "type": "object",
        "required": ["value"],
        "properties": {"value": {"type": "integer"}, "next": ref("List")},
    },
    "Chain": {
        "type": "object",
        "nullable": True,
        "required": ["next"],
        "properties": {"next": ref("Chain")},
    },
    "Expression": {
        "oneOf": [
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["left", "right"],
                "properties": {"left": ref("Expression"), "right": ref("Expression")},
            },
            {"type": "integer"},
        ]
    },
    "Forever": {"type": "object", "required": ["next"], "properties": {"next": ref("Forever")}},
}


@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize("name", ["Tree", "List", "Chain", "Expression"])
def test_recursion_ends_in_a_value_that_fits(small: Small, name: str, dynamic: bool) -> None:
    document = small(schemas=TREES)
    validator = SchemaCompiler(document).compile(ref(name), "response")
    for seed in range(5):
        value = sample(ref(name), document, seed=seed, dynamic=dynamic)
        assert validator.is_valid(value), value


def test_recursion_that_cannot_end_ends_all_the_same(small: Small) -> None:
    sample(ref("Forever"), small(schemas=TREES))


@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize("direction", ["request", "response"])
@pytest.mark.parametrize("name", ["library", "bundled"])
def test_every_schema_of_a_document_has_a_sample(
    library_path: Path, name: str, direction: str, dynamic: bool
) -> None:
    if name == "bundled":
        document = effective_document(BUNDLED, sorted((BUNDLED.parent / "overlays").glob("*.yaml")))
    else:
        document = load_document(library_path)
    compiler = SchemaCompiler(document)
    sampler = Sampler(document, compiler)
    for schema_name in document["components"]["schemas"]:
        validator = compiler.compile(ref(schema_name), direction)  # type: ignore[arg-type]
        value = sampler.sample(
            ref(schema_name),
            dynamic=dynamic,
            direction=direction,  # type: ignore[arg-type]
        )
        assert validator.violations(value, "body") == [], schema_name


def bounds(low: str, high: str, most: int) -> st.SearchStrategy[Document]:
    pair = st.tuples(st.integers(0, most), st.integers(0, most)).map(sorted)
    return st.one_of(
        st.just({}),
        pair.map(lambda ends: {low: ends[0], high: ends[1]}),
        pair.map(lambda ends: {low: ends[0]}),
    )


def joined(*parts: st.SearchStrategy[Document]) -> st.SearchStrategy[Document]:
    return st.tuples(*parts).map(lambda all_: {k: v for part in all_ for k, v in part.items()})


texts = joined(
    st.just({"type": "string"}),
    st.one_of(
        bounds("minLength", "maxLength", 30),
        st.sampled_from(
            ["date-time", "date", "email", "uuid", "uri", "ipv4", "ipv6", "byte", "hostname"]
        ).map(lambda name: {"format": name}),
        st.sampled_from(
            [r"^97[89]\d{10}$", r"^[a-z]+(-[a-z0-9]{2,4})*$", r"^(a|bc)?x\.y$", r"^\w+@[^@\s]+$"]
        ).map(lambda pattern: {"pattern": pattern}),
    ),
)
numbers = joined(
    st.sampled_from([{"type": "integer"}, {"type": "number"}]),
    st.one_of(
        joined(
            bounds("minimum", "maximum", 1000).map(
                lambda ends: {k: v - 500 for k, v in ends.items()}
            ),
        ),
        st.sampled_from(
            [
                {"multipleOf": 7},
                {"multipleOf": 7, "minimum": 1, "maximum": 7},
                {"minimum": 3, "exclusiveMinimum": True},
                {"maximum": -3, "exclusiveMaximum": True},
            ]
        ),
    ),
    st.sampled_from([{}, {"nullable": True}, {"format": "int32"}]),
)
plain = st.one_of(
    texts,
    numbers,
    st.just({"type": "boolean"}),
    st.just({"type": "object"}),
    st.just({}),
    st.just({"type": "string", "enum": ["a", "b", "c"]}),
    st.just({"type": "integer", "example": "does not fit"}),
)


def arrays(items: st.SearchStrategy[Document]) -> st.SearchStrategy[Document]:
    return joined(
        items.map(lambda schema: {"type": "array", "items": schema}),
        bounds("minItems", "maxItems", 3),
    )


def objects(inner: st.SearchStrategy[Document]) -> st.SearchStrategy[Document]:
    names = st.sampled_from(["a", "b", "c"])
    return joined(
        st.dictionaries(names, inner, max_size=3).map(
            lambda properties: {"type": "object", "properties": properties}
        ),
        st.lists(names, unique=True, max_size=3).map(lambda needed: {"required": needed}),
        st.sampled_from([{}, {"minProperties": 2}, {"additionalProperties": {"type": "integer"}}]),
    )


def closed(schema: Document, name: str) -> Document:
    tag = {"type": "object", "required": ["tag"], "properties": {"tag": {"enum": [name]}}}
    return {"allOf": [tag, {"type": "object", "properties": {"value": schema}}]}


schemas = st.recursive(
    plain,
    lambda inner: st.one_of(
        arrays(inner),
        objects(inner),
        objects(inner).map(lambda schema: {"allOf": [schema, {"nullable": False}]}),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda branches: {
                "oneOf": [closed(branch, str(index)) for index, branch in enumerate(branches)]
            }
        ),
        st.lists(inner, min_size=1, max_size=3).map(lambda branches: {"anyOf": branches}),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schema=schemas, seed=st.integers(0, 3), dynamic=st.booleans())
def test_a_sample_fits_its_schema(schema: Document, seed: int, dynamic: bool) -> None:
    value = sample(schema, EMPTY, seed=seed, dynamic=dynamic)
    validator = SchemaCompiler(EMPTY).compile(schema, "response")
    assert validator.violations(value, "response") == []


@pytest.mark.parametrize(
    "items",
    [
        {"type": "integer", "minimum": 1, "maximum": 4},
        {"type": "string", "enum": ["a", "b", "c", "d"]},
        {"type": "string", "example": "always the same"},
    ],
)
@pytest.mark.parametrize("dynamic", [False, True])
def test_unique_items_are_unique(items: Document, dynamic: bool) -> None:
    schema = {"type": "array", "minItems": 4, "uniqueItems": True, "items": items}
    value = sample(schema, EMPTY, dynamic=dynamic)
    assert len(value) >= 4
    assert len(set(value)) == len(value)


@pytest.mark.parametrize(
    "pattern",
    [
        r"^97[89][0-9]{10}$",
        r"^[0-2][0-9]:[0-5][0-9]$",
        r"^#(?:[0-9a-fA-F]{3}){1,2}$",
        r"^[^/\s]+/[a-z_-]{2,}$",
        r"(foo|bar)+?\d*",
        r"^\+?[1-9]\d{1,14}$",
        r"^[\w.-]+$",
        r"a.c",
        r"^$",
        r"^[]-]?",
    ],
)
def test_texts_match_the_patterns_that_are_understood(pattern: str) -> None:
    for seed in range(20):
        try:
            text = matching(pattern, Random(seed))
        except Unfit:
            assert pattern == r"^[]-]?"
        else:
            assert re.search(pattern, text), text


@pytest.mark.parametrize("pattern", [r"(?=a)b", r"(?<n>a)", r"\p{L}", "a{x}", "(a", "a)", "*", "["])
def test_other_patterns_are_given_up(pattern: str) -> None:
    with pytest.raises(Unfit):
        matching(pattern, Random(0))


def test_named_examples_are_found(library: Document) -> None:
    by_id = {operation.id: operation for operation in operations_of(library)}
    created = examples_of(by_id["createAuthor"], "201", "application/json")
    assert {name: value["id"] for name, value in created.items()} == {"novelist": 7, "poet": 8}
    missing = examples_of(by_id["getBook"], "404", "application/problem+json")
    assert missing == {"default": {"title": "Not Found", "status": 404}}


@pytest.mark.parametrize(
    ("status", "media_type"),
    [("404", "application/json"), ("418", "application/json"), ("default", "text/plain")],
)
def test_where_there_is_no_example_there_is_none(
    library: Document, status: str, media_type: str
) -> None:
    by_id = {operation.id: operation for operation in operations_of(library)}
    assert examples_of(by_id["getBook"], status, media_type) == {}


def test_examples_by_reference_are_followed(small: Small) -> None:
    media = {
        "examples": {"one": {"$ref": "#/components/examples/One"}, "far": {"externalValue": "x"}}
    }
    response = {"description": "ok", "content": {"application/json": media}}
    components = {
        "examples": {"One": {"value": 1}},
        "responses": {"Ok": response},
    }
    paths = {"/x": {"get": {"responses": {"200": {"$ref": "#/components/responses/Ok"}}}}}
    (operation,) = operations_of(small(paths, components=components))
    assert examples_of(operation, "200", "application/json") == {"one": 1}
