"""The suite `lifecycle` on healthy targets: it finds nothing, twice the same way."""

from collections.abc import Iterator

import pytest

from contracts.findings import Result, Verdict
from contracts.suites.lifecycle import cases
from contracts.suites.runner import run_case
from contracts.suites.session import Options
from contracts.yardstick import read_yardstick
from tests.contracts.suites.lifecycle_benches import LIBRARY, Ground


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    made = Ground()
    yield made
    made.close()


@pytest.fixture(scope="module")
def library() -> Iterator[Ground]:
    made = Ground(LIBRARY)
    yield made
    made.close()


def told(results: list[Result]) -> list[str]:
    """What is not as it should be on a healthy target."""
    wrong = [one for one in results if one.verdict in (Verdict.FAILED, Verdict.BROKEN)]
    return [f"{one.id}: {[f.message for f in one.findings] or one.reason}" for one in wrong]


def test_the_healthy_stub_has_no_findings(ground: Ground) -> None:
    results = ground.run_all(Options())
    assert told(results) == []
    passed = sum(one.verdict is Verdict.PASSED for one in results)
    assert passed > 150, "so few rules were judged that the suite proves nothing"


@pytest.mark.parametrize("seed", [2, 3])
def test_the_healthy_stub_has_no_findings_with_other_seeds(ground: Ground, seed: int) -> None:
    assert told(ground.run_all(Options(seed=seed, quick=True))) == []


@pytest.mark.parametrize("seed", [1, 3])
def test_a_library_has_no_findings(library: Ground, seed: int) -> None:
    results = library.run_all(Options(seed=seed))
    assert told(results) == []
    assert sum(one.verdict is Verdict.PASSED for one in results) > 60


def test_the_healthy_stub_has_no_findings_by_the_published_document() -> None:
    published = Ground(yardstick=read_yardstick(None, (), "published"))
    assert told(published.run_all(Options(quick=True))) == []
    published.close()


def test_ids_of_cases_are_unique(ground: Ground) -> None:
    ids = [case.id for case in cases(ground.yardstick, Options())]
    assert len(ids) == len(set(ids))


def test_a_document_of_another_api_has_no_cases_of_calcom(library: Ground) -> None:
    assert not [one for one in cases(library.yardstick, Options()) if "link" in one.rule]


def test_the_same_seed_sends_the_same_requests(ground: Ground) -> None:
    path = "/v2/event-types/{eventTypeId}/private-links"
    names = ("model-private-links", "updates-of-event-types-keep-links")
    sent = []
    for _ in range(2):
        fresh = Ground(yardstick=ground.yardstick)
        bench = fresh.bench()
        for name in names:
            run_case(bench, fresh.case(f"GET {path}/{name}"))
        sent.append([(one.request.target, one.request.body) for one in bench.target.exchanges])
        fresh.close()
    assert sent[0] == sent[1]
    assert len(sent[0]) > 50
