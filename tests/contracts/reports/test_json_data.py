import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jsonschema_rs
import pytest

from contracts.reports.json_data import FORMAT, json_data, json_text, schema, timeless
from contracts.results import Report
from mockserver.model import Document, Json
from tests.contracts.reports.sample import clean_report, sample_report

DOCS = Path(__file__).parents[3] / "docs" / "report-json.md"


def closed(node: Json) -> Json:
    """A schema that takes no members but those it names."""
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {key: closed(value) for key, value in node.items()}
    if isinstance(node.get("properties"), dict) and "additionalProperties" not in node:
        changed["additionalProperties"] = False
    return changed


@pytest.fixture(scope="module")
def document(report: Report) -> Document:
    return json_data(report)


@pytest.mark.parametrize("make", [sample_report, clean_report])
def test_what_is_written_fits_the_schema(make: Callable[[], Report]) -> None:
    validator = jsonschema_rs.validator_for(closed(schema()), validate_formats=True)
    assert [str(error) for error in validator.iter_errors(json_data(make()))] == []


def test_the_text_is_the_same_document(report: Report, document: Document) -> None:
    assert json.loads(json_text(report)) == document


def test_the_format_is_named(document: Document) -> None:
    assert document["format"] == FORMAT == schema()["title"]
    assert next(iter(document)) == "format"


def test_results_point_at_their_findings(document: Document, report: Report) -> None:
    pointed = {number for result in document["results"] for number in result["findings"]}
    assert pointed == set(range(len(report.findings)))


def test_long_and_binary_bodies_say_what_they_are(document: Document) -> None:
    bodies = {one["rule"]: one["exchange"] for one in document["findings"] if one["exchange"]}
    long = bodies["body-too-long"]["response"]["body"]
    assert (len(long["text"]), long["sizeBytes"]) == (50_000, 1_000_000)
    assert long["note"].startswith("the first 50000 of 1000000 bytes; the target sent more")
    assert bodies["content-binary"]["response"]["body"]["encoding"] == "base64"


def test_two_runs_differ_in_times_only(report: Report) -> None:
    later = replace(
        report,
        started_at=report.started_at + timedelta(hours=1),
        duration_s=3.0,
        findings=tuple(
            replace(
                one,
                came=f"{one.came} at 2031-01-01T00:00:00Z",
                exchange=one.exchange
                and replace(one.exchange, sent_at=report.started_at, duration_s=1.0),
            )
            for one in report.findings
        ),
    )
    earlier = replace(
        report,
        findings=tuple(
            replace(one, came=f"{one.came} at 2030-01-01T08:00:00.000+00:00")
            for one in report.findings
        ),
    )
    assert json_data(later) != json_data(earlier)
    assert timeless(json_data(later)) == timeless(json_data(earlier))


def test_anything_but_times_stays_different(report: Report) -> None:
    other = replace(report, seed=2)
    assert timeless(json_data(other)) != timeless(json_data(report))


def test_the_date_header_is_a_time() -> None:
    document = {"headers": [["Date", "Tue"], ["ETag", "x"]], "sentAt": "2030"}
    assert timeless(document) == {"headers": [["ETag", "x"]]}


def test_every_member_is_described(document: Document) -> None:
    text = DOCS.read_text("utf-8")
    names = [*document, *document["run"], *document["findings"][0], *document["results"][0]]
    assert [name for name in names if f"`{name}`" not in text] == []
