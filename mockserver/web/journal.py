"""The journal: the last requests, for people and tests that ask what was called."""

from collections import deque
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from mockserver.web.journal_entry import Entry, Row, entry_of
from mockserver.web.journal_match import ANY_REQUEST, Difference, RequestPattern
from mockserver.web.masking import Masker
from mockserver.web.observers import Answered

KEPT_BODY_BYTES = 128 * 1024
"""Of longer bodies only the beginning is kept, or one of them would push out all the others."""

NEAR_MISSES = 3
_ROW_BYTES = 1000
"""What an entry costs beside its texts, roughly."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A request that was almost what was counted."""

    entry: Entry
    differences: tuple[Difference, ...]


class Journal:
    """A ring of requests, bounded by their number and by their bytes.

    Adding one is on every request's way: it keeps references and computes nothing but a size.
    """

    def __init__(
        self,
        max_count: int = 1000,
        max_bytes: int = 16 * 1024 * 1024,
        secret_names: Set[str] = frozenset(),
    ) -> None:
        self._max_count = max_count
        self._max_bytes = max_bytes
        self._secret_names = secret_names
        self._rows: deque[tuple[Any, ...]] = deque()  # each as `Row`, which is made when read
        self._last_number = 0
        self._kept_bytes = 0
        self._sized_headers: Mapping[str, str] = {}
        self._headers_size = 0

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def last_number(self) -> int:
        """The number of the newest request; the first is 1, and clearing does not start anew."""
        return self._last_number

    @property
    def kept_bytes(self) -> int:
        return self._kept_bytes

    def add(self, answered: Answered) -> None:
        """Note one request."""
        number = self._last_number = self._last_number + 1
        if self._max_count == 0:
            return
        headers = answered.headers
        if headers is not self._sized_headers:  # the same client's are the same object
            self._sized_headers, self._headers_size = headers, sum(map(len, headers.values()))
        body_bytes, answer_bytes = len(answered.body), len(answered.answer)
        size = _ROW_BYTES + self._headers_size + len(answered.target)
        if body_bytes <= KEPT_BODY_BYTES and answer_bytes <= KEPT_BODY_BYTES:
            size += body_bytes + answer_bytes
        else:
            answered = _cut(answered)
            size += len(answered.body) + len(answered.answer)
        rows = self._rows
        rows.append((number, size, body_bytes, answer_bytes, answered))
        kept_bytes = self._kept_bytes + size
        while len(rows) > self._max_count or kept_bytes > self._max_bytes:
            kept_bytes -= rows.popleft()[1]
        self._kept_bytes = kept_bytes

    def clear(self) -> int:
        """Forget every request; tells how many there were."""
        count = len(self._rows)
        self._rows.clear()
        self._kept_bytes = 0
        return count

    def get(self, number: int) -> Entry | None:
        """The request of this number, or None where it is not kept (any more)."""
        first = self._last_number - len(self._rows) + 1
        if not first <= number <= self._last_number:
            return None
        return self._entry(Row._make(self._rows[number - first]))

    def find(
        self, pattern: RequestPattern = ANY_REQUEST, *, since: int = 0, limit: int = 100
    ) -> list[Entry]:
        """The newest *limit* requests that match, after number *since*, oldest first."""
        found = [row for row in self._since(since) if pattern.matches(row.answered)]
        return [self._entry(row) for row in found[-limit:]]

    def count(self, pattern: RequestPattern, *, since: int = 0) -> int:
        """How many requests match, after number *since*."""
        return sum(pattern.matches(row.answered) for row in self._since(since))

    def near_misses(self, pattern: RequestPattern, *, since: int = 0) -> list[NearMiss]:
        """The requests that come closest to *pattern*, best first, newest among equals."""
        ranked = sorted(
            self._since(since),
            key=lambda row: (_distance(pattern, row), -row.number),
        )
        return [self._near_miss(pattern, row) for row in ranked[:NEAR_MISSES]]

    def _since(self, number: int) -> list[Row]:
        return [Row._make(row) for row in self._rows if row[0] > number]

    def _entry(self, row: Row) -> Entry:
        return entry_of(row, self._masker(row))

    def _near_miss(self, pattern: RequestPattern, row: Row) -> NearMiss:
        differences = pattern.differences(row.answered, self._masker(row))
        return NearMiss(self._entry(row), tuple(differences))

    def _masker(self, row: Row) -> Masker:
        return Masker(row.answered.headers, self._secret_names)


def _distance(pattern: RequestPattern, row: Row) -> float:
    return sum(one.weight for one in pattern.differences(row.answered))


def _cut(answered: Answered) -> Answered:
    """The same with the beginnings of its bodies."""
    body, answer = answered.body[:KEPT_BODY_BYTES], answered.answer[:KEPT_BODY_BYTES]
    return answered._replace(body=body, answer=answer)
