"""The door lets no write out that would change what was there before the run."""

from dataclasses import replace

import pytest

from contracts.door.safety import Rules, Safety
from contracts.door.targets import Target
from contracts.ledger import Ledger
from contracts.stops import Foreign
from contracts.suites.provisions import create, operation_of
from contracts.suites.session import Bench, Session
from mockserver.openapi import Operation
from tests.contracts.conftest import MakeBench
from tests.contracts.ledgered import Onward, session_on

THERE = "101"
"""An event type of the fixtures, which belongs to the owner."""
NOT_THERE = "999999"
LINK = "/v2/event-types/{eventTypeId}/private-links"


@pytest.fixture
def live(make_bench: MakeBench) -> Session:
    """A session on the stub behind the door of a live target that may be written to."""
    bench: Bench = make_bench()
    ledger = Ledger(None, bench.yardstick, run_id="r1", target_name="http://api")
    safety = Safety(Rules(allow_writes=True), bench.yardstick.operations)
    door = Target(Onward(bench.target), bench.yardstick, safety=safety, ledger=ledger)
    return session_on(replace(bench, target=door))


def operation(session: Session, method: str, path: str) -> Operation:
    found = session.yardstick.match(method, path)
    assert found is not None
    return found.operation


def delete(session: Session, id: str, **more: str) -> int:
    path = f"/v2/event-types/{id}"
    return session.call(
        operation(session, "DELETE", path), {"eventTypeId": id}, **more
    ).response.status


def test_what_was_there_before_is_not_deleted(live: Session) -> None:
    with pytest.raises(Foreign, match="/v2/event-types/101 is there, and not this run's"):
        delete(live, THERE)
    assert [one.request.method for one in live.bench.target.exchanges] == ["GET"]


def test_what_was_there_before_is_not_changed(live: Session) -> None:
    patch = operation(live, "PATCH", f"/v2/event-types/{THERE}")
    with pytest.raises(Foreign):
        live.call(patch, {"eventTypeId": THERE}, body={"title": "mine now"})


def test_nobody_else_is_sent_to_change_it_either(live: Session) -> None:
    with pytest.raises(Foreign, match="may be there"):
        delete(live, THERE, actor="other")
    assert not live.bench.target.exchanges


def test_links_of_others_are_not_deleted_though_nobody_can_look_at_one(live: Session) -> None:
    path = {"eventTypeId": THERE, "linkId": "demoDatedFresh11111111"}
    link = operation(live, "DELETE", f"/v2/event-types/{THERE}/private-links/x")
    with pytest.raises(Foreign):
        live.call(link, path)


def test_what_is_not_there_may_be_tried_after_one_look(live: Session) -> None:
    assert [delete(live, NOT_THERE) for _ in range(2)] == [404, 404]
    methods = [one.request.method for one in live.bench.target.exchanges]
    assert methods == ["GET", "DELETE", "DELETE"]


def test_the_runs_own_things_are_its_to_change_also_when_they_are_gone(live: Session) -> None:
    kinds = {action.resource.name: action.resource for action in live.yardstick.resources.values()}
    assert operation_of(live, kinds["event-types"], "create") is not None
    mine = create(live, kinds["event-types"])
    link = create(live, kinds["private-links"], {"eventTypeId": mine.id})
    gone = operation(live, "DELETE", f"/v2/event-types/{mine.id}/private-links/{link.id}")
    assert live.call(gone, link.path).response.status == 200
    assert delete(live, mine.id) == 200
    assert delete(live, mine.id) == 404


def test_things_may_be_made_below_what_was_there(live: Session) -> None:
    making = operation(live, "POST", f"/v2/event-types/{THERE}/private-links")
    assert (
        live.call(making, {"eventTypeId": THERE}, body={"maxUsageCount": 2}).response.status == 201
    )
