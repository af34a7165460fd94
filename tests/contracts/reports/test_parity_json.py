"""A replay as JSON: as its schema and its page say."""

import json
import re
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import jsonschema_rs
import pytest

from contracts.exchange import Exchange, Request, Response
from contracts.parity.agreement import Compared, Group, ParityReport, tally
from contracts.parity.difference import Difference, Kind
from contracts.parity.recorded import Recorded
from contracts.reports.parity_json import parity_data
from mockserver.model import Document

DOCS = Path(__file__).parents[3] / "docs"
NOW = datetime(2030, 1, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def schema() -> Document:
    text = files("contracts.reports").joinpath("parity.schema.json").read_text("utf-8")
    schema: Document = json.loads(text)
    return schema


def whole() -> ParityReport:
    request, response = Request("GET", "/books"), Response(200)
    recorded = Recorded(1, "monday.jsonl", "list", NOW, request, response)
    exchange = Exchange(1, request, response, None, {}, NOW, 0.0)
    difference = Difference(Kind.HEADER, "allow", "GET", "(absent)")
    sent = Compared(recorded, "GET /books", "list", exchange, (difference,))
    unsent = Compared(recorded, "GET /books", "list", None, reason="needs a key")
    group = Group(difference, ("GET /books",), (sent,), {"no-allow": (1,)}, 0, "")
    numbers = tally("monday.jsonl", [sent, unsent])
    return ParityReport(
        target="stub",
        started_at=NOW,
        duration_s=0.1,
        tallies=(numbers,),
        total=numbers,
        groups=(group,),
        compared=(sent, unsent),
        settings={"--at": "recorded"},
        remarks=("1 exchange was not reached",),
    )


def test_it_is_as_its_schema_says(schema: Document) -> None:
    assert list(jsonschema_rs.validator_for(schema).iter_errors(parity_data(whole()))) == []


def test_the_schema_knows_every_member(schema: Document) -> None:
    data = parity_data(whole())
    defined = schema["$defs"]
    assert list(schema["properties"]) == list(data) == schema["required"]
    for name, shown in (
        ("tally", data["total"]),
        ("group", data["differences"][0]),
        ("exchange", data["exchanges"][0]),
        ("difference", data["exchanges"][0]["differences"][0]),
    ):
        assert list(defined[name]["properties"]) == list(shown) == defined[name]["required"]
    kinds = list(data["total"]["agreeIn"])
    assert kinds == [kind.value for kind in Kind if kind is not Kind.TIME]
    assert defined["difference"]["properties"]["kind"]["enum"] == kinds


def test_the_page_describes_every_member(schema: Document) -> None:
    described = set(re.findall(r"`(\w+)`", (DOCS / "replay-json.md").read_text("utf-8")))
    members = {*schema["properties"], *schema["$defs"]["difference"]["properties"]["kind"]["enum"]}
    for name in ("run", "cleanUp"):
        members |= set(schema["properties"][name]["properties"])
    for one in schema["$defs"].values():
        members |= set(one["properties"])
    assert members <= described
