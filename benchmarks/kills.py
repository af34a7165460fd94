"""Which planted faults `contracts check` finds, and which plain schemathesis finds: the same stub.

    python benchmarks/kills.py wrong-type delete-noop        these two
    python benchmarks/kills.py --every 10                    every tenth fault

For each fault a fresh mock is started over HTTP, once for each of the two. Schemathesis runs all
its phases and checks with its own defaults but for `--max-examples`; it is given the key, the
version header of each operation and everything else of tests/data/schemathesis.toml, without which
it finds less. Requests are those that the mock has noted.
"""

import argparse
import json
import os
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

from mockserver.faults import FAULTS

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / "tests" / "data" / "schemathesis.toml"
BIN = Path(sys.executable).parent
ACTORS = {"owner": "cal_test_demo", "other": "cal_test_bob", "member": "cal_test_omar"}
ACTORS |= {"admin": "cal_test_lena", "expired": "cal_test_alice_expired"}
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
    flags = ["--port", "0", "--journal-size", "1000000", *(["--fault", fault] if fault else [])]
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


def by_contracts(fault: str, folder: Path) -> Outcome:
    report = folder / "report.json"
    keys = {f"KEY_{name.upper()}": key for name, key in ACTORS.items()}
    actors = [word for name in ACTORS for word in ("--as", f"{name}=KEY_{name.upper()}")]
    flags = [
        "--allow-writes",
        "--control",
        "--path",
        "orgId=101",
        "--path",
        "teamId=102",
        "--quiet",
    ]
    with stub(fault) as url:
        command = [str(BIN / "contracts"), "check", url, *flags, *actors, "--json", str(report)]
        outcome, _ = timed(command, url, folder, keys)
    findings = json.loads(report.read_text("utf-8"))["findings"] if report.is_file() else []
    report.unlink(missing_ok=True)
    told = findings[0]["rule"] if findings else ""
    return Outcome(bool(findings), told, outcome.requests, outcome.seconds)


def by_schemathesis(fault: str, folder: Path, examples: int) -> Outcome:
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
        outcome, printed = timed(command, url, folder, {})
    told = next((line for line in printed.splitlines() if line.startswith("- ")), "")
    return Outcome(outcome.is_found, told.removeprefix("- "), outcome.requests, outcome.seconds)


def timed(
    command: Sequence[str], url: str, folder: Path, keys: dict[str, str]
) -> tuple[Outcome, str]:
    started = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **keys},
        text=True,
        capture_output=True,
        timeout=LIMIT_S,
        check=False,
    )
    seconds = time.perf_counter() - started
    return Outcome(done.returncode == 1, "", noted_requests(url), seconds), done.stdout


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
    print("| fault | contracts check | requests | s | schemathesis | requests | s |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for fault in ["", *faults]:
            ours = by_contracts(fault, folder)
            theirs = by_schemathesis(fault, folder, arguments.examples)
            print(f"| {fault or 'none (healthy)'} | {shown(ours)} | {shown(theirs)} |", flush=True)


if __name__ == "__main__":
    main()
