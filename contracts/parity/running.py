"""`contracts replay` from its settings to its report."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Final

from contracts.actors import Actor
from contracts.door.stub import open_stub
from contracts.opening import Destination, Opened, given_actors, open_run
from contracts.parity.agreement import Compared, Group, ParityReport, Tally, tally
from contracts.parity.exceptions import Exceptions
from contracts.parity.explained import MOST_GROUPS, explained
from contracts.parity.grouping import grouped
from contracts.parity.recorded import Recorded
from contracts.parity.replay import Manner, Replay, actor_names
from contracts.results import CleanUp
from contracts.run import STOPPED_BY_HAND
from contracts.settings import Settings
from contracts.stops import RunStopped
from contracts.yardstick import Yardstick, read_yardstick
from mockserver.errors import SetupError
from mockserver.openapi import QuirkTable, bundled_spec_dir, load_quirks
from mockserver.version import VERSION

KEY_PREFIX: Final = "cal_test_"
"""The mock's keys are this and a name. Source: spec/fixtures."""
RECORDED, NOW = "recorded", "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked of a replay, beside the settings of every run.

    *world* are the fixtures that the mock starts with, None for its recorded world. *at* is which
    time its clock shows: RECORDED or NOW. *given* are values of variables. *is_explaining* None
    explains where that is quick.
    """

    recorded: Sequence[Recorded]
    world: tuple[Path, ...] | None = None
    at: str = RECORDED
    given: Mapping[str, str]
    exceptions: Exceptions
    is_explaining: bool | None = None


def replay(settings: Settings, wish: Wish, environ: Mapping[str, str]) -> ParityReport:
    """Send the recording, compare, explain, clean up. Raises SetupError (wrong use), and RunStopped
    where nothing was tried."""
    started_at, started = datetime.now(UTC), perf_counter()
    active = _active(settings)
    yardstick = read_yardstick(settings.spec, settings.overlays or (), settings.document)
    stubs = _Stubs(settings, wish, environ, yardstick)
    with _opened(stubs, active) as (opened, actors):
        compared, incomplete = _sent(opened, actors, settings, wish)
        cleaned, unclean = _cleaned(opened)
        secrets = opened.bench.actors.secrets
        target = opened.bench.target.name
    groups, untried = _explained(grouped(compared, wish.exceptions), stubs, active)
    return ParityReport(
        target=secrets.text(target),
        started_at=started_at,
        duration_s=perf_counter() - started,
        tallies=tuple(_tallies(compared)),
        total=tally("all", compared),
        groups=tuple(groups),
        compared=tuple(compared),
        settings=_shown(settings, wish),
        remarks=tuple(_remarks(compared, wish, untried)),
        clean_up=cleaned,
        incomplete=secrets.text(incomplete or unclean),
        version=VERSION,
    )


@dataclass(frozen=True, slots=True)
class _Stubs:
    """What a mock is made from."""

    settings: Settings
    wish: Wish
    environ: Mapping[str, str]
    yardstick: Yardstick


@contextmanager
def _opened(stubs: _Stubs, active: Collection[str]) -> Iterator[tuple[Opened, tuple[Actor, ...]]]:
    """The target and those who have a key to it."""
    settings, environ = stubs.settings, stubs.environ
    if settings.is_stub:
        opened, actors = _open_stub(stubs, active)
    else:
        opened, actors = open_run(settings, environ), given_actors(settings, environ)
    try:
        yield opened, actors
    finally:
        opened.close()


def _open_stub(stubs: _Stubs, active: Collection[str]) -> tuple[Opened, tuple[Actor, ...]]:
    """A fresh mock in which everybody has a key whom the recording names."""
    settings, wish = stubs.settings, stubs.wish
    given = given_actors(settings, stubs.environ)
    named = {actor.name for actor in given}
    masked = [Actor(name, KEY_PREFIX + name) for name in actor_names(wish.recorded)]
    people = (*given, *(actor for actor in masked if actor.name not in named))
    stub = open_stub(
        settings.spec,
        settings.overlays or (),
        seed=settings.seed,
        quirks=sorted(active),
        faults=settings.fault,
        guests=people,
        fixtures=wish.world if wish.world is not None else _recorded_world(settings),
        starts_at=min(one.sent_at for one in wish.recorded) if wish.at == RECORDED else None,
    )
    known = {actor.name for actor in people}
    actors = (*people, *(actor for actor in stub.actors if actor.name not in known))
    place = Destination(stub.transport, stub.control, actors, stub.bindings, is_throwaway=True)
    try:
        return Opened(settings, stubs.yardstick, place, run_id="replay"), actors
    except BaseException:
        stub.transport.close()
        raise


def _recorded_world(settings: Settings) -> tuple[Path, ...] | None:
    """The people and things that the recordings of the bundled API begin with."""
    return None if settings.spec else (bundled_spec_dir() / "fixtures" / "world.yaml",)


def _sent(
    opened: Opened, actors: Sequence[Actor], settings: Settings, wish: Wish
) -> tuple[list[Compared], str]:
    """What came of each exchange, and why there are not more of them."""
    manner = Manner(wish.given, settings.is_stub, wish.at == RECORDED)
    compared: list[Compared] = []
    try:
        for one in Replay(wish.recorded, opened.bench, actors, manner).compared():
            compared.append(_masked(one, opened))
    except RunStopped as stop:
        return compared, str(stop)
    except KeyboardInterrupt:
        return compared, STOPPED_BY_HAND
    return compared, ""


def _masked(one: Compared, opened: Opened) -> Compared:
    secrets = opened.bench.actors.secrets
    return replace(
        one,
        exchange=None if one.exchange is None else secrets.exchange(one.exchange),
        differences=tuple(
            replace(found, expected=secrets.text(found.expected), actual=secrets.text(found.actual))
            for found in one.differences
        ),
        reason=secrets.text(one.reason),
    )


def _cleaned(opened: Opened) -> tuple[CleanUp, str]:
    try:
        cleaned = opened.clean()
    except (RunStopped, KeyboardInterrupt) as stop:
        left = f"the clean-up was stopped: {stop or STOPPED_BY_HAND}"
        return CleanUp(left=(left,), ledger=str(opened.ledger.path or "")), left
    is_left = "not everything that the replay created is known to be gone" if cleaned.left else ""
    return cleaned, is_left


def _explained(
    groups: list[Group], stubs: _Stubs, active: frozenset[str]
) -> tuple[list[Group], list[str]]:
    settings, wish = stubs.settings, stubs.wish
    is_wanted = wish.is_explaining
    if is_wanted is None:
        is_wanted = settings.is_stub and len(groups) <= MOST_GROUPS
    if not is_wanted:
        return groups, []
    last = max((seq for group in groups if not group.accepted for seq in group.seqs), default=0)
    shorter = replace(wish, recorded=[one for one in wish.recorded if one.seq <= last])
    again_stubs = replace(stubs, wish=shorter)

    def again(quirks: Collection[str]) -> Sequence[Compared]:
        with _opened(again_stubs, quirks) as (opened, actors):
            return _sent(opened, actors, settings, shorter)[0]

    return explained(groups, list(_quirk_table(settings).by_name.values()), active, again)


def _active(settings: Settings) -> frozenset[str]:
    """The quirks that are on in the mock. Raises SetupError."""
    return _quirk_table(settings).choose(settings.profile, settings.quirk).active


def _quirk_table(settings: Settings) -> QuirkTable:
    is_bundled = settings.is_stub and settings.spec is None
    return load_quirks(bundled_spec_dir() / "quirks.yaml") if is_bundled else QuirkTable()


def _tallies(compared: Sequence[Compared]) -> Iterator[Tally]:
    for file in dict.fromkeys(one.recorded.file for one in compared):
        yield tally(file, [one for one in compared if one.recorded.file == file])


def _remarks(compared: Sequence[Compared], wish: Wish, untried: Sequence[str]) -> Iterator[str]:
    unsent = len(wish.recorded) - len(compared)
    if unsent:
        yield f"{unsent} exchanges were not reached"
    sent = [one.recorded.seq for one in compared if one.is_sent]
    for reason, seqs in wish.exceptions.unneeded(sent).items():
        shown = ", ".join(map(str, seqs))
        yield f"these agree after all, and need no exception: {shown} ({reason})"
    if untried:
        yield f"there was no time to see whether these quirks explain: {', '.join(untried)}"


def _shown(settings: Settings, wish: Wish) -> dict[str, str]:
    told = {"--at": wish.at}
    if settings.is_stub:
        told |= {"--profile": settings.profile}
        told |= {"--quirk": ", ".join(settings.quirk)} if settings.quirk else {}
        told |= {"--fault": ", ".join(settings.fault)} if settings.fault else {}
        told |= {"--world": ", ".join(map(str, wish.world))} if wish.world else {}
    return told


def require_known(given: Mapping[str, str], recorded: Sequence[Recorded]) -> None:
    """Raises SetupError where a value is given for a variable that no recording has."""
    texts = [f"{one.path_template} {one.body_template!r}" for one in recorded]
    known = sorted({name for text in texts for name in _variables(text)})
    for name in given:
        if name not in known:
            raise SetupError(
                "the recordings have no such variable", place="--let", value=name, known=known
            )


def _variables(text: str) -> list[str]:
    return [part.partition(">>")[0] for part in text.split("<<")[1:]]
