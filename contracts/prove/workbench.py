"""What all trials of a proof share, made once: document, cases, and a stub nobody has spoken to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.door.stub import stub_app, stub_of
from contracts.opening import Destination, Opened
from contracts.prove.deviations import chosen_deviations
from contracts.prove.order import cases_in_order
from contracts.prove.outcomes import Deviation, Kind
from contracts.prove.settings import ProveSettings
from contracts.settings import Settings
from contracts.suites.registry import NAMES
from contracts.suites.session import Case, Options
from contracts.yardstick import Yardstick, read_yardstick
from mockserver.app import App


@dataclass(frozen=True)
class Workbench:
    """*app* is the stub, pristine as long as it is not opened here but in a copy of the process.

    What is judged by is the documented document, whatever is planted.
    """

    settings: Settings
    yardstick: Yardstick
    app: App
    cases: Sequence[Case]
    deviations: Sequence[Deviation]

    @property
    def suites(self) -> Mapping[str, int]:
        """The suites with cases, and how many."""
        counts = Counter(case.suite for case in self.cases)
        return {suite: counts[suite] for suite in NAMES if counts[suite]}

    def opened(self, deviation: Deviation | None) -> Opened:
        """The stub with *deviation* planted, as a run that can only see what any target shows.

        Once for each workbench: what was planted and done stays.
        """
        if deviation is not None:
            self._plant(deviation)
        stub = stub_of(self.app)
        destination = Destination(
            stub.transport, stub.control, stub.actors, stub.bindings, is_throwaway=True
        )
        return Opened(self.settings, self.yardstick, destination, run_id=_run_id(self.settings))

    def _plant(self, deviation: Deviation) -> None:
        if deviation.kind is Kind.QUIRK:
            self.app.set_deviations(quirks=[deviation.name])
        else:
            self.app.set_deviations(faults=[deviation.name])


def load_workbench(settings: ProveSettings) -> Workbench:
    """Raises SetupError for files and names that are wrong."""
    of_run = settings.of_stub
    files = of_run.spec, of_run.overlays or ()
    app = stub_app(*files, seed=of_run.seed)
    deviations = chosen_deviations(app, settings)
    yardstick = read_yardstick(*files, of_run.document)
    options = Options(of_run.seed, _run_id(of_run), of_run.quick, of_run.examples)
    cases = cases_in_order(yardstick, options)
    _ = yardstick.openapi  # read here, all trials have it
    return Workbench(of_run, yardstick, app, cases, deviations)


def _run_id(settings: Settings) -> str:
    return f"seed{settings.seed}"
