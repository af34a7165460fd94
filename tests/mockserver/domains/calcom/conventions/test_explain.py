from typing import Any

import pytest

from mockserver.domains.calcom.conventions.class_validator import Wording
from mockserver.domains.calcom.conventions.explain import ObjectEntries
from mockserver.model import MISSING, Json, Violation

V = "2024-09-04"
LINKS = "/v2/event-types/1/private-links"


def refused(desk: Any, body: Json) -> Any:
    reply = desk.send("POST", LINKS, key="bob", version=V, body=body)
    assert reply.status == 400
    assert reply.body["error"]["message"] == "Bad Request Exception"
    return reply.body["error"]["details"]["errors"]


@pytest.mark.parametrize(
    ("value", "constraints"),
    [
        (0, {"min": "maxUsageCount must not be less than 1"}),
        (1.5, {"isInt": "maxUsageCount must be an integer number"}),
        (
            "3",
            {
                "min": "maxUsageCount must not be less than 1",
                "isInt": "maxUsageCount must be an integer number",
            },
        ),
        (3000000000, {"max": "maxUsageCount must not be greater than 2147483647"}),
    ],
)
def test_a_wrong_number_is_told_in_the_librarys_words(
    desk: Any, value: Json, constraints: dict[str, str]
) -> None:
    assert refused(desk, {"maxUsageCount": value, "unknown": 1}) == [
        {
            "target": {"maxUsageCount": value},
            "value": value,
            "property": "maxUsageCount",
            "children": [],
            "constraints": constraints,
        }
    ]


@pytest.mark.parametrize(("value", "shown"), [("soon", None), ("2030-01-01", None), ([], [])])
def test_a_wrong_date_prints_as_null(desk: Any, value: Json, shown: Json) -> None:
    [entry] = refused(desk, {"expiresAt": value})
    assert entry["value"] == entry["target"]["expiresAt"] == shown
    assert entry["constraints"] == {"isDate": "expiresAt must be a Date instance"}


def test_a_wrong_number_beside_both_limits_is_told_first(desk: Any) -> None:
    [entry] = refused(desk, {"expiresAt": "2030-01-01T00:00:00Z", "maxUsageCount": 0})
    assert entry["property"] == "maxUsageCount"
    assert entry["target"]["expiresAt"] == "2030-01-01T00:00:00.000Z"


def test_a_list_is_no_body(desk: Any) -> None:
    [entry] = refused(desk, [1])
    assert entry["property"] == "body"


def test_a_body_of_another_media_type_is_415(desk: Any) -> None:
    headers = {"content-type": "text/plain"}
    reply = desk.send("POST", LINKS, key="bob", version=V, headers=headers, body="x")
    assert reply.status == 415


def test_a_query_parameter_that_is_no_number_prints_as_null(desk: Any) -> None:
    path = "/v2/organizations/1/teams/event-types?take=abc&skip=-1"
    reply = desk.send("GET", path, key="olga")
    take, skip = reply.body["error"]["details"]["errors"]
    assert (take["property"], take["value"]) == ("take", None)
    assert "isNumber" in take["constraints"]
    assert skip["constraints"] == {"min": "skip must not be less than 0"}
    assert skip["target"] == {"take": None, "skip": -1}


def test_a_query_parameter_outside_its_list_is_named(desk: Any) -> None:
    path = "/v2/event-types?sortCreatedAt=up"
    reply = desk.send("GET", path, key="alice", version="2024-06-14")
    [entry] = reply.body["error"]["details"]["errors"]
    assert entry["constraints"] == {
        "isEnum": "sortCreatedAt must be one of the following values: asc, desc"
    }


