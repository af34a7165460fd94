import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from contracts.coverage import KINDS, CoverageCounter, below
from contracts.exchange import Exchange, Headers, Request, Response
from contracts.results import Coverage, Measure
from contracts.suites.session import Bench
from contracts.yardstick import Yardstick
from mockserver.errors import SetupError
from mockserver.model import Json
from tests.contracts.checks.lively import live, session_on
from tests.contracts.checks.shop import SHOP, body_of

JSON = (("content-type", "application/json"),)
OK = (*JSON, ("X-Total", "1"))
THING = {"id": 1, "name": "a"}
Send = Callable[..., Coverage]


@pytest.fixture
def send() -> Send:
    """Observes one more exchange with the shop, and gives the coverage until then."""
    shop = Yardstick("effective", SHOP, SHOP)
    counter = CoverageCounter(shop)

    def observed(
        method: str,
        target: str,
        status: int,
        came: Json = None,
        sent: Json = None,
        *,
        headers: Headers = (),
        suite: str = "examples",
    ) -> Coverage:
        match = shop.match(method, target.partition("?")[0])
        exchange = Exchange(
            number=1,
            request=Request(method, target, headers, None if sent is None else body_of(sent)),
            response=Response(status, OK, b"" if came is None else body_of(came)),
            operation=match.operation if match else None,
            path_values=match.path_values if match else {},
            sent_at=datetime(2030, 1, 1, tzinfo=UTC),
            duration_s=0,
        )
        counter.observe(exchange, suite)
        return counter.coverage()

    return observed


def measure(coverage: Coverage, kind: str) -> Measure:
    return next(one for one in coverage.measures if one.kind == kind)


def good(coverage: Coverage, direction: str) -> dict[str, tuple[int, int]]:
    return {
        one.branch: (one.good, one.refused)
        for one in coverage.branches
        if one.direction == direction
    }


def test_nothing_was_seen_at_first(send: Send) -> None:
    coverage = send("GET", "/api/elsewhere", 404)
    assert [one.kind for one in coverage.measures] == list(KINDS)
    assert {one.seen for one in coverage.measures} == {0}
    operations = measure(coverage, "operations")
    assert operations.unseen == (
        "GET /api/things",
        "POST /api/things",
        "GET /api/things/{thingId}",
        "DELETE /api/things/{thingId}",
    )


def test_an_operation_counts_once_it_succeeds(send: Send) -> None:
    coverage = send("GET", "/api/things", 404, {"code": "x", "why": "y"})
    assert measure(coverage, "operations").seen == 0
    assert measure(coverage, "statuses").seen == 1
    coverage = send("GET", "/api/things", 200, [THING])
    assert measure(coverage, "operations").seen == 1
    assert "GET /api/things 200" not in measure(coverage, "statuses").unseen


def test_an_answer_that_does_not_fit_counts_for_nothing(send: Send) -> None:
    coverage = send("GET", "/api/things?sort=up", 200, [{"id": "wrong", "name": "a"}])
    assert {one.seen for one in coverage.measures} == {0}
    [cell] = [one for one in coverage.cells if one.by_suite]
    assert (cell.operation, cell.status, cell.by_suite) == (
        "GET /api/things",
        "200",
        {"examples": 1},
    )


def test_an_undocumented_status_is_a_cell_and_nothing_else(send: Send) -> None:
    coverage = send("GET", "/api/things", 302)
    [cell] = [one for one in coverage.cells if one.by_suite]
    assert not cell.is_documented
    assert measure(coverage, "statuses").seen == 0


def test_cells_count_by_suite_and_show_what_was_never_seen(send: Send) -> None:
    send("DELETE", "/api/things/1", 204, suite="auth")
    send("DELETE", "/api/things/1", 204, suite="auth")
    coverage = send("DELETE", "/api/things/1", 204, suite="examples")
    cells = {(one.operation, one.status): one for one in coverage.cells}
    assert cells["DELETE /api/things/{thingId}", "204"].by_suite == {"auth": 2, "examples": 1}
    assert cells["GET /api/things", "4XX"].by_suite == {}
    assert cells["GET /api/things", "4XX"].is_documented


def test_a_range_is_seen_by_any_of_its_statuses(send: Send) -> None:
    coverage = send("GET", "/api/things", 418, {"code": "x", "why": "y"})
    assert measure(coverage, "statuses").seen == 1
    statuses = {one.status for one in coverage.cells if one.operation == "GET /api/things"}
    assert statuses == {"200", "418"}


def test_parameters_count_where_a_server_looked_at_them(send: Send) -> None:
    fault = {"code": "x", "why": "y"}
    assert measure(send("GET", "/api/things?sort=up", 401, fault), "parameters").seen == 0
    coverage = send("GET", "/api/things?sort=up", 400, fault)
    assert measure(coverage, "parameters").seen == 1
    assert measure(coverage, "enum members").seen == 0
    coverage = send("GET", "/api/things?sort=up", 200, [], headers=(("Cookie", "seen=yes"),))
    assert measure(coverage, "parameters").unseen == (
        "GET /api/things/{thingId} thingId",
        "DELETE /api/things/{thingId} thingId",
    )
    assert "GET /api/things ?sort=down" in measure(coverage, "enum members").unseen
    assert "GET /api/things ?sort=up" not in measure(coverage, "enum members").unseen


