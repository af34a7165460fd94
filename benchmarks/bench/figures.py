"""What was measured, and the numbers that follow from it: medians, noise, ratios within a round."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from benchmarks.bench.measuring import Growth, Loaded, Run
from benchmarks.bench.peers import NO_DOCUMENT

BUSY: Final = 0.9
"""The share of a core from which on a process counts as busy all the time."""

Reading = Callable[[Loaded], float]


@dataclass(frozen=True, slots=True)
class Spread:
    """Values of several rounds."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def least(self) -> float:
        return min(self.values)

    @property
    def most(self) -> float:
        return max(self.values)

    def told(self, form: str) -> str:
        """The median, and the noise where there is more than one value."""
        if len(self.values) == 1:
            return f"{self.median:{form}}"
        return f"{self.median:{form}} ({self.least:{form}} to {self.most:{form}})"


@dataclass(slots=True)
class Figures:
    """All rounds so far."""

    rounds: list[Mapping[tuple[str, str], Run]] = field(default_factory=list)
    growths: list[Growth] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    """Why a server was not measured, by its name and document."""

    def run_of(self, peer: str, document: str, number: int) -> Run | None:
        """What *peer* did in a round; one without a document stands beside those of any."""
        runs = self.rounds[number]
        return runs.get((peer, document)) or runs.get((peer, NO_DOCUMENT))

    def runs(self, peer: str, document: str) -> list[Run]:
        found = (self.run_of(peer, document, number) for number in range(len(self.rounds)))
        return [run for run in found if run is not None]

    def spread(self, peer: str, document: str, scenario: str, reading: Reading) -> Spread | None:
        """What *reading* says of a scenario, of each round; None where it was not measured."""
        runs = self.runs(peer, document)
        values = [reading(one.scenarios[scenario]) for one in runs if scenario in one.scenarios]
        return Spread(values) if values else None

    def ratio(
        self, ours: str, theirs: str, document: str, scenario: str, reading: Reading
    ) -> Spread | None:
        """How many times theirs ours is, each round by itself."""
        values = []
        for number in range(len(self.rounds)):
            mine, other = (
                self._reading(peer, document, number, scenario, reading) for peer in (ours, theirs)
            )
            if mine is not None and other:
                values.append(mine / other)
        return Spread(values) if values else None

    def _reading(
        self, peer: str, document: str, number: int, scenario: str, reading: Reading
    ) -> float | None:
        run = self.run_of(peer, document, number)
        return reading(run.scenarios[scenario]) if run and scenario in run.scenarios else None


def rate(one: Loaded) -> float:
    """Requests a second."""
    return one.load.rate


def p50_ms(one: Loaded) -> float:
    return one.load.p50_ms


def p99_ms(one: Loaded) -> float:
    return one.load.p99_ms


def is_limited_by_load(one: Loaded) -> bool:
    """Whether the generator had no time left while the server had: the server can do more."""
    return one.load.load_busy > BUSY and one.server_busy < BUSY


def is_disturbed(one: Loaded) -> bool:
    """Whether neither had all of its core: something else ran on the machine."""
    return one.load.load_busy < BUSY and one.server_busy < BUSY
