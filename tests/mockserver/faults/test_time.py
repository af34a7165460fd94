"""Things that end at a date or after so many uses, and do it wrongly."""

from datetime import timedelta
from typing import Any

import pytest

from mockserver.clock import iso_text
from mockserver.faults.time import FAULTS
from tests.mockserver.faults.bench import LINKS, NOW, TEAM, Bench, Case, seen

ENDED, SOON, FRESH = "demoDatedEnded11111111", "demoDatedEndsSoon11111", "demoDatedFresh11111111"
USED_UP, LAST_USE = "demoCountedUsedUp11111", "demoCountedLastUse1111"
COUNTED = "demoCountedFresh111111"
LATER = "2031-01-01T00:00:00.000Z"


def state(bench: Bench, link_id: str) -> tuple[bool, int]:
    """What is shown of a link, and what a use of it says."""
    return bench.is_expired(link_id), bench.use(link_id)


def of_dates(bench: Bench) -> Any:
    return [state(bench, link_id)[i] for link_id in (ENDED, FRESH, USED_UP) for i in (0, 1)]


def at(*spans: timedelta) -> Any:
    """Whether a link is shown as ended, and used, so long after its date."""

    def story(bench: Bench) -> Any:
        found = []
        for span in spans:
            bench.app.clock.freeze(NOW)
            made = bench.make({"expiresAt": iso_text(NOW - span)})["linkId"]
            found.append(state(bench, made))
        return found

    return story


def uses(bench: Bench) -> Any:
    """By how many uses a link of two has ended, and how many are let in."""
    made = bench.make({"maxUsageCount": 2})["linkId"]
    shown, let_in = [bench.is_expired(made)], 0
    for _ in range(4):
        let_in += bench.use(made) == 200
        shown.append(bench.is_expired(made))
    return shown.index(True) if True in shown else None, let_in


def lowered(bench: Bench) -> Any:
    return bench.change(LAST_USE, {"maxUsageCount": 2}).data["isExpired"], bench.use(LAST_USE)


def counts(bench: Bench) -> Any:
    bench.use(COUNTED, 2)
    bench.use(USED_UP, 2)
    return [bench.links()[link_id]["usageCount"] for link_id in (COUNTED, USED_UP)]


def looks(bench: Bench) -> Any:
    return [bench.links()[COUNTED]["usageCount"] for _ in range(3)]


def count_after_change(bench: Bench) -> Any:
    shown = bench.change(LAST_USE, {"maxUsageCount": 7}).data["usageCount"]
    return shown, bench.links()[LAST_USE]["usageCount"]


def defaults(bench: Bench) -> Any:
    made = bench.make({})
    again = bench.links()[made["linkId"]]
    return (
        made["maxUsageCount"],
        again["maxUsageCount"],
        bench.make({"maxUsageCount": 4})["maxUsageCount"],
    )


def past(bench: Bench) -> Any:
    old = {"expiresAt": "2029-01-01T00:00:00.000Z"}
    return (
        bench.status("POST", LINKS, old),
        bench.change(FRESH, old).status,
        bench.status("POST", LINKS, {"expiresAt": LATER}),
    )


def both(bench: Bench) -> Any:
    body = {"expiresAt": LATER, "maxUsageCount": 3}
    return bench.status("POST", LINKS, body), bench.change(FRESH, body).status


def offset(bench: Bench) -> Any:
    return bench.make({"expiresAt": "2030-06-01T10:00:00+02:00"})["expiresAt"]


def kinds(bench: Bench) -> Any:
    """Links that become of the other kind, and one that stays of its own."""
    changes = ((FRESH, {"maxUsageCount": 3}), (COUNTED, {"expiresAt": LATER}))
    found: list[Any] = [bench.change(FRESH, {"expiresAt": LATER}).status]
    for link_id, body in changes:
        answer = bench.change(link_id, body)
        limits = sorted({"expiresAt", "maxUsageCount"} & set(answer.json.get("data", {})))
        found.append((answer.status, limits))
    return found


def raised(bench: Bench) -> Any:
    told = bench.change(USED_UP, {"maxUsageCount": 9}).data["isExpired"]
    return told, *state(bench, USED_UP)


def later(bench: Bench) -> Any:
    told = bench.change(ENDED, {"expiresAt": LATER}).data["isExpired"]
    return told, *state(bench, ENDED)


def listed(bench: Bench) -> Any:
    return [link_id in bench.links() for link_id in (ENDED, USED_UP, FRESH)]


def gone(bench: Bench) -> Any:
    return (
        bench.change(ENDED, {"expiresAt": LATER}).status,
        bench.status("DELETE", f"{LINKS}/{USED_UP}"),
        bench.change(FRESH, {"expiresAt": LATER}).status,
    )


