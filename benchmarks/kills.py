"""Which planted faults the contract kit finds, and which plain schemathesis finds.

    python -m benchmarks.kills --write                       all faults, to KILLS.md
    python -m benchmarks.kills --write --every 3             every third of them
    python -m benchmarks.kills wrong-type delete-noop        these two, printed only

Both get what a user would give them. The kit runs as `contracts prove` does, in process, until its
first finding. Schemathesis runs over HTTP against a fresh mock with the fault, all its phases and
all its checks, until its first failure; it is given the key, the version header of each operation
and everything else of tests/data/schemathesis.toml, without which it fails on a healthy mock as
well. A clean mock comes first: whoever finds something there is of no use.

A whole run takes hours. `--keep FILE` writes each outcome down as soon as it is there, and does not
try again what the file holds.
"""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.planted import (
    add_arguments,
    chosen_faults,
    keep_outcome,
    kept_outcomes,
    kept_remark,
)
from mockserver.faults import FAULTS

HERE = Path(__file__).parent
CONFIG = HERE.parent / "tests" / "data" / "schemathesis.toml"
RESULTS = HERE / "KILLS.md"
BIN = str(Path(sys.executable).parent)
LIMIT_S = 1200
CLEAN = "(none)"
KIT, RIVAL = "the kit", "schemathesis"


@dataclass(frozen=True)
class Outcome:
    """What one tool made of one fault: *told* is its first finding, `` where it found nothing.

    *requests* and *seconds* count until then, of schemathesis with its loading of the document.
    """

    tool: str
    fault: str
    told: str
    requests: int
    seconds: float


@contextmanager
def stub(fault: str) -> Iterator[str]:
    """The base URL of a mock with *fault*."""
    flags = [] if fault == CLEAN else ["--fault", fault]
    process = subprocess.Popen(
        [f"{BIN}/mockserver", "serve", "--port", "0", *flags],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if line.startswith("  API "):
                url = line.split()[1]
            if line.startswith("Ctrl-C"):
                break
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def noted_requests(url: str) -> int:
    with urllib.request.urlopen(f"{url}/__admin/health", timeout=30) as answer:
        return int(json.load(answer)["journal"]["last"])


def by_the_kit(faults: Sequence[str], folder: Path) -> Iterator[Outcome]:
    """What `contracts prove` finds. It brings clean mocks of its own."""
    report = folder / "proof.json"
    command = [f"{BIN}/contracts", "prove", *faults, "--quiet", "--json", str(report)]
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)
    proof = json.loads(report.read_text("utf-8"))
    alarms = [f"{one['suite']}: {one['rule']}" for one in proof["falseAlarms"]]
    yield Outcome(KIT, CLEAN, ", ".join(alarms), 0, 0.0)
    for one in proof["deviations"]:
        yield discovered(one)


def discovered(deviation: Mapping[str, Any]) -> Outcome:
    found = deviation["discoveries"][:1]
    told = f"{found[0]['suite']}: {found[0]['rule']}" if found else ""
    end = found[0] if found else deviation
    return Outcome(KIT, deviation["name"], told, end["requests"], end["durationS"])


def by_schemathesis(fault: str, folder: Path, examples: int) -> Outcome:
    """What schemathesis says first. A run that ends in any way but these two is no outcome."""
    with stub(fault) as url:
        command = [
            f"{BIN}/schemathesis",
            f"--config-file={CONFIG}",
            "run",
            f"{url}/__admin/spec",
            f"--url={url}",
            "--seed=1",
            f"--max-examples={examples}",
            "--max-failures=1",
            "--checks=all",
            "--no-color",
        ]
        started = time.perf_counter()
        done = subprocess.run(
            command, cwd=folder, text=True, capture_output=True, timeout=LIMIT_S, check=False
        )
        seconds = time.perf_counter() - started
        requests = noted_requests(url)
    told = next((line[2:] for line in done.stdout.splitlines() if line.startswith("- ")), "")
    if done.returncode not in (0, 1):
        raise RuntimeError(f"schemathesis on {fault}: {done.stdout[-2000:]}{done.stderr}")
    return Outcome(
        RIVAL, fault, told or ("a failure" if done.returncode else ""), requests, seconds
    )


