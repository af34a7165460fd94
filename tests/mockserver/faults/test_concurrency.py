"""What goes wrong when two requests meet: here when they follow within the window."""

from typing import Any

import pytest

from mockserver.faults import concurrency
from tests.mockserver.faults.bench import EVENT_TYPES, LINKS, Bench, Case, seen

OF_101 = f"{EVENT_TYPES}/101"
COUNTED = "demoCountedFresh111111"
NEW = {"title": "New", "slug": "new", "lengthInMinutes": 30}


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    """Real time stands still."""
    clock = Hand()
    monkeypatch.setattr(concurrency, "monotonic", clock)
    return clock


@pytest.fixture(autouse=True)
def slept(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(seconds: float) -> None:
        bench.slept_s.append(seconds)

    monkeypatch.setattr("mockserver.web.faulty.asyncio.sleep", sleep)


def two_changes(bench: Bench) -> Any:
    bench.send("PATCH", OF_101, {"title": "Changed"})
    bench.send("PATCH", OF_101, {"description": "Changed"})
    shown = bench.get(OF_101).data
    return shown["title"], shown["description"]


def two_creates(bench: Bench) -> Any:
    told = [bench.send("POST", EVENT_TYPES, NEW) for _ in "ab"]
    kept = bench.app.store.find("event-types", {"ownerId": 101, "slug": "new"})
    return [answer.status for answer in told], len(kept)


def two_ids(bench: Bench) -> Any:
    ids = [bench.make({})["linkId"] for _ in "ab"]
    return len(set(ids))


def two_deletes(bench: Bench) -> Any:
    paths = (COUNTED, COUNTED, "never-was")
    return [bench.status("DELETE", f"{LINKS}/{link_id}") for link_id in paths]


def half_good(bench: Bench) -> Any:
    refused = bench.status("PATCH", OF_101, {"title": "Half", "lengthInMinutes": "no"})
    return refused, bench.get(OF_101).data["title"]


def own_write(bench: Bench) -> Any:
    """Whether a new link is in the first list after it, and in the second."""
    made = bench.make({})["linkId"]
    seen_first, seen_then = (made in bench.links() for _ in "ab")
    return seen_first, seen_then


def own_change(bench: Bench) -> Any:
    bench.send("PATCH", OF_101, {"title": "Changed"})
    return [bench.get(OF_101).data["title"] for _ in "ab"]


def own_delete(bench: Bench) -> Any:
    bench.send("DELETE", f"{LINKS}/{COUNTED}")
    return [COUNTED in bench.links() for _ in "abc"]


def two_writes(bench: Bench) -> Any:
    told = [bench.status("PATCH", OF_101, {"title": "T"}) for _ in "ab"]
    return told, list(bench.slept_s)


def many_reads(bench: Bench) -> Any:
    for _ in range(3):
        bench.get(OF_101)
    return list(bench.slept_s)


WAS = "Intro call"
CASES = (
    Case("lost-update", two_changes, ("Changed", "Changed"), (WAS, "Changed")),
    Case("duplicate-under-race", two_creates, ([201, 400], 1), ([201, 201], 2)),
    Case("same-id-under-race", two_ids, 2, 1),
    Case("double-delete-both-succeed", two_deletes, [200, 404, 404], [200, 200, 404]),
    Case("non-atomic-multi-write", half_good, (400, WAS), (400, "Half")),
    Case("read-your-writes-broken", own_write, (True, True), (False, True)),
    Case("read-your-writes-broken", own_change, ["Changed", "Changed"], [WAS, "Changed"]),
    Case(
        "read-your-writes-broken:reads=2",
        own_delete,
        [False, False, False],
        [True, True, False],
    ),
    Case("deadlock-under-parallelism", two_writes, ([200, 200], []), ([200, 504], [1.0])),
    Case("slow-under-parallelism", many_reads, [], [0.2, 0.4]),
)
RACES = ("lost-update", "duplicate-under-race", "same-id-under-race", "double-delete-both-succeed")


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


@pytest.mark.usefixtures("hand")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.fault}-{case.story.__name__}")
def test_only_the_faulty_mock_shows_it(case: Case, bench: Bench) -> None:
    assert seen(bench, case) == (case.healthy, case.faulty)


def test_every_fault_has_its_case() -> None:
    assert {case.name for case in CASES} == {fault.name for fault in concurrency.FAULTS}


@pytest.mark.parametrize("name", RACES)
def test_what_is_apart_does_not_meet(name: str, bench: Bench, hand: Hand) -> None:
    case = next(case for case in CASES if case.name == name)
    bench.start(name)
    send = bench.send

    def later(*given: Any, **more: Any) -> Any:
        hand.now_s += 1
        return send(*given, **more)

    bench.send = later  # type: ignore[method-assign]
    try:
        assert case.story(bench) == case.healthy
    finally:
        bench.send = send  # type: ignore[method-assign]
