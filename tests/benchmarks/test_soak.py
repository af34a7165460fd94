"""What a soak concludes from its intervals."""

from benchmarks.soak import SHARE, Interval, judged

REQUESTS = 100_000
PLANTED = round(REQUESTS * SHARE)


def interval(memory_mb: float = 80.0, p99_ms: float = 2.0, drops: int = PLANTED) -> Interval:
    return Interval(REQUESTS, 1.0, p99_ms, drops, PLANTED, {}, memory_mb)


def answers(seen: list[Interval]) -> dict[str, bool]:
    return {one.question.split(" (")[0]: one.is_so for one in judged(seen)}


def test_a_steady_mock_passes() -> None:
    assert all(answers([interval() for _ in range(10)]).values())


def test_the_warm_up_is_no_measure_of_what_is_flat() -> None:
    assert all(answers([interval(memory_mb=50.0), *[interval() for _ in range(3)]]).values())


def test_growing_memory_is_seen() -> None:
    told = answers([interval(memory_mb=80 + 2 * minute) for minute in range(10)])
    assert [name for name, is_so in told.items() if not is_so] == ["memory is flat"]


def test_a_growing_p99_is_seen() -> None:
    told = answers([interval(p99_ms=2 + 0.2 * minute) for minute in range(10)])
    assert [name for name, is_so in told.items() if not is_so] == ["p99 is flat"]


def test_more_drops_than_were_planted_are_seen() -> None:
    told = answers([interval(drops=PLANTED * 2) for _ in range(10)])
    assert not told["dropped connections as often as planted"]


def test_any_other_failure_is_seen() -> None:
    failed = Interval(REQUESTS, 1.0, 2.0, PLANTED, PLANTED, {"500": 1}, 80.0)
    told = answers([*[interval() for _ in range(9)], failed])
    assert not told["nothing failed but what was planted"]
