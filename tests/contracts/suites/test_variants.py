"""The suite `variants` on the bundled API: silent on the healthy stub, and what it says else."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import pytest

from contracts.actors import Actors
from contracts.door.stub import BUNDLED_ACTORS, BUNDLED_BINDINGS
from contracts.door.targets import Target
from contracts.door.transports import InProcess
from contracts.exchange import Request, Response
from contracts.findings import Result, Verdict
from contracts.stops import Refused
from contracts.suites.runner import run_case
from contracts.suites.session import Bench, Case, Options
from contracts.suites.variants import cases
from contracts.yardstick import Yardstick
from mockserver import Settings, create_app
from mockserver.model import Document, Json
from tests.contracts.altered import Altered, Change
from tests.contracts.conftest import MakeBench

LINKS = "/v2/event-types/{eventTypeId}/private-links"
LINK = f"{LINKS}/{{linkId}}"
TEAM = "/v2/organizations/{orgId}/teams/{teamId}/event-types"
MAKE = f"POST {LINKS}/link-of-each-kind"
LIST = f"GET {LINKS}/links-listed-by-kind"
CHANGE = f"PATCH {LINK}/link-changes-kind"
DATE = "2031-01-01T00:00:00.000Z"
RUNS = count(1)
Changed = Callable[[Change], Bench]


@pytest.fixture(scope="module")
def stub() -> Iterator[InProcess]:
    """One stub for all: each case makes what it needs."""
    transport = InProcess(create_app(Settings()))
    yield transport
    transport.close()


@pytest.fixture
def changed(stub: InProcess, yardstick: Yardstick) -> Changed:
    """Makes a bench on the stub with one planted defect."""

    def make(change: Change) -> Bench:
        actors = Actors(BUNDLED_ACTORS, yardstick.schemes)
        target = Target(Altered(stub, change), yardstick)
        options = Options(run_id=f"run{next(RUNS)}")
        return Bench(target, yardstick, actors, options=options, bindings=dict(BUNDLED_BINDINGS))

    return make


@pytest.fixture
def bench(changed: Changed) -> Bench:
    """A bench on the healthy stub."""
    return changed(lambda request, on: on(request))


@pytest.fixture(scope="module")
def all_cases(yardstick: Yardstick) -> dict[str, Case]:
    return {case.id: case for case in cases(yardstick, Options())}


def results_of(bench: Bench, found: list[Case]) -> list[Result]:
    return [run_case(bench, case) for case in found]


def rules_of(result: Result) -> set[str]:
    return {finding.rule for finding in result.findings}


def in_links(edit: Callable[[Json, Request], Json]) -> Change:
    """Edits what every good answer about private links is about."""

    def change(request: Request, on: Callable[[Request], Response]) -> Response:
        response = on(request)
        if "/private-links" not in request.path or response.status >= 300:
            return response
        body = response.json
        changed = {**body, "data": edit(body["data"], request)}
        return replace(response, body=json.dumps(changed).encode())

    return change


def each_link(edit: Callable[[Document], Document]) -> Change:
    def apply(data: Json, request: Request) -> Json:
        if isinstance(data, list):
            return [edit(one) for one in data]
        return edit(data) if "bookingUrl" in data else data

    return in_links(apply)


def test_the_healthy_stub_has_no_findings(bench: Bench, all_cases: dict[str, Case]) -> None:
    results = results_of(bench, list(all_cases.values()))
    assert [finding.message for result in results for finding in result.findings] == []
    assert {result.verdict for result in results} <= {Verdict.PASSED, Verdict.UNSEEN}
    assert len(bench.target.exchanges) < 800


def test_both_kinds_of_link_are_seen_wherever_answers_show_links(
    bench: Bench, all_cases: dict[str, Case]
) -> None:
    found = [c for c in all_cases.values() if "private-links" in c.id and "response-" in c.id]
    assert [result.verdict for result in results_of(bench, found)] == [Verdict.PASSED] * 3


@pytest.mark.parametrize(
    "id",
    [
        "GET /v2/event-types/{eventTypeId}/response-data",
        f"POST {TEAM}/response-data",
        f"PATCH {TEAM}/{{eventTypeId}}/response-data",
    ],
    ids=["an item of another resource", "a list instead of one", "a list when changed"],
)
def test_shapes_that_only_some_items_have_are_seen(
    bench: Bench, all_cases: dict[str, Case], id: str
) -> None:
    assert run_case(bench, all_cases[id]).verdict == Verdict.PASSED


def test_a_variant_that_no_answer_showed_is_named(bench: Bench, all_cases: dict[str, Case]) -> None:
    result = run_case(
        bench, all_cases["DELETE /v2/event-types/{eventTypeId}/response-data-locations"]
    )
    assert result.verdict == Verdict.UNSEEN
    assert "OutputUnknownLocation_2024_06_14" in result.reason
    assert "OutputLinkLocation_2024_06_14" not in result.reason


def test_the_overlap_of_the_kinds_is_a_note_and_no_finding(
    bench: Bench, all_cases: dict[str, Case]
) -> None:
    result = run_case(bench, all_cases[f"GET {LINKS}/overlap-data"])
    assert result.verdict == Verdict.PASSED
    [note] = result.notes
    assert "TimeBasedPrivateLinkOutput and UsageBasedPrivateLinkOutput both accept" in note


def test_ids_are_unique_and_the_same_every_time(yardstick: Yardstick) -> None:
    ids = [case.id for case in cases(yardstick, Options())]
    assert len(set(ids)) == len(ids)
    assert ids == [case.id for case in cases(yardstick, Options())]


def test_a_quick_run_leaves_out_what_repeats(bench: Bench, yardstick: Yardstick) -> None:
    quick = list(cases(yardstick, Options(quick=True)))
    assert {case.id for case in quick} < {case.id for case in cases(yardstick, Options())}
    assert all(not result.findings for result in results_of(bench, quick))
    assert len(bench.target.exchanges) < 260


def test_the_same_requests_are_sent_in_the_same_order(
    make_bench: MakeBench, all_cases: dict[str, Case]
) -> None:
    chosen = [all_cases[CHANGE], all_cases["PATCH /v2/event-types/{eventTypeId}/request-locations"]]
    sent = []
    for bench in (make_bench(), make_bench()):
        results_of(bench, chosen)
        sent.append([one.request for one in bench.target.exchanges])
    assert sent[0] == sent[1]


@pytest.mark.parametrize("case", [MAKE, LIST, CHANGE])
def test_a_link_of_both_kinds_at_once_is_found(
    changed: Changed, all_cases: dict[str, Case], case: str
) -> None:
    both = {"expiresAt": DATE, "maxUsageCount": 1, "usageCount": 0}
    bench = changed(each_link(lambda link: {**both, **link}))
    result = run_case(bench, all_cases[case])
    assert "oneof-several" in rules_of(result)
    [message, *_] = [one.message for one in result.findings if one.rule == "oneof-several"]
    assert "TimeBasedPrivateLinkOutput (by expiresAt)" in message
    assert "UsageBasedPrivateLinkOutput (by maxUsageCount, usageCount)" in message


def test_a_link_of_both_kinds_in_a_list_only_is_found_with_its_index(
    changed: Changed, all_cases: dict[str, Case]
) -> None:
    def edit(data: Json, request: Request) -> Json:
        return [*data[:-1], {**data[-1], "expiresAt": DATE}] if isinstance(data, list) else data

    result = run_case(changed(in_links(edit)), all_cases[LIST])
    assert rules_of(result) == {"oneof-several"}
    assert result.findings[0].message.startswith("`data[")


def test_a_link_of_neither_kind_is_found_with_the_reason_for_each(
    changed: Changed, all_cases: dict[str, Case]
) -> None:
    own = ("expiresAt", "maxUsageCount", "usageCount")
    change = each_link(lambda link: {key: link[key] for key in link if key not in own})
    result = run_case(changed(change), all_cases[MAKE])
    assert rules_of(result) == {"oneof-none"}
    assert "TimeBasedPrivateLinkOutput: expiresAt is required" in result.findings[0].message
    assert "UsageBasedPrivateLinkOutput: maxUsageCount is required" in result.findings[0].message


def test_null_instead_of_a_link_is_found(changed: Changed, all_cases: dict[str, Case]) -> None:
    def edit(data: Json, request: Request) -> Json:
        return None if request.method == "PATCH" else data

    result = run_case(changed(in_links(edit)), all_cases[CHANGE])
    assert "oneof-none" in rules_of(result)


def test_a_link_that_keeps_its_kind_when_changed_is_found(
    changed: Changed, all_cases: dict[str, Case]
) -> None:
    def change(request: Request, on: Callable[[Request], Response]) -> Response:
        if request.method == "PATCH" and "maxUsageCount" in (request.json or {}):
            request = replace(request, body=b"{}")
        return on(request)

    result = run_case(changed(change), all_cases[CHANGE])
    assert rules_of(result) == {"link-kind"}
    assert "a usage-based link is shown with expiresAt after a change from time-based" in (
        result.findings[0].message
    )
    assert result.findings[0].story


def test_a_list_that_shows_another_kind_than_the_answers_is_found(
    changed: Changed, all_cases: dict[str, Case]
) -> None:
    def as_dated(link: Document) -> Document:
        kept = {key: link[key] for key in link if key not in ("maxUsageCount", "usageCount")}
        return {**kept, "expiresAt": DATE}

    def edit(data: Json, request: Request) -> Json:
        return [as_dated(one) for one in data] if isinstance(data, list) else data

    result = run_case(changed(in_links(edit)), all_cases[LIST])
    assert rules_of(result) == {"link-kind"}
    assert "a usage-based link is shown with expiresAt" in result.findings[0].message


def test_a_property_of_the_other_kind_alone_is_found(
    changed: Changed, all_cases: dict[str, Case]
) -> None:
    """Such a link fits one variant only, so that no schema says anything."""
    change = each_link(lambda link: {**link, "usageCount": 0})
    result = run_case(changed(change), all_cases[MAKE])
    assert rules_of(result) == {"link-kind"}


def test_a_changed_link_with_another_id_is_found(
    changed: Changed, all_cases: dict[str, Case]
) -> None:
    def edit(data: Json, request: Request) -> Json:
        return {**data, "linkId": "other"} if request.method == "PATCH" else data

    result = run_case(changed(in_links(edit)), all_cases[CHANGE])
    assert rules_of(result) == {"link-id-changed"}


def test_a_change_that_leaves_the_old_link_behind_is_found(
    changed: Changed, all_cases: dict[str, Case]
) -> None:
    def edit(data: Json, request: Request) -> Json:
        return [*data, data[-1]] if isinstance(data, list) and data else data

    result = run_case(changed(in_links(edit)), all_cases[CHANGE])
    assert "link-listed-once" in rules_of(result)


def test_a_refused_change_of_kind_is_found(changed: Changed, all_cases: dict[str, Case]) -> None:
    def change(request: Request, on: Callable[[Request], Response]) -> Response:
        if request.method == "PATCH" and "expiresAt" in (request.json or {}):
            return Response(400, (("content-type", "application/json"),), b"{}")
        return on(request)

    result = run_case(changed(change), all_cases[CHANGE])
    assert "link-change-refused" in rules_of(result)


def test_a_location_of_another_type_than_was_sent_is_found(
    changed: Changed, all_cases: dict[str, Case]
) -> None:
    def change(request: Request, on: Callable[[Request], Response]) -> Response:
        response = on(request)
        return replace(
            response,
            body=response.body.replace(b'"type":"attendeePhone"', b'"type":"attendeeAddress"'),
        )

    result = run_case(changed(change), all_cases["POST /v2/event-types/request-locations"])
    assert rules_of(result) == {"variant-changed"}
    assert "InputAttendeePhoneLocation_2024_06_14 was sent" in result.findings[0].message


def test_a_value_of_no_variant_that_is_accepted_is_found(
    changed: Changed, all_cases: dict[str, Case]
) -> None:
    def change(request: Request, on: Callable[[Request], Response]) -> Response:
        response = on(request)
        return replace(response, status=201, body=b"") if response.status == 400 else response

    result = run_case(changed(change), all_cases["POST /v2/event-types/request-seats"])
    assert rules_of(result) == {"oneof-invalid-accepted"}


def test_a_place_whose_variants_are_all_refused_is_unseen(
    changed: Changed, all_cases: dict[str, Case]
) -> None:
    def change(request: Request, on: Callable[[Request], Response]) -> Response:
        if "seats" in (request.json or {}):
            return Response(400, (), b"seats are sold out")
        return on(request)

    result = run_case(changed(change), all_cases["POST /v2/event-types/request-seats"])
    assert result.verdict == Verdict.UNSEEN
    assert "sold out" in result.reason


def test_nothing_is_changed_that_the_run_did_not_make(
    changed: Changed, all_cases: dict[str, Case]
) -> None:
    def change(request: Request, on: Callable[[Request], Response]) -> Response:
        if request.method == "POST":
            raise Refused("POST is not on the list of operations")
        return on(request)

    bench = changed(change)
    chosen = [case for case in all_cases.values() if case.operation.startswith(("PATCH", "DELETE"))]
    verdicts = {result.verdict for result in results_of(bench, chosen) if result.requests}
    assert verdicts <= {Verdict.NOT_JUDGED}
    assert {one.request.method for one in bench.target.exchanges} <= {"GET"}
