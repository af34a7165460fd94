import time

import pytest

from contracts.checks import CHECKS
from contracts.exchange import Exchange, Request, Response
from contracts.findings import Finding
from contracts.suites.provisions import path_values
from contracts.yardstick import Yardstick
from tests.contracts.checks.lively import session_on
from tests.contracts.checks.shop import all_findings, rules
from tests.contracts.conftest import MakeBench


def test_a_lively_session_meets_every_operation_and_many_statuses(
    healthy_exchanges: list[Exchange], yardstick: Yardstick
) -> None:
    successes = {one.label for one in healthy_exchanges if one.is_success and one.operation}
    assert successes == {one.label for one in yardstick.operations}
    statuses = {one.response.status for one in healthy_exchanges}
    assert statuses >= {200, 201, 400, 401, 403, 404, 405, 415}


def test_all_checks_are_silent_on_the_healthy_stub(
    healthy_exchanges: list[Exchange], yardstick: Yardstick
) -> None:
    found: list[Finding] = []
    for exchange in healthy_exchanges:
        found += all_findings(exchange, yardstick)
    assert [(one.key, one.message, one.came) for one in found] == []


def test_all_checks_together_take_less_than_a_millisecond(
    healthy_exchanges: list[Exchange], yardstick: Yardstick
) -> None:
    some = healthy_exchanges[::5]
    for exchange in some:
        all_findings(exchange, yardstick)
    started = time.process_time()
    for exchange in some:
        all_findings(exchange, yardstick)
    assert (time.process_time() - started) / len(some) < 0.002  # measured: 0.00013


def test_a_session_finds_a_defect_of_its_target_through_the_checks(make_bench: MakeBench) -> None:
    def leaky(request: Request, on: object) -> Response:
        response: Response = on(request)  # type: ignore[operator]
        body = response.body.replace(b'"title":', b'"passwordHash":"x","title":', 1)
        headers = tuple(h for h in response.headers if h[0] != "content-length")
        return Response(response.status, headers, body)

    bench = make_bench(change=leaky, checks=CHECKS)
    session = session_on(bench)
    operation = bench.yardstick.operation("EventTypesController_2024_06_14_getEventTypeById")
    session.call(operation, path_values(session, operation))
    assert set(rules(session.findings)) == {"undeclared-property"}
    assert session.findings[-1].cause == "/data/passwordHash"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"data": [[[]]]}', b"\xff\xfe"])
@pytest.mark.parametrize("status", [100, 200, 204, 302, 404, 500, 999])
def test_no_answer_breaks_a_check(
    healthy_exchanges: list[Exchange], yardstick: Yardstick, body: bytes, status: int
) -> None:
    for one in healthy_exchanges[::60]:
        for headers in ((), (("content-type", "application/json"),)):
            odd = Exchange(
                number=1,
                request=one.request,
                response=Response(status, headers, body),
                operation=one.operation,
                path_values=one.path_values,
                sent_at=one.sent_at,
                duration_s=0,
            )
            for finding in all_findings(odd, yardstick):
                assert finding.expected
                assert finding.source
                assert finding.message.endswith(".")
