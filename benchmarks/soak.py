"""Ten minutes of sessions against the mock with planted delays and drops: does it stay as it was?

    python -m benchmarks.soak [--minutes 10]

Sessions create, read, list, change and delete, and leave the state as they found it. Memory, p99
and errors are noted each minute. Needs Node.js, as the client. Writes SOAK.md, soak-memory.svg and
soak-p99.svg beside this file, if it runs for ten minutes or more.
"""

import argparse
import json
import math
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from benchmarks.bench.options import add_output, output, positive
from benchmarks.bench.places import (
    CONNECTIONS,
    HERE,
    LOAD_CORE,
    pinned,
    program,
    stay_on_load_core,
)
from benchmarks.bench.plot import lines, write_whole
from benchmarks.bench.report import machine
from benchmarks.bench.running import NotStarted, Server, free_port, running
from benchmarks.bench.scenarios import SESSION

RESULTS, MEMORY_PLOT, PACE_PLOT = "SOAK.md", "soak-memory.svg", "soak-p99.svg"
WHOLE_MINUTES: Final = 10.0
ROWS: Final = 10
"""At least so many intervals are told apart, however short the run."""

SHARE: Final = 0.002
"""How often each fault strikes: seldom enough that p99 is that of healthy answers."""
DELAY_S: Final = 0.25
FAULTS: Final = (f"connection-dropped:p={SHARE}", f"slow-response:p={SHARE}:delay_s={DELAY_S}")

MEMORY_LIMIT: Final = 1.05
"""Flat: at most so many times the memory of the beginning, at the end."""
PACE_LIMIT: Final = 1.25
SIGMAS: Final = 5
"""How far a count may be from what the probability of a fault lets expect."""


@dataclass(frozen=True, slots=True)
class Interval:
    """What one minute showed."""

    requests: int
    p50_ms: float
    p99_ms: float
    drops: int
    slow: int
    wrong: dict[str, int]
    memory_mb: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """One question, its answer, and what that rests on."""

    question: str
    is_so: bool
    because: str


def main() -> int:
    """Soak, print, and write where that was asked for; 1 where a verdict is no."""
    told = _parser().parse_args()
    seconds = told.minutes * 60
    interval_s = min(60.0, seconds / ROWS)
    where = output(told, is_whole=told.minutes >= WHOLE_MINUTES)
    if shutil.which("node") is None:
        print("soak: the client needs Node.js, from 20 on", file=sys.stderr)
        return 2
    stay_on_load_core()
    try:
        seen = soaked(seconds, interval_s)
    except KeyboardInterrupt:
        print("\nstopped; nothing is written", file=sys.stderr)
        return 130
    except NotStarted as reason:
        print(f"soak: {reason}", file=sys.stderr)
        return 2
    verdicts = list(judged(seen))
    page = "\n".join(_page(seen, verdicts, told.minutes, interval_s))
    print(page)
    if where is not None:
        labels = _labels(seen, interval_s)
        memory = {"memory, MB": [one.memory_mb for one in seen]}
        pace = {"p99, ms": [one.p99_ms for one in seen], "p50, ms": [one.p50_ms for one in seen]}
        write_whole(where / MEMORY_PLOT, lines("Memory", "minute", labels, memory))
        write_whole(where / PACE_PLOT, lines("Latency", "minute", labels, pace))
        write_whole(where / RESULTS, page.encode())
    return 0 if all(one.is_so for one in verdicts) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.soak", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "--minutes", type=positive(float), default=10.0, metavar="N", help="[default: 10]"
    )
    add_output(parser, f"{RESULTS}, {MEMORY_PLOT} and {PACE_PLOT}")
    return parser


def soaked(seconds: float, interval_s: float) -> list[Interval]:
    """What each interval showed. Raises NotStarted."""
    port = free_port()
    faults = [part for fault in FAULTS for part in ("--fault", fault)]
    command = [program("mockserver"), "serve", "--port", str(port), *faults]
    with running(command, port) as server, _client(server, seconds, interval_s) as client:
        seen: list[Interval] = []
        assert client.stdout is not None
        for line in client.stdout:
            seen.append(Interval(**json.loads(line), memory_mb=server.memory_mb()))
            last, minute = seen[-1], len(seen) * interval_s / 60
            print(
                f"{minute:.1f} of {seconds / 60:.1f} min: {last.requests:,} requests, "
                f"p99 {last.p99_ms:.2f} ms, {last.memory_mb:.0f} MB",
                file=sys.stderr,
                flush=True,
            )
        if client.wait() != 0 or not seen:
            raise NotStarted(f"the client ended with {client.returncode}")
        return seen


