"""Requests at once: one step, compared by what came of all of them; and answers that are late."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contracts.door.stub import open_stub
from contracts.exchange import Exchange, Request, Response
from contracts.parity.difference import Difference, Kind
from contracts.parity.outcomes import in_order, outcome_differences, outcome_of
from contracts.parity.pace import Pace
from contracts.parity.play import NO_ANSWER, Answer, Judge, LivePlayer, in_lockstep
from contracts.parity.rehearsal import Rehearsal
from contracts.parity.sides import Side, open_side, read_aim
from contracts.parity.steps import Call, Step, Together, keys_of, needs_of, with_needs, without
from contracts.settings import Settings
from contracts.stops import NoAnswer
from contracts.suites.provisions import new_body, path_values
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.model import MISSING

CREATE = "EventTypesController_2024_06_14_createEventType"
READ = "EventTypesController_2024_06_14_getEventTypeById"
DELETE = "EventTypesController_2024_06_14_deleteEventType"
NOW = datetime(2030, 1, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def rehearsal(yardstick: Yardstick) -> Iterator[Rehearsal]:
    stub = open_stub()
    yield Rehearsal(stub, yardstick, Options(run_id="seed1"))
    stub.transport.close()


@pytest.fixture(scope="module")
def sides(yardstick: Yardstick) -> Iterator[tuple[Side, Side]]:
    opened = [
        open_side(name, read_aim("stub"), Settings(run_id="seed1"), {}, yardstick)
        for name in ("left", "right")
    ]
    yield opened[0], opened[1]
    for side in opened:
        side.close()


def racing(session: Session) -> None:
    """Two equal creates at once, of which one is taken; then it is read."""
    create, read = session.yardstick.operation(CREATE), session.yardstick.operation(READ)
    request = session.request(create, {}, body=new_body(session, create))
    first, _ = session.parallel([request] * 2)
    session.call(read, {"eventTypeId": str(first.response.json["data"]["id"])})


def told(rehearsal: Rehearsal, run: Callable[[Session], None]) -> tuple[Step, ...]:
    episode = rehearsal.episode(Case("test", "any", "test", run))
    assert episode is not None
    return episode.steps


def test_what_is_sent_at_once_is_one_step(rehearsal: Rehearsal) -> None:
    both, read, *_ = told(rehearsal, racing)
    assert isinstance(both, Together)
    first, second = both.calls
    assert (first.body, first.segments) == (second.body, second.segments)
    assert needs_of(read) == {first.key}


def test_what_stands_on_a_request_of_many_goes_with_all_of_them(rehearsal: Rehearsal) -> None:
    steps = told(rehearsal, racing)
    assert without(steps, keys_of(steps[0])) == ()
    assert with_needs(steps, frozenset({steps[1].key})) == steps[:2]


def test_none_of_them_stands_on_another(rehearsal: Rehearsal) -> None:
    def run(session: Session) -> None:
        delete = session.yardstick.operation(DELETE)
        request = session.request(delete, path_values(session, delete))
        session.parallel([request] * 3)

    _, group, *_ = told(rehearsal, run)
    assert isinstance(group, Together)
    assert not needs_of(group) & keys_of(group)


def test_two_mocks_do_the_same_at_once(rehearsal: Rehearsal, sides: tuple[Side, Side]) -> None:
    steps = told(rehearsal, racing)
    for side in sides:
        side.begin(NOW)
    players = LivePlayer(sides[0]), LivePlayer(sides[1])
    met = list(in_lockstep(*players, steps, Judge(), sides[0].target.now))
    assert [one.step for one in met] == list(steps)
    assert [one.differences for one in met] == [()] * len(steps)
    assert [one.response.status for one in met[0].left.all] == [201, 400]


def answers(*told: tuple[int, bytes]) -> list[Exchange]:
    request = Request("POST", "/books")
    return [
        Exchange(number, request, Response(status, (), body), None, {}, NOW, 0.0)
        for number, (status, body) in enumerate(told, 1)
    ]


def calls(count: int) -> list[Call]:
    return [
        Call(key, "POST", None, ("books",), (), (), MISSING, "owner", NOW)
        for key in range(1, count + 1)
    ]


def differing(left: Sequence[Exchange], right: Sequence[Exchange]) -> list[Difference]:
    asked = calls(len(left))
    return list(outcome_differences(outcome_of(asked, left), outcome_of(asked, right)))


def test_the_order_of_the_answers_means_nothing() -> None:
    one = answers((201, b'{"id": 1}'), (409, b"{}"))
    other = answers((409, b"{}"), (201, b'{"id": 7}'))
    assert differing(one, other) == []
    assert [exchange.response.status for exchange in in_order(other)] == [201, 409]


def test_how_many_succeed_is_compared() -> None:
    left, right = answers((201, b""), (409, b"")), answers((201, b""), (201, b""))
    assert differing(left, right) == [
        Difference(Kind.STATUS, "", "1 times 201, 1 times 409", "2 times 201")
    ]


def test_how_many_different_things_are_told_is_compared() -> None:
    left = answers((201, b'{"id": 1}'), (201, b'{"id": 2}'))
    right = answers((201, b'{"id": 5}'), (201, b'{"id": 5}'))
    assert [(one.kind, one.place) for one in differing(left, right)] == [(Kind.VALUE, "/id")]


def test_a_side_that_is_late_twice_in_a_row_is_told() -> None:
    pace = Pace()
    assert pace.differences("GET /books", 0.1, 1.4) == []
    assert pace.differences("GET /other", 0.1, 1.4) == []
    (found,) = pace.differences("GET /books", 0.1, 1.4)
    assert (found.kind, found.expected, found.actual) == (Kind.TIME, "after 0.1 s", "after 1.4 s")


def test_a_moment_of_trouble_is_no_difference() -> None:
    pace = Pace()
    for left_s, right_s in ((0.1, 1.4), (0.1, 0.2), (0.1, 1.4), (1.4, 0.1), (1.4, 1.5)):
        assert pace.differences("GET /books", left_s, right_s) == []


def test_an_answer_that_never_comes_is_a_difference(
    rehearsal: Rehearsal, sides: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(request: Request, *, case: str = "") -> Exchange:
        raise NoAnswer("the connection was dropped before an answer came")

    steps = told(rehearsal, racing)
    for side in sides:
        side.begin(NOW)
    monkeypatch.setattr(sides[1].target, "send", lost)
    players = LivePlayer(sides[0]), LivePlayer(sides[1])
    met = list(in_lockstep(*players, steps, Judge(), sides[0].target.now))
    (first,) = met  # what stands on it cannot be sent
    assert first.is_parting
    assert [(one.kind, one.actual) for one in first.differences] == [(Kind.STATUS, NO_ANSWER)]


def test_a_late_answer_is_told_by_the_judge() -> None:
    call = calls(1)[0]
    quick = answers((200, b"{}"))[0]
    late = Answer(replace(quick, duration_s=3.0))
    judge = Judge()
    found = [judge.meeting(call, Answer(quick), late).differences for _ in range(2)]
    assert [[one.kind for one in each] for each in found] == [[], [Kind.TIME]]