MS, HOUR, HALF = timedelta(milliseconds=1), timedelta(hours=1), timedelta(minutes=30)
KEPT = [(200, ["maxUsageCount"]), (200, ["expiresAt"])]
BOTH = [(200, ["expiresAt", "maxUsageCount"])] * 2
ALIVE, OVER = (False, 200), (True, 409)
DATES = [True, 409, False, 200, True, 409]
CASES = (
    Case("expiry-ignored", of_dates, DATES, [False, 200, False, 200, True, 409]),
    Case("expiry-inverted", of_dates, DATES, [False, 200, True, 409, True, 409]),
    Case(
        "expiry-boundary-off",
        at(-MS, 0 * MS, MS),
        [ALIVE, ALIVE, OVER],
        [ALIVE, OVER, OVER],
    ),
    Case("expiry-hour-off", at(HALF, HOUR + MS), [OVER, OVER], [ALIVE, OVER]),
    Case("expiry-hour-off:hours=2", at(HOUR + MS, 3 * HOUR), [OVER, OVER], [ALIVE, OVER]),
    Case("expiry-hour-early", at(-HALF, -2 * HOUR), [ALIVE, ALIVE], [OVER, ALIVE]),
    Case("expiry-by-day", at(HALF, 24 * HOUR), [OVER, OVER], [ALIVE, OVER]),
    Case(
        "expiry-offset-ignored",
        offset,
        "2030-06-01T08:00:00.000Z",
        "2030-06-01T10:00:00.000Z",
    ),
    Case("usage-off-by-one", uses, (2, 2), (3, 3)),
    Case("usage-off-by-one-early", uses, (2, 2), (1, 1)),
    Case("usage-limit-ignored", uses, (2, 2), (None, 4)),
    Case("usage-compared-for-equality", lowered, (True, 409), (False, 200)),
    Case("usage-not-counted", counts, [2, 3], [0, 3]),
    Case("usage-counted-twice", counts, [2, 3], [4, 3]),
    Case("usage-counted-when-refused", counts, [2, 3], [2, 5]),
    Case("reading-counts-as-use", looks, [0, 0, 0], [0, 1, 2]),
    Case("usage-reset-by-change", count_after_change, (4, 4), (0, 0)),
    Case("default-limit-not-applied", defaults, (1, 1, 4), (0, 0, 4)),
    Case("default-limit-wrong", defaults, (1, 1, 4), (10, 10, 4)),
    Case("default-limit-wrong:limit=7", defaults, (1, 1, 4), (7, 7, 4)),
    Case("past-expiry-refused", past, (201, 200, 201), (400, 400, 201)),
    Case("combined-limits-not-anded", both, (400, 400), (201, 200)),
    Case("kind-change-refused", kinds, [200, *KEPT], [200, (400, []), (400, [])]),
    Case("kind-change-ignored", kinds, [200, *KEPT], [200, *reversed(KEPT)]),
    Case("kind-change-keeps-both", kinds, [200, *KEPT], [200, *BOTH]),
    Case("raise-does-not-revive", raised, (False, False, 200), (True, True, 409)),
    Case("later-date-does-not-revive", later, (False, False, 200), (True, True, 409)),
    Case("expired-left-out-of-list", listed, [True, True, True], [False, False, True]),
    Case("expired-is-gone", gone, (200, 200, 200), (404, 404, 200)),
)


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
def test_only_the_faulty_mock_shows_it(case: Case, bench: Bench) -> None:
    assert seen(bench, case) == (case.healthy, case.faulty)


def test_every_fault_has_its_case() -> None:
    assert {case.name for case in CASES} == {fault.name for fault in FAULTS}


def test_the_links_of_a_team_end_as_wrongly(bench: Bench) -> None:
    bench.start("usage-off-by-one-early")
    links = bench.get(f"{TEAM}/120/private-links").data
    assert [link["isExpired"] for link in links] == [False, True]


def test_what_a_use_was_allowed_is_not_stored_with_the_link(bench: Bench) -> None:
    bench.start("usage-limit-ignored")
    bench.use(USED_UP)
    stored = bench.app.store.get("private-links", USED_UP)
    assert stored is not None
    assert (stored["maxUsageCount"], stored["usageCount"]) == (3, 4)


def test_an_answer_of_a_use_shows_the_link_as_the_fault_has_it(bench: Bench) -> None:
    bench.start("usage-off-by-one")
    body = {"linkId": LAST_USE}
    answer = bench.send("POST", "/__admin/actions/use-private-link", body)
    told = answer.json["result"]
    assert (told["maxUsageCount"], told["usageCount"], told["isExpired"]) == (5, 5, False)
