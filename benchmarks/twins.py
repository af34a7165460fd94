"""Which planted faults the twin run finds: the stub against a stub that has one.

    python -m benchmarks.twins                               all faults; writes TWINS.md
    python -m benchmarks.twins wrong-type delete-noop        these two; writes nothing
    python -m benchmarks.twins --every 10                    every tenth fault; writes nothing

Each trial is `contracts compare stub stub:fault=NAME` with its own defaults, in a copy of this
process, until the first difference. A pair without any fault comes first: what is found there is
a false alarm. `--keep FILE` writes each outcome down as soon as it is there, and does not try again
what the file holds.
"""

import argparse
import logging
import multiprocessing
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.planted import (
    add_arguments,
    chosen_faults,
    keep_outcome,
    kept_outcomes,
    kept_remark,
)
from contracts.actors import Actors
from contracts.door.safety import STUB_RULES, Safety
from contracts.door.stub import open_stub, stub_app, stub_of
from contracts.door.targets import Target
from contracts.parity.rehearsal import Rehearsal
from contracts.parity.sequences import episodes
from contracts.parity.sides import NAMES, Aim, Side, with_run_id
from contracts.parity.steps import Episode
from contracts.parity.twin import Divergence, Pair, Twin
from contracts.parity.twin_run import STEPS
from contracts.settings import Settings
from contracts.suites.session import Bench, Options
from contracts.yardstick import Yardstick, read_yardstick
from mockserver.app import App
from mockserver.faults import FAULTS

RESULTS = Path(__file__).parent / "TWINS.md"
CLEAN = "(none)"
LIMIT_S = 300.0


@dataclass(frozen=True)
class Outcome:
    """What came of one fault: the first difference, as `status of POST /books: 201, 200`; `` where
    there was none. *steps* and *seconds* count until then. *stop* says why a run ended early."""

    fault: str
    kind: str
    told: str
    episode: str
    steps: int
    seconds: float
    stop: str = ""


class Enough(Exception):
    """The first difference is there."""


class Watch:
    """A progress that shows nothing, and ends the run behind the first difference."""

    def begin(self, steps: int) -> None: ...
    def say(self, text: str) -> None: ...
    def stop(self) -> None: ...

    def went(self, steps: int, causes: int, now: str) -> None:
        if causes:
            raise Enough


@dataclass(frozen=True)
class Ground:
    """What all trials begin with: two mocks that nobody has spoken to, and the sequences."""

    yardstick: Yardstick
    settings: Settings
    apps: tuple[App, App]
    sequences: Sequence[Episode]
    limit: int


def ground(limit: int, seed: int) -> Ground:
    """Everything made once; the sequences are those of a whole run."""
    settings = with_run_id(Settings(seed=seed), Aim("stub"))
    yardstick = read_yardstick(None, (), settings.document)
    options = Options(seed, str(settings.run_id))
    stub = open_stub(seed=seed)
    made: list[Episode] = []
    for episode in episodes(Rehearsal(stub, yardstick, options), yardstick, options):
        made.append(episode)
        if sum(len(one.steps) for one in made) >= limit:
            break
    stub.transport.close()
    return Ground(yardstick, settings, (stub_app(seed=seed), stub_app(seed=seed)), made, limit)


def opened(name: str, app: App, ground: Ground) -> Side:
    stub = stub_of(app)
    target = Target(
        stub.transport,
        ground.yardstick,
        safety=Safety(replace(STUB_RULES), ground.yardstick.operations),
        control=stub.control,
    )
    actors = Actors(stub.actors, ground.yardstick.schemes)
    options = Options(ground.settings.seed, str(ground.settings.run_id))
    bench = Bench(target, ground.yardstick, actors, (), options, dict(stub.bindings))
    return Side(name, Aim("stub"), bench, may_write=True, stub=stub)


def tried(fault: str, ground: Ground) -> Outcome:
    """The stub against one with *fault*, in this process."""
    if fault != CLEAN:
        ground.apps[1].set_deviations(faults=[fault])
    left, right = (opened(*pair, ground) for pair in zip(NAMES, ground.apps, strict=True))
    twin = Twin(Pair(left, right, ground.yardstick), ground.limit, Watch())
    started = time.perf_counter()
    try:
        stop = twin.go(ground.sequences).incomplete
    except Enough:
        stop = ""
    seconds = time.perf_counter() - started
    first = next(iter(twin.run.divergences.values()), None)
    steps = twin.run.sent - (1 if first is not None and twin.run.sent > 1 else 0)
    if first is None:
        return Outcome(fault, "", "", "", steps, seconds, stop)
    return Outcome(
        fault, first.cause.kind.value, sentence(first), first.episode, steps, seconds, stop
    )


