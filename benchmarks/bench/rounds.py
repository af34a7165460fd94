"""Every server of a plan in turn, round after round."""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench.figures import Figures
from benchmarks.bench.installing import NotInstalled, install, install_generator
from benchmarks.bench.load import LoadFailed
from benchmarks.bench.material import prepare
from benchmarks.bench.measuring import Run, grown, measured
from benchmarks.bench.options import Lengths
from benchmarks.bench.peers import NO_DOCUMENT, Peer
from benchmarks.bench.running import NotStarted
from benchmarks.bench.scenarios import SCENARIOS, Places


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured, and for how long."""

    table: Sequence[Peer]
    documents: Sequence[str]
    lengths: Lengths
    output: Path | None

    def starts(self) -> Iterator[tuple[Peer, str]]:
        """Every server with every document it is measured with."""
        for peer in self.table:
            for document in peer.documents:
                if document == NO_DOCUMENT or document in self.documents:
                    yield peer, document


def measure(plan: Plan) -> Figures:
    """Everything that *plan* asks for. Raises NotInstalled where there is no load generator."""
    figures = Figures()
    install_generator()
    places = prepare()
    starts = _installable(plan, figures)
    began = time.monotonic()
    for number in range(plan.lengths.rounds):
        runs: dict[tuple[str, str], Run] = {}
        order = starts if number % 2 == 0 else starts[::-1]
        for position, (peer, document) in enumerate(order):
            done = number * len(starts) + position
            left = _left(time.monotonic() - began, done, plan.lengths.rounds * len(starts))
            say(f"round {number + 1} of {plan.lengths.rounds}: {_named(peer, document)}{left}")
            if run := _tried(peer, document, plan, places, figures):
                runs[peer.name, document] = run
        figures.rounds.append(runs)
        starts = [(peer, document) for peer, document in starts if (peer.name, document) in runs]
    _grow(plan, starts, figures)
    return figures


def _installable(plan: Plan, figures: Figures) -> list[tuple[Peer, str]]:
    for peer in plan.table:
        try:
            install(peer)
        except NotInstalled as reason:
            _leave_out(figures, peer.name, reason)
    return [one for one in plan.starts() if one[0].name not in figures.left_out]


def _tried(peer: Peer, document: str, plan: Plan, places: Places, figures: Figures) -> Run | None:
    try:
        return measured(peer, document, SCENARIOS, places, plan.lengths.seconds)
    except (NotStarted, LoadFailed) as reason:
        _leave_out(figures, _named(peer, document), reason)
        return None


def _grow(plan: Plan, starts: Sequence[tuple[Peer, str]], figures: Figures) -> None:
    """Memory of ours, on the document that comes first."""
    for peer in plan.table:
        document = next((one for mine, one in starts if mine is peer), None)
        if peer.is_ours and document is not None:
            say(f"memory: {peer.name}, {plan.lengths.requests:,} requests and as many again")
            figures.growths.append(grown(peer, document, plan.lengths.requests))


def _leave_out(figures: Figures, name: str, reason: Exception) -> None:
    figures.left_out[name] = str(reason)
    say(f"  left out: {reason}")


def _named(peer: Peer, document: str) -> str:
    return peer.name if document == NO_DOCUMENT else f"{peer.name} on the {document} document"


def _left(lasted_s: float, done: int, total: int) -> str:
    if not done:
        return ""
    return f" (about {lasted_s / done * (total - done) / 60:.0f} min left)"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
