"""A proof as JSON: as its schema and its page say."""

import json
import re
from importlib.resources import files
from pathlib import Path

import jsonschema_rs
import pytest

from contracts.prove.outcomes import End, Fate, Mark, Proof
from contracts.reports.prove_json import FORMAT, prove_json, prove_json_text
from mockserver.model import Document
from tests.contracts.prove.samples import proof_of, proven, whole_proof

PAGE = Path(__file__).parents[3] / "docs" / "proof-json.md"


@pytest.fixture(scope="module")
def schema() -> Document:
    text = files("contracts.reports").joinpath("proof.schema.json").read_text("utf-8")
    schema: Document = json.loads(text)
    return schema


@pytest.mark.parametrize("proof", [proven(), whole_proof(), proof_of(clean_runs=())])
def test_it_is_as_its_schema_says(schema: Document, proof: Proof) -> None:
    assert list(jsonschema_rs.validator_for(schema).iter_errors(prove_json(proof))) == []


def test_the_schema_knows_every_member_and_word(schema: Document) -> None:
    whole = prove_json(whole_proof())
    defined = schema["$defs"]
    assert list(schema["properties"]) == list(whole) == schema["required"]
    assert list(defined["outcome"]["properties"]) == list(whole["deviations"][0])
    assert list(defined["cleanRun"]["properties"]) == list(whole["cleanRuns"][0])
    assert list(defined["discovery"]["properties"]) == list(whole["falseAlarms"][0])
    words = defined["outcome"]["properties"]
    assert words["fate"]["enum"] == [fate.value.replace(" ", "-") for fate in Fate]
    assert words["marks"]["additionalProperties"]["enum"] == [mark.value for mark in Mark]
    assert defined["end"]["enum"] == [end.value.replace(" ", "-") for end in End]


def test_the_text_is_the_same_with_its_format_first() -> None:
    text = prove_json_text(whole_proof())
    assert json.loads(text) == prove_json(whole_proof())
    assert next(iter(json.loads(text))) == "format"
    assert FORMAT in text


def test_the_page_describes_every_member(schema: Document) -> None:
    page = PAGE.read_text("utf-8")
    described = set(re.findall(r"`(\w+)`", page))
    members = {*schema["properties"], *schema["properties"]["summary"]["properties"]}
    for name in ("outcome", "cleanRun", "discovery"):
        members |= set(schema["$defs"][name]["properties"])
    assert members <= described
