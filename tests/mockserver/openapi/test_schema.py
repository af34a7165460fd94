import gc
import weakref
from collections.abc import Callable

import pytest

from mockserver.errors import SetupError
from mockserver.model import MISSING, Document, Json, Violation
from mockserver.openapi import SchemaCompiler, Validator

Small = Callable[..., Document]
Compile = Callable[..., Validator]

UUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


@pytest.fixture
def compiled(small: Small) -> Compile:
    """Compiles one schema, beside named ones, for a direction."""

    def compiled(schema: Document, direction: str = "request", **named: Document) -> Validator:
        compiler = SchemaCompiler(small(schemas=named))
        return compiler.compile(schema, direction)  # type: ignore[arg-type]

    return compiled


def ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def shown(violations: list[Violation]) -> list[tuple[str, str, str]]:
    return [(violation.pointer, violation.rule, violation.message) for violation in violations]


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "string", "nullable": True}, [None, "a"], [1]),
        ({"type": "string"}, ["a"], [None]),
        ({"type": "string", "enum": ["a"], "nullable": True}, [None, "a"], ["b"]),
        ({"enum": ["a", "a"]}, ["a"], ["b", None]),
        ({"oneOf": [{"type": "string"}], "nullable": True}, [None, "a"], [1]),
        ({"anyOf": [{"type": "string"}], "nullable": True}, [None, "a"], [1]),
        ({"allOf": [{"type": "string"}], "nullable": True}, [None, "a"], [1]),
        ({**ref("Text"), "nullable": True}, [None, "a"], [1]),
        ({"type": "object", "allOf": [ref("A")], "nullable": True}, [None, {"a": 1}], [{}, 1]),
        ({"type": "integer"}, [1, -1], [1.0, 1.5, True, "1"]),
        ({"type": "number"}, [1, 1.5], [True, "1"]),
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, [2], [1]),
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": False}, [1], [0]),
        ({"type": "integer", "exclusiveMaximum": True}, [1], []),
        ({"type": "integer", "format": "int32"}, [2**31 - 1], [2**31, -(2**31) - 1]),
        ({"type": "integer", "format": "int64"}, [2**63 - 1], [2**63]),
        ({"type": "string", "format": "int32"}, ["a"], []),
        ({"type": "string", "format": "date-time"}, ["2030-01-01T08:00:00.000Z"], ["2030-01-01"]),
        ({"type": "string", "format": "date-time"}, [], ["2030-01-01T08:00:00"]),
        ({"type": "string", "format": "date"}, ["2030-01-01"], ["2030-02-30", "01.01.2030"]),
        ({"type": "string", "format": "email"}, ["a@b.example"], ["a"]),
        ({"type": "string", "format": "uuid"}, [UUID, UUID.upper()], ["3f25", UUID + "0"]),
        ({"type": "string", "format": "uri"}, ["https://a.example/b"], ["a b", "/b"]),
        ({"type": "string", "format": "ipv4"}, ["192.0.2.1"], ["192.0.2"]),
        ({"type": "string", "format": "ipv6"}, ["::1"], ["1"]),
        ({"type": "string", "format": "byte"}, ["aGk=", ""], ["*", "aGk"]),
        ({"type": "string", "format": "made-up"}, ["anything"], []),
        ({"type": "object", "required": []}, [{}], [1]),
        ({"type": "object", "additionalProperties": False}, [{}], [{"a": 1}]),
        ({"additionalProperties": {"type": "string"}}, [{"a": "b"}], [{"a": 1}]),
        ({"not": {"type": "string"}}, [1], ["a"]),
        ({"type": "string", "example": 3, "default": 4, "xml": {}, "x-a": 1}, ["a"], [3]),
        ({"oneOf": [ref("A"), ref("B")], "discriminator": {"propertyName": "t"}}, [{"a": 1}], [{}]),
        (ref("Tree"), [{"kids": [{"kids": []}]}], [{"kids": [{"kids": 1}]}]),
    ],
)
def test_schemas_mean_what_openapi_says(
    compiled: Compile, schema: Document, good: list[Json], bad: list[Json]
) -> None:
    named: dict[str, Document] = {
        "Text": {"type": "string"},
        "A": {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}},
        "B": {"type": "object", "required": ["b"], "properties": {"b": {"type": "integer"}}},
        "Tree": {"properties": {"kids": {"type": "array", "items": ref("Tree")}}},
    }
    validator = compiled(schema, **named)
    for value in good:
        assert validator.is_valid(value), value
        assert validator.violations(value, "body") == []
    for value in bad:
        assert not validator.is_valid(value), value
        assert validator.violations(value, "body"), value


READ_WRITE: Document = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "secret", "name"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "secret": {"$ref": "#/components/schemas/Secret"},
        "name": {"type": "string"},
    },
}
SECRET: Document = {"type": "string", "writeOnly": True}