@pytest.mark.parametrize(
    ("schema", "value", "rules"),
    [
        ({"type": "string"}, 5, ["isString"]),
        ({"type": "string", "minLength": 1}, "", ["minLength"]),
        ({"type": "string", "minLength": 1}, 5, ["minLength", "isString"]),
        ({"type": "string", "maxLength": 1}, "ab", ["maxLength"]),
        ({"type": "string", "format": "uri"}, "nope", ["isUrl"]),
        ({"type": "boolean"}, "true", ["isBoolean"]),
        ({"type": "integer", "minimum": 0}, MISSING, ["min", "isInt"]),
        ({"type": "integer", "maximum": 2}, 3, ["max"]),
        ({"type": "string", "enum": ["a"]}, MISSING, ["isEnum"]),
        ({"type": "array", "items": {"type": "integer"}}, {}, ["isArray"]),
        ({"type": "array", "items": {"type": "integer"}}, ["x", 1, "y"], ["isInt"]),
        ({"type": "array", "minItems": 1, "items": {}}, [], ["arrayNotEmpty"]),
        ({"type": "array", "uniqueItems": True, "items": {}}, [1, 1], ["arrayUnique"]),
        ({"type": "object"}, [], ["isObject"]),
        ({"type": "string", "nullable": True}, None, []),
        ({"type": "string", "format": "date-time"}, "2030-01-01", ["isDate"]),
        ({"allOf": [{"type": "string"}]}, 5, ["isString"]),
        ({"$ref": "#/components/schemas/Flag"}, 5, ["isBoolean"]),
    ],
)
def test_schemas_have_the_librarys_constraints(schema: Any, value: Json, rules: list[str]) -> None:
    document = {"components": {"schemas": {"Flag": {"type": "boolean"}}}}
    wording = Wording(document, number_rule="isInt", dates_are_lenient=False)
    assert list(wording.broken("it", value, schema)) == rules


def test_a_rule_on_elements_says_so() -> None:
    wording = Wording({}, number_rule="isInt", dates_are_lenient=False)
    schema = {"type": "array", "items": {"type": "integer"}}
    assert wording.broken("lengths", ["x"], schema) == {
        "isInt": "each value in lengths must be an integer number"
    }


def entries(schema: Any, value: Any, *places: tuple[str | int, ...]) -> Any:
    wording = Wording({}, number_rule="isInt", dates_are_lenient=False)
    broken = [Violation("body", place, "rule", "is odd") for place in places]
    return ObjectEntries(wording, schema, value).entries(broken, 0)


FLAG = {"type": "object", "properties": {"on": {"type": "boolean"}}, "required": ["on"]}


def test_the_target_leaves_out_what_the_api_does_not_know() -> None:
    schema = {"properties": {"on": {"type": "boolean"}}}
    [entry] = entries(schema, {"on": 5, "unknown": 1}, ("on",))
    assert entry["target"] == {"on": 5}


def test_a_missing_property_has_no_value() -> None:
    [entry] = entries(FLAG, {}, ("on",))
    assert "value" not in entry
    assert entry["constraints"] == {"isBoolean": "on must be a boolean value"}


def test_a_nested_object_has_children_and_no_constraints() -> None:
    [entry] = entries({"properties": {"flag": FLAG}}, {"flag": {"on": 1}}, ("flag", "on"))
    assert "constraints" not in entry
    [child] = entry["children"]
    assert (child["property"], child["target"]) == ("on", {"on": 1})


def test_an_object_in_a_list_is_named_by_its_index() -> None:
    schema = {"properties": {"flags": {"type": "array", "items": FLAG}}}
    value = {"flags": [{"on": True}, {"on": 1}]}
    [entry] = entries(schema, value, ("flags", 1, "on"))
    [child] = entry["children"]
    assert (child["property"], child["target"]) == ("1", value["flags"])
    assert child["children"][0]["property"] == "on"


def test_a_rule_without_a_word_of_the_librarys_is_told_by_its_own_name() -> None:
    [entry] = entries({"properties": {"it": {"type": "string"}}}, {"it": "a"}, ("it",))
    assert entry["constraints"] == {"rule": "it: is odd"}
