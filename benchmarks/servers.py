"""uvicorn (uvloop, httptools) and granian under the same applications: which one serves the mock?

    python -m benchmarks.servers [--quick] [--rounds 3] [--seconds 4]

The applications are the mock, and a bare one that answers the same bytes. granian is installed for
this alone. Writes SERVERS.md beside this file, if all is measured in full.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from benchmarks.bench.figures import Figures, Reading, p99_ms, rate
from benchmarks.bench.finishing import finish, read_options
from benchmarks.bench.peers import (
    ANSWERS,
    BUNDLED,
    EVERYTHING,
    NO_DOCUMENT,
    STUB,
    UVICORN,
    Package,
    Peer,
)
from benchmarks.bench.places import PEERS, SERVERS
from benchmarks.bench.report import machine, scenario_rows, server_rows
from benchmarks.bench.rounds import Plan, measure

RESULTS: Final = "SERVERS.md"
PACKAGES: Final = (Package("granian", "2.8.7", "pip"),)
FOLDER: Final = "granian"
PATH: Final = {"PYTHONPATH": os.pathsep.join((str(PEERS / FOLDER), str(SERVERS)))}
GRANIAN: Final = (
    sys.executable,
    *("-m", "granian", "--factory", "--interface=asgi", "--port={port}", "--loop=uvloop"),
    *("--http=1", "--no-ws", "--workers=1", "--runtime-threads=1", "--no-access-log"),
)
BARE_UVICORN, BARE_GRANIAN = "bare, uvicorn", "bare, granian"
MOCK_UVICORN, MOCK_GRANIAN = "mock, uvicorn", "mock, granian"
PAIRS: Final = ((BARE_GRANIAN, BARE_UVICORN), (MOCK_GRANIAN, MOCK_UVICORN))

TABLE: Final = (
    Peer(
        BARE_UVICORN,
        (*UVICORN, "apps:bare"),
        "the bare application",
        "-",
        (NO_DOCUMENT,),
        environment=ANSWERS,
    ),
    Peer(
        BARE_GRANIAN,
        (*GRANIAN, "apps:bare"),
        "the same",
        "-",
        (NO_DOCUMENT,),
        FOLDER,
        PACKAGES,
        environment={**ANSWERS, **PATH},
    ),
    Peer(MOCK_UVICORN, STUB, EVERYTHING, "-", (BUNDLED,), is_ours=True),
    Peer(
        MOCK_GRANIAN,
        (*GRANIAN, "apps:stub"),
        "the same",
        "-",
        (BUNDLED,),
        FOLDER,
        PACKAGES,
        is_ours=True,
        environment=PATH,
    ),
)


def main() -> int:
    """Measure, print, and write where all was measured in full."""
    much, where = read_options("servers", __doc__, RESULTS)
    plan = Plan(TABLE, (BUNDLED,), much, where)

    def files_of(figures: Figures) -> Mapping[str, bytes]:
        return {RESULTS: "\n".join(_page(figures, plan)).encode()}

    return finish("servers", lambda: measure(plan), files_of, where)


def _page(figures: Figures, plan: Plan) -> Iterator[str]:
    names = [peer.name for peer in TABLE if figures.runs(peer.name, BUNDLED)]
    yield from ("# uvicorn and granian", "")
    yield (
        f"Written by `python -m benchmarks.servers {plan.lengths}`. {machine()}, granian "
        f"{PACKAGES[0].version}. Each server has one core, the load another; medians, with the "
        "least and the most of all rounds behind them. Memory counts the server's own processes, "
        "of which granian has two."
    )
    yield from ("", *server_rows(figures, names, BUNDLED), "")
    yield from ("granian as a multiple of uvicorn:", "", *_multiples(figures), "")
    yield from _evidence(figures)
    yield from (f"- Left out: {name}: {why}" for name, why in figures.left_out.items())
    yield ""


def _multiples(figures: Figures) -> Iterator[str]:
    def cell(pair: str, scenario: str) -> str:
        ours, theirs = next(one for one in PAIRS if one[0] == pair)
        spread = figures.ratio(ours, theirs, BUNDLED, scenario, rate)
        return spread.told(".2f") if spread else "-"

    return scenario_rows([granian for granian, _ in PAIRS], cell)


def _evidence(figures: Figures) -> Iterator[str]:
    """What the figures allow to say, and no more: noise is no evidence."""
    for granian, uvicorn in PAIRS:
        for quantity, reading in (("requests a second", rate), ("p99", p99_ms)):
            said = _said(figures, granian, uvicorn, reading)
            yield f"- {quantity}, {granian} beside {uvicorn}: {said}"


def _said(figures: Figures, granian: str, uvicorn: str, reading: Reading) -> str:
    runs = figures.runs(granian, BUNDLED)
    names: Sequence[str] = list(runs[0].scenarios) if runs else []
    sorted_names: dict[str, list[str]] = {"more": [], "less": [], "within noise": []}
    for name in names:
        spread = figures.ratio(granian, uvicorn, BUNDLED, name, reading)
        if spread and len(spread.values) > 1:
            is_more, is_less = spread.least > 1, spread.most < 1
            kind = "more" if is_more else "less" if is_less else "within noise"
            sorted_names[kind].append(name)
    told = [f"{kind} in {', '.join(seen)}" for kind, seen in sorted_names.items() if seen]
    return "; ".join(told) or "no evidence: noise takes two rounds to be seen"


if __name__ == "__main__":
    raise SystemExit(main())
