"""The counters of a running mock as Prometheus reads them: text format 0.0.4.

Prometheus' own client writes the text; what it counts with is not used.
"""

from collections.abc import Iterator
from platform import python_version
from typing import Final

from prometheus_client import CollectorRegistry, Metric, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    SummaryMetricFamily,
)

from mockserver.web.control import Control
from mockserver.web.metrics import BOUNDS_S, Metrics, Operation, Row

UNMATCHED: Final = "(none)"
"""The operation of requests that no operation answers."""

_PREFIX = "understudy"
_CLASSES = ("unanswered", "1xx", "2xx", "3xx", "4xx", "5xx")
_BOUNDS = (*map(str, BOUNDS_S), "+Inf")


def metrics_text(control: Control, metrics: Metrics) -> str:
    """Everything that was counted; of the process itself too, where there is only one."""
    registry = CollectorRegistry()
    registry.register(_Counters(control, metrics))
    if control.process_count == 1:
        ProcessCollector(registry=registry)
    return generate_latest(registry).decode()


class _Counters:
    """What Prometheus' client reads, once for each scrape."""

    def __init__(self, control: Control, metrics: Metrics) -> None:
        self._control = control
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        yield from _about(self._control, self._metrics)
        yield from _of_operations(list(self._metrics.rows()))
        calls, spent_s = self._metrics.store_time()
        if calls:
            yield _store(calls, spent_s)
        if self._control.process_count == 1:
            yield from _journal(self._control)


def _about(control: Control, metrics: Metrics) -> Iterator[Metric]:
    about = {
        "version": control.version,
        "python": python_version(),
        "document": control.title,
        "profile": control.profile,
    }
    build = GaugeMetricFamily(
        f"{_PREFIX}_build_info", "What serves, and which document; always 1.", labels=list(about)
    )
    build.add_metric(list(about.values()), 1)
    yield build
    yield GaugeMetricFamily(
        f"{_PREFIX}_start_time_seconds",
        "When the mock was built, in seconds since 1970.",
        value=metrics.started_at,
    )
    yield GaugeMetricFamily(
        f"{_PREFIX}_processes",
        "Processes that serve the mock; all other numbers are their sums.",
        value=control.process_count,
    )


def _of_operations(rows: list[tuple[Operation, Row]]) -> Iterator[Metric]:
    names = ["operation", "method"]
    answers = CounterMetricFamily(
        f"{_PREFIX}_requests", "Requests of the simulated API.", labels=[*names, "status"]
    )
    durations = HistogramMetricFamily(
        f"{_PREFIX}_request_duration_seconds",
        "From a request's head until its answer was handed over.",
        labels=names,
    )
    invalid_requests = CounterMetricFamily(
        f"{_PREFIX}_invalid_requests",
        "Requests whose parameters or body break the document.",
        labels=names,
    )
    invalid_answers = CounterMetricFamily(
        f"{_PREFIX}_invalid_answers",
        "Answers of the mock that broke the document, and were replaced by 500.",
        labels=names,
    )
    for (operation_id, method), row in rows:
        labels = [operation_id or UNMATCHED, method]
        for status, count in zip(_CLASSES, row.by_class, strict=True):
            if count:
                answers.add_metric([*labels, status], count)
        buckets = list(zip(_BOUNDS, row.buckets, strict=True))
        durations.add_metric(labels, buckets, row.total_s)
        if operation_id:
            invalid_requests.add_metric(labels, row.invalid_requests)
            invalid_answers.add_metric(labels, row.invalid_answers)
    yield from (answers, durations, invalid_requests, invalid_answers)


def _store(calls: int, spent_s: float) -> Metric:
    about = "Calls of the database, and the time that they took."
    return SummaryMetricFamily(f"{_PREFIX}_store_seconds", about, calls, spent_s)


def _journal(control: Control) -> Iterator[Metric]:
    journal = control.journal
    about = "Requests that the journal keeps."
    yield GaugeMetricFamily(f"{_PREFIX}_journal_requests", about, value=len(journal))
    about = "Memory that the journal's requests take, roughly."
    yield GaugeMetricFamily(f"{_PREFIX}_journal_bytes", about, value=journal.kept_bytes)
