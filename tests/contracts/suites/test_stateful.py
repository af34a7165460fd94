"""The link phase: that its two state checks are awake."""

from collections.abc import Callable
from dataclasses import replace

from contracts.exchange import Request, Response
from contracts.findings import Result, Verdict
from contracts.suites import stateful
from contracts.suites.runner import run_case
from contracts.suites.session import Bench, Options
from tests.contracts.conftest import MakeBench

On = Callable[[Request], Response]


def walked(bench: Bench, operation: str = "POST /v2/event-types") -> Result:
    cases = {one.id: one for one in stateful.cases(bench.yardstick, bench.options)}
    return run_case(bench, cases[f"{operation}/links"])


def lose_what_is_created(request: Request, on: On) -> Response:
    """A create is answered as it should be, and nothing is kept."""
    answer = on(request)
    if request.method == "POST" and request.path == "/v2/event-types" and answer.status == 201:
        on(Request("DELETE", f"{request.path}/{answer.json['data']['id']}", request.headers))
    return answer


def keep_what_is_deleted(request: Request, on: On) -> Response:
    """A delete is answered as it should be, and nothing is deleted."""
    if request.method == "DELETE" and request.path.count("/") == 3:
        return on(Request("GET", request.target, request.headers))
    return on(request)


def test_a_created_thing_that_is_not_kept_is_found(make_bench: MakeBench) -> None:
    result = walked(make_bench(change=lose_what_is_created))
    assert {one.rule for one in result.findings} == {"created-not-found"}
    finding = result.findings[0]
    assert finding.exchange is not None
    assert finding.exchange.response.status == 404
    assert [one.request.method for one in finding.story][:1] == ["POST"]


def test_a_deleted_thing_that_stays_is_found(make_bench: MakeBench) -> None:
    result = walked(make_bench(change=keep_what_is_deleted))
    assert {one.rule for one in result.findings} == {"used-after-delete"}
    assert "DELETE" in [one.request.method for one in result.findings[0].story]


def test_a_private_link_that_stays_is_found(make_bench: MakeBench) -> None:
    def keep(request: Request, on: On) -> Response:
        answer = on(replace(request, method="GET", target=request.path.rpartition("/")[0]))
        return answer if answer.status == 200 else on(request)

    def change(request: Request, on: On) -> Response:
        is_link = request.method == "DELETE" and "/private-links/" in request.path
        return keep(request, on) if is_link else on(request)

    bench = make_bench(change=change)
    result = walked(bench, "POST /v2/event-types/{eventTypeId}/private-links")
    assert {one.rule for one in result.findings} == {"used-after-delete"}


def test_a_404_about_what_a_body_names_is_no_lost_thing(make_bench: MakeBench) -> None:
    def change(request: Request, on: On) -> Response:
        if request.method == "PATCH" and request.path.startswith("/v2/event-types/"):
            return on(replace(request, target="/v2/event-types/999999"))
        return on(request)

    assert walked(make_bench(change=change, options=Options(examples=10))).findings == ()


def test_every_resource_that_can_be_created_has_a_case(bench: Bench) -> None:
    ids = [one.id for one in stateful.cases(bench.yardstick, bench.options)]
    assert ids == [
        "POST /v2/event-types/links",
        "POST /v2/event-types/{eventTypeId}/private-links/links",
        "POST /v2/organizations/{orgId}/teams/{teamId}/event-types/links",
        "POST /v2/organizations/{orgId}/teams/{teamId}/event-types/{eventTypeId}/private-links"
        "/links",
    ]


def test_the_healthy_stub_has_no_findings(bench: Bench) -> None:
    result = walked(bench)
    assert (result.verdict, result.findings) == (Verdict.PASSED, ())
    assert result.judgements > 200


def test_a_quick_run_walks_less(make_bench: MakeBench) -> None:
    quick = walked(make_bench(options=Options(quick=True)))
    assert quick.verdict is Verdict.PASSED
    assert 0 < quick.requests < 40
