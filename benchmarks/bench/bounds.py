"""What the stub is held to, as ratios within a round where another server is the measure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from benchmarks.bench import peers
from benchmarks.bench.figures import Figures, Reading, Spread, p99_ms, rate
from benchmarks.bench.scenarios import GET_LIST, GET_ONE, PATCH, POST, REFUSED, SESSION

START_LIMIT_S: Final = 1.0
MEMORY_LIMIT_MB: Final = 100.0
MEMORY_REQUESTS: Final = 100_000
GROWTH_LIMIT: Final = 1.05
"""What counts as flat: at most so many times the memory after twice the requests."""

ASKED: Final = tuple(one.name for one in (GET_ONE, GET_LIST, POST))
ALL: Final = tuple(one.name for one in (GET_ONE, GET_LIST, POST, PATCH, REFUSED, SESSION))


@dataclass(frozen=True, slots=True)
class Verdict:
    """One bound, and whether it is reached; None where that was not measured."""

    what: str
    wanted: str
    measured: str
    is_reached: bool | None


@dataclass(frozen=True, slots=True)
class Beside:
    """A bound on ours as a multiple of theirs: at least, or at most."""

    ours: str
    theirs: str
    limit: float
    scenarios: tuple[str, ...] = ASKED
    reading: Reading = rate
    is_most: bool = False

    def judged(self, figures: Figures, document: str) -> Verdict:
        found = {
            name: figures.ratio(self.ours, self.theirs, document, name, self.reading)
            for name in self.scenarios
        }
        seen = {name: spread for name, spread in found.items() if spread is not None}
        measured = ", ".join(f"{name} {spread.told('.2f')}" for name, spread in seen.items())
        held = [self._is_held(spread.median) for spread in seen.values()]
        quantity = "p99" if self.is_most else "requests a second"
        return Verdict(
            f"{quantity}: {self.ours} beside {self.theirs}",
            f"{'at most' if self.is_most else 'at least'} {self.limit:g} x",
            measured or "not measured",
            all(held) if len(held) == len(self.scenarios) else None,
        )

    def _is_held(self, ratio: float) -> bool:
        return ratio <= self.limit if self.is_most else ratio >= self.limit


BESIDE: Final = (
    Beside(peers.OURS, peers.PRISM, 8),
    Beside(peers.OURS_SILENT, peers.PRISM_SILENT, 3),
    Beside(peers.OURS, peers.BARE, 0.6),
    Beside(peers.OURS_SILENT, peers.BARE, 0.6),
    Beside(peers.OURS_SILENT, peers.OPENAPI_BACKEND, 1),
    Beside(peers.OURS, peers.WIREMOCK, 1),
    Beside(peers.OURS_SILENT, peers.WIREMOCK_SILENT, 1),
    Beside(peers.OURS_SILENT, peers.PRISM_SILENT, 2, (REFUSED.name,)),
    Beside(peers.OURS, peers.PRISM, 1, ALL, p99_ms, is_most=True),
    Beside(peers.OURS_SILENT, peers.PRISM_SILENT, 1, ALL, p99_ms, is_most=True),
)


def verdicts(figures: Figures, document: str) -> Iterator[Verdict]:
    """Every bound, in the order of the design."""
    for bound in BESIDE:
        yield bound.judged(figures, document)
    yield _start(figures, document)
    yield from _memory(figures)


def _start(figures: Figures, document: str) -> Verdict:
    runs = figures.runs(peers.OURS, document)
    what, wanted = "start to first answer", f"at most {START_LIMIT_S:g} s"
    if not runs:
        return Verdict(what, wanted, "not measured", None)
    starts = Spread([run.started_s for run in runs])
    return Verdict(what, wanted, f"{starts.median:.2f} s", starts.median <= START_LIMIT_S)


def _memory(figures: Figures) -> Iterator[Verdict]:
    """Too few requests prove neither of the two."""
    for one in (growth for growth in figures.growths if growth.peer == peers.OURS):
        is_enough = one.requests >= MEMORY_REQUESTS
        asked = f"{one.requests:,}"
        yield Verdict(
            f"memory after {asked} requests",
            f"at most {MEMORY_LIMIT_MB:g} MB, after {MEMORY_REQUESTS:,}",
            f"{one.once_mb:.0f} MB (started with {one.start_mb:.0f})",
            one.once_mb <= MEMORY_LIMIT_MB if is_enough else None,
        )
        yield Verdict(
            f"memory after another {asked}",
            f"at most {GROWTH_LIMIT:g} x",
            f"{one.twice_mb:.0f} MB, {one.twice_mb / one.once_mb:.2f} x",
            one.twice_mb <= one.once_mb * GROWTH_LIMIT if is_enough else None,
        )
