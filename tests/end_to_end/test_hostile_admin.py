"""Wrong, huge and hostile asks of the admin API: each is refused, and the world stays as it is."""

import json
from typing import Any

import pytest

from tests.end_to_end.callers import Api
from tests.end_to_end.raw_requests import JSON_BODY, RawAnswer, ask

NESTED = 100_000
NO_NAMES = [b"%00", b"%ff", b"%zz", b"..", b"__proto__", b"%F0%9F%98%80", b"a" * 100_000, b"a%2fb"]


def call(api: Api, method: str, path: bytes, body: bytes = b"") -> RawAnswer:
    return ask(api.app, method, b"/__admin" + path, (JSON_BODY,), body)


def assert_refused(answer: RawAnswer, status: int) -> None:
    """The answer is a problem document of this status, and of a length that people read."""
    assert answer.status == status, answer.body[:500]
    assert answer.headers[b"content-type"] == b"application/problem+json"
    assert answer.json()["detail"]
    assert len(answer.body) < 200_000


NO_JSON = {
    "half an object": b'{"collections":',
    "bytes of no UTF-8": b'{"collections": "\xff"}',
    "a lone surrogate": rb'{"collections": {"\ud800": {}}}',
    "a number beyond every float": b'{"advance": 1e400}',
    "arrays in arrays": b"[" * NESTED + b"]" * NESTED,
    "objects in objects": b'{"a":' * NESTED + b"1" + b"}" * NESTED,
    "deeper than a validator follows": b'{"json":' + b"[" * 300 + b"]" * 300 + b"}",
}
WITH_BODY = [
    ("PUT", b"/state"),
    ("PUT", b"/clock"),
    ("PUT", b"/deviations"),
    ("PATCH", b"/deviations"),
    ("POST", b"/snapshots"),
    ("POST", b"/requests/count"),
    ("POST", b"/actions/use-private-link"),
]


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
@pytest.mark.parametrize("case", NO_JSON)
def test_what_is_no_json_is_refused(api: Api, method: str, path: bytes, case: str) -> None:
    assert_refused(call(api, method, path, NO_JSON[case]), 400)


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
@pytest.mark.parametrize("body", [b"[]", b"1", b'"text"', b"null", b'{"__proto__": {}}'])
def test_json_of_the_wrong_shape_is_refused(
    api: Api, method: str, path: bytes, body: bytes
) -> None:
    assert_refused(call(api, method, path, body), 422)


WRONG_STATES: dict[str, Any] = {
    "no collections": {},
    "a list of collections": {"collections": []},
    "a list of documents": {"collections": {"users": []}},
    "a number as a document": {"collections": {"users": {"1": 1}}},
    "an empty document": {"collections": {"event-types": {"1": {}}}},
    "an unknown collection": {"collections": {"nothing": {}}},
    "an object's own": {"collections": {"__proto__": {"constructor": {}}}},
    "a NUL as a key": {"collections": {"users": {"\x00": {}}}},
    "an owner that is not there": {
        "collections": {
            "api-keys": {"k": {"key": "k", "userId": 9, "name": "k", "expiresAt": None}}
        }
    },
    "a sequence below 0": {"collections": {}, "sequences": {"users": -1}},
    "half a sequence": {"collections": {}, "sequences": {"users": 1.5}},
    "a sequence that will not fit 64 bits": {"collections": {}, "sequences": {"users": 2**64 - 1}},
    "a huge text": {"collections": {"users": "x" * 10_000_000}},
}


@pytest.mark.parametrize("case", WRONG_STATES)
def test_a_state_that_is_refused_leaves_the_world_as_it_was(api: Api, case: str) -> None:
    before = call(api, "GET", b"/state").json()
    refused = call(api, "PUT", b"/state", json.dumps(WRONG_STATES[case]).encode())
    assert_refused(refused, 422)
    assert call(api, "GET", b"/state").json() == before


def test_a_state_that_is_wrong_in_each_of_many_places_is_refused_briefly(api: Api) -> None:
    state = {f"part-{number}": "x" * 1000 for number in range(10_000)}
    assert_refused(call(api, "PUT", b"/state", json.dumps(state).encode()), 422)


@pytest.mark.parametrize("size", [33 * 2**20, 100_000_000])
def test_a_body_of_more_than_32_megabytes_is_too_large(api: Api, size: int) -> None:
    assert_refused(call(api, "PUT", b"/state", b" " * size), 413)


