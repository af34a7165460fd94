"""Where planted faults take effect, and that nothing else does."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

from mockserver.behaviours.faults import Fault, Instead, Plant, Wire
from mockserver.errors import ApiError
from mockserver.faults import Wish, planted, read_wish
from mockserver.faults.reaching import anything
from mockserver.model import MISSING, Reply
from mockserver.store.protocol import StoreUnavailable
from mockserver.web import faulty
from tests.mockserver.faults.bench import EVENT_TYPES, LINKS, NOW, Bench

ME = "/v2/me"
OWN = "x-understudy-error"


@pytest.fixture(scope="module")
def shared() -> Bench:
    return Bench()


@pytest.fixture
def bench(shared: Bench) -> Bench:
    """A fresh world without faults."""
    shared.start()
    shared.app.journal.clear()
    return shared


def plant(bench: Bench, **effects: Any) -> Plant:
    """Plant a fault of these effects everywhere."""
    fault = Fault(
        name="tried",
        category="Tried",
        about="tried",
        exposed_by="tried",
        reaches=anything,
        **effects,
    )
    around = bench.app._around(bench.app._assembly)
    ids = frozenset(one.operation.id for one in around.places())
    one = Plant(fault, ids, {}, around)
    bench.app._planting.plants = (*bench.app._planting.plants, one)
    bench.app._wishes = (*bench.app._wishes, Wish("wrong-type"))  # one for each plant
    return one


def fail(*given: Any) -> Any:
    raise KeyError("what nobody expected")


# ------------------------------------------------------------------ the order of a request


def test_a_call_is_changed_before_any_guard_sees_it(bench: Bench) -> None:
    def be_somebody(call: Any, plant: Plant) -> None:
        call.headers = {**call.headers, "authorization": "Bearer cal_test_bob"}

    plant(bench, on_request=be_somebody)
    assert bench.get(ME).data["username"] == "bob"


def test_a_changed_reply_is_not_held_to_the_document(bench: Bench) -> None:
    plant(bench, on_answer=lambda call, reply, plant: Reply(299, {"un": "documented"}))
    answer = bench.get(ME)
    assert (answer.status, answer.json, OWN in answer.headers) == (299, {"un": "documented"}, False)


def test_a_fault_that_answers_itself_undoes_what_was_written(bench: Bench) -> None:
    def write_and_answer(call: Any, behaviour: Any, plant: Plant) -> Reply:
        behaviour(call)
        raise Instead(Reply(418, {"short": "stout"}))

    plant(bench, on_behaviour=write_and_answer)
    before = bench.app.store.dump()
    answer = bench.send("POST", LINKS, {"maxUsageCount": 3})
    assert (answer.status, answer.json) == (418, {"short": "stout"})
    assert bench.app.store.dump() == before


def test_a_store_that_goes_away_while_a_request_is_tried_again_is_no_bug(bench: Bench) -> None:
    def ask(call: Any, error: ApiError, plant: Plant) -> Any:
        raise StoreUnavailable("gone")

    plant(bench, on_refusal=ask)
    answer = bench.get(f"{EVENT_TYPES}/99999")
    assert (answer.status, answer.headers[OWN]) == (503, "store")


def test_a_refusal_of_a_fault_is_written_as_the_api_writes_it(bench: Bench) -> None:
    def refuse(call: Any, plant: Plant) -> None:
        raise ApiError(403, "Not today")

    plant(bench, on_request=refuse)
    answer = bench.get(ME)
    assert (answer.status, answer.message, OWN in answer.headers) == (403, "Not today", False)


def test_the_bytes_are_changed_last(bench: Bench) -> None:
    def shout(call: Any, wire: Wire, plant: Plant) -> None:
        wire.set_header(b"x-shout", b"loud")
        wire.set_body(wire.body.upper())

    plant(bench, on_wire=shout)
    answer = bench.get(ME)
    assert (answer.headers["x-shout"], b"DEMO" in answer.body) == ("loud", True)
    assert int(answer.headers["content-length"]) == len(answer.body)


def test_several_faults_take_effect_one_after_the_other(bench: Bench) -> None:
    plant(bench, on_answer=lambda call, reply, plant: reply._replace(status=201))
    plant(bench, on_answer=lambda call, reply, plant: reply._replace(status=reply.status + 1))
    assert bench.get(ME).status == 202


def test_a_refused_request_is_tried_again_until_it_is_let_in(bench: Bench) -> None:
    def show(key: str) -> Callable[[Any], None]:
        def change(call: Any) -> None:
            call.headers = {**call.headers, "authorization": f"Bearer {key}"}

        return change

    keys = ("nonsense", "cal_test_omar", "cal_test_lena")
    plant(bench, on_refusal=lambda call, error, plant: [show(key) for key in keys])
    assert bench.get(ME, who="unknown").data["username"] == "omar"


def test_what_no_second_try_lets_in_stays_refused_as_it_was(bench: Bench) -> None:
    plant(bench, on_refusal=lambda call, error, plant: [lambda again: None] * 2)
    answer = bench.get(f"{EVENT_TYPES}/99999")
    assert (answer.status, answer.message) == (404, "Event type with id 99999 not found")


# ------------------------------------------------------------------ HEAD


@pytest.mark.parametrize("fault", ["truncated-json", "truncated-body", "slow-body:pause_s=0"])
def test_head_has_the_headers_and_no_body(bench: Bench, fault: str) -> None:
    bench.start(fault)
    answer = bench.send("HEAD", ME)
    assert (answer.status, answer.body) == (200, b"")


def test_head_is_struck_as_get_is(bench: Bench) -> None:
    bench.start("unavailable")
    assert bench.status("HEAD", ME) == 503


# ------------------------------------------------------------------ bugs in faults


@pytest.mark.parametrize("effect", ["on_request", "on_behaviour", "on_answer", "on_wire"])
def test_a_bug_in_a_fault_is_answered_as_the_mock_s_own(
    bench: Bench, effect: str, caplog: pytest.LogCaptureFixture
) -> None:
    plant(bench, **{effect: fail})
    with caplog.at_level(logging.CRITICAL, "mockserver"):
        answer = bench.get(ME)
    assert (answer.status, answer.headers[OWN]) == (500, "bug")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "x-request-id" in answer.headers
    assert [entry.status for entry in bench.app.journal.find()] == [500]


@pytest.mark.parametrize(
    ("effect", "method", "path", "body"),
    [
        ("on_refusal", "GET", f"{EVENT_TYPES}/99999", None),
        ("forgives", "POST", LINKS, {"maxUsageCount": 0}),
        ("on_unmatched", "GET", "/nowhere", None),
    ],
)
def test_a_bug_where_something_is_wrong_already_is_the_mock_s_own(
    bench: Bench, effect: str, method: str, path: str, body: Any
) -> None:
    plant(bench, **{effect: fail})
    answer = bench.send(method, path, body)
    assert (answer.status, answer.headers[OWN]) == (500, "bug")
    assert [entry.status for entry in bench.app.journal.find()] == [500]


def test_an_answer_that_is_no_json_is_a_bug_of_the_fault(bench: Bench) -> None:
    plant(bench, on_answer=lambda call, reply, plant: reply._replace(body={1, 2}))
    assert bench.get(ME).headers[OWN] == "bug"


def test_a_bug_in_a_fault_leaves_nothing_written(bench: Bench) -> None:
    def write_and_fail(call: Any, behaviour: Any, plant: Plant) -> Reply:
        behaviour(call)
        return Reply(fail())

    plant(bench, on_behaviour=write_and_fail)
    before = bench.app.store.dump()
    bench.send("POST", LINKS, {"maxUsageCount": 3})
    assert bench.app.store.dump() == before


# ------------------------------------------------------------------ what faults leave alone


def test_the_admin_api_is_never_touched(bench: Bench) -> None:
    plant(bench, on_request=fail, on_wire=fail, on_answer=fail, on_unmatched=fail)
    paths = ("health", "deviations", "state", "clock", "nowhere")
    assert [bench.status("GET", f"/__admin/{path}") for path in paths] == [200, 200, 200, 200, 404]


def test_the_documentation_s_pages_are_never_touched(bench: Bench) -> None:
    plant(bench, on_wire=fail, on_unmatched=fail)
    assert bench.status("GET", f"{bench.app.docs_path}/") == 200


def test_a_preflight_is_answered_as_ever(bench: Bench) -> None:
    def preflight() -> Any:
        asked = {"origin": "http://a.test", "access_control_request_method": "GET"}
        return bench.send("OPTIONS", ME, **asked)

    before = preflight()
    bench.start("unavailable")
    assert (preflight(), before.status) == (before, 204)


def test_web_pages_may_read_what_a_fault_refuses(bench: Bench) -> None:
    bench.start("rate-limited")
    headers = bench.get(ME, origin="http://a.test").headers
    assert headers["access-control-allow-origin"] == "*"
    assert "Retry-After" in headers["access-control-expose-headers"]


def test_other_operations_are_left_alone(bench: Bench) -> None:
    bench.start(f"unavailable:GET {ME}")
    assert (bench.status("GET", ME), bench.status("GET", EVENT_TYPES)) == (503, 200)


def test_unknown_paths_are_left_alone_by_what_is_for_operations(bench: Bench) -> None:
    bench.start("unavailable")
    assert bench.status("GET", "/nowhere") == 404


# ------------------------------------------------------------------ the journal


@pytest.mark.parametrize(
    ("fault", "status", "is_whole"),
    [
        ("wrong-success-code", 200, True),
        ("bad-gateway", 502, False),
        ("connection-dropped", 0, False),
        ("truncated-body", 201, False),
    ],
)
def test_the_journal_notes_what_was_really_sent(
    bench: Bench, fault: str, status: int, is_whole: bool
) -> None:
    bench.start(fault)
    answer = bench.send("POST", LINKS, {"maxUsageCount": 3})
    (entry,) = bench.app.journal.find()
    assert (entry.status, answer.status) == (status, status)
    assert (b'"linkId"' in answer.body and answer.body.endswith(b"}")) is is_whole
    assert entry.answer.size_bytes == len(answer.body)


# ------------------------------------------------------------------ how often


def test_a_fault_strikes_so_many_times(bench: Bench) -> None:
    bench.start("unavailable:times=2")
    assert [bench.status("GET", ME) for _ in range(4)] == [503, 503, 200, 200]


def test_times_are_counted_once_each_by_many_threads(bench: Bench) -> None:
    bench.start("unavailable:times=500")
    (one,) = bench.app._planting.plants
    with ThreadPoolExecutor(8) as pool:
        struck = sum(pool.map(lambda _: one.strikes(), range(2000)))
    assert (struck, one.times_left) == (500, 0)


def strikes(bench: Bench, text: str) -> list[int]:
    bench.start(text)
    return [bench.status("GET", ME) for _ in range(30)]


def test_a_probability_strikes_some_and_the_same_for_the_same_seed(bench: Bench) -> None:
    first = strikes(bench, "unavailable:p=0.4")
    assert 4 < first.count(503) < 20
    assert strikes(bench, "unavailable:p=0.4") == first


def test_another_seed_strikes_others(bench: Bench) -> None:
    around = bench.app._around(bench.app._assembly)
    plants = [planted(read_wish("unavailable:p=0.4"), around, seed) for seed in (1, 2, 1)]
    one, other, again = ([plant.strikes() for _ in range(30)] for plant in plants)
    assert (one != other, one == again) == (True, True)


def test_a_probability_of_nothing_never_strikes_and_of_one_always() -> None:
    around: Any = None
    fault = Fault(name="n", category="c", about="a", exposed_by="e", reaches=anything)
    plants = [Plant(fault, frozenset(), {}, around, p, random=Random(1)) for p in (0.0, 1.0)]
    assert [sum(one.strikes() for _ in range(100)) for one in plants] == [0, 100]


# ------------------------------------------------------------------ what goes on


def test_a_reset_forgets_what_faults_have_seen_and_leaves_them_on(bench: Bench) -> None:
    bench.start("stale-reads:reads=9")
    bench.get(f"{EVENT_TYPES}/101")
    bench.send("PATCH", f"{EVENT_TYPES}/101", {"title": "Changed"})
    stale = bench.get(f"{EVENT_TYPES}/101").data["title"]
    bench.app.reset()
    bench.app.clock.freeze(NOW)
    bench.send("PATCH", f"{EVENT_TYPES}/101", {"title": "Other"})
    first = bench.get(f"{EVENT_TYPES}/101").data["title"]
    bench.send("PATCH", f"{EVENT_TYPES}/101", {"title": "Third"})
    assert (stale, first, bench.get(f"{EVENT_TYPES}/101").data["title"]) == (
        "Intro call",
        "Other",
        "Other",
    )


def test_a_change_of_quirks_lets_faults_go_on_counting(bench: Bench) -> None:
    bench.start("unavailable:times=2")
    first = bench.status("GET", ME)
    bench.app.set_deviations(quirks=["security-headers"])
    try:
        assert [first, bench.status("GET", ME), bench.status("GET", ME)] == [503, 503, 200]
    finally:
        bench.app.set_deviations(quirks=[])


def test_a_reload_keeps_faults_and_lets_them_go_on(bench: Bench) -> None:
    bench.start("unavailable:times=2")
    first = bench.status("GET", ME)
    bench.app.reload()
    assert [first, bench.status("GET", ME), bench.status("GET", ME)] == [503, 503, 200]


# ------------------------------------------------------------------ bytes in pieces


def sent_by(wire: Wire, method: str = "GET") -> list[Any]:
    class Asked:
        faults = ()

    call: Any = Asked()
    call.method = method
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    asyncio.run(faulty.deliver(send, call, wire))
    return [(one.get("body", MISSING), one.get("more_body")) for one in messages[1:]]


@pytest.mark.parametrize(
    ("body", "chunks", "pieces"),
    [
        (b"abcdef", 3, [b"ab", b"cd", b"ef"]),
        (b"abcdefg", 3, [b"abc", b"def", b"g"]),
        (b"ab", 5, [b"a", b"b"]),
        (b"", 5, [b""]),
        (b"abc", 0, [b"abc"]),
    ],
)
def test_a_body_in_pieces_is_the_whole_body(body: bytes, chunks: int, pieces: list[bytes]) -> None:
    sent = sent_by(Wire(200, [], body, chunks=chunks))
    assert [piece for piece, _ in sent] == pieces
    assert [is_more for _, is_more in sent] == [True] * (len(pieces) - 1) + [False]


def test_a_cut_body_has_no_end() -> None:
    assert sent_by(Wire(200, [], b"abcd", chunks=2, is_cut=True)) == [(b"ab", True), (b"c", True)]


def test_the_head_of_a_cut_body_has_no_end_either() -> None:
    assert sent_by(Wire(200, [], b"abcd", is_cut=True), "HEAD") == [(b"", True)]
