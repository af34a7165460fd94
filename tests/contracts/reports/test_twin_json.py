"""A comparison as JSON: as its schema and its page say."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import jsonschema_rs
import pytest

from contracts.exchange import Exchange, Request, Response
from contracts.parity.causes import Cause
from contracts.parity.difference import Difference, Kind
from contracts.parity.play import Answer, Meeting
from contracts.parity.steps import Call, Together, Use
from contracts.parity.story import Masks
from contracts.parity.twin import Divergence
from contracts.parity.twin_run import TwinReport
from contracts.reports.twin_json import FORMAT, twin_data, twin_json
from contracts.results import CleanUp
from contracts.secrets import Secrets
from mockserver.model import MISSING, Document

PAGE = Path(__file__).parents[3] / "docs" / "comparison-json.md"
NOW = datetime(2030, 1, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def schema() -> Document:
    text = files("contracts.reports").joinpath("twin.schema.json").read_text("utf-8")
    schema: Document = json.loads(text)
    return schema


def answered(status: int, body: bytes) -> Exchange:
    request = Request("GET", "/books", actor="owner")
    return Exchange(1, request, Response(status, (), body), None, {}, NOW, 0.0)


def call(key: int) -> Call:
    return Call(key, "GET", None, ("books",), (), (), MISSING, "owner", NOW)


def story() -> Iterator[Meeting]:
    one, other = answered(200, b'{"key": "secret"}'), answered(404, b"{}")
    yield Meeting(Use(1, "link"), Answer(said="taken"), Answer(said="refused"))
    both = Together(2, (call(3), call(4)))
    yield Meeting(both, Answer(exchanges=(one, other)), Answer(exchanges=(other, one)))
    yield Meeting(call(5), Answer(one), Answer(other))


def divergence(kind: Kind) -> Divergence:
    difference = Difference(kind, "/data/*/key", "secret", "(absent)")
    cause = Cause("GET /books", kind, difference.place)
    quirks = ("books-are-gone",)
    return Divergence(cause, difference, ["GET /books"], "script", tuple(story()), 3, True, quirks)


def whole() -> TwinReport:
    return TwinReport(
        left="stub",
        right="https://api.example.test",
        seed=1,
        run_id="seed1",
        started_at=NOW,
        duration_s=1.23456,
        sent=3,
        episodes=1,
        seen={"GET /books": 3},
        unseen=("DELETE /books/{bookId}",),
        divergences=tuple(map(divergence, Kind)),
        masks=Masks((Secrets({"secret": "$KEY"}),)),
        clean_ups=(CleanUp(left=("/books/1: 500",)),),
        incomplete="the target is gone, and so is secret",
        remarks=("there was no time to shorten 2 stories",),
    )


@pytest.mark.parametrize("report", [whole(), replace(whole(), divergences=(), clean_ups=())])
def test_it_is_as_its_schema_says(schema: Document, report: TwinReport) -> None:
    assert list(jsonschema_rs.validator_for(schema).iter_errors(twin_data(report))) == []


def test_the_schema_knows_every_member_and_word(schema: Document) -> None:
    data = twin_data(whole())
    defined = schema["$defs"]
    assert list(schema["properties"]) == list(data) == schema["required"]
    assert list(schema["properties"]["run"]["properties"]) == list(data["run"])
    assert list(defined["difference"]["properties"]) == list(data["differences"][0])
    assert list(defined["line"]["properties"]) == list(data["differences"][0]["story"][0])
    assert defined["difference"]["properties"]["kind"]["enum"] == [kind.value for kind in Kind]


def test_the_page_describes_every_member_and_kind(schema: Document) -> None:
    described = set(re.findall(r"`(\w+)`", PAGE.read_text("utf-8")))
    run = schema["properties"]["run"]["properties"]
    members = {*schema["properties"], *run, *(kind.value for kind in Kind)}
    for one in schema["$defs"].values():
        members |= set(one["properties"])
    assert members <= described


def test_requests_at_once_have_a_line_each() -> None:
    lines = twin_data(whole())["differences"][0]["story"]
    assert [line["step"] for line in lines] == [1, 3, 4, 5]
    assert lines[1]["sent"] == "at once: GET /books"
    assert (lines[1]["right"], lines[2]["right"]) == ("404 {}", '200 {"key": "$KEY"}')


def test_no_secret_stands_in_it_and_its_format_comes_first() -> None:
    text = twin_json(whole())
    assert "secret" not in text
    assert next(iter(json.loads(text).items())) == ("format", FORMAT)
