"""Versions that are not asked for, taken for each other, or out of step with the document."""

from typing import Any

import pytest

from mockserver.faults.versions import FAULTS
from tests.mockserver.faults.bench import EVENT_TYPES, LINKS, Bench, Case, seen


def versions(bench: Bench) -> Any:
    """Event types with the right version, none, an unknown one, and that of the links."""
    asked = ("2024-06-14", None, "2099-01-01", "2024-09-04")
    return tuple(bench.status("GET", EVENT_TYPES, version=version) for version in asked)


def shape(bench: Bench) -> Any:
    """How many parts the address of a link has, and that of an event type."""
    link = bench.make({})["bookingUrl"]
    listed = next(iter(bench.links().values()))["bookingUrl"]
    return link.count("/"), listed.count("/")


def without(bench: Bench) -> Any:
    answer = bench.get(LINKS, version=None)
    if answer.status != 200:
        return answer.status
    return next(link["bookingUrl"].count("/") for link in answer.data)


GOOD = (200, 400, 400, 404)
CASES = (
    Case("version-header-ignored", versions, GOOD, (200, 200, 200, 200)),
    Case("version-header-wrong-default", versions, GOOD, (200, 404, 400, 404)),
    Case("version-header-wrong-default", without, 400, 4),
    Case("unknown-version-accepted", versions, GOOD, (200, 400, 200, 404)),
    Case("version-of-others-accepted", versions, GOOD, (200, 400, 400, 200)),
    Case("documented-version-refused", versions, GOOD, (400, 400, 400, 404)),
    Case("old-shape-under-new-version", shape, (5, 5), (4, 4)),
)


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.fault}-{case.story.__name__}")
def test_only_the_faulty_mock_shows_it(case: Case, bench: Bench) -> None:
    assert seen(bench, case) == (case.healthy, case.faulty)


def test_every_fault_has_its_case() -> None:
    assert {case.name for case in CASES} == {fault.name for fault in FAULTS}
