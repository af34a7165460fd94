"""A server that is slow, busy, away, or loses the answer on its way."""

from typing import Any

import pytest

from mockserver.faults import operational
from tests.mockserver.faults.bench import EVENT_TYPES, LINKS, Bench, Case, seen

OF_101 = f"{EVENT_TYPES}/101"
BOB = "cal_test_bob"


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


@pytest.fixture(autouse=True)
def slept(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(seconds: float) -> None:
        bench.slept_s.append(seconds)

    monkeypatch.setattr("mockserver.web.faulty.asyncio.sleep", sleep)


def two_answers(bench: Bench) -> Any:
    return [bench.status("GET", "/v2/me") for _ in "ab"], list(bench.slept_s)


def many_delays(bench: Bench) -> Any:
    """Whether there are any, whether they differ, and whether the median is about 0.3 s."""
    for _ in range(41):
        bench.get("/v2/me")
    delays = sorted(bench.slept_s)
    if not delays:
        return False
    return True, len(set(delays)) > 30, 0.15 < delays[20] < 0.6, delays[-1] > 2 * delays[20]


def answers(bench: Bench, *whose: str) -> list[tuple[int, bool]]:
    """Statuses, and whether they say when to come back."""
    found = [bench.get("/v2/me", who=who) for who in whose]
    return [(one.status, "retry-after" in one.headers) for one in found]


def of_two(bench: Bench) -> Any:
    return answers(bench, "cal_test_demo", "cal_test_demo", BOB)


def counters(bench: Bench) -> Any:
    headers = bench.get("/v2/me").headers
    found = [int(headers[f"x-ratelimit-{name}-default"]) for name in ("limit", "remaining")]
    return found[1] <= found[0]


def burst(bench: Bench) -> Any:
    return [bench.status("GET", "/v2/me") for _ in range(7)]


def writing(bench: Bench) -> Any:
    """What a change says, whether its answer ends, and whether it is made."""
    answer = bench.send("PATCH", OF_101, {"title": "Changed"})
    stored = bench.app.store.get("event-types", "101")
    assert stored is not None
    return answer.status, answer.is_complete, stored["title"]


def reading(bench: Bench) -> Any:
    """Status, whether the body is as long as promised, and whether its end came."""
    answer = bench.get("/v2/me")
    promised = int(answer.headers.get("content-length", -1))
    return answer.status, len(answer.body) == promised, answer.is_complete, len(answer.body) > 0


def page(bench: Bench) -> Any:
    answer = bench.get("/v2/me")
    return answer.status, answer.headers["content-type"]


def titles(bench: Bench) -> Any:
    """What is read around a change, by its maker."""
    bench.get(OF_101)
    bench.send("PATCH", OF_101, {"title": "Changed"})
    return [bench.get(OF_101).data["title"] for _ in range(3)]


def names(bench: Bench) -> Any:
    asked = ("cal_test_demo", BOB, BOB)
    return [bench.get("/v2/me", who=who).data["username"] for who in asked]


OK, WAS = (200, False), "Intro call"
DONE = (200, True, "Changed")
CASES = (
    Case("slow-response:delay_s=9", two_answers, ([200, 200], []), ([200, 200], [9.0, 9.0])),
    Case("jitter", many_delays, False, (True, True, True, True)),
    Case(
        "slow-body:chunks=3:pause_s=0.1",
        lambda bench: (bench.get("/v2/me").data["username"], list(bench.slept_s)),
        ("demo", []),
        ("demo", [0.1, 0.1]),
    ),
    Case("rate-limited", of_two, [OK] * 3, [(429, True)] * 3),
    Case("rate-limited:limit=1", of_two, [OK] * 3, [OK, (429, True), OK]),
    Case("rate-limited-silently", of_two, [OK] * 3, [(429, False)] * 3),
    Case("rate-limit-scope-wrong:limit=2", of_two, [OK] * 3, [OK, OK, (429, True)]),
    Case("lockout-instead-of-429:limit=1", of_two, [OK] * 3, [OK, (403, False), OK]),
    Case("rate-limit-headers-contradict", counters, True, False),
    Case("burst-of-5xx:of=4:fail=2", burst, [200] * 7, [500, 500, 200, 200, 500, 500, 200]),
    Case("unavailable", writing, DONE, (503, True, WAS)),
    Case("unavailable", of_two, [OK] * 3, [(503, True)] * 3),
    Case("gateway-timeout", writing, DONE, (504, True, WAS)),
    Case("bad-gateway", writing, DONE, (502, True, WAS)),
    Case("bad-gateway", page, (200, "application/json"), (502, "text/html")),
    Case("failure-after-write", writing, DONE, (500, True, "Changed")),
    Case("connection-dropped", writing, DONE, (0, False, WAS)),
    Case("answer-lost", writing, DONE, (0, False, "Changed")),
    Case("truncated-body", reading, (200, True, True, True), (200, False, False, True)),
    Case("empty-answer", reading, (200, True, True, True), (200, True, True, False)),
    Case("stale-reads:reads=2", titles, ["Changed"] * 3, [WAS, WAS, "Changed"]),
    Case("cache-ignores-caller:reads=1", names, ["demo", "bob", "bob"], ["demo", "demo", "bob"]),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
def test_only_the_faulty_mock_shows_it(case: Case, bench: Bench) -> None:
    assert seen(bench, case) == (case.healthy, case.faulty)


def test_every_fault_has_its_case() -> None:
    assert {case.name for case in CASES} == {fault.name for fault in operational.FAULTS}


def test_a_window_of_requests_ends(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [0.0]
    monkeypatch.setattr(operational, "monotonic", lambda: now_s[0])
    bench.start("rate-limited:limit=1:window_s=10")
    first, refused = bench.get("/v2/me"), bench.get("/v2/me")
    now_s[0] = 10.0
    statuses = [first.status, refused.status, bench.status("GET", "/v2/me")]
    assert (statuses, refused.headers["retry-after"]) == ([200, 429, 200], "10")


def test_jitter_follows_the_seed(bench: Bench) -> None:
    delays = []
    for _ in range(2):
        bench.start("jitter")
        bench.get("/v2/me")
        delays.append(bench.slept_s[0])
    assert delays[0] == delays[1]


def test_a_refusal_that_nobody_documents_is_no_bug_of_the_mock(bench: Bench) -> None:
    bench.start("unavailable")
    answer = bench.get(LINKS)
    assert (answer.status, answer.headers.get("x-understudy-error")) == (503, None)
    assert answer.json["error"]["message"] == "The service is down for maintenance"
