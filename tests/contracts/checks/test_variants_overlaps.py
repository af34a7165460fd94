"""Variants that one value can satisfy at once."""

from contracts.checks.variants_overlaps import Overlap, overlap_finding, overlaps
from contracts.findings import Severity
from contracts.yardstick import Yardstick
from mockserver.model import Document
from tests.contracts.checks.test_variants import CAT, DOG, pets, yardstick_of


def found_in(schema: Document, **schemas: Document) -> list[Overlap]:
    return overlaps(yardstick_of(schema, **{"Cat": CAT, "Dog": DOG, **schemas}))


def test_the_two_kinds_of_private_link_overlap_and_nothing_else(yardstick: Yardstick) -> None:
    [overlap] = overlaps(yardstick)
    names = {overlap.one.name, overlap.other.name}
    assert names == {"TimeBasedPrivateLinkOutput", "UsageBasedPrivateLinkOutput"}


def test_the_witness_is_valid_under_both(yardstick: Yardstick) -> None:
    [overlap] = overlaps(yardstick)
    for branch in (overlap.one, overlap.other):
        assert yardstick.validator(branch.schema, "response").is_valid(overlap.witness)
    assert {"expiresAt", "maxUsageCount", "usageCount"} <= overlap.witness.keys()


def test_open_variants_overlap_and_the_advice_is_to_close_them() -> None:
    [overlap] = found_in(pets())
    assert {"lives", "tricks"} <= overlap.witness.keys()
    assert "additionalProperties: false" in overlap.note


def test_closed_variants_do_not_overlap() -> None:
    closed = {"additionalProperties": False}
    assert found_in(pets(), Cat={**CAT, **closed}, Dog={**DOG, **closed}) == []


def test_one_closed_variant_is_enough() -> None:
    assert found_in(pets(), Cat={**CAT, "additionalProperties": False}) == []


def test_a_discriminator_keeps_variants_apart() -> None:
    assert found_in(pets(discriminator={"propertyName": "kind"})) == []


def test_required_properties_with_values_of_their_own_keep_variants_apart() -> None:
    cat = {**CAT, "properties": {**CAT["properties"], "kind": {"enum": ["cat"]}}}
    dog = {**DOG, "properties": {**DOG["properties"], "kind": {"enum": ["dog"]}}}
    assert found_in(pets(), Cat=cat, Dog=dog) == []


def test_listed_values_that_one_value_meets_do_not() -> None:
    cat = {**CAT, "properties": {**CAT["properties"], "kind": {"enum": ["cat", "pet"]}}}
    dog = {**DOG, "properties": {**DOG["properties"], "kind": {"enum": ["dog", "pet"]}}}
    [overlap] = found_in(pets(), Cat=cat, Dog=dog)
    assert overlap.witness["kind"] == "pet"


def test_types_that_hold_each_other_overlap() -> None:
    [overlap] = found_in({"oneOf": [{"type": "integer"}, {"type": "number"}]})
    assert isinstance(overlap.witness, int)
    assert found_in({"oneOf": [{"type": "integer"}, {"type": "string"}]}) == []


def test_an_any_of_may_overlap() -> None:
    assert found_in({"anyOf": pets()["oneOf"]}) == []


def test_an_overlap_is_a_low_finding_of_the_document() -> None:
    [overlap] = found_in(pets())
    finding = overlap_finding(overlap)
    assert (finding.rule, finding.severity) == ("oneof-overlap", Severity.LOW)
    assert finding.operation == "GET /pets"
    assert finding.source.endswith("/schema/oneOf")
