"""Loads stores with links, and takes the time of each operation."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count, repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.bench.rounds import say
from mockserver.model import Document
from mockserver.store import SharedStore, Store, open_store
from tests.databases import Postgres

Step = Callable[[int], object]

STORES: Final = {"memory": "memory", "sqlite": "SQLite", "postgresql": "PostgreSQL"}
LINKS: Final = "private-links"
REPEATS: Final = 300
OPERATIONS: Final = ("get", "get again", "create", "patch", "count a use", "delete")
READING: Final = 2
"""How many of them only read."""
LENGTHS: Final = (10, 100, 1_000, 10_000)
LIST_REPEATS: Final = 20


@dataclass(frozen=True, slots=True)
class Row:
    """What one store took with one number of links; None where there are too few for a list."""

    store: str
    size: int
    load_s: float
    first_find_s: float
    operations_us: Sequence[float | None]
    lists_us: Sequence[float | None]


@contextmanager
def _urls(kind: str) -> Iterator[Iterator[str]]:
    """URLs of empty stores of a kind, as many as are asked for."""
    if kind == "memory":
        yield repeat("memory:")
    elif kind == "sqlite":
        with TemporaryDirectory() as name:
            yield (f"sqlite:///{Path(name)}/{number}.db" for number in count())
    else:
        server = Postgres()
        try:
            yield (server.new_url() for _ in count())
        finally:
            server.remove()


@contextmanager
def _opened(url: str) -> Iterator[Store]:
    store = open_store(url)
    if not isinstance(store, SharedStore):
        yield store
        return
    store.expect({LINKS: [("eventTypeId",)]})  # as the mock does, from what the document tells
    try:
        yield store
    finally:
        store.close()


def measured(kind: str, sizes: Sequence[int]) -> Iterator[Row]:
    """Load a store of each size, and let them take turns: noise is the same for all then."""
    with _urls(kind) as urls, ExitStack() as stack:
        stores = {size: stack.enter_context(_opened(next(urls))) for size in sizes}
        loaded = {size: _loaded(STORES[kind], store, size) for size, store in stores.items()}
        say(f"{STORES[kind]}: measuring")
        steps = {size: _steps(store, size) for size, store in stores.items()}
        operations = _medians_us(stores, steps, REPEATS, READING)
        lists = {size: _lists(store, size) for size, store in stores.items()}
        lists_us = _medians_us(stores, lists, LIST_REPEATS, len(LENGTHS))
    for size in sizes:
        yield Row(STORES[kind], size, *loaded[size], operations[size], lists_us[size])


def _loaded(name: str, store: Store, size: int) -> tuple[float, float]:
    """How many seconds loading takes, and the first search after it."""
    say(f"{name}, {size:,} links: loading")
    load_s = _seconds(lambda: store.load({"collections": {LINKS: _links(size)}}))
    first_find_s = _seconds(lambda: store.find(LINKS, {"eventTypeId": size}))
    say(f"{name}, {size:,} links: loaded in {load_s:.1f} s")
    return load_s, first_find_s


def _steps(store: Store, size: int) -> Sequence[Step]:
    """What is done again and again, each time with another number."""
    step = max(1, size // REPEATS)
    return (
        lambda n: store.view(LINKS, _key(n * step % size)),
        lambda n: store.view(LINKS, _key(0)),
        lambda n: store.insert(LINKS, f"new-{n}", _link(size + n, size)),
        lambda n: _change(store, f"new-{n}", {"maxUsageCount": n}),
        lambda n: _use(store, _key(n * step % size)),
        lambda n: store.delete(LINKS, f"new-{n}"),
    )


def _lists(store: Store, size: int) -> Sequence[Step | None]:
    first = sum(_long_lists(size)) // LENGTHS[0]

    def lister(length: int) -> Step:
        def listed(number: int) -> None:
            owner = first + number if length == LENGTHS[0] else -length
            assert len(store.views(LINKS, {"eventTypeId": owner})) == length

        return listed

    known = (LENGTHS[0], *_long_lists(size))
    return [lister(length) if length in known else None for length in LENGTHS]


def _medians_us(
    stores: Mapping[int, Store],
    steps: Mapping[int, Sequence[Step | None]],
    repeats: int,
    reading: int,
) -> dict[int, list[float | None]]:
    """What each step takes with each store; the first *reading* of them only read."""
    taken: dict[int, list[list[float]]] = {size: [[] for _ in one] for size, one in steps.items()}
    for number in range(repeats):
        for place in range(len(next(iter(steps.values())))):
            for size, store in stores.items():
                step = steps[size][place]
                if step is not None:
                    took = _took_us(store, step, number, is_writing=place >= reading)
                    taken[size][place].append(took)
    return {
        size: [statistics.median(one) if one else None for one in all_of]
        for size, all_of in taken.items()
    }


def _long_lists(size: int) -> list[int]:
    """How many links those event types have that have more than ten."""
    return [length for length in LENGTHS[1:] if length * 10 <= size]


def _key(number: int) -> str:
    return f"link{number:018d}"


def _links(size: int) -> dict[str, Document]:
    return {_key(number): _link(number, size) for number in range(size)}


def _link(number: int, size: int) -> Document:
    return {
        "linkId": _key(number),
        "eventTypeId": _owner(number, size),
        "expiresAt": None,
        "maxUsageCount": 1_000_000,
        "usageCount": 0,
    }


def _owner(number: int, size: int) -> int:
    """The event type of a link: the first links belong to those with long lists."""
    last = 0
    for length in _long_lists(size):
        last += length
        if number < last:
            return -length
    return number // LENGTHS[0]


def _change(store: Store, key: str, changes: Document) -> None:
    link = store.get(LINKS, key) or {}
    store.replace(LINKS, key, {**link, **changes})


def _use(store: Store, key: str) -> None:
    link = store.get(LINKS, key) or {}
    store.replace(LINKS, key, {**link, "usageCount": link["usageCount"] + 1})


def _took_us(
    store: Store, work: Callable[[int], object], number: int, *, is_writing: bool
) -> float:
    started = time.perf_counter()
    with store.transaction(is_writing=is_writing):
        work(number)
    return (time.perf_counter() - started) * 1e6


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