def measured(
    faults: Sequence[str], examples: int, processes: int, keep: Path | None
) -> list[Outcome]:
    """Every fault with both tools, and a clean mock; progress goes to stderr."""
    outcomes = kept_outcomes(keep, Outcome)
    done = {(one.tool, one.fault) for one in outcomes}

    def take(one: Outcome) -> None:
        outcomes.append(one)
        print(f"{one.tool} on {one.fault}: {shown(one)}", file=sys.stderr, flush=True)
        keep_outcome(keep, one)

    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(processes) as pool:
        left = [fault for fault in (CLEAN, *faults) if (RIVAL, fault) not in done]
        runs = [pool.submit(by_schemathesis, fault, Path(name), examples) for fault in left]
        for run in as_completed(runs):
            take(run.result())
        left = [fault for fault in faults if (KIT, fault) not in done]
        for one in by_the_kit(left, Path(name)) if left else ():
            take(one)
    return outcomes


def shown(outcome: Outcome) -> str:
    return f"{outcome.told or '**not found**'} | {outcome.requests} | {outcome.seconds:.0f}"


def tables(outcomes: Sequence[Outcome], faults: Sequence[str]) -> Iterator[str]:
    """The numbers by category, then every fault."""
    of = {(one.tool, one.fault): one for one in outcomes}
    categories: dict[str, list[str]] = {}
    for fault in faults:
        categories.setdefault(FAULTS[fault].category, []).append(fault)
    yield f"| category | faults | {KIT} | {RIVAL} |"
    yield "|---|---|---|---|"
    for category, names in [*categories.items(), ("**all**", list(faults))]:
        counts = [sum(bool(of[tool, name].told) for name in names) for tool in (KIT, RIVAL)]
        yield f"| {category} | {len(names)} | {counts[0]} | {counts[1]} |"
    yield ""
    yield f"| fault | {KIT} | requests | s | {RIVAL} | requests | s |"
    yield "|---|---|---|---|---|---|---|"
    for fault in faults:
        yield f"| `{fault}` | {shown(of[KIT, fault])} | {shown(of[RIVAL, fault])} |"


def report(
    outcomes: Sequence[Outcome], faults: Sequence[str], how: str, examples: int, kept_count: int
) -> str:
    """The page KILLS.md. *how* are the flags that chose the faults; *kept_count* outcomes come
    from earlier runs."""
    alarms = [f"{one.tool}: {one.told}" for one in outcomes if one.fault == CLEAN and one.told]
    return "\n".join(
        [
            "# Which faults are found",
            "",
            f"Written by `python -m benchmarks.kills --write{how}`, whose first lines say how it "
            f"is done: {len(faults)} of {len(FAULTS)} faults, Schemathesis "
            f"{version('schemathesis')} with {examples} examples for each operation."
            f"{kept_remark(kept_count)}",
            "",
            f"On a clean mock: {'; '.join(alarms) or 'neither of them finds anything'}.",
            "",
            *tables(outcomes, faults),
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_arguments(parser)
    parser.add_argument("--write", action="store_true", help="write KILLS.md")
    parser.add_argument("--examples", type=int, default=10, help="schemathesis' examples")
    parser.add_argument("--processes", type=int, default=2, help="runs at a time")
    arguments = parser.parse_args()
    faults = chosen_faults(parser, arguments)
    earlier = kept_outcomes(arguments.keep, Outcome)
    kept_count = sum(one.fault in (CLEAN, *faults) for one in earlier)
    outcomes = measured(faults, arguments.examples, arguments.processes, arguments.keep)
    how = f" --every {arguments.every}" if arguments.every > 1 else ""
    page = report(outcomes, faults, how, arguments.examples, kept_count)
    print(page)
    if arguments.write:
        RESULTS.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
