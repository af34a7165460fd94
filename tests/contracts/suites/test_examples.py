"""The suite `examples`: silent on the healthy stub, speaking where one thing is wrong."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contracts.checks import CHECKS
from contracts.exchange import Request, Response
from contracts.findings import Result, Verdict
from contracts.stops import Refused
from contracts.suites.examples import cases
from contracts.suites.examples.flaws import unknown_value
from contracts.suites.examples.unknown import other_value
from contracts.suites.provisions import create
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.model import Json
from tests.contracts.suites.planted import (
    OneStub,
    Send,
    answer,
    rules,
    run,
    run_all,
    with_header,
    with_json,
)

TYPES = "/v2/event-types"
TYPE = "/v2/event-types/{eventTypeId}"
LINKS = f"{TYPE}/private-links"
TEAMS = "/v2/organizations/{orgId}/teams/event-types"
Plant = Callable[[Request, Send], Response]


def test_the_healthy_stub_has_no_finding_and_every_silence_a_reason(stub: OneStub) -> None:
    bench = stub.bench(checks=CHECKS)
    results = run_all(cases, bench)
    assert [one.id for one in results if one.findings or one.verdict is Verdict.BROKEN] == []
    silent = [one for one in results if one.verdict is not Verdict.PASSED]
    assert all(one.reason for one in silent)
    assert len(silent) < len(results) / 4
    assert len(bench.target.exchanges) < 2300
    seen = {one.response.status for one in bench.target.exchanges}
    assert {200, 201, 400, 401, 403, 404, 405, 413, 415} <= seen


def test_ids_are_unique_and_the_same_every_time(yardstick: Yardstick) -> None:
    first = [one.id for one in cases(yardstick, Options())]
    assert len(set(first)) == len(first)
    assert first == [one.id for one in cases(yardstick, Options())]


def test_every_operation_has_a_success_and_a_case_for_each_documented_error(
    yardstick: Yardstick,
) -> None:
    ids = {one.id for one in cases(yardstick, Options())}
    for operation in yardstick.operations:
        assert f"{operation.label}/success" in ids
        for status in operation.responses:
            if status.isdecimal() and int(status) >= 400:
                assert f"{operation.label}/status-{status}" in ids


def test_quick_leaves_most_out(stub: OneStub) -> None:
    bench = stub.bench(quick=True)
    results = run_all(cases, bench)
    assert not [one.id for one in results if one.findings]
    assert len(bench.target.exchanges) < 900


def test_the_same_seed_sends_the_same_requests(stub: OneStub) -> None:
    def sent() -> list[tuple[str, str, bytes | None]]:
        bench = stub.bench(run_id="again")
        for one in ("success", "status-400", "optional-description", "unknown-property"):
            run(cases, bench, f"POST {TYPES}/{one}")
        asked = [one.request for one in bench.target.exchanges]
        # what is deleted again has other ids, for both runs go to one stub
        return [(one.method, re.sub(r"\d+$", "", one.target), one.body) for one in asked]

    assert sent() == sent()


def test_a_bad_id_never_leads_a_write_to_what_is_not_of_this_run(stub: OneStub) -> None:
    bench = stub.bench()
    run(cases, bench, f"DELETE {TYPE}/status-400")
    made = [one for one in bench.target.exchanges if one.request.method == "POST"]
    own: list[Any] = [one.response.json for one in made]
    ids = {str(one["data"]["id"]) for one in own}
    bad = [one.path_values for one in bench.target.exchanges if one.request.method == "DELETE"]
    assert [one["eventTypeId"] for one in bad if one["eventTypeId"].endswith("abc")]
    for one in bad:
        text = one["eventTypeId"].removesuffix("abc")
        assert not text.isdecimal() or text in ids


def test_no_short_id_is_guessed_for_a_write(yardstick: Yardstick) -> None:
    reading = yardstick.operation("EventTypesController_2024_06_14_getEventTypeById")
    link = "EventTypesPrivateLinksController_2024_09_04_deletePrivateLink"
    writing = yardstick.operation(link)
    assert unknown_value(yardstick, reading, "eventTypeId", "7") == "2147480007"
    assert unknown_value(yardstick, writing, "linkId", "ab1") is None
    unknown = unknown_value(yardstick, writing, "linkId", "4ovBUjB8AuYuaYmWSnvqW3")
    assert unknown is not None
    assert len(unknown) == 22


def read_only(request: Request, send: Send) -> Response:
    if request.method != "GET":
        raise Refused("this run only reads")
    return send(request)


def test_a_run_that_may_only_read_judges_what_it_can(stub: OneStub) -> None:
    results = run_all(cases, stub.bench(change=read_only))
    bad = (Verdict.FAILED, Verdict.BROKEN)
    assert [one.id for one in results if one.verdict in bad] == []
    passed = {one.id for one in results if one.verdict is Verdict.PASSED}
    assert {
        f"GET {TYPE}/success",
        f"GET {TYPE}/status-404",
        f"GET {TEAMS}/parameter-take",
    } <= passed
    writing = [one for one in results if one.id == f"POST {TYPES}/success"]
    assert [one.reason for one in writing] == ["this run only reads"]


def dropped(request: Request, send: Send) -> Response:
    response = send(request)
    shown: Any = response.json
    if request.method != "GET" or response.status != 200 or not isinstance(shown["data"], dict):
        return response
    del shown["data"]["title"]
    return answer(response, 200, shown)


def lenient(request: Request, send: Send) -> Response:
    response = send(request)
    if response.status != 400:
        return response
    return answer(response, 201, {"status": "success", "data": {}})


def one_flaw_overlooked(request: Request, send: Send) -> Response:
    body: Any = request.json
    if isinstance(body, dict) and body.get("lengthInMinutes") == 0:
        return send(with_json(request, {**body, "lengthInMinutes": 1}))
    return send(request)


def put_is_served(request: Request, send: Send) -> Response:
    if request.method == "PUT":
        return send(replace(request, method="GET", body=None))
    return send(request)


def ascii_only(request: Request, send: Send) -> Response:
    body: Any = request.json
    if isinstance(body, dict) and isinstance(body.get("title"), str):
        text = body["title"].encode("ascii", "replace").decode()
        return send(with_json(request, {**body, "title": text}))
    return send(request)


def decomposed_lost(request: Request, send: Send) -> Response:
    """The answer to the write echoes; what is stored is another text."""
    response = send(request)
    shown: Any = response.json
    if request.method == "GET" and response.status == 200 and "title" in shown.get("data", {}):
        shown["data"]["title"] = shown["data"]["title"].replace("e\u0301", "\u00e9")
        return answer(response, 200, shown)
    return response


def description_ignored(request: Request, send: Send) -> Response:
    body: Any = request.json
    if isinstance(body, dict) and "description" in body:
        kept = {name: value for name, value in body.items() if name != "description"}
        return send(with_json(request, kept))
    return send(request)


def french_refused(request: Request, send: Send) -> Response:
    body: Any = request.json
    if isinstance(body, dict) and body.get("interfaceLanguage") == "fr":
        return send(with_json(request, {**body, "interfaceLanguage": "understudy"}))
    return send(request)


def any_type_is_json(request: Request, send: Send) -> Response:
    if request.header("content-type") is not None:
        return send(with_header(request, "Content-Type", "application/json"))
    return send(request)


def version_overlooked(request: Request, send: Send) -> Response:
    if request.header("cal-api-version") is None:
        return send(with_header(request, "cal-api-version", "2024-06-14"))
    return send(request)


def letters_cut_off(request: Request, send: Send) -> Response:
    return send(replace(request, target=re.sub(r"/(\d+)abc", r"/\1", request.target)))


def unknown_is_another(request: Request, send: Send) -> Response:
    return send(replace(request, target=request.target.replace("/2147480007", "/101")))


def take_ignored(request: Request, send: Send) -> Response:
    return send(replace(request, target=request.target.partition("?")[0]))


def descending_refused(request: Request, send: Send) -> Response:
    return send(replace(request, target=request.target.replace("=desc", "=down")))


def anything_stored(request: Request, send: Send) -> Response:
    response, body = send(request), request.json
    shown: Any = response.json
    if isinstance(body, dict) and response.status in (200, 201):
        shown["data"] = {**shown["data"], **body}
        return answer(response, response.status, shown)
    return response


def anonymous_served(request: Request, send: Send) -> Response:
    if request.header("authorization") is None:
        return send(with_header(request, "Authorization", "Bearer cal_test_demo"))
    return send(request)


def accept_taken_word_for_word(request: Request, send: Send) -> Response:
    if request.header("accept") != "application/json":
        return answer(send(request), 406, {"status": "error"})
    return send(request)


def wordless(request: Request, send: Send) -> Response:
    response = send(request)
    return answer(response, response.status, {}) if response.status >= 400 else response


def success_is_an_error(request: Request, send: Send) -> Response:
    response = send(request)
    return answer(response, 404, {}) if response.status == 200 else response


PLANTED: list[tuple[Plant, str, str]] = [
    (dropped, f"GET {TYPE}/success", "body-does-not-fit-schema"),
    (success_is_an_error, "GET /v2/me/success", "good-request-refused"),
    (lenient, f"POST {TYPES}/status-400", "invalid-input-accepted"),
    (one_flaw_overlooked, f"POST {TYPES}/status-400", "invalid-input-accepted"),
    (version_overlooked, f"GET {TYPE}/status-400", "invalid-input-accepted"),
    (letters_cut_off, f"GET {TYPE}/status-400", "invalid-input-accepted"),
    (unknown_is_another, f"GET {TYPE}/status-404", "unknown-id-accepted"),
    (any_type_is_json, f"POST {TYPES}/status-415", "content-type-not-checked"),
    (anonymous_served, f"GET {TYPE}/status-401", "auth-ignored"),
    (put_is_served, f"GET {TYPE}/undeclared-verb", "undocumented-method-served"),
    (ascii_only, f"POST {TYPES}/charset", "text-mangled"),
    (decomposed_lost, f"POST {TYPES}/charset", "text-mangled"),
    (description_ignored, f"POST {TYPES}/optional-description", "input-not-echoed"),
    (description_ignored, f"PATCH {TYPE}/optional-description", "input-not-echoed"),
    (wordless, f"POST {TYPES}/optional-scheduleId", "refusal-without-reason"),
    (french_refused, f"POST {TYPES}/enum-interfaceLanguage", "enum-member-refused"),
    (take_ignored, f"GET {TEAMS}/parameter-take", "invalid-input-accepted"),
    (descending_refused, f"GET {TYPES}/parameter-sortCreatedAt", "good-parameter-refused"),
    (anything_stored, f"POST {TYPES}/unknown-property", "unknown-property-stored"),
    (anything_stored, f"POST {TYPES}/read-only-properties", "read-only-property-accepted"),
    (accept_taken_word_for_word, f"GET {TYPE}/accept", "accept-refused"),
]


@pytest.mark.parametrize(
    ("change", "id", "rule"),
    PLANTED,
    ids=[f"{plant.__name__}: {id}" for plant, id, _ in PLANTED],
)
def test_a_planted_defect_is_found(stub: OneStub, change: Plant, id: str, rule: str) -> None:
    result = run(cases, stub.bench(change=change), id)
    assert result.verdict is Verdict.FAILED, result.reason
    assert rule in rules(result)


def test_a_finding_names_the_place_and_the_flaw(stub: OneStub) -> None:
    bench = stub.bench(change=one_flaw_overlooked)
    result = run(cases, bench, f"POST {TYPES}/status-400")
    assert [one.cause for one in result.findings] == ["body /lengthInMinutes below-minimum"]
    finding = result.findings[0]
    assert "/lengthInMinutes is 0, and the minimum is 1" in finding.message
    assert finding.source == "document #/paths/~1v2~1event-types/post/requestBody"
    assert finding.exchange is not None
    assert json.loads(finding.exchange.request.body or b"")["lengthInMinutes"] == 0


def test_a_server_that_wants_more_than_its_document_is_judged_and_still_tried(
    stub: OneStub,
) -> None:
    def empty_refused(request: Request, send: Send) -> Response:
        if request.method == "POST" and request.json == {}:
            return send(with_json(request, {"maxUsageCount": 0}))
        return send(request)

    bench = stub.bench(change=empty_refused)
    assert "good-request-refused" in rules(run(cases, bench, f"POST {LINKS}/success"))
    assert run(cases, bench, f"PATCH {LINKS}/{{linkId}}/success").verdict is Verdict.PASSED


def test_an_item_with_properties_of_its_own_gets_no_others(stub: OneStub) -> None:
    bench = stub.bench()
    operation = bench.yardstick.operation(
        "EventTypesPrivateLinksController_2024_09_04_createPrivateLink"
    )
    resource = bench.yardstick.resources[operation.id].resource
    bench.shared[("enough for a create", operation.id)] = "expiresAt"
    session = Session(bench, Case("examples", operation.label, "made", lambda session: None))
    assert "expiresAt" in create(session, resource).document
    counted = create(session, resource, maxUsageCount=3).document
    assert counted["maxUsageCount"] == 3
    assert "expiresAt" not in counted


def test_a_document_that_no_reading_can_satisfy_is_not_judged(
    stub: OneStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "contracts.checks.openapi_core.request_flaws", lambda exchange, yardstick: ["a flaw"]
    )
    result = run(cases, stub.bench(), "GET /v2/me/success")
    assert result.verdict is Verdict.NOT_JUDGED
    assert "a flaw" in result.reason


def test_what_nothing_can_provoke_is_shown_with_a_reason(stub: OneStub) -> None:
    results: list[Result] = [
        run(cases, stub.bench(), f"GET {TYPE}/status-{status}") for status in (405, 429, 498, 500)
    ]
    assert {one.verdict for one in results} == {Verdict.NOT_JUDGED}
    assert len({one.reason for one in results}) == 4


def test_a_caller_who_is_refused_anyway_is_no_measure_of_bad_parameters(
    stub: OneStub,
) -> None:
    def closed(request: Request, send: Send) -> Response:
        return answer(send(request), 403, {"status": "error", "error": "no"})

    result = run(cases, stub.bench(change=closed), f"GET {TEAMS}/parameter-take")
    assert result.verdict is Verdict.UNSEEN
    assert run(cases, stub.bench(change=closed), f"GET {TEAMS}/status-400").verdict is (
        Verdict.NOT_JUDGED
    )


@pytest.mark.parametrize("value", ["understudy abc 7", "x", "a", 7, 0.5, True])
def test_what_is_sent_for_a_property_that_cannot_be_set_is_nothing_the_kit_gives_elsewhere(
    value: Json,
) -> None:
    other = other_value(value)
    assert type(other) is type(value)
    assert other != value
    assert not str(other)[-1].isdecimal() or not isinstance(value, str)