@contextmanager
def _client(server: Server, seconds: float, interval_s: float) -> Iterator["subprocess.Popen[str]"]:
    plan: dict[str, Any] = {
        "url": server.base,
        "connections": CONNECTIONS,
        "seconds": seconds,
        "interval_s": interval_s,
        "slow_ms": DELAY_S * 1000,
        "steps": [{**step.at({}), "status": step.status} for step in SESSION.steps],
    }
    command = ["node", str(HERE / "soak.mjs"), json.dumps(plan)]
    client = subprocess.Popen(pinned(LOAD_CORE, command), stdout=subprocess.PIPE, text=True)
    try:
        yield client
    finally:
        client.terminate()
        client.wait()


def judged(seen: Sequence[Interval]) -> Iterator[Verdict]:
    """Whether memory and p99 stayed as they were, and whether all that failed was planted."""
    first, last = _ends(seen)
    yield _flat("memory", MEMORY_LIMIT, "MB", first, last, "memory_mb")
    yield _flat("p99", PACE_LIMIT, "ms", first, last, "p99_ms")
    wrong: dict[str, int] = {}
    for one in seen:
        for what, count in one.wrong.items():
            wrong[what] = wrong.get(what, 0) + count
    told = ", ".join(f"{count} times {what}" for what, count in wrong.items())
    yield Verdict("nothing failed but what was planted", not wrong, told or "no other error")
    requests = sum(one.requests for one in seen)
    drops = sum(one.drops for one in seen)
    yield _as_planted("dropped connections", drops, requests + drops)
    yield _as_planted("late answers", sum(one.slow for one in seen), requests)


def _ends(seen: Sequence[Interval]) -> tuple[Sequence[Interval], Sequence[Interval]]:
    """The first third without the very first interval, which warms up; and the last third."""
    third = max(1, len(seen) // 3)
    return seen[1 : third + 1] or seen[:1], seen[-third:]


def _flat(
    what: str,
    limit: float,
    unit: str,
    first: Sequence[Interval],
    last: Sequence[Interval],
    name: str,
) -> Verdict:
    before, after = (median(getattr(one, name) for one in part) for part in (first, last))
    because = f"{before:.1f} {unit} in the first third, {after:.1f} {unit} in the last"
    return Verdict(f"{what} is flat (at most {limit:g} x)", after <= before * limit, because)


def _as_planted(what: str, count: int, tries: int) -> Verdict:
    expected = tries * SHARE
    tolerance = SIGMAS * math.sqrt(max(expected, 1.0))
    because = f"{count:,}; {expected:,.0f} to be expected, give or take {tolerance:,.0f}"
    return Verdict(f"{what} as often as planted", abs(count - expected) <= tolerance, because)


def _page(
    seen: Sequence[Interval], verdicts: Sequence[Verdict], minutes: float, interval_s: float
) -> Iterator[str]:
    yield from ("# A soak", "")
    yield (
        f"Written by `python -m benchmarks.soak --minutes {minutes:g}`. {machine()}. "
        f"{CONNECTIONS} clients play sessions that create, read, list, change and delete; the "
        f"mock has {' and '.join(f'`{fault}`' for fault in FAULTS)} on."
    )
    yield from ("", f"![Memory]({MEMORY_PLOT})", "", f"![Latency]({PACE_PLOT})", "")
    yield from ("| | | |", "| --- | --- | --- |")
    for verdict in verdicts:
        told = "yes" if verdict.is_so else "**no**"
        yield f"| {verdict.question} | {told} | {verdict.because} |"
    yield ""
    yield "| minute | requests/s | p50, ms | p99, ms | dropped | late | failed | memory, MB |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for label, one in zip(_labels(seen, interval_s), seen, strict=True):
        yield (
            f"| {label} | {one.requests / interval_s:,.0f} | {one.p50_ms:.2f} | {one.p99_ms:.2f} | "
            f"{one.drops} | {one.slow} | {sum(one.wrong.values())} | {one.memory_mb:.1f} |"
        )
    yield ""


def _labels(seen: Sequence[Interval], interval_s: float) -> list[str]:
    return [f"{(number + 1) * interval_s / 60:.3g}" for number in range(len(seen))]


if __name__ == "__main__":
    raise SystemExit(main())