def sentence(divergence: Divergence) -> str:
    difference = divergence.difference
    place = f" {difference.place}" if difference.place else ""
    values = f"{difference.expected} | {difference.actual}".replace("\n", " ")
    return f"{divergence.operations[0]}{place}: {values}"[:160]


def trial(pipe: Connection, fault: str, ground: Ground) -> None:
    logging.disable(logging.CRITICAL)  # applications that fail are what is wanted here
    try:
        pipe.send(tried(fault, ground))
    except Exception:
        pipe.send(Outcome(fault, "", "", "", 0, 0.0, traceback.format_exc(limit=-3)))


def outcome_of(fault: str, ground: Ground) -> Outcome:
    """The same in a copy of this process, which is ended when it takes too long."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=trial, args=(there, fault, ground))
    process.start()
    there.close()
    try:
        if here.poll(LIMIT_S):
            told: Outcome = here.recv()
            return told
        return Outcome(fault, "", "", "", 0, LIMIT_S, f"not through after {LIMIT_S:g} s")
    except EOFError:
        return Outcome(fault, "", "", "", 0, 0.0, "the process of the trial has ended")
    finally:
        process.kill()
        process.join()


def measured(faults: Sequence[str], limit: int, seed: int, keep: Path | None) -> list[Outcome]:
    """Every fault, and a clean pair; progress goes to stderr."""
    outcomes = kept_outcomes(keep, Outcome)
    done = {one.fault for one in outcomes}
    left = [fault for fault in (CLEAN, *faults) if fault not in done]
    common = ground(limit, seed) if left else None
    for number, fault in enumerate(left, 1):
        assert common is not None
        one = outcome_of(fault, common)
        outcomes.append(one)
        print(f"{number} of {len(left)}, {fault}: {shown(one)}", file=sys.stderr, flush=True)
        keep_outcome(keep, one)
    return outcomes


def shown(one: Outcome) -> str:
    found = f"{one.kind} | {cell(one.told)}" if one.kind else f"**not found** | {cell(one.stop)}"
    return f"{found} | {one.steps} | {one.seconds:.1f}"


def cell(text: str) -> str:
    return " ".join(text.split()).replace(" | ", ", ").replace("|", "\\|")


def table(outcomes: Sequence[Outcome], faults: Sequence[str]) -> Iterator[str]:
    of = {one.fault: one for one in outcomes}
    yield "| fault | difference | where: left, right | steps | s |"
    yield "|---|---|---|---|---|"
    for fault in faults:
        yield f"| `{fault}` | {shown(of[fault])} |"


def report(
    outcomes: Sequence[Outcome], faults: Sequence[str], limit: int, seed: int, kept_count: int
) -> str:
    """The page TWINS.md. *kept_count* outcomes come from earlier runs."""
    of = {one.fault: one for one in outcomes}
    found = [fault for fault in faults if of[fault].kind]
    clean = of[CLEAN]
    alarm = f"differs: {clean.told}" if clean.kind else f"no difference in {clean.steps} steps"
    return "\n".join(
        [
            "# Which faults the twin run finds",
            "",
            "Written by `python -m benchmarks.twins`, whose first lines say how it is done. "
            f"At most {limit} steps, seed {seed}.{kept_remark(kept_count)}",
            "",
            f"**{len(found)} of {len(faults)} found.** A pair without a fault: {alarm}.",
            "",
            *table(outcomes, faults),
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_arguments(parser)
    parser.add_argument("--steps", type=int, default=STEPS, help=f"[default: {STEPS}]")
    parser.add_argument("--seed", type=int, default=1, help="[default: 1]")
    arguments = parser.parse_args()
    faults = chosen_faults(parser, arguments)
    kept_count = len(kept_outcomes(arguments.keep, Outcome))
    outcomes = measured(faults, arguments.steps, arguments.seed, arguments.keep)
    page = report(outcomes, faults, arguments.steps, arguments.seed, kept_count)
    print(page)
    if len(faults) == len(FAULTS):
        RESULTS.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
