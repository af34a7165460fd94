"""Generated requests, one operation at a time: silent on the healthy stub, and awake."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from contracts.exchange import Request, Response
from contracts.findings import Result, Verdict
from contracts.suites import fuzz
from contracts.suites.runner import run_case
from contracts.suites.session import Bench, Options
from tests.contracts.conftest import MakeBench

On = Callable[[Request], Response]
LINKS = "/v2/event-types/{eventTypeId}/private-links"
FEW = Options(examples=8)


def fuzzed(bench: Bench, id: str) -> Result:
    cases = {one.id: one for one in fuzz.cases(bench.yardstick, bench.options)}
    return run_case(bench, cases[id])


def rules(result: Result) -> set[str]:
    return {one.rule for one in result.findings}


def accept_bad_data(request: Request, on: On) -> Response:
    """A body that is refused is taken for an empty one."""
    answer = on(request)
    is_link = request.method == "POST" and request.path.endswith("/private-links")
    if is_link and answer.status == 400 and request.header("cal-api-version") == "2024-09-04":
        return on(replace(request, body=b"{}"))
    return answer


def refuse_good_data(request: Request, on: On) -> Response:
    """An expiry date is refused."""
    if b"maxUsageCount" in (request.body or b""):
        return on(replace(request, body=b"[]"))
    return on(request)


def take_any_credential(request: Request, on: On) -> Response:
    plain = [(k, v) for k, v in request.headers if k.lower() != "authorization"]
    owner = ("authorization", "Bearer cal_test_demo")
    return on(replace(request, headers=(*plain, owner)))


def need_no_version(request: Request, on: On) -> Response:
    if not request.path.endswith("/private-links"):
        return on(request)
    plain = [(k, v) for k, v in request.headers if k.lower() != "cal-api-version"]
    return on(replace(request, headers=(*plain, ("cal-api-version", "2024-09-04"))))


def allow_anything(request: Request, on: On) -> Response:
    answer = on(request)
    if answer.status == 405:
        return replace(answer, headers=(("allow", "GET, POST, PUT"),))
    return answer


@pytest.mark.parametrize("phase", ["coverage", "fuzzing"])
@pytest.mark.parametrize("operation", [f"PATCH {LINKS}/{{linkId}}", "GET /v2/me"])
def test_the_healthy_stub_has_no_findings(bench: Bench, operation: str, phase: str) -> None:
    result = fuzzed(bench, f"{operation}/{phase}")
    assert (result.verdict, result.findings) == (Verdict.PASSED, ())
    assert result.judgements > result.requests


@pytest.mark.parametrize("phase", ["coverage", "fuzzing"])
def test_bad_data_that_is_accepted_is_found(make_bench: MakeBench, phase: str) -> None:
    bench = make_bench(change=accept_bad_data, options=Options(examples=20))
    result = fuzzed(bench, f"POST {LINKS}/{phase}")
    assert rules(result) == {"bad-data-accepted"}
    assert {one.operation for one in result.findings} == {f"POST {LINKS}"}
    assert result.findings[0].exchange is not None


def test_the_places_of_one_cause_are_one_finding(make_bench: MakeBench) -> None:
    result = fuzzed(make_bench(change=accept_bad_data), f"POST {LINKS}/coverage")
    causes = [one.cause for one in result.findings]
    assert len(causes) == len(set(causes))
    assert max(one.count for one in result.findings) > 1


def test_good_data_that_is_refused_is_found(make_bench: MakeBench) -> None:
    result = fuzzed(make_bench(change=refuse_good_data), f"POST {LINKS}/coverage")
    assert rules(result) == {"good-data-refused"}


def test_a_credential_that_is_not_looked_at_is_found(make_bench: MakeBench) -> None:
    bench = make_bench(change=take_any_credential, options=FEW)
    assert "credential-not-checked" in rules(fuzzed(bench, "GET /v2/me/fuzzing"))


def test_a_required_header_that_may_be_missing_is_found(make_bench: MakeBench) -> None:
    result = fuzzed(make_bench(change=need_no_version), f"GET {LINKS}/coverage")
    assert "missing-header-accepted" in rules(result)


def test_a_wrong_list_of_methods_is_found(make_bench: MakeBench) -> None:
    result = fuzzed(make_bench(change=allow_anything), "GET /v2/me/coverage")
    assert rules(result) == {"allow-header-wrong"}


def test_paths_lead_to_things_that_are_there(make_bench: MakeBench) -> None:
    bench = make_bench()
    result = fuzzed(bench, f"GET {LINKS}/fuzzing")
    statuses = [one.response.status for one in bench.target.exchanges[-result.requests :]]
    assert statuses.count(200) > len(statuses) / 3


def test_every_operation_has_a_case_for_each_phase(bench: Bench) -> None:
    cases = list(fuzz.cases(bench.yardstick, Options()))
    assert len(cases) == 2 * len(bench.yardstick.operations)
    assert {one.writes for one in cases if one.operation.startswith("GET ")} == {False}
    assert {one.writes for one in cases if not one.operation.startswith("GET ")} == {True}


def test_a_quick_run_fuzzes_a_little(make_bench: MakeBench) -> None:
    bench = make_bench(options=Options(quick=True))
    cases = list(fuzz.cases(bench.yardstick, bench.options))
    assert {one.rule for one in cases} == {"fuzzing"}
    assert {one.operation.split()[0] for one in cases} == {"POST", "PATCH"}
    assert fuzzed(bench, "POST /v2/event-types/fuzzing").requests < 12
