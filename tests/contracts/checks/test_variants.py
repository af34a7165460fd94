"""What is said of a value that should be one of several variants."""

from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.checks.variants import (
    Judgement,
    answer_judgements,
    judgements,
    variant_findings,
)
from contracts.checks.variants_places import Variants
from contracts.exchange import Exchange, Request, Response
from contracts.findings import Finding
from contracts.yardstick import Yardstick
from mockserver.model import Document, Json

CAT: Document = {
    "type": "object",
    "required": ["kind", "lives"],
    "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}},
}
DOG: Document = {
    "type": "object",
    "required": ["kind", "tricks"],
    "properties": {"kind": {"type": "string"}, "tricks": {"type": "array", "items": {}}},
}


def document_of(schema: Document, **schemas: Document) -> Document:
    content = {"application/json": {"schema": schema}}
    answer = {"200": {"description": "", "content": content}}
    paths = {"/pets": {"get": {"operationId": "listPets", "responses": answer}}}
    info = {"title": "Pets", "version": "1"}
    return {"openapi": "3.0.3", "info": info, "paths": paths, "components": {"schemas": schemas}}


def yardstick_of(schema: Document, **schemas: Document) -> Yardstick:
    document = document_of(schema, **schemas)
    return Yardstick("effective", document, document)


def pets(**more: Json) -> Document:
    refs = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
    return {"oneOf": refs, **more}


def judged_as(schema: Document, value: Json, **schemas: Document) -> list[Judgement]:
    yardstick = yardstick_of(schema, **{"Cat": CAT, "Dog": DOG, **schemas})
    schema = yardstick.operations[0].responses["200"]["application/json"]  # type: ignore[assignment]
    return list(judgements(Variants(yardstick), schema, value, "response"))


def found_in(schema: Document, body: bytes, **schemas: Document) -> list[Finding]:
    yardstick = yardstick_of(schema, **{"Cat": CAT, "Dog": DOG, **schemas})
    exchange = Exchange(
        number=1,
        request=Request("GET", "/pets"),
        response=Response(200, (("content-type", "application/json"),), body),
        operation=yardstick.operations[0],
        path_values={},
        sent_at=datetime(2030, 1, 1, tzinfo=UTC),
        duration_s=0.0,
    )
    found = answer_judgements(Variants(yardstick), exchange)
    return list(variant_findings(yardstick.document, exchange, found))


def test_a_value_of_one_variant_is_good_and_named() -> None:
    [judgement] = judged_as(pets(), {"kind": "cat", "lives": 9})
    assert judgement.is_good
    assert judgement.branch is not None
    assert judgement.branch.name == "Cat"


def test_a_value_of_no_variant_has_a_reason_for_each() -> None:
    [finding] = found_in(pets(), b'{"kind": "cat"}')
    assert finding.rule == "oneof-none"
    assert "Cat: lives is required" in finding.message
    assert "Dog: tricks is required" in finding.message
    assert finding.source.startswith("document #/paths/~1pets/get/responses/200/content")


def test_a_value_of_both_variants_names_what_makes_it_fit_each() -> None:
    [finding] = found_in(pets(), b'{"kind": "cat", "lives": 9, "tricks": []}')
    assert finding.rule == "oneof-several"
    assert "Cat (by lives) and Dog (by tricks)" in finding.message


def test_each_item_of_a_list_is_judged_alone_with_its_index() -> None:
    schema: Document = {"type": "array", "items": pets()}
    body = b'[{"kind": "cat", "lives": 9}, {}, {"kind": "dog", "tricks": [], "lives": 1}]'
    first, second = found_in(schema, body)
    assert (first.rule, second.rule) == ("oneof-none", "oneof-several")
    assert first.message.startswith("`[1]`")
    assert second.message.startswith("`[2]`")


def test_the_same_defect_at_another_index_has_the_same_cause() -> None:
    schema: Document = {"type": "array", "items": pets()}
    first, second = found_in(schema, b'[{"kind": "cat"}, {"kind": "dog"}]')
    assert first.key == second.key


def test_null_for_the_union_is_none_of_the_variants() -> None:
    [finding] = found_in({"type": "object", "properties": {"pet": pets()}}, b'{"pet": null}')
    assert finding.rule == "oneof-none"
    assert finding.came == "null"


def test_null_is_fine_where_the_union_is_nullable() -> None:
    schema: Document = {"type": "object", "properties": {"pet": pets(nullable=True)}}
    assert found_in(schema, b'{"pet": null}') == []


def test_a_fault_inside_the_variant_that_is_meant_is_told_where_it_is() -> None:
    home: Document = {
        "type": "object",
        "required": ["type", "pets"],
        "properties": {
            "type": {"enum": ["home"]},
            "pets": {"type": "array", "items": pets()},
        },
    }
    street: Document = {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"enum": ["street"]}},
    }
    body = b'{"type": "home", "pets": [{"kind": "cat", "lives": 1}, {"kind": "cat"}]}'
    [finding] = found_in({"oneOf": [home, street]}, body)
    assert finding.message.startswith("`pets[1]`")


def test_an_any_of_may_fit_several_variants() -> None:
    schema: Document = {"anyOf": pets()["oneOf"]}
    assert found_in(schema, b'{"kind": "cat", "lives": 9, "tricks": []}') == []
    assert [one.rule for one in found_in(schema, b"{}")] == ["anyof-none"]


def test_what_the_place_itself_asks_holds_for_every_variant() -> None:
    schema = pets(type="object", required=["name"])
    [finding] = found_in(schema, b'{"kind": "cat", "lives": 9}')
    assert "name is required" in finding.message


@pytest.mark.parametrize(
    ("discriminator", "tag"),
    [
        ({"propertyName": "kind"}, "Cat"),
        ({"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat"}}, "cat"),
        ({"propertyName": "kind", "mapping": {"cat": "Cat"}}, "cat"),
    ],
)
def test_a_discriminator_decides_between_variants_that_overlap(
    discriminator: Document, tag: str
) -> None:
    both = {"kind": tag, "lives": 9, "tricks": []}
    [judgement] = judged_as(pets(discriminator=discriminator), both)
    assert judgement.branch is not None
    assert judgement.branch.name == "Cat"


def test_a_discriminator_with_an_unknown_value_is_said_with_the_known_ones() -> None:
    schema = pets(discriminator={"propertyName": "kind"})
    [finding] = found_in(schema, b'{"kind": "Cow", "lives": 9}')
    assert 'kind is "Cow", and must be one of "Cat", "Dog"' in finding.message


def test_the_variant_that_the_discriminator_names_must_fit() -> None:
    schema = pets(discriminator={"propertyName": "kind"})
    [finding] = found_in(schema, b'{"kind": "Dog", "lives": 9}')
    assert finding.message.endswith("Dog: tricks is required")


def test_listed_values_of_the_discriminator_go_before_schema_names() -> None:
    tagged: Any = {**CAT["properties"], "kind": {"enum": ["cat"]}}
    schema = pets(discriminator={"propertyName": "kind"})
    [judgement] = judged_as(schema, {"kind": "cat", "lives": 9}, Cat={**CAT, "properties": tagged})
    assert judgement.is_good


def test_an_answer_without_json_or_schema_is_not_judged() -> None:
    assert found_in(pets(), b"no json") == []
    assert found_in({"type": "string"}, b'"text"') == []
