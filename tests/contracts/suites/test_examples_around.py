"""What the suite `examples` tries around the operations: other paths, other spellings, HEAD, web
pages, types of ids, long numbers, and what refusals tell."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contracts.exchange import Request, Response
from contracts.findings import Verdict
from contracts.stops import NoAnswer, Refused
from contracts.suites.examples import cases
from contracts.suites.examples.doors import bases_of
from contracts.suites.examples.routes import spellings
from contracts.yardstick import Yardstick
from tests.contracts.suites.planted import (
    OWNER_KEY,
    OneStub,
    Send,
    answer,
    rules,
    run,
    with_header,
    with_json,
    with_key,
)

TYPES = "/v2/event-types"
TYPE = "/v2/event-types/{eventTypeId}"
DOORS = f"GET {TYPES}/hidden-endpoints"
ETAG = '"one"'
Plant = Callable[[Request, Send], Response]


def with_etag(request: Request, send: Send) -> Response:
    """Answers conditional requests as they are meant."""
    if request.header("if-none-match") == ETAG:
        return Response(304, (("ETag", ETAG),))
    response = send(request)
    return replace(response, headers=(*response.headers, ("ETag", ETAG)))


def never_modified(request: Request, send: Send) -> Response:
    has_condition = request.header("if-none-match") is not None
    return Response(304) if has_condition else with_etag(request, send)


def conditions_confuse(request: Request, send: Send) -> Response:
    has_condition = request.header("if-none-match") is not None
    return answer(send(request), 200, {}) if has_condition else with_etag(request, send)


def debug_open(request: Request, send: Send) -> Response:
    response = send(request)
    return answer(response, 200, {"env": "x"}) if request.path == "/v2/debug" else response


def everything_served(request: Request, send: Send) -> Response:
    response = send(request)
    return answer(response, 200, {}) if response.status == 404 else response


def slash_is_an_index(request: Request, send: Send) -> Response:
    return (
        answer(Response(200), 200, {"data": "index"})
        if request.path.endswith("/")
        else send(request)
    )


def slash_redirects_away(request: Request, send: Send) -> Response:
    if request.path.endswith("/"):
        return Response(301, (("Location", "/elsewhere"),))
    return send(request)


def slash_redirects_back(request: Request, send: Send) -> Response:
    if request.path.endswith("/"):
        return Response(308, (("Location", request.path.rstrip("/")),))
    return send(request)


def slash_is_the_same(request: Request, send: Send) -> Response:
    path, mark, query = request.target.partition("?")
    return send(replace(request, target=path.rstrip("/") + mark + query))


def letters_open_the_door(request: Request, send: Send) -> Response:
    if "/EVENT-TYPES" in request.path:
        return send(with_key(replace(request, target=request.target.lower()), OWNER_KEY))
    return send(request)


def head_fails(request: Request, send: Send) -> Response:
    return Response(400) if request.method == "HEAD" else send(request)


def head_unserved(request: Request, send: Send) -> Response:
    return Response(405) if request.method == "HEAD" else send(request)


def head_with_body(request: Request, send: Send) -> Response:
    is_head = request.method == "HEAD"
    return send(replace(request, method="GET")) if is_head else send(request)


def pages_denied(request: Request, send: Send) -> Response:
    response = send(request)
    if request.method == "OPTIONS":
        return response
    kept = [one for one in response.headers if not one[0].lower().startswith("access-control")]
    return replace(response, headers=tuple(kept))


def ids_as_text_in_lists(request: Request, send: Send) -> Response:
    response = send(request)
    shown: Any = response.json
    if request.method == "GET" and isinstance(shown, dict) and isinstance(shown["data"], list):
        items = [{**one, "id": str(one["id"])} for one in shown["data"]]
        return answer(response, response.status, {**shown, "data": items})
    return response


def stored_as_single_floats(request: Request, send: Send) -> Response:
    body: Any = request.json
    if isinstance(body, dict) and body.get("lengthInMinutes", 0) > 2**24:
        return send(with_json(request, {**body, "lengthInMinutes": 2**24}))
    return send(request)


def opaque(request: Request, send: Send) -> Response:
    response = send(request)
    shown: Any = response.json
    if response.status == 400:
        shown["error"] = {"code": "BadRequestException", "message": "Bad Request"}
        return answer(response, 400, shown)
    return response


def told_in_words(request: Request, send: Send) -> Response:
    """Names are told in their words, as people write them."""
    response = send(request)
    shown: Any = response.json
    if response.status == 400:
        words = re.sub(r"([A-Z])", lambda found: f" {found[1].lower()}", str(shown["error"]))
        shown["error"] = {"code": "BadRequestException", "message": words}
        return answer(response, 400, shown)
    return response


def any_version(request: Request, send: Send) -> Response:
    version = request.header("cal-api-version")
    if version is not None and version != "2024-06-14":
        return send(with_header(request, "cal-api-version", "2024-06-14"))
    return send(request)


PLANTED: list[tuple[Plant, str, set[str]]] = [
    (debug_open, DOORS, {"hidden-endpoint"}),
    (everything_served, DOORS, {"unknown-path-served"}),
    (slash_is_an_index, f"GET {TYPES}/spellings", {"path-spelling-differs"}),
    (slash_redirects_away, f"GET {TYPE}/spellings", {"path-spelling-differs"}),
    (letters_open_the_door, f"GET {TYPE}/spellings", {"path-spelling-unprotected"}),
    (head_fails, f"GET {TYPE}/head", {"head-differs-from-get"}),
    (head_with_body, f"GET {TYPE}/head", {"head-differs-from-get"}),
    (never_modified, f"GET {TYPE}/if-none-match", {"conditional-get-broken"}),
    (conditions_confuse, f"GET {TYPE}/if-none-match", {"conditional-get-broken"}),
    (pages_denied, f"GET {TYPE}/other-origin", {"cross-origin-denied"}),
    (ids_as_text_in_lists, f"GET {TYPES}/id-type", {"id-type-differs"}),
    (stored_as_single_floats, f"POST {TYPES}/number-lengthInMinutes", {"precision-lost"}),
    (opaque, f"POST {TYPES}/status-400", {"refusal-hides-cause"}),
    (any_version, f"GET {TYPE}/unknown-version", {"unknown-version-accepted"}),
]
HEALTHY: list[tuple[Plant, str]] = [
    (slash_redirects_back, f"GET {TYPE}/spellings"),
    (slash_is_the_same, f"GET {TYPES}/spellings"),
    (head_unserved, f"GET {TYPE}/head"),
    (with_etag, f"GET {TYPE}/if-none-match"),
    (told_in_words, f"POST {TYPES}/status-400"),
]


def named(rows: list[Any]) -> list[str]:
    return [f"{row[0].__name__}: {row[1]}" for row in rows]


@pytest.mark.parametrize(("change", "id", "expected"), PLANTED, ids=named(PLANTED))
def test_a_planted_defect_is_found(
    stub: OneStub, change: Plant, id: str, expected: set[str]
) -> None:
    result = run(cases, stub.bench(change=change), id)
    assert result.verdict is Verdict.FAILED, result.reason
    assert rules(result) == expected


@pytest.mark.parametrize(("change", "id"), HEALTHY, ids=named(HEALTHY))
def test_what_servers_may_do_as_well_is_no_finding(stub: OneStub, change: Plant, id: str) -> None:
    result = run(cases, stub.bench(change=change), id)
    assert result.verdict is Verdict.PASSED, (result.reason, rules(result))


def test_without_an_etag_there_is_nothing_to_judge(stub: OneStub) -> None:
    result = run(cases, stub.bench(), f"GET {TYPE}/if-none-match")
    assert result.verdict is Verdict.NOT_JUDGED


def test_where_only_declared_requests_may_leave_no_door_is_tried(stub: OneStub) -> None:
    def declared_only(request: Request, send: Send) -> Response:
        raise Refused("not in the document")

    result = run(cases, stub.bench(change=declared_only), DOORS)
    assert result.verdict is Verdict.NOT_JUDGED


def test_doors_are_tried_at_the_root_and_where_all_paths_begin(yardstick: Yardstick) -> None:
    assert bases_of(yardstick) == ("", "/v2")


def test_ids_keep_their_letters_in_every_spelling() -> None:
    assert [path for _, path in spellings("/v2/event-types/a7b")] == [
        "/v2/event-types/a7b/",
        "/v2/event-types//a7b",
        "/v2/EVENT-TYPES/a7b",
    ]


def test_a_path_of_one_part_never_begins_with_two_slashes() -> None:
    """`//me` names a host."""
    assert [path for _, path in spellings("/me")] == ["/me/", "/ME"]


class OneAfterTheOther:
    """Whoever comes while others wait, waits longer than all of them."""

    def __init__(self) -> None:
        self.waiting = 0

    def __call__(self, request: Request, send: Send) -> Response:
        self.waiting += 1
        try:
            time.sleep(0.15 * (self.waiting - 1))
            return send(request)
        finally:
            self.waiting -= 1


def test_a_target_that_slows_down_in_parallel_is_found(stub: OneStub) -> None:
    id = f"GET {TYPES}/parallel-keeps-pace"
    assert run(cases, stub.bench(), id).verdict is Verdict.PASSED
    result = run(cases, stub.bench(change=OneAfterTheOther()), id)
    assert rules(result) == {"slow-in-parallel"}


def any_number_is_an_id(request: Request, send: Send) -> Response:
    """A number that is no id is looked up, and not found."""
    response = send(request)
    is_number = request.path.rpartition("/")[2].lstrip("-").isdecimal()
    return answer(response, 404, {}) if response.status == 400 and is_number else response


def test_an_id_out_of_range_that_is_looked_up_is_found(stub: OneStub) -> None:
    id = f"GET {TYPE}/out-of-range-id"
    assert run(cases, stub.bench(), id).verdict is Verdict.PASSED
    result = run(cases, stub.bench(change=any_number_is_an_id), id)
    assert rules(result) == {"out-of-range-id-not-refused"}


def drops(request: Request, send: Send) -> Response:
    """Closes the connection on a body that is large, and on every list."""
    if len(request.body or b"") > 1_000_000 or (request.path == TYPES and request.method == "GET"):
        raise NoAnswer("the connection was dropped before an answer came")
    return send(request)


def test_a_request_without_an_answer_is_a_finding(stub: OneStub) -> None:
    result = run(cases, stub.bench(change=drops), f"GET {TYPES}/success")
    assert result.verdict is Verdict.FAILED
    [finding] = result.findings
    assert (finding.rule, finding.operation) == ("no-answer", f"GET {TYPES}")
    assert f"GET {TYPES}" in finding.came


def test_a_connection_may_close_while_too_large_a_body_comes(stub: OneStub) -> None:
    result = run(cases, stub.bench(change=drops), f"POST {TYPES}/status-413")
    assert (result.verdict, result.findings) == (Verdict.UNSEEN, ())
    assert "dropped" in result.reason
