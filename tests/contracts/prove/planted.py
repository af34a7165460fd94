"""Workbenches for proofs in tests: a small document, few cases, and what no check can see.

They are made in the process of a nursery, so what they change stays there.
"""

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import cast

from contracts.door.stub import stub_app
from contracts.findings import Finding, Severity
from contracts.prove.deviations import chosen_deviations
from contracts.prove.settings import ProveSettings
from contracts.prove.workbench import Workbench
from contracts.settings import Settings
from contracts.suites.registry import cases_of
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import read_yardstick
from mockserver.behaviours.faults import Fault, Plant
from mockserver.behaviours.registry import Call
from mockserver.faults import FAULTS
from mockserver.model import Reply

LIBRARY = Path(__file__).parents[2] / "data" / "library.yaml"
CASES = 12
KILLED = ("required-property-dropped", "wrong-type", "undocumented-status")
INVISIBLE, HANGING, DYING = "nobody-sees-it", "hangs", "dies"


def load_small(settings: ProveSettings) -> Workbench:
    """The first cases of one suite on the library, which takes no slow import."""
    app = stub_app(LIBRARY, seed=settings.run.seed)
    yardstick = read_yardstick(LIBRARY, (), "effective")
    cases = cases_of("examples", yardstick, Options(seed=settings.run.seed))[:CASES]
    deviations = chosen_deviations(app, settings)
    return Workbench(Settings(spec=LIBRARY), yardstick, app, cases, deviations)


def load_with_strange_faults(settings: ProveSettings) -> Workbench:
    faults = cast(dict[str, Fault], FAULTS)
    faults[HANGING] = _fault(HANGING, _hang)
    faults[DYING] = _fault(DYING, _die)
    faults[INVISIBLE] = _fault(INVISIBLE, _as_it_was)
    return load_small(settings)


def load_with_false_alarm(settings: ProveSettings) -> Workbench:
    small = load_small(settings)
    liar = Case("examples", "GET /v1/authors", "is-beautiful", _lie)
    return replace(small, cases=[liar, *small.cases])


def _fault(name: str, effect: object) -> Fault:
    return Fault(
        name=name,
        category="Made up",
        about="nothing that anybody sees",
        exposed_by="nothing at all",
        reaches=lambda place: True,
        on_answer=effect,  # type: ignore[arg-type]
    )


def _as_it_was(call: Call, reply: Reply, plant: Plant) -> Reply:
    return reply


def _hang(call: Call, reply: Reply, plant: Plant) -> Reply:
    time.sleep(600)
    return reply


def _die(call: Call, reply: Reply, plant: Plant) -> Reply:
    os._exit(7)


def _lie(session: Session) -> None:
    session.found(Finding("made-up", "GET /v1/authors", Severity.LOW, "It looks odd.", "", ""))
