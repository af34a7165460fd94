"""A store whose calls are timed; made only where somebody wants to know."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from time import perf_counter_ns
from types import TracebackType
from typing import ParamSpec, TypeVar

from mockserver.store.protocol import Store

P = ParamSpec("P")
R = TypeVar("R")
Note = Callable[[int], None]
"""Told of each call how many nanoseconds it took."""


class TimedStore:
    """A `Store` that does what *inner* does, and tells *note* how long each call took.

    Of a transaction that is its beginning and its end, not what is done between.
    """

    def __init__(self, inner: Store, note: Note) -> None:
        self._inner = inner
        self._note = note
        self.next_id = _timed(inner.next_id, note)
        self.insert = _timed(inner.insert, note)
        self.get = _timed(inner.get, note)
        self.find = _timed(inner.find, note)
        self.view = _timed(inner.view, note)
        self.views = _timed(inner.views, note)
        self.count = _timed(inner.count, note)
        self.replace = _timed(inner.replace, note)
        self.delete = _timed(inner.delete, note)
        self.dump = _timed(inner.dump, note)
        self.load = _timed(inner.load, note)
        self.keep = _timed(inner.keep, note)
        self.kept = _timed(inner.kept, note)

    def transaction(self, *, is_writing: bool = True) -> AbstractContextManager[None]:
        return _TimedTransaction(self._inner.transaction(is_writing=is_writing), self._note)


class _TimedTransaction:
    def __init__(self, inner: AbstractContextManager[None], note: Note) -> None:
        self._enter = _timed(inner.__enter__, note)
        self._exit = _timed(inner.__exit__, note)

    def __enter__(self) -> None:
        self._enter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        return self._exit(kind, error, trace)


def _timed(call: Callable[P, R], note: Note) -> Callable[P, R]:
    def timed(*args: P.args, **kwargs: P.kwargs) -> R:
        began = perf_counter_ns()
        try:
            return call(*args, **kwargs)
        finally:
            note(perf_counter_ns() - began)

    return timed