def test_a_request_need_not_hold_what_is_read_only_and_may(compiled: Compile) -> None:
    validator = compiled(READ_WRITE, "request", Secret=SECRET)
    assert validator.is_valid({"secret": "s", "name": "n"})
    assert validator.is_valid({"secret": "s", "name": "n", "id": "whatever was read"})
    assert [v.pointer for v in validator.violations({}, "body")] == ["/secret", "/name"]


def test_a_response_must_not_hold_what_is_write_only(compiled: Compile) -> None:
    validator = compiled(READ_WRITE, "response", Secret=SECRET)
    assert validator.is_valid({"id": 1, "name": "n"})
    (violation,) = validator.violations({"id": 1, "name": "n", "secret": "s"}, "response")
    assert (violation.pointer, violation.rule) == ("/secret", "writeOnly")
    assert violation.message == "must not be in a response"
    assert violation.schema == SECRET


def test_read_only_counts_where_all_of_spreads_an_object(compiled: Compile) -> None:
    parts = {"allOf": [{"properties": {"id": {"readOnly": True}}}], "required": ["id"]}
    assert compiled(parts, "request").is_valid({})
    assert not compiled(parts, "response").is_valid({})


@pytest.mark.parametrize(
    ("schema", "value", "rule", "message"),
    [
        ({"type": "integer"}, "1", "type", "must be an integer"),
        ({"type": "object", "nullable": True}, 1, "type", "must be an object or null"),
        ({"enum": ["a", 1, None]}, "b", "enum", 'must be one of "a", 1, null'),
        ({"enum": ["a"]}, "b", "enum", 'must be "a"'),
        ({"minimum": 2}, 1, "minimum", "must be at least 2"),
        ({"maximum": 2}, 3, "maximum", "must be at most 2"),
        (
            {"maximum": 2, "exclusiveMaximum": True},
            2,
            "exclusiveMaximum",
            "must be less than 2",
        ),
        ({"multipleOf": 5}, 3, "multipleOf", "must be a multiple of 5"),
        ({"minLength": 1}, "", "minLength", "must have at least 1 character"),
        ({"maxLength": 2}, "abc", "maxLength", "must have at most 2 characters"),
        ({"minItems": 2}, [1], "minItems", "must have at least 2 items"),
        ({"maxItems": 1}, [1, 2], "maxItems", "must have at most 1 item"),
        ({"minProperties": 2}, {}, "minProperties", "must have at least 2 properties"),
        ({"maxProperties": 0}, {"a": 1}, "maxProperties", "must have at most 0 properties"),
        ({"uniqueItems": True}, [1, 1], "uniqueItems", "must not hold an item twice"),
        ({"pattern": "^a$"}, "b", "pattern", "must match ^a$"),
        ({"format": "email"}, "b", "format", "must be a valid email"),
        ({"type": "integer", "format": "int32"}, 2**40, "format", "must be a valid int32"),
        ({"not": {}}, 1, "not", "must not fit the excluded schema"),
    ],
)
def test_messages_are_english_and_hold_rule_value_and_schema(
    compiled: Compile, schema: Document, value: Json, rule: str, message: str
) -> None:
    (violation,) = compiled({"properties": {"p": schema}}).violations({"p": value}, "body")
    assert violation == Violation("body", ("p",), rule, message, value, schema)


def test_a_missing_property_is_named_by_its_place(compiled: Compile) -> None:
    schema = {"properties": {"a": {"items": {"required": ["x", "y"]}}}}
    violations = compiled(schema).violations({"a": [{"x": 1}]}, "body")
    assert violations == [
        Violation(
            "body", ("a", 0, "y"), "required", "is required", MISSING, {"required": ["x", "y"]}
        )
    ]


def test_each_unknown_property_is_a_violation_of_its_own(compiled: Compile) -> None:
    schema = {"properties": {"a": {}}, "additionalProperties": False}
    violations = compiled(schema).violations({"b": 1, "a": 2, "c": {"d": 1}}, "query")
    assert [(v.place, v.rule, v.value) for v in violations] == [
        (("b",), "additionalProperties", 1),
        (("c",), "additionalProperties", {"d": 1}),
    ]


def test_all_violations_are_found_at_once(compiled: Compile) -> None:
    schema = {"required": ["c"], "properties": {"a": {"type": "string"}, "b": {"minimum": 1}}}
    violations = compiled(schema).violations({"a": 1, "b": 0}, "body")
    assert sorted(v.pointer for v in violations) == ["/a", "/b", "/c"]


def test_the_schema_of_a_violation_is_the_documents_own(compiled: Compile) -> None:
    inner = {"type": "string", "nullable": True, "x-note": "kept", "description": "d"}
    (violation,) = compiled(ref("A"), A={"properties": {"p": inner}}).violations({"p": 1}, "body")
    assert violation.schema is inner


