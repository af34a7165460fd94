"""What a schema says of an item's properties, however it is put together."""

from mockserver.behaviours.shape import shape_of
from mockserver.model import Document

TEXT: Document = {"type": "string"}


def components(**schemas: Document) -> Document:
    return {"components": {"schemas": schemas}}


def reference(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def test_no_schema_has_no_shape() -> None:
    shape = shape_of(None, {})
    assert (shape.properties, shape.required, shape.is_free) == ({}, frozenset(), False)
    assert shape.is_shown("anything")


def test_all_parts_of_an_all_of_count_and_the_outer_one_wins() -> None:
    part = {"required": ["a"], "properties": {"a": TEXT, "b": TEXT}}
    outer = {"allOf": [reference("Part")], "required": ["b"], "properties": {"b": {"x": 1}}}
    shape = shape_of(outer, components(Part=part))
    assert shape.properties == {"a": TEXT, "b": {"x": 1}}
    assert shape.required == {"a", "b"}


def test_variants_add_their_properties_and_only_their_common_requirements() -> None:
    one = {"required": ["id", "a"], "properties": {"id": TEXT, "a": TEXT}}
    other = {"required": ["id"], "properties": {"id": TEXT, "b": TEXT}}
    for keyword in ("oneOf", "anyOf"):
        shape = shape_of({keyword: [one, other]}, {})
        assert shape.properties.keys() == {"id", "a", "b"}
        assert shape.required == {"id"}


def test_a_family_whose_members_name_it_again_can_be_read() -> None:
    pet = {"oneOf": [reference("Cat")], "properties": {"name": TEXT}}
    cat = {"allOf": [reference("Pet"), {"properties": {"purrs": TEXT}}]}
    shape = shape_of(reference("Pet"), components(Pet=pet, Cat=cat))
    assert shape.properties.keys() == {"name", "purrs"}
    assert not shape.is_free


def test_keywords_beside_a_reference_or_a_lone_all_of_count() -> None:
    schema = {
        "properties": {
            "a": {**reference("Text"), "readOnly": True},
            "b": {"allOf": [reference("Text")], "readOnly": True},
            "c": reference("Text"),
        }
    }
    shape = shape_of(schema, components(Text=TEXT))
    assert shape.having("readOnly") == {"a", "b"}
    assert [shape.properties[name]["type"] for name in "abc"] == ["string"] * 3


def test_only_a_schema_that_says_so_is_free() -> None:
    declared = {"properties": {"a": TEXT}}
    assert not shape_of(declared, {}).is_free
    assert not shape_of({**declared, "additionalProperties": False}, {}).is_free
    assert shape_of({**declared, "additionalProperties": True}, {}).is_free
    assert shape_of({**declared, "additionalProperties": {}}, {}).is_free


def test_what_may_only_be_written_is_not_shown() -> None:
    shape = shape_of({"properties": {"a": TEXT, "b": {**TEXT, "writeOnly": True}}}, {})
    assert [shape.is_shown(name) for name in "abc"] == [True, False, False]
