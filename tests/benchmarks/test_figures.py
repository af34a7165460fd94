"""Medians, noise, and ratios within a round."""

from benchmarks.bench import peers
from benchmarks.bench.bounds import Beside, verdicts
from benchmarks.bench.figures import Figures, is_disturbed, is_limited_by_load, rate
from benchmarks.bench.load import Load
from benchmarks.bench.measuring import Growth, Loaded, Run

OURS, THEIRS = peers.OURS, peers.PRISM


def loaded(requests: int, *, server: float = 1.0, load: float = 0.5) -> Loaded:
    return Loaded(Load(requests, 1.0, 0.5, 1.0, {}, load), server)


def run(peer: str, requests: int, document: str = "bundled", started_s: float = 0.5) -> Run:
    scenarios = {name: loaded(requests) for name in ("GET one", "GET list", "POST")}
    return Run(peer, document, started_s, 50.0, 60.0, scenarios)


def figures(*rounds: list[Run]) -> Figures:
    made = Figures()
    made.rounds.extend({(one.peer, one.document): one for one in runs} for runs in rounds)
    return made


def test_a_ratio_is_made_within_a_round() -> None:
    slow, fast = [run(OURS, 100), run(THEIRS, 50)], [run(OURS, 900), run(THEIRS, 300)]
    ratio = figures(slow, fast).ratio(OURS, THEIRS, "bundled", "GET one", rate)
    assert ratio is not None
    assert sorted(ratio.values) == [2.0, 3.0]


def test_a_round_without_one_of_the_two_has_no_ratio() -> None:
    ratio = figures([run(OURS, 100)], [run(OURS, 90), run(THEIRS, 30)]).ratio(
        OURS, THEIRS, "bundled", "GET one", rate
    )
    assert ratio is not None
    assert list(ratio.values) == [3.0]


def test_a_server_without_a_document_stands_beside_those_of_any() -> None:
    bare = run(peers.BARE, 400, peers.NO_DOCUMENT)
    made = figures([run(OURS, 100, "reduced"), bare])
    assert made.ratio(OURS, peers.BARE, "reduced", "POST", rate) is not None


def test_noise_is_told_where_there_is_more_than_one_round() -> None:
    once, twice = figures([run(OURS, 100)]), figures([run(OURS, 100)], [run(OURS, 200)])
    spreads = [made.spread(OURS, "bundled", "POST", rate) for made in (once, twice)]
    assert [one and one.told(".0f") for one in spreads] == ["100", "150 (100 to 200)"]


def test_a_bound_is_reached_where_every_scenario_reaches_it() -> None:
    made = figures([run(OURS, 100), run(THEIRS, 50)])
    assert Beside(OURS, THEIRS, 2).judged(made, "bundled").is_reached
    assert Beside(OURS, THEIRS, 2.1).judged(made, "bundled").is_reached is False


def test_a_bound_that_was_not_measured_is_not_reached_either() -> None:
    assert Beside(OURS, THEIRS, 2).judged(figures([run(OURS, 100)]), "bundled").is_reached is None


def test_memory_is_judged_after_enough_requests_only() -> None:
    made = figures([run(OURS, 100)])
    made.growths = [Growth(OURS, 5_000, 50.0, 60.0, 90.0), Growth(OURS, 100_000, 50.0, 60.0, 90.0)]
    told = [one.is_reached for one in verdicts(made, "bundled") if "memory" in one.what]
    assert told == [None, None, True, False]


def test_figures_that_the_generator_limits_are_told_from_disturbed_ones() -> None:
    limited, disturbed = loaded(1, server=0.7, load=0.99), loaded(1, server=0.5, load=0.5)
    assert (is_limited_by_load(limited), is_disturbed(limited)) == (True, False)
    assert (is_limited_by_load(disturbed), is_disturbed(disturbed)) == (False, True)
