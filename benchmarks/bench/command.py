"""The command line of the benchmark."""

import argparse
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from benchmarks.bench.figures import Figures, rate
from benchmarks.bench.finishing import finish
from benchmarks.bench.options import add_lengths, add_output, lengths, output
from benchmarks.bench.peers import BOTH, SERVER_TABLE
from benchmarks.bench.plot import bars
from benchmarks.bench.report import report
from benchmarks.bench.rounds import Plan, measure
from benchmarks.bench.scenarios import SCENARIOS

RESULTS: Final = "RESULTS.md"
PLOT: Final = "throughput.svg"
EPILOG: Final = """\
Each server runs alone on one core, the load generator (autocannon) on another. Needs Node.js and
npm; the servers come from the package registries, in pinned versions, into benchmarks/.peers.
A server that cannot be installed or started is left out, with the reason. Ctrl-C stops the server
that runs; nothing is written then.

Examples:
  make bench                                            everything, in about an hour
  make bench ARGS="--quick"                             a short look at everything; writes nothing
  make bench ARGS="--quick --only Understudy --only Prism --document bundled"
  make bench ARGS="--rounds 5 --seconds 10"             less noise
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write where that was asked for."""
    plan = read_plan(arguments)

    def files_of(figures: Figures) -> Mapping[str, bytes]:
        page = report(figures, plan.table, plan.documents, _told(plan), PLOT)
        return {RESULTS: page.encode(), PLOT: _picture(figures, plan)}

    return finish("bench", lambda: measure(plan), files_of, plan.output)


def read_plan(arguments: Sequence[str] | None) -> Plan:
    """The plan that the command line asks for; ends the program where it makes no sense."""
    parser = _parser()
    told = parser.parse_args(arguments)
    for name in told.only or ():
        if name not in (peer.name for peer in SERVER_TABLE):
            parser.error(_unknown(name))
    is_whole = not (told.quick or told.only or told.document)
    return Plan(
        [peer for peer in SERVER_TABLE if not told.only or peer.name in told.only],
        [one for one in BOTH if not told.document or one in told.document],
        lengths(told),
        output(told, is_whole=is_whole),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench",
        description="Measure the stub beside other mocks of HTTP APIs, each alone on one core.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = ", ".join(peer.name for peer in SERVER_TABLE)
    add_lengths(parser)
    parser.add_argument(
        "--only", action="append", metavar="NAME", help=f"measure this server alone: {names}"
    )
    parser.add_argument(
        "--document", action="append", choices=BOTH, help="serve this document only"
    )
    add_output(parser, f"{RESULTS} and {PLOT}")
    return parser


def _unknown(name: str) -> str:
    near = get_close_matches(name, [peer.name for peer in SERVER_TABLE], n=1, cutoff=0.3)
    return f"--only: no server is called {name!r}" + (
        f"; did you mean {near[0]!r}?" if near else ""
    )


def _picture(figures: Figures, plan: Plan) -> bytes:
    document = plan.documents[0]
    names = [one.name for one in SCENARIOS]
    series: dict[str, list[float | None]] = {}
    for peer in plan.table:
        spreads = [figures.spread(peer.name, document, name, rate) for name in names]
        if any(spreads):
            series[peer.name] = [one.median if one else None for one in spreads]
    return bars(f"Requests a second on one core, {document} document", names, series)


def _told(plan: Plan) -> str:
    """The command that does this again."""
    return f'make bench ARGS="{plan.lengths}"'
