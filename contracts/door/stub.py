"""The mock in this process as a target, with everybody that it knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from contracts.actors import OTHER, OWNER, READER, Actor
from contracts.door.control import AdminControl
from contracts.door.transports import InProcess
from mockserver.app import App, create_app
from mockserver.clock import Clock
from mockserver.settings import Settings

STARTS_AT: Final = datetime(2030, 1, 1, 8, tzinfo=UTC)
"""The stub's clock stands still here until it is moved."""

BUNDLED_ACTORS: Final = (
    Actor(OWNER, "cal_test_demo"),
    Actor(OTHER, "cal_test_bob"),
    Actor(READER, "cal-test-demo-reader"),
    Actor("admin", "cal_test_lena"),
    Actor("member", "cal_test_omar"),
    Actor("expired", "cal_test_alice_expired"),
)
"""Source: spec/fixtures. Demo owns organization and team 101 and 102, and has a token that may only
read beside her key; lena is an administrator and omar a member of both, bob belongs to neither;
alice's second key ended in 2026."""
BUNDLED_BINDINGS: Final[Mapping[str, str]] = {"orgId": "101", "teamId": "102"}

GENERIC_ACTORS: Final = (Actor(OWNER, "understudy-owner-key"), Actor(OTHER, "understudy-other-key"))
"""For documents that the mock knows no people of; theirs are the only credentials it takes."""

_API_KEYS: Final = "api-keys"
"""The collection of credentials. Source: mockserver.behaviours.credentials."""


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
    guests: Sequence[Actor] = (),
    fixtures: Sequence[Path] | None = None,
    starts_at: datetime | None = STARTS_AT,
) -> Stub:
    """A fresh mock of *spec* (the bundled document without), on a clock that stands still: same
    seed, same requests, same bytes. *guests* are let in too where the mock knows no people.

    *fixtures* are its world instead of the document's own. *starts_at* (aware) is its time; with
    None its clock runs with ours. Raises SetupError.
    """
    settings = Settings(
        spec=spec,
        overlays=tuple(overlays) or None,
        seed=seed,
        profile=profile,
        quirk=tuple(quirks),
        fault=tuple(faults),
        fixtures=None if fixtures is None else tuple(fixtures),
        journal_size=0,  # nobody looks into it
    )
    return stub_of(_app(settings, guests, starts_at))


def stub_app(spec: Path | None = None, overlays: Sequence[Path] = (), *, seed: int = 1) -> App:
    """What `open_stub` opens, not yet opened: for those who plant something in it first, or open
    it in another process. Raises SetupError."""
    settings = Settings(spec=spec, overlays=tuple(overlays) or None, seed=seed, journal_size=0)
    return _app(settings, (), STARTS_AT)


def stub_of(app: App) -> Stub:
    """*app* of `stub_app`, opened."""
    transport = InProcess(app)
    control = AdminControl(transport)
    if app.settings.spec is not None:
        return Stub(transport, control, GENERIC_ACTORS, {})
    return Stub(transport, control, BUNDLED_ACTORS, BUNDLED_BINDINGS)


def _app(settings: Settings, guests: Sequence[Actor], starts_at: datetime | None) -> App:
    clock = Clock()
    if starts_at is not None:
        clock.freeze(starts_at)
    app = create_app(settings, clock)
    if not _domain(app):
        _admit(app, (*GENERIC_ACTORS, *guests))
    return app


def _domain(app: App) -> str:
    """The API whose own rules the mock knows; `` where its people are not known either."""
    return str(app.document("effective").get("x-understudy", {}).get("domain", ""))


def _admit(app: App, actors: Sequence[Actor]) -> None:
    """Let these in, and with that nobody else. A key sent as Basic is a user with no password."""
    with app.store.transaction():
        for number, actor in enumerate(actors, 1):
            for shown in dict.fromkeys((actor.secret, f"{actor.secret}:")):
                if app.store.get(_API_KEYS, shown) is None:
                    key = {"key": shown, "userId": number, "name": actor.name}
                    app.store.insert(_API_KEYS, shown, key)
