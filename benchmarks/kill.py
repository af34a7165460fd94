"""Kills a mock on SQLite again and again while it is written to, and looks what is left.

    .venv/bin/python -m benchmarks.kill [--kills 50] [--writers 8]

Each time it is killed with SIGKILL at a chance moment, and started again on the same file. Every
answer that had come must be in the state then. Prints a table; ends with 1 if anything is missing.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.end_to_end.crowds import Ledger, Mock, ask, serving, write_until_killed

SEED = 5


def main() -> int:
    options = _options()
    chance, ledger = Random(SEED), Ledger()
    written: list[int] = []
    missing: list[str] = []
    started = time.monotonic()
    with TemporaryDirectory() as name:
        for number in range(options.kills):
            with serving("--store", "sqlite:///world.db", cwd=Path(name)) as mock:
                missing += _lost(mock, ledger)
                written.append(_killed(mock, options.writers, ledger, 0.1 + chance.random()))
            print(f"kill {number + 1}: {written[-1]} writes, {len(missing)} lost", file=sys.stderr)
        with serving("--store", "sqlite:///world.db", cwd=Path(name)) as mock:
            missing += _lost(mock, ledger)
    seconds = time.monotonic() - started
    print("| Kills | Writers | Acknowledged writes | in a round (median) | Lost | Took |")
    print("| --- | --- | --- | --- | --- | --- |")
    print(
        f"| {options.kills} | {options.writers} | {sum(written)} | {statistics.median(written):g} "
        f"| {len(missing)} | {seconds:.0f} s |"
    )
    print(*missing[:20], sep="\n")
    return 1 if missing else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--writers", type=int, default=8)
    return parser.parse_args()


def _killed(mock: Mock, writers: int, ledger: Ledger, life_s: float) -> int:
    """Let the mock live for *life_s* under load; gives what it acknowledged."""

    def kill() -> None:
        time.sleep(life_s)
        mock.kill()

    return write_until_killed(mock.port, writers, ledger, kill)


def _lost(mock: Mock, ledger: Ledger) -> list[str]:
    """What a mock that has begun on what was left does not have."""
    _, state = ask(mock.port, "GET", "/__admin/state")
    lost = ledger.missing(state["collections"]["private-links"])
    ledger.acknowledged.clear()  # looked at; what is there now is in the file for good
    return lost


if __name__ == "__main__":
    sys.exit(main())
