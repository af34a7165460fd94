"""Counters as numbers: no server, no Prometheus."""

from datetime import UTC, datetime

from mockserver.web.metrics import BOUNDS_S, METHODS, OTHER_METHOD, Metrics, Row
from mockserver.web.observers import Answered

NOW = datetime(2030, 1, 1, tzinfo=UTC)
BOOKS = ("listBooks", "GET")


def add(
    metrics: Metrics,
    operation_id: str = "listBooks",
    method: str = "GET",
    status: int = 200,
    duration_s: float = 0.0007,
) -> None:
    what = NOW, method, "/books", operation_id, status, duration_s
    metrics.add(Answered(*what, "ann", {}, b"", b"[]", b"id"))


def row_of(metrics: Metrics, operation_id: str = "listBooks", method: str = "GET") -> Row:
    return dict(metrics.rows())[operation_id, method]


def test_answers_are_counted_by_class_and_strange_ones_as_unanswered() -> None:
    metrics = Metrics([BOOKS])
    for status in (200, 204, 301, 404, 404, 500, 0, 99, 600, 12345):
        add(metrics, status=status)
    assert row_of(metrics).by_class == (4, 0, 2, 1, 2, 1)


def test_buckets_are_cumulative_and_hold_their_bounds() -> None:
    metrics = Metrics([BOOKS])
    for duration_s in (0.0, BOUNDS_S[0], 0.0007, BOUNDS_S[-1], 60.0):
        add(metrics, duration_s=duration_s)
    row = row_of(metrics)
    counts = dict(zip((*BOUNDS_S, None), row.buckets, strict=True))
    assert (counts[0.0001], counts[0.0005], counts[0.001]) == (2, 2, 3)
    assert (counts[2.5], counts[5.0], counts[None]) == (3, 4, 5)
    assert abs(row.total_s - 65.0008) < 1e-6


def test_what_was_not_called_has_no_row() -> None:
    metrics = Metrics([BOOKS, ("addBook", "POST")])
    add(metrics, method="HEAD")
    assert list(dict(metrics.rows())) == [("listBooks", "HEAD")]


def test_methods_that_nobody_knows_make_one_counter() -> None:
    metrics = Metrics([BOOKS])
    for number in range(1000):
        add(metrics, operation_id="", method=f"X{number}", status=404)
    assert list(dict(metrics.rows())) == [("", OTHER_METHOD)]
    assert row_of(metrics, "", OTHER_METHOD).by_class[4] == 1000


def test_known_methods_of_no_operation_are_told_apart() -> None:
    metrics = Metrics([])
    for method in METHODS:
        add(metrics, operation_id="", method=method)
    assert len(dict(metrics.rows())) == len(METHODS)


def test_an_operation_that_comes_later_is_counted() -> None:
    metrics = Metrics([BOOKS])
    add(metrics, operation_id="traceBook", method="TRACE")
    assert row_of(metrics, "traceBook", "TRACE").by_class[2] == 1


def test_processes_count_for_themselves_and_show_the_sum() -> None:
    metrics = Metrics([BOOKS], process_count=3)
    for seat in (0, 1, 2, 1):
        metrics.become(seat)
        add(metrics)
        metrics.add_store_time(500_000_000)
        metrics.add_invalid_request(*BOOKS)
    row = row_of(metrics)
    assert (row.by_class[2], row.invalid_requests, row.invalid_answers) == (4, 4, 0)
    assert (row.buckets[-1], metrics.store_time()) == (4, (4, 2.0))