def test_a_violation_holds_the_value_as_it_was_sent(compiled: Compile) -> None:
    value = {"z": 1, "a": 2}
    (violation,) = compiled({"maxProperties": 1}).violations(value, "body")
    assert violation.value is value


VARIANTS: dict[str, Document] = {
    "Print": {
        "type": "object",
        "required": ["type", "pages"],
        "properties": {"type": {"enum": ["print"]}, "pages": {"type": "integer"}},
    },
    "Audio": {
        "type": "object",
        "required": ["type", "minutes"],
        "properties": {"type": {"type": "string", "enum": ["audio"]}, "minutes": {"minimum": 1}},
    },
    "Dated": {"type": "object", "required": ["until"]},
    "Counted": {"type": "object", "required": ["uses"], "properties": {"uses": {"minimum": 1}}},
}
TYPED: Document = {"oneOf": [ref("Print"), ref("Audio")]}
OPEN: Document = {"oneOf": [ref("Dated"), ref("Counted")]}


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        (TYPED, {"type": "print", "pages": "x"}, ("/pages", "type", "must be an integer")),
        (TYPED, {"type": "audio"}, ("/minutes", "required", "is required")),
        (
            TYPED,
            {"type": "stone"},
            ("", "oneOf", 'fits none of 2 variants: type must be one of "print", "audio"'),
        ),
        (TYPED, {}, ("", "oneOf", "fits none of 2 variants: type is required")),
        (TYPED, 3, ("", "oneOf", "fits none of 2 variants: must be an object")),
        ({**TYPED, "nullable": True}, {"type": "audio"}, ("/minutes", "required", "is required")),
        (
            OPEN,
            {},
            (
                "",
                "oneOf",
                "fits none of 2 variants: Dated: until is required; Counted: uses is required",
            ),
        ),
        (
            OPEN,
            {"until": 1, "uses": 1},
            ("", "oneOf", "must fit one variant only, fits 2: Dated and Counted"),
        ),
        (
            {"anyOf": [{"type": "string", "title": "Text"}, {"maximum": 1, "type": "integer"}]},
            None,
            (
                "",
                "anyOf",
                "fits none of 2 variants: Text: must be a string; variant 2: must be an integer",
            ),
        ),
        (
            {"oneOf": [{"type": "string"}, ref("Counted")]},
            {"uses": 0},
            ("/uses", "minimum", "must be at least 1"),
        ),
    ],
)
def test_a_value_that_fits_no_variant_is_told_why(
    compiled: Compile, schema: Document, value: Json, expected: tuple[str, str, str]
) -> None:
    assert shown(compiled(schema, **VARIANTS).violations(value, "body")) == [expected]


def test_the_variant_that_was_meant_is_found_in_all_of_and_below(compiled: Compile) -> None:
    extended = {"allOf": [ref("Audio"), {"required": ["voice"]}]}
    schema = {"properties": {"list": {"items": {"oneOf": [ref("Print"), extended]}}}}
    violations = compiled(schema, **VARIANTS).violations(
        {"list": [{"type": "audio", "minutes": 0}]}, "body"
    )
    assert [v.pointer for v in violations] == ["/list/0/minutes", "/list/0/voice"]


def test_a_reference_to_any_place_of_the_document_is_followed(small: Small) -> None:
    document = small({"/x": {"get": {"responses": {"200": {"s": {"type": "integer"}}}}}})
    compiler = SchemaCompiler(document)
    schema = {"items": {"$ref": "#/paths/~1x/get/responses/200/s"}}
    assert compiler.compile(schema, "response").is_valid([1])
    assert not compiler.compile(schema, "response").is_valid(["a"])


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"type": "text"}, r"#/here: not a usable schema: \"text\""),
        ({"pattern": "("}, "#/here: not a usable schema"),
        (ref("Bad"), "#/here: not a usable schema"),
    ],
)
def test_what_is_no_schema_is_refused_with_its_place(
    small: Small, schema: Document, reason: str
) -> None:
    compiler = SchemaCompiler(small(schemas={"Bad": {"pattern": "("}}))
    with pytest.raises(SetupError, match=reason):
        compiler.compile(schema, "request", place="#/here")


def test_compiling_changes_nothing_in_the_document(library: Document) -> None:
    before = str(library)
    compiler = SchemaCompiler(library)
    for schema in library["components"]["schemas"].values():
        compiler.compile(schema, "request")
        compiler.compile(schema, "response")
    assert str(library) == before


def test_what_was_compiled_is_freed_with_the_last_who_has_it() -> None:
    compiler = SchemaCompiler({"components": {"schemas": {"Thing": {"type": "object"}}}})
    compiler.compile({"$ref": "#/components/schemas/Thing"}, "request")
    [direction] = map(weakref.ref, compiler._directions.values())
    gc.disable()
    try:
        del compiler
        assert direction() is None
    finally:
        gc.enable()