WRONG_TIMES: list[Any] = [
    {"advance": 1e308},
    {"advance": -1e308},
    {"advance": 10**30},
    {"advance": "P" + "9" * 5000 + "D"},
    {"advance": "P" * 100_000},
    {"advance": "PT1e400S"},
    {"advance": "P1000000W"},
    {"advance": "P3000000D"},
    {"advance": "-P100000D"},
    {"advance": {"weeks": 1e300, "days": -1e308}},
    {"advance": {}},
    {"advance": True},
    {"set": "9999-12-31T23:59:59Z"},
    {"set": "0001-01-01T00:00:00+23:59"},
    {"set": "\x00"},
    {"freeze": "2030-13-45T99:99:99Z"},
    {"freeze": "2030-01-01"},
    {"freeze": 1},
    {"freeze": True, "set": "2030-01-01T08:00:00Z"},
]


@pytest.mark.parametrize("change", WRONG_TIMES, ids=lambda change: str(change)[:40])
def test_a_time_beyond_any_calendar_leaves_the_clock_alone(api: Api, change: Any) -> None:
    before = call(api, "GET", b"/clock").json()
    refused = call(api, "PUT", b"/clock", json.dumps(change).encode())
    assert_refused(refused, 422)
    assert call(api, "GET", b"/clock").json() == before


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_snapshot_that_is_not_there_is_not_restored(api: Api, name: bytes) -> None:
    before = call(api, "GET", b"/state").json()
    assert call(api, "POST", b"/snapshots/" + name + b"/restore").status in (404, 422)
    assert call(api, "DELETE", b"/snapshots/" + name).status in (404, 422)
    assert call(api, "GET", b"/state").json() == before


@pytest.mark.parametrize("name", ["", "a/b", "..", "\x00", "__proto__", "\U0001f600", "x" * 65, 1])
def test_a_snapshot_has_a_name_that_fits_a_path(api: Api, name: Any) -> None:
    assert_refused(call(api, "POST", b"/snapshots", json.dumps({"name": name}).encode()), 422)


@pytest.mark.parametrize("body", [{"quirks": ["\x00"]}, {"quirks": ["x" * 100_000]}])
def test_unknown_quirks_change_nothing(api: Api, body: Any) -> None:
    before = call(api, "GET", b"/deviations").json()
    assert_refused(call(api, "PUT", b"/deviations", json.dumps(body).encode()), 422)
    assert call(api, "GET", b"/deviations").json() == before


@pytest.mark.parametrize("number", [b"0", b"-1", b"1e400", b"9" * 18, b"9" * 5000, b"%00", b"%ff"])
def test_a_request_of_no_number_is_not_in_the_journal(api: Api, number: bytes) -> None:
    assert call(api, "GET", b"/requests/" + number).status in (404, 422)


@pytest.mark.parametrize(
    "query",
    [b"since=1e400", b"since=-1", b"since=" + b"9" * 400, b"limit=0", b"status=9xx", b"\xff=a"],
)
def test_a_wrong_filter_of_the_journal_is_refused(api: Api, query: bytes) -> None:
    assert_refused(call(api, "GET", b"/requests?" + query), 422)


@pytest.mark.parametrize(
    "path",
    [
        "(" + "a" * 10_000,
        "/v2/" + "{a}" * 2000 + "!",
        "/v2/" + "{a}x" * 2000 + "!",
        "/v2/{eventTypeId}*" * 500,
        "\x00*",
    ],
    ids=lambda path: path[:8],
)
def test_no_pattern_of_a_path_takes_for_ever(api: Api, path: str) -> None:
    for _ in range(5):
        ask(api.app, "GET", b"/v2/" + b"ax" * 5000)
    counted = call(api, "POST", b"/requests/count", json.dumps({"path": path}).encode())
    assert counted.json()["count"] == 0


@pytest.mark.parametrize("name", NO_NAMES)
def test_an_action_that_is_not_there_is_not_found(api: Api, name: bytes) -> None:
    assert call(api, "POST", b"/actions/" + name, b"{}").status == 404


@pytest.mark.parametrize("times", [0, -1, 1.5, "1", None, [1]])
def test_a_link_is_used_a_whole_number_of_times(api: Api, times: Any) -> None:
    body = json.dumps({"linkId": "demoCountedFresh111111", "times": times}).encode()
    assert_refused(call(api, "POST", b"/actions/use-private-link", body), 422)


def test_no_link_has_more_uses_than_any_number(api: Api) -> None:
    before = call(api, "GET", b"/state").json()
    body = b'{"linkId": "demoCountedFresh111111", "times": 1e300}'
    assert_refused(call(api, "POST", b"/actions/use-private-link", body), 409)
    assert call(api, "GET", b"/state").json() == before
