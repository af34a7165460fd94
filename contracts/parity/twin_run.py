"""`contracts compare` from its settings to its report."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Final

from contracts.door.stub import open_stub
from contracts.parity.explaining import explain
from contracts.parity.rehearsal import Rehearsal
from contracts.parity.sequences import episodes
from contracts.parity.shortening import shorten
from contracts.parity.shrinking import FEW_TRIES, TRIES
from contracts.parity.sides import Aim, Side, open_sides
from contracts.parity.story import Masks
from contracts.parity.twin import BY_HAND, Divergence, Pair, Progress, Run, Twin
from contracts.results import CleanUp
from contracts.settings import Settings
from contracts.stops import RunStopped
from contracts.suites.session import Options
from contracts.yardstick import Yardstick, read_yardstick

STEPS: Final = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked of a twin run, beside the settings of every run."""

    left: Aim
    right: Aim
    steps: int = STEPS
    is_shrinking: bool = True
    is_explaining: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinReport:
    """A whole twin run. *unseen* are the labels of operations that were never called."""

    left: str
    right: str
    seed: int
    run_id: str
    started_at: datetime
    duration_s: float
    sent: int
    episodes: int
    seen: Mapping[str, int]
    unseen: tuple[str, ...]
    divergences: tuple[Divergence, ...]
    masks: Masks
    clean_ups: tuple[CleanUp, ...] = ()
    incomplete: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 no divergence, 1 divergences, 3 incomplete without any, or something was left."""
        if self.divergences:
            return 1
        is_left = any(one.left for one in self.clean_ups)
        return 3 if self.incomplete or is_left or not self.sent else 0

    @property
    def unexplained(self) -> tuple[Divergence, ...]:
        return tuple(one for one in self.divergences if not one.quirks)

    @property
    def by_quirk(self) -> dict[tuple[str, ...], list[Divergence]]:
        """Those that quirks explain, by the quirks' names."""
        found: dict[tuple[str, ...], list[Divergence]] = {}
        for one in self.divergences:
            if one.quirks:
                found.setdefault(one.quirks, []).append(one)
        return found


def compare(
    settings: Settings, wish: Wish, environ: Mapping[str, str], progress: Progress
) -> TwinReport:
    """Drive both targets, shrink, explain, clean up. Raises SetupError (wrong use), and RunStopped
    where nothing was tried."""
    started_at, started = datetime.now(UTC), perf_counter()
    yardstick = read_yardstick(settings.spec, settings.overlays or (), settings.document)
    with (
        _opened(settings, wish, environ, yardstick) as (left, right),
        _rehearsal(settings, left) as rehearsal,
    ):
        pair = Pair(left, right, yardstick)
        twin = Twin(pair, wish.steps, progress)
        tries = TRIES if pair.is_throwaway else FEW_TRIES
        try:
            sequences = episodes(rehearsal, yardstick, left.bench.options)
            run = twin.go(sequences)
            _told_well(pair, run, tries if wish.is_shrinking else 0, wish, progress)
        finally:
            progress.stop()
        cleaned = left.clean(), right.clean()
        labels = [one.label for one in yardstick.operations]
        return TwinReport(
            left=wish.left.text,
            right=wish.right.text,
            seed=settings.seed,
            run_id=left.bench.options.run_id,
            started_at=started_at,
            duration_s=perf_counter() - started,
            sent=run.sent,
            episodes=run.episodes,
            seen=run.seen,
            unseen=tuple(label for label in labels if label not in run.seen),
            divergences=tuple(run.divergences.values()),
            masks=Masks((*left.secrets, *right.secrets)),
            clean_ups=cleaned,
            incomplete=run.incomplete,
            remarks=tuple(run.remarks),
        )


@contextmanager
def _opened(
    settings: Settings, wish: Wish, environ: Mapping[str, str], yardstick: Yardstick
) -> Iterator[tuple[Side, Side]]:
    sides = open_sides(wish.left, wish.right, settings, environ, yardstick)
    try:
        yield sides
    finally:
        for side in sides:
            side.close()


@contextmanager
def _rehearsal(settings: Settings, side: Side) -> Iterator[Rehearsal]:
    """The mock that sequences are made on, with the run id of the run."""
    stub = open_stub(settings.spec, settings.overlays or (), seed=settings.seed)
    options = Options(settings.seed, side.bench.options.run_id)
    try:
        yield Rehearsal(stub, side.bench.yardstick, options)
    finally:
        stub.transport.close()


def _told_well(pair: Pair, run: Run, tries: int, wish: Wish, progress: Progress) -> None:
    """Shorten and explain what was found. A target that stopped the run is not asked again; the
    mock beside it may be."""
    try:
        if not run.incomplete:
            shorten(pair, run, tries, progress)
        if wish.is_explaining and run.incomplete != BY_HAND:
            explain(pair, run, progress)
    except (RunStopped, KeyboardInterrupt) as stop:
        run.incomplete = run.incomplete or str(stop) or BY_HAND
