"""Sequences: made on the mock, told with symbols, the same for the same seed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import islice
from random import Random

import pytest

from contracts.actors import STRANGER
from contracts.door.stub import open_stub
from contracts.parity.rehearsal import Rehearsal
from contracts.parity.sequences import episodes, in_rounds, walk_case
from contracts.parity.steps import (
    Bound,
    Call,
    Credential,
    Moment,
    Seen,
    Step,
    Use,
    Wait,
    needs_of,
    with_needs,
    without,
)
from contracts.parity.symbols import shifted
from contracts.suites.lifecycle.calcom.world import iso_text
from contracts.suites.provisions import new_body, path_values
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick

CREATE = "EventTypesController_2024_06_14_createEventType"
READ = "EventTypesController_2024_06_14_getEventTypeById"
ADD_LINK = "EventTypesPrivateLinksController_2024_09_04_createPrivateLink"
LIST_OF_TEAM = "OrganizationsEventTypesController_getTeamEventTypes"


@pytest.fixture(scope="module")
def rehearsal(yardstick: Yardstick) -> Iterator[Rehearsal]:
    stub = open_stub()
    yield Rehearsal(stub, yardstick, Options(run_id="seed1"))
    stub.transport.close()


def told(rehearsal: Rehearsal, run: object) -> tuple[Step, ...]:
    episode = rehearsal.episode(Case("test", "any", "test", run))  # type: ignore[arg-type]
    assert episode is not None
    return episode.steps


def calls(steps: tuple[Step, ...]) -> list[Call]:
    return [step for step in steps if isinstance(step, Call)]


def linked(session: Session) -> None:
    """An event type with a link, used once, a minute later."""
    operation = session.yardstick.operation(CREATE)
    made = session.call(operation, {}, body=new_body(session, operation))
    path = {"eventTypeId": str(made.response.json["data"]["id"])}
    ends = iso_text(session.now() + timedelta(hours=1))
    link = session.call(session.yardstick.operation(ADD_LINK), path, body={"expiresAt": ends})
    target = session.bench.target
    target.count_use(link.response.json["data"]["linkId"])
    target.wait_until(target.now() + timedelta(seconds=60))
    session.call(session.yardstick.operation(READ), path)


def test_an_id_is_told_by_the_step_that_gave_it(rehearsal: Rehearsal) -> None:
    create, link, use, wait, read, *_ = told(rehearsal, linked)
    assert isinstance(link, Call)
    assert Seen(create.key, ("data", "id")) in link.segments
    assert use == Use(use.key, Seen(link.key, ("data", "linkId")))
    assert wait == Wait(wait.key, timedelta(seconds=60))
    assert needs_of(read) == {create.key}


def test_an_instant_near_now_moves_with_the_clock(rehearsal: Rehearsal) -> None:
    link = told(rehearsal, linked)[1]
    assert isinstance(link, Call)
    assert link.body == {"expiresAt": Moment("2030-01-01T09:00:00.000Z")}
    assert shifted("2030-01-01T09:00:00.000Z", timedelta(days=1)) == "2030-01-02T09:00:00.000Z"
    assert shifted("2030-01-01T09:00:00+01:00", timedelta()) == "2030-01-01T09:00:00+01:00"


def test_what_the_case_made_is_taken_away_at_the_end(rehearsal: Rehearsal) -> None:
    last = calls(told(rehearsal, linked))[-1]
    assert last.method == "DELETE"


def test_bindings_and_credentials_are_symbols(rehearsal: Rehearsal) -> None:
    def run(session: Session) -> None:
        operation = session.yardstick.operation(LIST_OF_TEAM)
        for actor in ("owner", STRANGER):
            session.call(operation, path_values(session, operation), actor=actor)

    own, strange = calls(told(rehearsal, run))
    assert {Bound("orgId"), Bound("teamId")} <= set(own.segments)
    assert dict(own.headers)["Authorization"] == Credential("owner")
    assert dict(strange.headers)["Authorization"] == Credential(STRANGER)


def test_no_key_of_the_rehearsal_stands_in_any_step(
    rehearsal: Rehearsal, yardstick: Yardstick
) -> None:
    made = islice(episodes(rehearsal, yardstick, Options(run_id="seed1")), 22)
    headers = [str(call.headers) for one in made for call in calls(one.steps)]
    assert len(headers) > 200
    assert not [text for text in headers if "cal_test_" in text]


def test_a_case_with_threads_of_its_own_is_left_out(rehearsal: Rehearsal) -> None:
    def run(session: Session) -> None:
        operation = session.yardstick.operation(LIST_OF_TEAM)
        request = session.request(operation, path_values(session, operation))
        with ThreadPoolExecutor(1) as pool:
            pool.submit(session.send, request).result()

    assert rehearsal.episode(Case("test", "any", "test", run)) is None


def test_each_rule_is_tried_once_before_any_is_tried_again() -> None:
    rules = ["a", "a", "b", "a", "c", "b"]
    cases = [Case("test", f"GET /{at}", rule, lambda _: None) for at, rule in enumerate(rules)]
    ordered = in_rounds(cases, Random(1))
    assert sorted(case.rule for case in ordered[:3]) == ["a", "b", "c"]
    assert sorted(case.rule for case in ordered[3:5]) == ["a", "b"]
    assert [case.id for case in ordered if case.rule == "a"] == ["GET /0/a", "GET /1/a", "GET /3/a"]
    assert ordered == in_rounds(cases, Random(1))


def test_the_same_seed_makes_the_same_sequences(rehearsal: Rehearsal, yardstick: Yardstick) -> None:
    options = Options(run_id="seed1")
    first, second = (list(islice(episodes(rehearsal, yardstick, options), 8)) for _ in range(2))
    assert first == second


def test_the_same_walk_goes_the_same_way(rehearsal: Rehearsal) -> None:
    first, second, other = (rehearsal.episode(walk_case(1, number)) for number in (3, 3, 4))
    assert first == second
    assert first != other


def test_what_stands_on_a_step_goes_with_it(rehearsal: Rehearsal) -> None:
    steps = told(rehearsal, linked)
    assert calls(without(steps, frozenset({1}))) == []
    needed = with_needs(steps, frozenset({3}))
    assert [step.key for step in needed] == [1, 2, 3]
