import base64
import json
from dataclasses import replace
from datetime import datetime

import pytest

from contracts.reports.har import har, har_text
from contracts.results import Report
from mockserver.model import Document


@pytest.fixture(scope="module")
def entries(report: Report) -> list[Document]:
    exchanges = tuple(one.exchange for one in report.findings if one.exchange)
    found: list[Document] = har(replace(report, exchanges=exchanges))["log"]["entries"]
    return found


def test_it_is_an_archive_as_its_specification_wants_it(report: Report) -> None:
    log = json.loads(har_text(report))["log"]
    assert log["version"] == "1.2"
    assert log["creator"].keys() == {"name", "version"}
    assert len(log["entries"]) == len(report.exchanges)


def test_every_entry_has_what_is_required(entries: list[Document]) -> None:
    for entry in entries:
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= set(entry)
        assert datetime.fromisoformat(entry["startedDateTime"]).tzinfo is not None
        assert sum(entry["timings"].values()) == entry["time"]
        request, response = entry["request"], entry["response"]
        both = {"httpVersion", "cookies", "headers", "headersSize", "bodySize"}
        assert {"method", "url", "queryString"} | both <= set(request)
        assert {"status", "statusText", "content", "redirectURL"} | both <= set(response)
        assert {"size", "mimeType"} <= set(response["content"])
        assert request["url"].startswith("https://api.example.com/v2/")


def test_the_query_is_told_in_parts(entries: list[Document]) -> None:
    (hostile,) = [one for one in entries if "?q=" in one["request"]["url"]]
    assert hostile["request"]["queryString"] == [
        {"name": "q", "value": "</script>"},
        {"name": "$HOME", "value": ""},
    ]


def test_bytes_that_are_no_text_come_as_base64(entries: list[Document]) -> None:
    (image,) = [one for one in entries if one["response"]["content"]["mimeType"] == "image/png"]
    content = image["response"]["content"]
    assert content["encoding"] == "base64"
    assert base64.b64decode(content["text"]).startswith(b"\x89PNG")
    assert image["request"]["postData"]["comment"] == "base64"


def test_a_target_without_url_gets_one_that_leads_nowhere(report: Report) -> None:
    log = har(replace(report, target="stub in process"))["log"]
    assert log["entries"][0]["request"]["url"] == "http://target.invalid/v2/event-types/7"
