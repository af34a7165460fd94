"""What the door lets out, how fast, and when it closes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from contracts.door.breaker import Breaker
from contracts.door.pacing import Pace, asked_wait_s
from contracts.door.safety import REPEATS, STUB_RULES, Rules, Safety
from contracts.exchange import Exchange, Request, Response
from contracts.stops import Refused, RunStopped
from contracts.yardstick import Match, Yardstick
from mockserver.errors import SetupError

NOW = datetime(2030, 1, 1, 8, tzinfo=UTC)
EVENT_TYPES = "/v2/event-types"


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, span_s: float) -> None:
        self.slept.append(span_s)
        self.now_s += span_s


Send = Callable[..., None]


@pytest.fixture
def send(yardstick: Yardstick) -> Send:
    """Asks a safety to let a request out."""

    def admit(safety: Safety, method: str, path: str) -> None:
        safety.admit(Request(method, path), yardstick.match(method, path))

    return admit


def exchange(
    status: int,
    *,
    actor: str = "owner",
    path: str = "/a",
    headers: tuple[tuple[str, str], ...] = (),
) -> Exchange:
    request = Request("GET", path, actor=actor)
    return Exchange(1, request, Response(status, headers), None, {}, NOW, 0.1)


# what may leave


def test_a_live_target_is_only_read(yardstick: Yardstick, send: Send) -> None:
    safety = Safety(Rules(), yardstick.operations)
    send(safety, "GET", EVENT_TYPES)
    with pytest.raises(Refused, match="--allow-writes"):
        send(safety, "POST", EVENT_TYPES)
    assert (safety.requests, safety.writes) == (1, 0)


def test_writes_leave_when_they_are_allowed(yardstick: Yardstick, send: Send) -> None:
    safety = Safety(Rules(allow_writes=True), yardstick.operations)
    send(safety, "POST", EVENT_TYPES)
    send(safety, "DELETE", f"{EVENT_TYPES}/5")
    assert safety.writes == 2


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", EVENT_TYPES), ("OPTIONS", EVENT_TYPES), ("GET", "/nowhere"), ("DELETE", EVENT_TYPES)],
)
def test_what_is_not_declared_never_reaches_a_live_target(
    yardstick: Yardstick, send: Send, method: str, path: str
) -> None:
    safety = Safety(Rules(allow_writes=True), yardstick.operations)
    with pytest.raises(Refused, match="undeclared"):
        send(safety, method, path)


@pytest.mark.parametrize("id", ["", ".", "..", "%2e%2e", "1%2F..%2F2", "%252e%252e", "1%5C2"])
def test_a_write_that_could_lead_to_another_path_never_reaches_a_live_target(
    yardstick: Yardstick, send: Send, id: str
) -> None:
    live = Safety(Rules(allow_writes=True), yardstick.operations)
    with pytest.raises(Refused, match="another path"):
        send(live, "DELETE", f"{EVENT_TYPES}/{id}")
    send(live, "GET", f"{EVENT_TYPES}/{id}")
    send(Safety(STUB_RULES), "DELETE", f"{EVENT_TYPES}/{id}")


def test_the_stub_takes_everything(send: Send) -> None:
    safety = Safety(STUB_RULES)
    send(safety, "PUT", "/nowhere")
    assert not safety.is_again(exchange(429), 0)


def test_only_allowed_operations_leave(yardstick: Yardstick, send: Send) -> None:
    rules = Rules(allow=("*getEventTypes", "GET /v2/me"))
    safety = Safety(rules, yardstick.operations)
    send(safety, "GET", EVENT_TYPES)
    send(safety, "GET", "/v2/me")
    with pytest.raises(Refused, match="--allow"):
        send(safety, "GET", f"{EVENT_TYPES}/1")


def test_a_denied_operation_stays_though_it_is_allowed(yardstick: Yardstick, send: Send) -> None:
    safety = Safety(Rules(allow=("GET *",), deny=("MeController_getMe",)), yardstick.operations)
    send(safety, "GET", EVENT_TYPES)
    with pytest.raises(Refused, match="GET /v2/me is kept back by --deny"):
        send(safety, "GET", "/v2/me")


def test_a_label_with_braces_names_its_operation(yardstick: Yardstick, send: Send) -> None:
    safety = Safety(Rules(deny=("GET /v2/event-types/{eventTypeId}",)), yardstick.operations)
    send(safety, "GET", EVENT_TYPES)
    with pytest.raises(Refused):
        send(safety, "GET", f"{EVENT_TYPES}/1")


@pytest.mark.parametrize("flag", ["allow", "deny"])
def test_an_operation_that_is_not_there_is_wrong_use(yardstick: Yardstick, flag: str) -> None:
    rules = Rules(**{flag: ("MeController_getme",)})  # type: ignore[arg-type]
    with pytest.raises(SetupError, match=f"--{flag}: .*did you mean 'MeController_getMe'"):
        Safety(rules, yardstick.operations)


# how much


def test_a_spent_budget_ends_the_run(yardstick: Yardstick, send: Send) -> None:
    safety = Safety(Rules(budget=2), yardstick.operations)
    send(safety, "GET", EVENT_TYPES)
    send(safety, "GET", EVENT_TYPES)
    for _ in range(2):
        with pytest.raises(RunStopped, match="budget of 2 requests is spent: --budget"):
            send(safety, "GET", EVENT_TYPES)


def test_a_spent_budget_of_writes_lets_readers_go_on(yardstick: Yardstick, send: Send) -> None:
    safety = Safety(Rules(allow_writes=True, write_budget=1), yardstick.operations)
    send(safety, "POST", EVENT_TYPES)
    with pytest.raises(Refused, match="--write-budget"):
        send(safety, "POST", EVENT_TYPES)
    send(safety, "GET", EVENT_TYPES)


def test_what_is_refused_costs_nothing(yardstick: Yardstick, send: Send) -> None:
    safety = Safety(Rules(budget=1), yardstick.operations)
    with pytest.raises(Refused):
        send(safety, "POST", EVENT_TYPES)
    send(safety, "GET", EVENT_TYPES)


def test_a_budget_holds_for_all_threads_together(yardstick: Yardstick, send: Send) -> None:
    safety = Safety(Rules(budget=20), yardstick.operations)

    def is_sent(number: int) -> bool:
        try:
            send(safety, "GET", EVENT_TYPES)
        except RunStopped:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(is_sent, range(50))) == 20


# how fast


def test_requests_are_spaced_evenly_and_the_first_does_not_wait() -> None:
    time = Time()
    pace = Pace(30, time, time.sleep)
    for _ in range(4):
        pace.wait()
    assert time.slept == [2.0, 2.0, 2.0]


def test_time_that_has_passed_anyway_is_not_waited_for_nor_saved_up() -> None:
    time = Time()
    pace = Pace(60, time, time.sleep)
    pace.wait()
    time.now_s += 10
    pace.wait()
    pace.wait()
    assert time.slept == [1.0]


def test_without_a_rate_nothing_waits() -> None:
    time = Time()
    pace = Pace(None, time, time.sleep)
    pace.wait()
    pace.wait()
    assert time.slept == []


def test_the_door_keeps_the_rate(yardstick: Yardstick, send: Send) -> None:
    time = Time()
    safety = Safety(Rules(rate=60), yardstick.operations, clock=time, sleep=time.sleep)
    send(safety, "GET", EVENT_TYPES)
    send(safety, "GET", EVENT_TYPES)
    assert time.slept == [1.0]


# 429


@pytest.mark.parametrize(
    ("headers", "span_s"),
    [
        ((("Retry-After", "7"),), 7),
        ((("Retry-After", "Tue, 01 Jan 2030 08:00:30 GMT"),), 30),
        ((("Retry-After", "soon"), ("X-RateLimit-Reset-Default", "42")), 42),
        ((("X-RateLimit-Reset-Default", "42"), ("X-RateLimit-Reset-Burst", "5")), 5),
        ((("x-ratelimit-reset", str(int(NOW.timestamp()) + 9)),), 9),
        ((("x-ratelimit-reset", str(int(NOW.timestamp()) * 1000 + 9000)),), 9),
        ((("RateLimit-Reset", "3"),), 3),
        ((("X-RateLimit-Reset-Default", "nan"),), 10),
        ((("Retry-After", "0"),), 1),
        ((), 10),
    ],
)
def test_how_long_a_target_asks_to_wait(headers: tuple[tuple[str, str], ...], span_s: int) -> None:
    assert asked_wait_s(Response(429, headers), 0, NOW) == span_s


def test_a_target_that_tells_nothing_gets_ever_more_time() -> None:
    assert [asked_wait_s(Response(429), attempt, NOW) for attempt in range(3)] == [10, 20, 40]


def test_after_429_the_next_turn_comes_when_the_target_allows(
    yardstick: Yardstick, send: Send
) -> None:
    time = Time()
    safety = Safety(Rules(rate=60), yardstick.operations, clock=time, sleep=time.sleep)
    send(safety, "GET", EVENT_TYPES)
    assert safety.is_again(exchange(429, headers=(("Retry-After", "7"),)), 0)
    send(safety, "GET", EVENT_TYPES)
    assert time.slept == [7.0]
    assert safety.throttled == 1


def test_a_request_is_not_sent_again_for_ever() -> None:
    safety = Safety(Rules())
    again = [safety.is_again(exchange(429), attempt) for attempt in range(REPEATS + 1)]
    assert again == [True] * REPEATS + [False]


def test_a_target_that_asks_for_too_long_a_wait_ends_the_run(
    yardstick: Yardstick, send: Send
) -> None:
    safety = Safety(Rules(), yardstick.operations)
    assert not safety.is_again(exchange(429, headers=(("Retry-After", "3600"),)), 0)
    with pytest.raises(RunStopped, match=r"asks to wait 3600 s .*--rate"):
        send(safety, "GET", EVENT_TYPES)


# the breaker


def broken_after(exchanges: list[Exchange]) -> str:
    breaker = Breaker()
    for one in exchanges:
        breaker.saw(one)
    return breaker.reason


def test_ten_refusals_of_the_owner_end_the_run_and_speak_of_the_key() -> None:
    assert broken_after([exchange(401)] * 9) == ""
    assert "has the key expired? Give another with --as owner=ENV_VAR" in broken_after(
        [exchange(401)] * 10
    )


def test_refusals_of_others_are_provoked_and_do_not_count() -> None:
    others = [exchange(status, actor=name) for name in ("", "other") for status in (401, 403)]
    assert broken_after(others * 10) == ""


def test_refusals_of_others_do_not_hide_those_of_the_owner() -> None:
    assert broken_after([exchange(401), exchange(401, actor="stranger")] * 10)


def test_one_good_answer_starts_the_count_again() -> None:
    assert broken_after([*[exchange(401)] * 9, exchange(404), *[exchange(401)] * 9]) == ""


def test_doors_that_were_never_open_do_not_end_the_run() -> None:
    assert broken_after([exchange(403, path=f"/rooms/{number}") for number in range(50)]) == ""


def test_doors_that_were_open_and_now_are_closed_end_the_run() -> None:
    welcome, refused = (
        [exchange(status, path=path) for path in ("/a", "/b")] for status in (200, 403)
    )
    assert broken_after([*welcome, *refused * 4]) == ""
    assert "has the key expired" in broken_after([*welcome, *refused * 5])


def test_failures_of_whoever_asks_end_the_run() -> None:
    failing = [exchange(503, actor="other", path=path) for path in ("/a", "/b")]
    assert "in trouble" in broken_after(failing * 5)


def test_limits_that_stay_end_the_run() -> None:
    assert "--rate" in broken_after([exchange(429)] * 10)


def test_one_operation_that_always_fails_is_for_the_suites_to_find() -> None:
    assert broken_after([exchange(500)] * 29) == ""
    assert broken_after([exchange(500)] * 30)


def test_a_broken_breaker_closes_the_door(yardstick: Yardstick, send: Send) -> None:
    safety = Safety(Rules(breaker=2), yardstick.operations)
    safety.saw(exchange(401))
    send(safety, "GET", EVENT_TYPES)
    safety.saw(exchange(401))
    with pytest.raises(RunStopped, match="has the key expired"):
        send(safety, "GET", EVENT_TYPES)


def test_the_stub_has_no_breaker(send: Send) -> None:
    safety = Safety(STUB_RULES)
    for _ in range(100):
        safety.saw(exchange(500))
    send(safety, "GET", EVENT_TYPES)


def test_the_door_can_be_closed_by_hand(yardstick: Yardstick, send: Send) -> None:
    safety = Safety(Rules(), yardstick.operations)
    safety.stop("enough")
    safety.stop("the second reason")
    with pytest.raises(RunStopped, match="enough"):
        send(safety, "GET", EVENT_TYPES)


def test_a_match_is_all_that_is_asked_about_the_document(yardstick: Yardstick) -> None:
    operation = yardstick.operation("MeController_getMe")
    Safety(Rules(), [operation]).admit(Request("GET", "/v2/me"), Match(operation, {}))
