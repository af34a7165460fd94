"""The one door: what it keeps, whom it tells, and what it does about limits and time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from contracts.door.base_url import LIVE_RATE
from contracts.door.http import Http
from contracts.door.safety import REPEATS, Rules, Safety
from contracts.door.stub import STARTS_AT
from contracts.door.targets import Target, live_rules, open_http
from contracts.exchange import Exchange, Request, Response
from contracts.ledger import Ledger
from contracts.stops import NoAnswer, NotJudged, Refused, RunStopped
from contracts.yardstick import Match, Yardstick
from mockserver.errors import SetupError
from tests.contracts.http_servers import said, said_json, serving

GET = Request("GET", "/v2/event-types", actor="owner")
POST = Request("POST", "/v2/event-types", actor="owner")
BUSY = Response(429, (("Retry-After", "7"),))


class Scripted:
    """A transport that gives these answers in turn, the last one for ever."""

    name = "scripted"

    def __init__(self, *answers: Response | Exception) -> None:
        self._answers = list(answers)
        self.sent: list[Request] = []

    def send(self, request: Request) -> Response:
        self.sent.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None: ...


class Notes(Ledger):
    """A ledger that writes down what it is told, and how much had been sent by then."""

    def __init__(self, transport: Scripted) -> None:
        self._transport = transport
        self.told: list[tuple[str, int, int | None]] = []

    def before(self, request: Request, match: Match | None) -> int | None:
        entry = len(self.told)
        self.told.append(("before", len(self._transport.sent), entry))
        return entry

    def after(self, entry: int | None, exchange: Exchange) -> None:
        self.told.append(("after", exchange.response.status, entry))


class StandingClock:
    """A control whose clock moves only when it is told."""

    can_count_uses = True

    def __init__(self) -> None:
        self.instant = STARTS_AT
        self.used: list[str] = []

    def now(self) -> datetime:
        return self.instant

    def move_to(self, instant: datetime) -> None:
        self.instant = instant

    def count_use(self, link_id: str) -> bool:
        self.used.append(link_id)
        return len(self.used) < 2


def patient(yardstick: Yardstick, slept: list[float], **rules: object) -> Safety:
    given = Rules(**rules)  # type: ignore[arg-type]
    return Safety(given, yardstick.operations, clock=lambda: sum(slept), sleep=slept.append)


def test_an_exchange_tells_operation_path_values_case_and_number(yardstick: Yardstick) -> None:
    target = Target(Scripted(Response(200)), yardstick)
    target.send(GET)
    exchange = target.send(Request("GET", "/v2/event-types/a%20b"), case="a case")
    assert exchange.label == "GET /v2/event-types/{eventTypeId}"
    assert exchange.path_values == {"eventTypeId": "a b"}
    assert (exchange.case, exchange.number) == ("a case", 2)
    assert target.exchanges[1] is exchange


def test_observers_see_each_exchange_once(yardstick: Yardstick) -> None:
    seen: list[Exchange] = []
    target = Target(Scripted(Response(200)), yardstick, observers=[seen.append])
    target.send(GET)
    assert seen == target.exchanges


def test_the_ledger_knows_before_a_request_leaves(yardstick: Yardstick) -> None:
    transport = Scripted(Response(201))
    ledger = Notes(transport)
    Target(transport, yardstick, ledger=ledger).send(POST)
    assert ledger.told == [("before", 0, 0), ("after", 201, 0)]


def test_what_was_not_answered_stays_an_intent_in_the_ledger(yardstick: Yardstick) -> None:
    transport = Scripted(NoAnswer("dropped"))
    ledger = Notes(transport)
    with pytest.raises(NoAnswer):
        Target(transport, yardstick, ledger=ledger).send(POST)
    assert ledger.told == [("before", 0, 0)]


def test_what_is_refused_neither_leaves_nor_is_noted(yardstick: Yardstick) -> None:
    transport = Scripted(Response(200))
    ledger = Notes(transport)
    safety = Safety(Rules(), yardstick.operations)
    with pytest.raises(Refused):
        Target(transport, yardstick, safety=safety, ledger=ledger).send(POST)
    assert transport.sent == []
    assert ledger.told == []


def test_429_is_waited_out_and_the_case_sees_the_answer_after_it(yardstick: Yardstick) -> None:
    slept: list[float] = []
    transport = Scripted(BUSY, Response(200))
    target = Target(transport, yardstick, safety=patient(yardstick, slept))
    assert target.send(GET).response.status == 200
    assert slept == [7.0]
    assert [one.response.status for one in target.exchanges] == [429, 200]


def test_a_write_that_met_a_limit_is_noted_and_sent_again(yardstick: Yardstick) -> None:
    transport = Scripted(BUSY, Response(201))
    ledger = Notes(transport)
    safety = patient(yardstick, [], allow_writes=True)
    Target(transport, yardstick, safety=safety, ledger=ledger).send(POST)
    assert ledger.told == [("before", 0, 0), ("after", 429, 0), ("before", 1, 2), ("after", 201, 2)]


def test_429_that_stays_is_given_back(yardstick: Yardstick) -> None:
    transport = Scripted(BUSY)
    target = Target(transport, yardstick, safety=patient(yardstick, []))
    assert target.send(GET).response.status == 429
    assert len(transport.sent) == 1 + REPEATS


def test_without_safety_429_is_an_answer(yardstick: Yardstick) -> None:
    transport = Scripted(BUSY)
    assert Target(transport, yardstick).send(GET).response.status == 429
    assert len(transport.sent) == 1


def test_the_exchange_that_breaks_the_breaker_is_still_given_back(yardstick: Yardstick) -> None:
    safety = Safety(Rules(breaker=1), yardstick.operations)
    target = Target(Scripted(Response(401)), yardstick, safety=safety)
    assert target.send(GET).response.status == 401
    with pytest.raises(RunStopped):
        target.send(GET)


def test_exchanges_of_many_threads_are_all_kept_and_numbered(yardstick: Yardstick) -> None:
    target = Target(Scripted(Response(200)), yardstick)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: target.send(GET), range(100)))
    assert [one.number for one in target.exchanges] == list(range(1, 101))


# time and uses


def test_a_clock_that_can_be_moved_is_moved(yardstick: Yardstick) -> None:
    slept: list[float] = []
    control = StandingClock()
    target = Target(Scripted(Response(200)), yardstick, control=control, sleep=slept.append)
    target.wait_until(STARTS_AT + timedelta(days=400))
    assert target.can_move_time
    assert target.now() == STARTS_AT + timedelta(days=400)
    assert target.send(GET).sent_at == target.now()
    assert slept == []


def test_a_clock_is_never_moved_back(yardstick: Yardstick) -> None:
    target = Target(Scripted(Response(200)), yardstick, control=StandingClock())
    target.wait_until(STARTS_AT - timedelta(days=1))
    assert target.now() == STARTS_AT


def test_without_control_waiting_takes_its_time(yardstick: Yardstick) -> None:
    slept: list[float] = []
    target = Target(Scripted(Response(200)), yardstick, sleep=slept.append)
    target.wait_until(datetime.now(UTC) + timedelta(seconds=30))
    assert not target.can_move_time
    assert slept == [pytest.approx(30, abs=1)]


def test_without_control_nobody_waits_for_long(yardstick: Yardstick) -> None:
    target = Target(Scripted(Response(200)), yardstick, max_wait_s=5)
    with pytest.raises(NotJudged, match=r"a case waits 5 s at most.*--control"):
        target.wait_until(datetime.now(UTC) + timedelta(hours=1))


def test_uses_are_counted_through_control_alone(yardstick: Yardstick) -> None:
    control = StandingClock()
    controlled = Target(Scripted(Response(200)), yardstick, control=control)
    assert controlled.can_count_uses
    assert [controlled.count_use("abc"), controlled.count_use("abc")] == [True, False]
    alone = Target(Scripted(Response(200)), yardstick)
    assert not alone.can_count_uses
    with pytest.raises(NotJudged, match="--control"):
        alone.count_use("abc")


# a URL


def test_a_url_is_only_read_unless_rules_say_otherwise(yardstick: Yardstick) -> None:
    with serving(said_json(201, {})) as server:
        with pytest.raises(Refused, match="--allow-writes"):
            open_http(server.url, yardstick).send(POST)
        writing = open_http(server.url, yardstick, rules=Rules(allow_writes=True))
        assert writing.send(POST).response.status == 201
        assert writing.name == server.url
    assert len(server.received) == 1


def test_only_hosts_beyond_this_machine_are_spared() -> None:
    assert live_rules("https://api.example.test").rate == LIVE_RATE
    assert live_rules("http://127.0.0.1:4010").rate is None
    assert not live_rules("http://127.0.0.1:4010").allow_writes


def test_a_redirect_to_another_host_is_an_answer(yardstick: Yardstick) -> None:
    with serving(said_json(200, {})) as other:
        away = said(307, Location=f"{other.url}/v2/event-types")
        with serving(away) as server:
            assert open_http(server.url, yardstick).send(GET).response.status == 307
    assert other.received == []


def test_limits_are_honoured_over_http(yardstick: Yardstick) -> None:
    slept: list[float] = []
    busy = said_json(429, {}, X_RateLimit_Reset_Default="2")
    with serving(busy, said_json(200, {})) as server:
        target = Target(Http(server.url), yardstick, safety=patient(yardstick, slept))
        assert target.send(GET).response.status == 200
    assert slept == [2.0]


def test_control_of_what_is_no_mock_is_wrong_use(yardstick: Yardstick) -> None:
    with (
        serving(said_json(404, {"status": "error"})) as server,
        pytest.raises(SetupError, match=r"--control.* no admin API"),
    ):
        open_http(f"{server.url}/v2", yardstick, is_controlled=True)
    assert server.received[0].target == "/__admin/clock"
