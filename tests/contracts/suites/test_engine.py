"""The adapter round schemathesis' engine: determinism, stops, traces."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import configuration, settings

from contracts.exchange import Request, Response
from contracts.findings import Verdict
from contracts.stops import Refused, RunStopped
from contracts.suites import fuzz, stateful
from contracts.suites.engine_cases import Selection
from contracts.suites.engine_config import document_for
from contracts.suites.engine_phase import Phase, typed
from contracts.suites.runner import CaseStopped, run_case
from contracts.suites.session import Bench, Case, Options, Session
from tests.contracts.altered import Change
from tests.contracts.conftest import MakeBench

LINKS = "/v2/event-types/{eventTypeId}/private-links"
On = Callable[[Request], Response]
Sent = list[tuple[str, str, bytes | None]]


def case_of(bench: Bench, id: str) -> Case:
    made = [*fuzz.cases(bench.yardstick, bench.options)]
    made += stateful.cases(bench.yardstick, bench.options)
    return next(one for one in made if one.id == id)


def sent(bench: Bench, *ids: str) -> Sent:
    for id in ids:
        assert run_case(bench, case_of(bench, id)).verdict is Verdict.PASSED
    requests = [one.request for one in bench.target.exchanges]
    return [(one.method, one.target, one.body) for one in requests]


def raising(stop: Exception, after: int) -> Change:
    """Answers *after* requests, then raises."""
    count = 0

    def change(request: Request, on: On) -> Response:
        nonlocal count
        count += 1
        if count > after:
            raise stop
        return on(request)

    return change


def test_a_seed_fixes_the_requests_and_their_order(make_bench: MakeBench) -> None:
    ids = (f"PATCH {LINKS}/{{linkId}}/coverage", f"POST {LINKS}/fuzzing", f"POST {LINKS}/links")
    first, again, other = (
        sent(make_bench(options=Options(seed=seed, examples=5)), *ids) for seed in (7, 7, 8)
    )
    assert first == again
    assert first != other


def test_nothing_is_left_behind(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    home = vars(configuration)["__hypothesis_home_directory"]
    profile = settings.get_current_profile_name()
    sent(bench, "GET /v2/me/fuzzing")
    assert os.listdir(tmp_path) == []
    assert vars(configuration)["__hypothesis_home_directory"] == home
    assert settings.get_current_profile_name() == profile


def test_a_stop_ends_the_case_as_what_it_is(make_bench: MakeBench) -> None:
    bench = make_bench(change=raising(RunStopped("the target is gone"), after=3))
    with pytest.raises(CaseStopped, match="the target is gone") as caught:
        run_case(bench, case_of(bench, "GET /v2/me/fuzzing"))
    assert caught.value.result.requests == 3


@pytest.mark.parametrize("id", ["POST /v2/event-types/fuzzing", "POST /v2/event-types/links"])
def test_what_the_door_keeps_back_is_not_judged(make_bench: MakeBench, id: str) -> None:
    bench = make_bench(change=raising(Refused("only reading"), after=0))
    result = run_case(bench, case_of(bench, id))
    assert (result.verdict, result.reason) == (Verdict.NOT_JUDGED, "only reading")


def test_single_requests_that_are_kept_back_are_noted(make_bench: MakeBench) -> None:
    def change(request: Request, on: On) -> Response:
        if request.method != "GET":
            raise Refused("not in the document")
        return on(request)

    bench = make_bench(change=change)
    result = run_case(bench, case_of(bench, "GET /v2/me/coverage"))
    assert result.verdict is Verdict.PASSED
    assert "not in the document" in result.notes[0]


def test_a_fault_of_the_kit_is_not_swallowed(make_bench: MakeBench) -> None:
    bench = make_bench(change=raising(ZeroDivisionError("ours"), after=3))
    result = run_case(bench, case_of(bench, "GET /v2/me/fuzzing"))
    assert result.verdict is Verdict.BROKEN
    assert "ZeroDivisionError: ours" in result.reason


def test_a_failure_of_schemathesis_is_not_swallowed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: object, case: object) -> bool:
        raise LookupError("inside")

    monkeypatch.setattr(Selection, "is_sent", broken)
    result = run_case(bench, case_of(bench, "GET /v2/me/fuzzing"))
    assert result.verdict is Verdict.BROKEN
    assert "schemathesis failed on GET /v2/me: LookupError: inside" in result.reason


def test_walks_have_only_parameters_that_links_fill(bench: Bench) -> None:
    case = case_of(bench, "GET /v2/me/fuzzing")
    phase = Phase("stateful", pinned={"orgId": "101", "teamId": "102"})
    item = "/v2/organizations/{orgId}/teams/{teamId}/event-types/{eventTypeId}"
    read = next(one for one in bench.yardstick.operations if one.label == f"GET {item}")
    document = document_for(Session(bench, case), phase, [read])
    ((path, methods),) = document["paths"].items()
    assert path == "/v2/organizations/101/teams/102/event-types/{eventTypeId}"
    assert [one["name"] for one in methods["get"]["parameters"]] == ["eventTypeId"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [("number", "12", 12), ("integer", "-3", -3), ("string", "12", "12"), ("number", "x", "x")],
)
def test_pinned_values_have_the_type_of_their_parameter(
    kind: str, text: str, value: object
) -> None:
    assert typed({"type": kind}, text) == value
