"""Everything that a run needs, opened: target, door, ledger, actors, counter."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import SystemRandom
from typing import Final

from contracts.actors import Actor, Actors
from contracts.checks import CHECKS
from contracts.checks.timing import answers_within
from contracts.cleanup.clean import clean_up
from contracts.coverage import CoverageCounter
from contracts.door.control import AdminControl, Control
from contracts.door.http import Http
from contracts.door.safety import STUB_RULES, Rules, Safety
from contracts.door.stalls import StallMeter
from contracts.door.stub import Stub, open_stub
from contracts.door.targets import Target, Transport, utc_now
from contracts.door.transports import AsgiApp, InProcess
from contracts.exchange import Exchange
from contracts.findings import Result
from contracts.ledger import Ledger
from contracts.probe import probe
from contracts.results import CleanUp
from contracts.settings import Settings
from contracts.suites.session import Bench, Options
from contracts.yardstick import Yardstick, read_yardstick
from mockserver.errors import SetupError

_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_ID_LENGTH: Final = 6
_NAME: Final = re.compile("[A-Z][A-Z0-9_]*")
"""What is surely a name of a variable, and no key."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where requests go, and what is known of it: actors and values of path parameters that the
    target brings along. *is_throwaway* tells that nothing of it outlives the run."""

    transport: Transport
    control: Control | None
    actors: tuple[Actor, ...]
    bindings: Mapping[str, str]
    is_throwaway: bool
    clock: Callable[[], datetime] = utc_now
    sleep: Callable[[float], None] = time.sleep


class Opened:
    """One run, ready to go. *suite* is the one that is at work."""

    def __init__(
        self, settings: Settings, yardstick: Yardstick, destination: Destination, *, run_id: str
    ) -> None:
        self.run_id = run_id
        self.suite = ""
        self.rules = _rules(settings, is_throwaway=destination.is_throwaway)
        self.counter = CoverageCounter(yardstick)
        self._destination = destination
        self._is_clean = True
        self._keeps_ledger = settings.ledger is not None
        path = _ledger_path(settings, run_id) if not destination.is_throwaway else None
        transport = destination.transport
        safety = Safety(self.rules, yardstick.operations)
        self._stalls = StallMeter()
        self.ledger = Ledger(path, yardstick, run_id=run_id, target_name=transport.name)
        target = Target(
            transport,
            yardstick,
            safety=safety,
            ledger=self.ledger,
            control=destination.control,
            observers=(self._observe,),
            clock=destination.clock,
            sleep=destination.sleep,
            stalled_s=self._stalls.stalled_s,
        )
        self.bench = Bench(
            target=target,
            yardstick=yardstick,
            actors=Actors(destination.actors, yardstick.schemes),
            checks=(*CHECKS, answers_within(settings.slow_after)),
            options=Options(settings.seed, run_id, settings.quick, settings.examples),
            bindings=destination.bindings,
        )

    def rehearse_clean(self) -> Sequence[Exchange]:
        """What cleaning up a target that stays would send, sent."""
        target = cleaning_target(self._destination.transport, self.bench, self.ledger, self.rules)
        clean_up(self.ledger, target, self.bench)
        return target.exchanges

    def clean(self) -> CleanUp:
        """Remove what the run created; a target that outlives nothing goes as a whole."""
        if self._destination.is_throwaway or not self.ledger.has_entries:
            return CleanUp()
        target = cleaning_target(self._destination.transport, self.bench, self.ledger, self.rules)
        cleaned = clean_up(self.ledger, target, self.bench)
        self._is_clean = not cleaned.left
        return cleaned

    @property
    def fidelity(self) -> Mapping[str, str]:
        """How well a mock of ours knows the real server, by operation; nothing of other targets."""
        control = self._destination.control
        return control.fidelity() if isinstance(control, AdminControl) else {}

    def masked(self, result: Result) -> Result:
        """*result* without any secret of the run."""
        secrets = self.bench.actors.secrets
        return replace(
            result,
            findings=tuple(secrets.finding(finding) for finding in result.findings),
            reason=secrets.text(result.reason),
            notes=tuple(secrets.text(note) for note in result.notes),
        )

    def close(self) -> None:
        """Let go of the target, and of the ledger: its file stays where something may be left, or
        where it was asked for."""
        self._destination.transport.close()
        self._stalls.close()
        self.ledger.close()
        is_done = self._is_clean and not self.ledger.alive and not self.ledger.unsure
        if self.ledger.path is not None and is_done and not self._keeps_ledger:
            self.ledger.path.unlink(missing_ok=True)

    def _observe(self, exchange: Exchange) -> None:
        self.counter.observe(exchange, self.suite)


@contextmanager
def opened_run(
    settings: Settings, environ: Mapping[str, str], *, is_rehearsal: bool = False
) -> Iterator[Opened]:
    """`open_run`, closed at the end."""
    opened = open_run(settings, environ, is_rehearsal=is_rehearsal)
    try:
        yield opened
    finally:
        opened.close()


def open_run(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    app: AsgiApp | None = None,
    is_rehearsal: bool = False,
) -> Opened:
    """Open what *settings* name, and look whether the target is what it should be.

    *app* is a target in this process instead of the one in *settings*. A rehearsal keeps the rules
    of the run, but goes to the stub and takes no time. Raises SetupError, RunStopped.
    """
    yardstick = read_yardstick(settings.spec, settings.overlays or (), settings.document)
    if is_rehearsal or (settings.is_stub and app is None):
        destination = _stub(settings, environ, is_rehearsal=is_rehearsal)
    else:
        destination = _elsewhere(settings, environ, app)
    is_told = destination.is_throwaway and not is_rehearsal
    run_id = settings.run_id or (f"seed{settings.seed}" if is_told else new_run_id())
    try:
        opened = Opened(settings, yardstick, destination, run_id=run_id)
    except BaseException:
        destination.transport.close()
        raise
    if not settings.is_stub:
        _look(opened)
    return opened


def cleaning_target(transport: Transport, bench: Bench, ledger: Ledger, rules: Rules) -> Target:
    """A door that lets out what cleaning up takes, at the pace of *rules*."""
    may_delete = replace(
        rules, allow_writes=True, allow=(), deny=(), budget=None, write_budget=None, breaker=0
    )
    safety = Safety(may_delete, bench.yardstick.operations)
    return Target(transport, bench.yardstick, safety=safety, ledger=ledger)


def given_actors(settings: Settings, environ: Mapping[str, str]) -> tuple[Actor, ...]:
    """The actors that the settings name. Raises SetupError where a key is missing."""
    return tuple(_given(name, variable, environ) for name, variable in settings.actors)


def new_run_id() -> str:
    """Letters that no other run has."""
    return "".join(SystemRandom().choices(_LETTERS, k=_ID_LENGTH))


def _given(name: str, variable: str, environ: Mapping[str, str]) -> Actor:
    secret = environ.get(variable, "").strip()
    if not secret:
        known = [key for key in environ if "key" in key.lower() or "token" in key.lower()]
        shown = variable if _NAME.fullmatch(variable) else "such variable"
        reason = (
            f"the environment has no {shown}; name the variable that holds the key of {name}, "
            "never the key itself"
        )
        raise SetupError(reason, place="--as", known=known)
    return Actor(name, secret, variable)


def _stub(settings: Settings, environ: Mapping[str, str], *, is_rehearsal: bool) -> Destination:
    """The mock in this process. In a rehearsal only those actors are there that the run has."""
    given = given_actors(settings, environ)
    stub = open_stub(
        settings.spec,
        settings.overlays or (),
        seed=settings.seed,
        profile=settings.profile,
        quirks=settings.quirk,
        faults=settings.fault,
        guests=given,
    )
    names = {actor.name for actor in given}
    if is_rehearsal and not settings.is_stub:
        actors = tuple(actor for actor in stub.actors if actor.name in names)
    else:
        actors = (*given, *(actor for actor in stub.actors if actor.name not in names))
    told = dict(settings.path)
    if is_rehearsal and not settings.is_stub:
        return _rehearsal(stub, actors, told, is_controlled=settings.control)
    bindings = {**stub.bindings, **told}
    return Destination(stub.transport, stub.control, actors, bindings, is_throwaway=True)


def _rehearsal(
    stub: Stub, actors: tuple[Actor, ...], told: Mapping[str, str], *, is_controlled: bool
) -> Destination:
    """The stub in the place of a URL: what is known of that, as it is here, and waits that take no
    time."""

    def sleep(span_s: float) -> None:
        stub.control.move_to(stub.control.now() + timedelta(seconds=span_s))

    return Destination(
        stub.transport,
        stub.control if is_controlled else None,
        actors,
        {name: stub.bindings.get(name, value) for name, value in told.items()},
        is_throwaway=True,
        clock=stub.control.now,
        sleep=sleep,
    )


def _elsewhere(settings: Settings, environ: Mapping[str, str], app: AsgiApp | None) -> Destination:
    """What the user brings: a URL, or an application in this process."""
    actors = given_actors(settings, environ)
    if app is not None:
        transport = InProcess(app, "application in process")
        return Destination(transport, None, actors, dict(settings.path), is_throwaway=True)
    http = Http(settings.target, timeout_s=settings.timeout)
    control = AdminControl(http.at_root(), settings.control_token) if settings.control else None
    if control is not None:
        try:
            control.check()
        except BaseException:
            http.close()
            raise
    return Destination(http, control, actors, dict(settings.path), is_throwaway=False)


def _rules(settings: Settings, *, is_throwaway: bool) -> Rules:
    base = STUB_RULES if is_throwaway else Rules(rate=settings.effective_rate)
    return replace(
        base,
        allow_writes=settings.is_stub or settings.allow_writes,
        only_declared=not settings.is_stub,
        only_own=not settings.is_stub,
        allow=settings.allow,
        deny=settings.deny,
        budget=settings.budget,
        write_budget=settings.write_budget,
    )


def _look(opened: Opened) -> None:
    try:
        probe(opened.bench)
    except BaseException:
        opened.close()
        raise


def _ledger_path(settings: Settings, run_id: str) -> Path | None:
    """Where created things are noted; a run that only reads notes nothing."""
    if not settings.allow_writes:
        return settings.ledger
    return settings.ledger or Path(f"understudy-ledger-{run_id}.jsonl")
