"""Recordings are read as they are, and wrong files are told apart."""

import base64
import json
from pathlib import Path

import pytest

from contracts.parity.difference import Difference, Kind
from contracts.parity.exceptions import read_exceptions
from contracts.parity.recording import read_recordings
from mockserver.errors import SetupError
from mockserver.model import Document, Json
from tests.contracts.parity.recordings import SMALL, archive, entry, lines_of, written


def test_exchanges_come_in_the_order_of_sending_over_all_files(tmp_path: Path) -> None:
    lines = lines_of(SMALL)
    late, early = written(tmp_path / "a.jsonl", lines[5:]), written(tmp_path / "b.jsonl", lines[:5])
    recorded = read_recordings([late, early])
    assert [one.seq for one in recorded] == list(range(1, 11))
    assert {one.file for one in recorded} == {"a.jsonl", "b.jsonl"}


def test_a_raw_body_is_kept_letter_by_letter() -> None:
    broken = next(one for one in read_recordings([SMALL]) if one.name == "broken JSON")
    assert broken.request.body == b'{"maxUsageCount": 3'


def test_a_body_that_is_no_json_is_text(tmp_path: Path) -> None:
    line = lines_of(SMALL)[0]
    line["response"] |= {"body": "OK", "body_is_json": False}
    [recorded] = read_recordings([written(tmp_path / "text.jsonl", [line])])
    assert recorded.response.body == b"OK"


def _without(line: Document, key: str) -> str:
    return json.dumps({name: value for name, value in line.items() if name != key})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("{", "line 1"),
        ("[]", "line 1"),
        (_without(lines_of(SMALL)[0], "response"), "lacks 'response'"),
        (json.dumps({**lines_of(SMALL)[0], "sent_at": "soon"}), "soon"),
    ],
)
def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "wrong.jsonl"
    path.write_text(text)
    with pytest.raises(SetupError, match=told):
        read_recordings([path])


def test_two_exchanges_with_one_number_are_refused(tmp_path: Path) -> None:
    again = written(tmp_path / "again.jsonl", lines_of(SMALL))
    with pytest.raises(SetupError, match="this `seq` stands in small-recording"):
        read_recordings([SMALL, again])


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be read"):
        read_recordings([tmp_path / "none.jsonl"])


def test_an_archive_gives_its_entries_in_the_order_of_time(tmp_path: Path) -> None:
    later = entry("GET", "/v2/me", at="2026-11-21T09:00:01Z")
    earlier = entry("POST", "/v2/event-types?a=1", body='{"a": 1}', at="2026-11-21T09:00:00Z")
    first, second = read_recordings([archive(tmp_path, later, earlier)])
    assert (first.seq, first.request.method, first.request.target) == (
        1,
        "POST",
        "/v2/event-types?a=1",
    )
    assert first.request.json == {"a": 1}
    assert second.request.target == "/v2/me"
    assert not second.is_template


def test_headers_of_the_connection_are_left_out_of_an_archive(tmp_path: Path) -> None:
    headers = {"Host": "api.test", ":authority": "api.test", "X-Own": "1"}
    [one] = read_recordings([archive(tmp_path, entry("GET", "/v2/me", headers=headers))])
    assert one.request.headers == (("X-Own", "1"),)


def test_a_body_in_base64_is_decoded(tmp_path: Path) -> None:
    encoded = base64.b64encode(b"\x00\xff").decode()
    held = entry("GET", "/v2/me")
    held["response"]["content"] = {"size": 2, "text": encoded, "encoding": "base64"}
    [one] = read_recordings([archive(tmp_path, held)])
    assert one.response.body == b"\x00\xff"


@pytest.mark.parametrize("content", [{}, {"log": {"entries": []}}, [], {"log": {"entries": [1]}}])
def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, content: Json) -> None:
    path = tmp_path / "wrong.har"
    path.write_text(json.dumps(content))
    with pytest.raises(SetupError):
        read_recordings([path])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1", "list of reasons"),
        ("[{seqs: [1]}]", "must have a `reason`"),
        ("[{reason: x}]", "must name"),
        ("[{reason: x, sequences: [1]}]", "unknown key"),
        ("[{reason: x, kinds: [colour]}]", "unknown kind"),
        ("[{reason: x, seqs: [a]}]", "numbers"),
    ],
)
def test_wrong_exceptions_are_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "exceptions.yaml"
    path.write_text(text)
    with pytest.raises(SetupError, match=told):
        read_exceptions(path)


def test_an_exception_covers_what_it_names_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "exceptions.yaml"
    path.write_text("[{reason: older, seqs: [3, 4], kinds: [value], places: [/data]}]")
    exceptions = read_exceptions(path)
    value = Difference(Kind.VALUE, "/data", "1", "2")
    assert exceptions.reason_of(3, value) == "older"
    assert exceptions.reason_of(5, value) == ""
    assert exceptions.reason_of(3, Difference(Kind.SHAPE, "/data", "1", "2")) == ""
    assert exceptions.reason_of(3, Difference(Kind.VALUE, "/other", "1", "2")) == ""
    assert exceptions.unneeded([3, 4, 5]) == {"older": [4]}
