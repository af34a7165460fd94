"""The two targets of a twin run: read from the command line, opened, brought back to the start."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from contracts.actors import STRANGER, Actors
from contracts.door.safety import STUB_RULES, Safety
from contracts.door.stub import STARTS_AT, Stub, open_stub
from contracts.door.targets import Target
from contracts.exchange import Request
from contracts.opening import Opened, given_actors, new_run_id, open_run
from contracts.results import CleanUp
from contracts.secrets import Secrets
from contracts.settings import STUB, Settings
from contracts.suites.session import Bench, Options
from contracts.yardstick import Yardstick
from mockserver.errors import SetupError

NAMES: Final = ("left", "right")
NOBODY: Final = "a-key-that-nobody-has"
_PROFILES: Final = ("documented", "observed")


@dataclass(frozen=True, slots=True)
class Aim:
    """What LEFT or RIGHT names: the mock with a profile, quirks and faults, or a URL."""

    text: str
    url: str = ""
    profile: str = "documented"
    quirks: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def is_stub(self) -> bool:
        return not self.url


def read_aim(text: str, place: str = "") -> Aim:
    """`stub`, `stub:observed`, `stub:quirk=NAME,fault=NAME`, or a URL. Raises SetupError."""
    kind, colon, rest = text.partition(":")
    if kind != STUB:
        return Aim(text, url=str(Settings(target=text).target))
    aim = Aim(text)
    for word in rest.split(",") if colon else ():
        aim = _with(aim, word.strip(), place)
    return aim


def _with(aim: Aim, word: str, place: str) -> Aim:
    name, _, value = word.partition("=")
    if word in _PROFILES:
        return replace(aim, profile=word)
    if name == "quirk" and value:
        return replace(aim, quirks=(*aim.quirks, value))
    if name == "fault" and value:
        return replace(aim, faults=(*aim.faults, value))
    raise SetupError(
        "after `stub:` come `observed`, `quirk=NAME` and `fault=NAME`, with commas between them",
        place=place,
        value=word,
        known=[*_PROFILES, "quirk=NAME", "fault=NAME"],
    )


@dataclass(frozen=True)
class Side:
    """One target, ready to be sent to.

    *stub* is the mock behind it, where it is one that this run made; *opened* what a URL was opened
    with. *may_write* tells whether its door lets writing requests out, *drops_ledger* that nobody
    asked for the ledger.
    """

    name: str
    aim: Aim
    bench: Bench
    may_write: bool
    stub: Stub | None = None
    opened: Opened | None = None
    drops_ledger: bool = False

    @property
    def target(self) -> Target:
        return self.bench.target

    @property
    def actors(self) -> Actors:
        return self.bench.actors

    @property
    def secrets(self) -> tuple[Secrets, ...]:
        """What must not be shown: the keys that were given, and the one that is made from them for
        the stranger, from which they could be told."""
        if self.stub is not None:
            return (self.actors.secrets,)
        shown = self.actors.headers(None, STRANGER)
        return self.actors.secrets, Secrets({shown[0][1].rpartition(" ")[2]: NOBODY})

    def begin(self, instant: datetime) -> None:
        """Put a mock of ours back to its fixtures, at *instant*; anything else stays as it is."""
        if self.stub is not None:
            self.stub.control.move_to(instant)
            self.stub.transport.send(Request("POST", "/__admin/reset"))
            self.target.exchanges.clear()

    def follow(self, instant: datetime) -> None:
        """Let a mock of ours have the time of the other side."""
        if self.stub is not None:
            self.stub.control.move_to(instant)

    def clean(self) -> CleanUp:
        """Remove what was made on a server that is not ours; a ledger of which nothing is left
        goes as well, unless it was asked for."""
        if self.opened is None:
            return CleanUp()
        cleaned = self.opened.clean()
        path = self.opened.ledger.path
        if path is not None and self.drops_ledger and not cleaned.left:
            self.opened.ledger.close()
            path.unlink(missing_ok=True)
        return cleaned

    def close(self) -> None:
        if self.stub is not None:
            self.stub.transport.close()
        if self.opened is not None:
            self.opened.close()


@dataclass(frozen=True)
class Quirky:
    """The mock of one side, whose quirks can be turned on and off."""

    side: Side

    def known(self) -> list[Mapping[str, object]]:
        """`[{"name", "operations", "isOn", "inObserved", ...}]`, as the mock tells them."""
        stub = self._stub
        shown = stub.transport.send(Request("GET", "/__admin/deviations")).json
        found: list[Mapping[str, object]] = shown["quirks"]
        return found

    def turn_on(self, names: Sequence[str]) -> None:
        """Exactly these."""
        body = json.dumps({"quirks": list(names)}).encode()
        headers = (("Content-Type", "application/json"),)
        answer = self._stub.transport.send(Request("PUT", "/__admin/deviations", headers, body))
        if answer.status != 200:
            raise SetupError("the mock does not take these quirks", value=", ".join(names))

    @property
    def _stub(self) -> Stub:
        assert self.side.stub is not None
        return self.side.stub


Environ = Mapping[str, str]


def open_sides(
    left: Aim, right: Aim, settings: Settings, environ: Environ, yardstick: Yardstick
) -> tuple[Side, Side]:
    """Both sides. Raises SetupError, RunStopped."""
    shared = with_run_id(settings, left, right)
    with ExitStack() as opened:
        sides = {}
        aims = zip(NAMES, (left, right), strict=True)
        for name, aim in sorted(aims, key=lambda pair: pair[1].is_stub):  # a mock takes a second
            sides[name] = open_side(name, aim, shared, environ, yardstick)
            opened.callback(sides[name].close)
        opened.pop_all()
    return sides[NAMES[0]], sides[NAMES[1]]


def with_run_id(settings: Settings, *aims: Aim) -> Settings:
    """*settings* with the run id that names of created things carry; for mocks that this run makes
    always the same one, so that their ids are."""
    is_alone = all(aim.is_stub for aim in aims)
    run_id = settings.run_id or (f"seed{settings.seed}" if is_alone else new_run_id())
    return replace(settings, run_id=run_id)


def open_side(
    name: str, aim: Aim, settings: Settings, environ: Environ, yardstick: Yardstick
) -> Side:
    """One side, called *name*. Raises SetupError, RunStopped."""
    own = replace(
        settings,
        actors=_of_side(settings.actors, name),
        path=_of_side(settings.path, name),
        target=aim.url or STUB,
    )
    if not aim.is_stub:
        drops_ledger = own.ledger is None
        own = replace(own, ledger=own.ledger or _ledger_path(own, name))
        opened = open_run(own, environ)
        may_write = opened.rules.allow_writes
        return Side(name, aim, opened.bench, may_write, opened=opened, drops_ledger=drops_ledger)
    stub = open_stub(
        own.spec,
        own.overlays or (),
        seed=own.seed,
        profile=aim.profile,
        quirks=aim.quirks,
        faults=aim.faults,
    )
    given = given_actors(own, environ)
    named = {actor.name for actor in given}
    actors = (*given, *(actor for actor in stub.actors if actor.name not in named))
    rules = replace(STUB_RULES, allow=own.allow, deny=own.deny)
    bench = Bench(
        target=Target(
            stub.transport,
            yardstick,
            safety=Safety(rules, yardstick.operations),
            control=stub.control,
        ),
        yardstick=yardstick,
        actors=Actors(actors, yardstick.schemes),
        options=Options(own.seed, str(own.run_id)),
        bindings={**stub.bindings, **dict(own.path)},
    )
    return Side(name, aim, bench, may_write=True, stub=stub)


def starting_time(sides: Sequence[Side]) -> Callable[[], datetime]:
    """The time that both sides have: that of a server that we did not make, else that at which
    our mocks begin."""
    for side in sides:
        if side.stub is None:
            return side.target.now
    return lambda: STARTS_AT


def _of_side(pairs: tuple[tuple[str, str], ...], side: str) -> tuple[tuple[str, str], ...]:
    """The pairs that hold for *side*: those without a side, and over them its own."""
    found: dict[str, str] = {}
    for is_own in (False, True):
        for name, value in pairs:
            first, dot, rest = name.partition(".")
            if dot and first in NAMES:
                if is_own and first == side:
                    found[rest] = value
            elif not is_own:
                found[name] = value
    return tuple(found.items())


def _ledger_path(settings: Settings, side: str) -> Path:
    return Path(f"understudy-ledger-{settings.run_id}-{side}.jsonl")
