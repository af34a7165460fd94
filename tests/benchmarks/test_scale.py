"""Whether a store is called flat, and its lists linear, as the figures say."""

import pytest

from benchmarks.scale import judged
from benchmarks.scaling import LENGTHS, OPERATIONS, Row, measured


def row(size: int, us: float, lists_us: list[float | None] | None = None) -> Row:
    lists = lists_us or [10.0 * length for length in LENGTHS]
    return Row("SQLite", size, 1.0, 0.1, [us] * len(OPERATIONS), lists)


@pytest.mark.parametrize(("many_us", "is_flat"), [(100.0, True), (199.0, True), (201.0, False)])
def test_a_store_is_flat_that_costs_no_more_than_twice_as_much(
    many_us: float, is_flat: bool
) -> None:
    (_, found, because), _ = judged([row(1_000, 100.0), row(1_000_000, many_us)])
    assert found is is_flat
    assert f"{many_us / 100:.2f} x with 1,000,000 links" in because


def test_a_few_microseconds_more_are_still_flat() -> None:
    (_, found, _), _ = judged([row(1_000, 1.0), row(1_000_000, 5.5)])
    assert found


@pytest.mark.parametrize(
    ("lists_us", "is_linear"),
    [([10.0, 90.0, 800.0, None], True), ([10.0, 210.0, 800.0, None], False)],
)
def test_lists_are_linear_in_what_they_return(
    lists_us: list[float | None], is_linear: bool
) -> None:
    _, (_, found, because) = judged([row(1_000, 1.0), row(100_000, 1.0, lists_us)])
    assert found is is_linear
    assert "1.00 of 10" in because


def test_every_operation_is_measured_on_what_was_loaded() -> None:
    small, large = measured("memory", (1_000, 2_000))
    assert (small.size, large.size) == (1_000, 2_000)
    assert all(us is not None for us in large.operations_us)
    assert [us is not None for us in large.lists_us] == [True, True, False, False]