def test_properties_count_once_for_a_component(send: Send) -> None:
    coverage = send("GET", "/api/things/1", 200, {**THING, "measure": {"grams": 2}})
    seen = measure(coverage, "response properties")
    assert seen.seen == 4  # id, name, measure, grams
    assert "Thing.name" not in seen.unseen
    assert "Thing.pin" not in seen.unseen  # writeOnly: not to be seen in an answer
    assert len(set(seen.unseen)) == len(seen.unseen)
    assert {"Size.width", "Fault.code"} <= set(seen.unseen)
    assert measure(send("GET", "/api/things", 200, [THING]), "response properties").seen == 4


def test_what_a_request_says_counts_once_it_is_accepted(send: Send) -> None:
    sent = {"name": "a", "kind": "big", "measure": {"width": 1}}
    coverage = send("POST", "/api/things", 400, {"code": "x", "why": "y"}, sent)
    assert measure(coverage, "request properties").seen == 0
    coverage = send("POST", "/api/things", 201, THING, {**sent, "name": 7})
    assert measure(coverage, "request properties").seen == 0
    coverage = send("POST", "/api/things", 201, THING, sent)
    assert measure(coverage, "request properties").seen == 4
    unseen = measure(coverage, "enum members").unseen
    assert 'Thing.kind "small" in a request' in unseen
    assert 'Thing.kind "big" in a request' not in unseen
    assert 'Thing.kind "big" in a response' in unseen


def test_branches_are_tallied_by_what_became_of_them(send: Send) -> None:
    fault = {"code": "x", "why": "y"}
    send("POST", "/api/things", 400, fault, {"measure": {"width": 1}})
    send("POST", "/api/things", 401, fault, {"measure": {"width": 1}})
    send("POST", "/api/things", 400, fault, {"measure": {"width": 1, "grams": 1}})
    coverage = send("POST", "/api/things", 201, THING, {"name": "a", "measure": {"grams": 1}})
    assert good(coverage, "request") == {"Size": (0, 1), "Weight": (1, 0)}
    assert good(coverage, "response") == {"Size": (0, 0), "Weight": (0, 0)}
    assert measure(coverage, "variants").unseen == (
        "Thing.measure: Size in a request",
        "Thing.measure: Size in a response",
        "Thing.measure: Weight in a response",
    )
    [place] = {one.place for one in coverage.branches}
    assert place == "#/components/schemas/Thing/allOf/1/properties/measure/oneOf"


def test_minimums_are_held_for_one_measure_or_all() -> None:
    coverage = Coverage(
        (Measure("operations", 3, 4, ("GET /a",)), Measure("statuses", 1, 6, tuple("abcde")))
    )
    assert below(coverage, {"operations": 75, "": 40}) == []
    [finding] = below(coverage, {"": 41})
    assert finding.came == "4 of 10; never seen: GET /a, a, b, c, d, e"
    [finding] = below(coverage, {"operations": 75, "statuses": 16.7})
    assert finding.cause == "statuses"
    assert "16.7 %" in finding.message
    with pytest.raises(SetupError, match="no such measure"):
        below(coverage, {"happiness": 1})


def test_names_of_measures_may_be_typed_with_hyphens() -> None:
    coverage = Coverage((Measure("enum members", 0, 4, ("x",)),))
    assert [finding.cause for finding in below(coverage, {"enum-members": 10})] == ["enum members"]


def test_a_lively_session_covers_every_operation_of_the_stub_quickly(bench: Bench) -> None:
    exchanges = live(session_on(bench))
    counter = CoverageCounter(bench.yardstick)
    for exchange in exchanges[::4]:
        counter.observe(exchange, "lively")
    started = time.process_time()
    for exchange in exchanges:
        counter.observe(exchange, "lively")
    assert (time.process_time() - started) / len(exchanges) < 0.002  # measured: 0.00015
    coverage = counter.coverage()
    assert measure(coverage, "operations").percent == 100
    seen = {one.branch for one in coverage.branches if one.good}
    assert {"TimeBasedPrivateLinkOutput", "TextFieldInput_2024_06_14"} <= seen
    assert {"InputLinkLocation_2024_06_14", "OutputLinkLocation_2024_06_14"} <= seen


def test_several_threads_may_observe(send: Send) -> None:
    def observe() -> None:
        for _ in range(50):
            send("DELETE", "/api/things/1", 204)

    threads = [threading.Thread(target=observe) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [cell] = [one for one in send("GET", "/elsewhere", 404).cells if one.by_suite]
    assert cell.by_suite == {"examples": 200}
