"""Which planted faults the contract kit finds, and which plain schemathesis finds.

    python benchmarks/kills.py wrong-type delete-noop        these two
    python benchmarks/kills.py --every 10                    every tenth fault

The kit runs as `contracts prove` does: until the first finding, in process. Schemathesis runs over
HTTP against a fresh mock with the fault, all its phases and checks, with its own defaults but for
`--max-examples`; it is given the key, the version header of each operation and everything else of
tests/data/schemathesis.toml, without which it finds less. Its requests are those of a whole run.
"""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mockserver.faults import FAULTS

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / "tests" / "data" / "schemathesis.toml"
BIN = Path(sys.executable).parent
LIMIT_S = 600


@dataclass(frozen=True)
class Outcome:
    """Whether a run found the fault, by what it said first, in how many requests and seconds."""

    is_found: bool
    told: str
    requests: int
    seconds: float


@contextmanager
def stub(fault: str) -> Iterator[str]:
    """The base URL of a mock with *fault*."""
    flags = ["--port", "0", "--fault", fault]
    process = subprocess.Popen(
        [BIN / "mockserver", "serve", *flags],
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


def by_contracts(faults: Sequence[str], folder: Path) -> dict[str, Outcome]:
    """What `contracts prove` finds, in how many requests and seconds until then."""
    report = folder / "proof.json"
    command = [str(BIN / "contracts"), "prove", *faults, "--quiet", "--json", str(report)]
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)
    proof = json.loads(report.read_text("utf-8"))
    return {one["name"]: discovered(one) for one in proof["deviations"]}


def discovered(deviation: dict[str, Any]) -> Outcome:
    found = deviation["discoveries"][:1]
    told = f"{found[0]['suite']}: {found[0]['rule']}" if found else ""
    end = found[0] if found else deviation
    return Outcome(bool(found), told, end["requests"], end["durationS"])


def by_schemathesis(fault: str, folder: Path, examples: int) -> Outcome:
    """What one whole run of schemathesis finds; it does not tell how many requests that took."""
    with stub(fault) as url:
        command = [
            str(BIN / "schemathesis"),
            f"--config-file={CONFIG}",
            "run",
            f"{url}/__admin/spec",
            f"--url={url}",
            "--seed=1",
            f"--max-examples={examples}",
            "--checks=all",
            "--no-color",
        ]
        started = time.perf_counter()
        done = subprocess.run(
            command, cwd=folder, text=True, capture_output=True, timeout=LIMIT_S, check=False
        )
        seconds = time.perf_counter() - started
        told = next((line for line in done.stdout.splitlines() if line.startswith("- ")), "")
        requests = noted_requests(url)
    return Outcome(done.returncode == 1, told.removeprefix("- "), requests, seconds)


def shown(outcome: Outcome) -> str:
    found = outcome.told or "yes" if outcome.is_found else "**not found**"
    return f"{found} | {outcome.requests} | {outcome.seconds:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("faults", nargs="*", help="names of faults")
    parser.add_argument("--every", type=int, default=0, help="every Nth fault of all")
    parser.add_argument("--examples", type=int, default=20, help="schemathesis' examples")
    arguments = parser.parse_args()
    faults = arguments.faults or list(FAULTS)[:: arguments.every or 10]
    print("| fault | the kit | requests | s | schemathesis | requests | s |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        ours = by_contracts(faults, Path(name))
        for fault in faults:
            theirs = by_schemathesis(fault, Path(name), arguments.examples)
            print(f"| {fault} | {shown(ours[fault])} | {shown(theirs)} |", flush=True)


if __name__ == "__main__":
    main()
