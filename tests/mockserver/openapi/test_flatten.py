import pytest

from mockserver.model import Document
from mockserver.openapi.flatten import COMBINATIONS_TRIED, flattened

DOCUMENT: Document = {"components": {"schemas": {"Text": {"type": "string", "minLength": 1}}}}
TEXT = {"$ref": "#/components/schemas/Text"}


@pytest.mark.parametrize(
    ("parts", "both"),
    [
        ([{"minimum": 1}, {"minimum": 3}], {"minimum": 3}),
        ([{"maxItems": 1}, {"maxItems": 3}], {"maxItems": 1}),
        ([{"enum": [1, 2, 3]}, {"enum": [3, 2, 4]}], {"enum": [2, 3]}),
        ([{"required": ["a", "b"]}, {"required": ["b", "c"]}], {"required": ["a", "b", "c"]}),
        ([{"type": "number"}, {"type": "integer"}], {"type": "integer"}),
        ([{"uniqueItems": True}, {"uniqueItems": False}], {"uniqueItems": True}),
        ([{"nullable": True}, {"type": "string"}], {"type": "string"}),
        ([{"nullable": True}, {"nullable": True}], {}),
        (
            [{"properties": {"a": {}}}, {"properties": {"b": {}}}],
            {"properties": {"b": {}, "a": {}}},
        ),
        ([{"properties": {"a": TEXT}}, {"properties": {"a": TEXT}}], {"properties": {"a": TEXT}}),
        (
            [{"properties": {"a": {"type": "string"}}}, {"properties": {"a": {"maxLength": 1}}}],
            {"properties": {"a": {"allOf": [{"type": "string"}, {"maxLength": 1}]}}},
        ),
        ([{"example": {"a": 1}}, {"example": {"b": 2}}], {"example": {"a": 1, "b": 2}}),
        ([{"example": 1}, {"type": "string"}], {"example": 1, "type": "string"}),
        ([TEXT, {"minLength": 3}], {"type": "string", "minLength": 3}),
    ],
)
def test_what_fits_all_parts_is_one_schema(parts: list[Document], both: Document) -> None:
    (flat,) = flattened(DOCUMENT, {"allOf": parts})
    for key in ("enum", "required"):
        if key in flat:
            flat[key] = sorted(flat[key])
    assert flat == both


def test_branches_come_in_their_order_with_what_stands_beside_them() -> None:
    schema = {"maxLength": 9, "oneOf": [TEXT, {"type": "integer"}]}
    assert list(flattened(DOCUMENT, schema)) == [
        {"type": "string", "minLength": 1, "maxLength": 9},
        {"type": "integer", "maxLength": 9},
    ]


def test_several_groups_of_branches_are_combined() -> None:
    schema = {"oneOf": [{"minimum": 1}, {"minimum": 2}], "anyOf": [{"maximum": 8}, {"maximum": 9}]}
    assert list(flattened(DOCUMENT, schema)) == [
        {"minimum": low, "maximum": high} for low in (1, 2) for high in (8, 9)
    ]


def test_combinations_are_bounded() -> None:
    many = {"oneOf": [{"minimum": number} for number in range(50)]}
    assert len(list(flattened(DOCUMENT, {"allOf": [many, many, many]}))) == COMBINATIONS_TRIED
