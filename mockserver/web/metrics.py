"""Counters of what is answered: plain numbers, added up by every request and read when scraped.

They lie in memory that is shared by the processes of one mock. Each process writes to a part of
its own, so nothing is locked and nothing is lost; whichever is scraped gives the sums of all.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from mmap import mmap
from time import time
from typing import Final

from mockserver.web.observers import Answered

Operation = tuple[str, str]
"""An operation's id, `` where none was found, and the method."""
Cells = memoryview

BOUNDS_S: Final = (
    *(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01),
    *(0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
)
"""The upper bounds of the histogram's buckets, in seconds; one more has no bound."""
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OTHER_METHOD: Final = "other"
"""What a method that nobody expects counts as, or callers could make counters without end."""

_CLASSES = 6
_INVALID_REQUESTS = _CLASSES
_INVALID_ANSWERS = _CLASSES + 1
_NANOSECONDS = _CLASSES + 2
_BUCKETS = _CLASSES + 3
_ROW_CELLS = _BUCKETS + len(BOUNDS_S) + 1
_STORE_CELLS = 2
_CELL_BYTES = 8


@dataclass(frozen=True, slots=True)
class Row:
    """What was counted for one operation, over all processes.

    *by_class* counts answers by the first digit of their status (0: none was sent); *buckets*
    are cumulative, one for each of `BOUNDS_S` and one without bound.
    """

    by_class: tuple[int, ...]
    invalid_requests: int
    invalid_answers: int
    total_s: float
    buckets: tuple[int, ...]


class Metrics:
    """Counts the requests for *operations*, in each of *process_count* processes."""

    def __init__(self, operations: Iterable[Operation], process_count: int = 1) -> None:
        self.started_at = time()
        rows = _countable(operations)
        part_cells = _STORE_CELLS + len(rows) * _ROW_CELLS
        self._cells = memoryview(mmap(-1, process_count * part_cells * _CELL_BYTES)).cast("Q")
        self._parts = [
            _Part(rows, self._cells[number * part_cells : (number + 1) * part_cells])
            for number in range(process_count)
        ]
        self._own = self._parts[0]

    def become(self, seat: int) -> None:
        """Count from now on as process *seat* (from 0), going on from who sat there before."""
        self._own = self._parts[seat]

    def add(self, answered: Answered) -> None:
        """Count one request."""
        row = self._own[answered.operation_id, answered.method]
        status, duration_s = answered.status, answered.duration_s
        row[status // 100 if 100 <= status < 600 else 0] += 1
        row[_BUCKETS + bisect_left(BOUNDS_S, duration_s)] += 1
        row[_NANOSECONDS] += int(duration_s * 1e9)

    def add_invalid_request(self, operation_id: str, method: str) -> None:
        self._own[operation_id, method][_INVALID_REQUESTS] += 1

    def add_invalid_answer(self, operation_id: str, method: str) -> None:
        self._own[operation_id, method][_INVALID_ANSWERS] += 1

    def add_store_time(self, spent_ns: int) -> None:
        """Count one call of the store."""
        store = self._own.store
        store[0] += 1
        store[1] += spent_ns

    def rows(self) -> Iterator[tuple[Operation, Row]]:
        """What was counted for each operation that was called."""
        for operation in dict.fromkeys(one for part in self._parts for one in part):
            rows = [part[operation] for part in self._parts if operation in part]
            cells = [sum(column) for column in zip(*rows, strict=True)]
            if any(cells):
                yield operation, _row(cells)

    def store_time(self) -> tuple[int, float]:
        """How many calls of the store there were, and the seconds that they took."""
        calls, spent_ns = (sum(part.store[cell] for part in self._parts) for cell in (0, 1))
        return calls, spent_ns / 1e9


class _Part(dict[Operation, Cells]):
    """The counters of one process."""

    def __init__(self, operations: Iterable[Operation], cells: Cells) -> None:
        self.store = cells[:_STORE_CELLS]
        rows = cells[_STORE_CELLS:]
        for number, operation in enumerate(operations):
            self[operation] = rows[number * _ROW_CELLS : (number + 1) * _ROW_CELLS]

    def __missing__(self, operation: Operation) -> Cells:
        """A row for an operation that came later: with --watch or quirks, so in one process."""
        operation_id, _ = operation
        if not operation_id:
            return self["", OTHER_METHOD]
        row = memoryview(bytearray(_ROW_CELLS * _CELL_BYTES)).cast("Q")
        self[operation] = row
        return row


def _countable(operations: Iterable[Operation]) -> list[Operation]:
    """All that answers can be counted for, HEAD beside GET, and what no operation answers."""
    known = list(operations)
    heads = [(operation_id, "HEAD") for operation_id, method in known if method == "GET"]
    unmatched = [("", method) for method in (*METHODS, OTHER_METHOD)]
    return list(dict.fromkeys([*known, *heads, *unmatched]))


def _row(cells: list[int]) -> Row:
    return Row(
        by_class=tuple(cells[:_CLASSES]),
        invalid_requests=cells[_INVALID_REQUESTS],
        invalid_answers=cells[_INVALID_ANSWERS],
        total_s=cells[_NANOSECONDS] / 1e9,
        buckets=tuple(accumulate(cells[_BUCKETS:])),
    )
