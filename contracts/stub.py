"""The mock in this process as a target, with everybody that it knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from contracts.actors import OTHER, OWNER, Actor
from contracts.control import AdminControl
from contracts.transports import InProcess
from mockserver.app import create_app
from mockserver.clock import Clock
from mockserver.settings import Settings

STARTS_AT: Final = datetime(2030, 1, 1, 8, tzinfo=UTC)
"""The stub's clock stands still here until it is moved."""

BUNDLED_ACTORS: Final = (
    Actor(OWNER, "cal_test_demo"),
    Actor(OTHER, "cal_test_bob"),
    Actor("admin", "cal_test_lena"),
    Actor("member", "cal_test_omar"),
    Actor("expired", "cal_test_alice_expired"),
)
"""Source: spec/fixtures. Demo owns organization and team 101 and 102, lena is an administrator and
omar a member of both, bob belongs to neither; alice's second key ended in 2026."""
BUNDLED_BINDINGS: Final[Mapping[str, str]] = {"orgId": "101", "teamId": "102"}

GENERIC_ACTORS: Final = (Actor(OWNER, "understudy-owner-key"), Actor(OTHER, "understudy-other-key"))
"""For documents that the mock knows no people of: it takes any credential that is not empty."""


@dataclass(frozen=True, slots=True)
class Stub:
    """*actors* and *bindings* are what a run goes by where its user gives nothing else."""

    transport: InProcess
    control: AdminControl
    actors: tuple[Actor, ...]
    bindings: Mapping[str, str]


def open_stub(
    spec: Path | None = None,
    overlays: Sequence[Path] = (),
    *,
    seed: int = 1,
    profile: str = "documented",
    quirks: Sequence[str] = (),
    faults: Sequence[str] = (),
) -> Stub:
    """A fresh mock of *spec* (the bundled document without), on a clock that stands still: same
    seed, same requests, same bytes. Raises SetupError."""
    settings = Settings(
        spec=spec,
        overlays=tuple(overlays) or None,
        seed=seed,
        profile=profile,
        quirk=tuple(quirks),
        fault=tuple(faults),
        journal_size=0,  # nobody looks into it
    )
    clock = Clock()
    clock.freeze(STARTS_AT)
    transport = InProcess(create_app(settings, clock))
    control = AdminControl(transport)
    if spec is not None:
        return Stub(transport, control, GENERIC_ACTORS, {})
    return Stub(transport, control, BUNDLED_ACTORS, BUNDLED_BINDINGS)
