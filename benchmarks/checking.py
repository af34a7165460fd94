"""How long `contracts check` takes on the mock in this process: all suites, and `--quick`.

    python benchmarks/checking.py --rounds 3

Each run is a process of its own, as users start it. Prints medians, and the spread between the
fastest and the slowest run.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

BOUNDS_S = {"all suites": 60.0, "--quick": 10.0}
FLAGS: dict[str, list[str]] = {"all suites": [], "--quick": ["--quick"]}


def run_once(flags: list[str], folder: Path) -> tuple[float, dict[str, Any]]:
    """Seconds of one run, and its report. Raises CalledProcessError where it is not clean."""
    report = folder / "report.json"
    command = [sys.executable, "-m", "contracts", "check", "--quiet", *flags, "--json", str(report)]
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started, json.loads(report.read_text("utf-8"))


def row(name: str, seconds: list[float], report: dict[str, Any]) -> str:
    bound = BOUNDS_S[name]
    spread = f"{min(seconds):.1f} to {max(seconds):.1f}"
    summary = report["summary"]
    held = "held" if median(seconds) <= bound else "NOT held"
    return (
        f"| {name} | {summary['cases']} | {summary['requests']} | {median(seconds):.1f} | {spread} "
        f"| {bound:.0f}, {held} |"
    )


def suites(report: dict[str, Any]) -> list[str]:
    return [
        f"| {suite['name']} | {suite['cases']} | {suite['requests']} | {suite['durationS']:.1f} |"
        for suite in report["suites"]
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="runs of each kind  [default: 3]")
    rounds = parser.parse_args().rounds
    print("| run | cases | requests | seconds | spread | bound in s |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, flags in FLAGS.items():
            runs = [run_once(flags, Path(folder)) for _ in range(rounds)]
            print(row(name, [seconds for seconds, _ in runs], runs[-1][1]), flush=True)
            if not flags:
                last = suites(runs[-1][1])
    print("\n| suite | cases | requests | seconds |\n|---|---|---|---|", *last, sep="\n")


if __name__ == "__main__":
    main()
