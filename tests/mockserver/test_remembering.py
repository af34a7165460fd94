"""What a mock remembers of requests and answers is never out of date."""

from contextlib import suppress
from datetime import timedelta

import pytest

from mockserver.settings import Settings
from tests.mockserver.faults.bench import EVENT_TYPES, NOW, Bench

ONE = f"{EVENT_TYPES}/101"
LINKS = f"{ONE}/private-links"


@pytest.fixture(scope="module")
def shared() -> Bench:
    return Bench()


@pytest.fixture
def bench(shared: Bench) -> Bench:
    """A fresh world in which the requests of these tests have been seen before."""
    shared.app.set_deviations(quirks=())
    shared.start()
    for _ in range(2):
        for path in (ONE, LINKS):
            assert shared.send("GET", path).status == 200
    return shared


def test_a_change_shows_in_the_next_answer_of_the_same_request(bench: Bench) -> None:
    for title in ("One", "Two"):
        assert bench.send("PATCH", ONE, {"title": title}).status == 200
        assert bench.send("GET", ONE).data["title"] == title
    created = bench.send("POST", LINKS, {"maxUsageCount": 2}).data
    assert created in bench.send("GET", LINKS).data
    bench.send("DELETE", f"{LINKS}/{created['linkId']}")
    assert created not in bench.send("GET", LINKS).data


def test_a_change_that_is_undone_shows_in_no_answer(bench: Bench) -> None:
    before = bench.send("GET", ONE).body
    store = bench.app.store
    with suppress(KeyError), store.transaction():
        stored = store.get("event-types", "101")
        store.replace("event-types", "101", {**(stored or {}), "title": "Undone"})
        assert store.view("event-types", "101") != stored
        raise KeyError
    assert bench.send("GET", ONE).body == before


def test_a_reset_shows_in_the_next_answer(bench: Bench) -> None:
    before = bench.send("GET", ONE).data
    bench.send("PATCH", ONE, {"title": "Other"})
    bench.send("GET", ONE)
    bench.app.reset()
    assert bench.send("GET", ONE).data["title"] == before["title"]


def test_the_same_request_of_others_is_answered_for_them(bench: Bench) -> None:
    assert bench.send("GET", LINKS, who="cal_test_lena").status == 404
    assert bench.send("GET", LINKS, who="cal_test_nobody").status == 401
    assert bench.send("GET", LINKS, who=None).status in (401, 403)
    assert bench.send("GET", LINKS).status == 200


def test_a_key_that_ends_is_refused_though_it_was_known(bench: Bench) -> None:
    store = bench.app.store
    key = store.get("api-keys", "cal_test_demo")
    assert key is not None
    store.replace("api-keys", "cal_test_demo", {**key, "expiresAt": "2030-01-02T08:00:00.000Z"})
    assert bench.send("GET", ONE).status == 200
    bench.app.clock.freeze(NOW + timedelta(days=3))
    assert bench.send("GET", ONE).status == 401
    bench.app.clock.freeze(NOW)
    store.delete("api-keys", "cal_test_demo")
    assert bench.send("GET", ONE).status == 401


def test_a_user_that_changes_is_another_actor(bench: Bench) -> None:
    user = bench.app.store.get("users", "101")
    bench.app.store.replace("users", "101", {**(user or {}), "username": "renamed"})
    bench.send("GET", ONE)
    assert bench.app.journal.find()[-1].actor == "renamed"


def test_links_end_in_the_list_as_time_goes_on(bench: Bench) -> None:
    end = (NOW + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    link = bench.send("POST", LINKS, {"expiresAt": end}).data["linkId"]

    def has_ended() -> bool:
        found = [one for one in bench.send("GET", LINKS).data if one["linkId"] == link]
        return bool(found[0]["isExpired"])

    told = []
    for hours in (0, 2, 0):
        bench.app.clock.freeze(NOW + timedelta(hours=hours))
        told.append(has_ended())
    assert told == [False, True, False]


def test_a_quirk_that_changes_the_document_counts_from_the_next_request_on(bench: Bench) -> None:
    told = []
    for quirks in ((), ("any-integer-is-an-id",), ()):
        bench.app.set_deviations(quirks=quirks)
        told += [bench.send("GET", f"{EVENT_TYPES}/0").status for _ in range(2)]
    assert told == [400, 400, 404, 404, 400, 400]


def test_a_quirk_for_one_call_is_forgotten_after_it(bench: Bench) -> None:
    text = f"{EVENT_TYPES}/word"
    deviation = {"prefer": "deviation=text-id-is-500"}
    told = [bench.send("GET", text, **headers).status for headers in ({}, deviation, {})]
    assert told == [400, 500, 400]


def test_a_fault_may_change_a_path_that_was_seen_before(bench: Bench) -> None:
    path = f"{ONE}abc"
    told = [bench.send("GET", path).status]
    bench.app.set_deviations(faults=["path-parameter-coerced"])
    told.append(bench.send("GET", path).status)
    bench.app.set_deviations(faults=[])
    told.append(bench.send("GET", path).status)
    assert told == [400, 200, 400]


def test_a_fault_that_spoils_an_answer_spoils_nothing_that_is_kept(bench: Bench) -> None:
    before = bench.send("GET", ONE).body
    bench.app.set_deviations(faults=["wrong-type"])
    spoilt = bench.send("GET", ONE).body
    bench.app.set_deviations(faults=[])
    assert (spoilt == before, bench.send("GET", ONE).body == before) == (False, True)


def test_two_mocks_in_one_process_remember_for_themselves(bench: Bench) -> None:
    other = Bench(Settings(seed=9))
    other.start()
    other.send("PATCH", ONE, {"title": "Of the other"})
    assert other.send("GET", ONE).data["title"] == "Of the other"
    assert bench.send("GET", ONE).data["title"] != "Of the other"


def test_a_database_that_somebody_else_writes_to_is_read_anew(tmp_path: object) -> None:
    address = f"sqlite:///{tmp_path}/world.db"
    one, other = Bench(Settings(store=address)), Bench(Settings(store=address))
    try:
        for title in ("One", "Two"):
            assert one.send("PATCH", ONE, {"title": title}).status == 200
            assert other.send("GET", ONE).data["title"] == title
    finally:
        one.app.close()
        other.app.close()
