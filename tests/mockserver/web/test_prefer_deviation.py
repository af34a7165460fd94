"""`Prefer: deviation=NAME`: a departure for one call."""

from typing import Any

import pytest

from tests.mockserver.faults.bench import EVENT_TYPES, LINKS, Bench

ME = "/v2/me"
OWN = "x-understudy-error"


@pytest.fixture(scope="module")
def shared() -> Bench:
    return Bench()


@pytest.fixture
def bench(shared: Bench) -> Bench:
    shared.start()
    return shared


def prefer(bench: Bench, name: str, method: str = "GET", path: str = ME, **more: Any) -> Any:
    return bench.send(method, path, prefer=f"deviation={name}", **more)


def test_a_fault_is_on_for_one_call(bench: Bench) -> None:
    answer = prefer(bench, "unavailable")
    assert (answer.status, bench.status("GET", ME)) == (503, 200)
    assert bench.app.planted == []


def test_what_was_done_is_told(bench: Bench) -> None:
    assert prefer(bench, "empty-answer").headers["preference-applied"] == "deviation=empty-answer"


def test_a_fault_may_come_with_its_parameters(bench: Bench) -> None:
    answer = prefer(bench, '"unavailable:retry_after_s=7"')
    assert (answer.status, answer.headers["retry-after"]) == (503, "7")
    assert answer.headers["preference-applied"] == 'deviation="unavailable:retry_after_s=7"'


def test_a_fault_that_tries_again_tells_so_as_well(bench: Bench) -> None:
    answer = prefer(bench, "auth-ignored", who=None)
    assert (answer.status, answer.headers["preference-applied"]) == (200, "deviation=auth-ignored")


def test_a_fault_comes_on_top_of_those_that_are_planted(bench: Bench) -> None:
    bench.start("wrong-content-type")
    answer = prefer(bench, "bad-request-vs-not-found-swapped", path=f"{EVENT_TYPES}/99999")
    assert (answer.status, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")


def test_a_quirk_of_code_alone_is_on_for_one_call(bench: Bench) -> None:
    path = f"{EVENT_TYPES}/words"
    answer = prefer(bench, "text-id-is-500", path=path)
    assert (answer.status, bench.status("GET", path)) == (500, 400)
    assert answer.headers["preference-applied"] == "deviation=text-id-is-500"


def test_a_quirk_that_changes_the_document_is_refused_with_the_reason(bench: Bench) -> None:
    changing = next(one for one in bench.app.quirk_table.by_name.values() if one.actions)
    answer = prefer(bench, changing.name)
    assert (answer.status, answer.headers[OWN]) == (400, "preference")
    assert "changes the document" in answer.json["detail"]
    assert "preference-applied" not in answer.headers


def test_an_unknown_name_is_refused_with_the_nearest(bench: Bench) -> None:
    answer = prefer(bench, "unavailabel")
    assert (answer.status, answer.headers[OWN]) == (400, "preference")
    assert "did you mean 'unavailable'?" in answer.json["detail"]


@pytest.mark.parametrize("name", ["expiry-ignored", '"unavailable:GET /v2/event-types"'])
def test_a_fault_that_cannot_touch_the_operation_is_refused(bench: Bench, name: str) -> None:
    answer = prefer(bench, name)
    assert (answer.status, answer.headers[OWN]) == (400, "preference")
    assert "cannot touch this operation" in answer.json["detail"]


@pytest.mark.parametrize("name", ['"unavailable:p=2"', '"unavailable:delay_s=2"', '""', '":"'])
def test_a_wish_that_cannot_be_read_is_refused(bench: Bench, name: str) -> None:
    assert prefer(bench, name).headers[OWN] == "preference"


def test_what_is_refused_does_nothing(bench: Bench) -> None:
    before = bench.app.store.dump()
    assert prefer(bench, "nonsense", "POST", LINKS, body={"maxUsageCount": 1}).status == 400
    assert bench.app.store.dump() == before


def test_a_departure_of_unknown_paths_is_on_for_one_call(bench: Bench) -> None:
    assert prefer(bench, "hidden-endpoint", path="/debug").status == 200
    assert bench.status("GET", "/debug") == 404


def test_the_admin_api_takes_no_departure(bench: Bench) -> None:
    answer = prefer(bench, "unavailable", path="/__admin/health")
    assert (answer.status, "preference-applied" in answer.headers) == (200, False)


def test_other_preferences_are_heard_as_ever(bench: Bench) -> None:
    answer = bench.send("GET", ME, prefer="code=404, deviation=empty-answer")
    assert answer.headers[OWN] == "preference"
