"""The order of cases is the same for every deviation, and quick ones come first."""

import pytest

from contracts.prove.order import cases_in_order
from contracts.suites.registry import NAMES, cases_of
from contracts.suites.session import Case, Options
from contracts.yardstick import Yardstick, read_yardstick
from tests.contracts.prove.planted import LIBRARY


@pytest.fixture(scope="module")
def library() -> Yardstick:
    return read_yardstick(LIBRARY, (), "effective")


@pytest.fixture(scope="module")
def cases(library: Yardstick) -> list[Case]:
    return cases_in_order(library, Options())


def test_every_case_of_a_default_run_is_there_once(library: Yardstick, cases: list[Case]) -> None:
    ids = [(case.suite, case.id) for case in cases]
    everything = [
        (case.suite, case.id) for name in NAMES for case in cases_of(name, library, Options())
    ]
    assert sorted(ids) == sorted(everything)


def test_quick_cases_come_first_and_generated_requests_last(
    library: Yardstick, cases: list[Case]
) -> None:
    quick = {
        (suite, case.id)
        for suite in ("examples", "variants", "lifecycle", "auth")
        for case in cases_of(suite, library, Options(quick=True))
    }
    assert {(case.suite, case.id) for case in cases[: len(quick)]} == quick
    suites = [case.suite for case in cases]
    first = min(suites.index("fuzz"), suites.index("stateful"))
    assert set(suites[first:]) == {"fuzz", "stateful"}
