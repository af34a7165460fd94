"""What the measurements of planted faults share: which faults, and outcomes kept between runs."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from mockserver.faults import FAULTS

Outcome = TypeVar("Outcome")


def add_arguments(parser: ArgumentParser) -> None:
    """Which faults, and where outcomes are kept."""
    parser.add_argument("faults", nargs="*", help="names of faults")
    parser.add_argument("--every", type=int, default=1, help="every Nth fault of all")
    parser.add_argument("--keep", type=Path, help="outcomes so far, one a line; not tried again")


def chosen_faults(parser: ArgumentParser, arguments: Namespace) -> Sequence[str]:
    """The faults that *arguments* name; ends the program where one is unknown."""
    unknown = [name for name in arguments.faults if name not in FAULTS]
    if unknown:
        parser.error(f"no such fault: {', '.join(unknown)} (docs/faults.md lists them)")
    if arguments.every < 1:
        parser.error("--every counts from 1")
    return arguments.faults or list(FAULTS)[:: arguments.every]


def kept_outcomes(path: Path | None, kind: type[Outcome]) -> list[Outcome]:
    """What earlier runs wrote to *path*; nothing where there is no such file."""
    if path is None or not path.exists():
        return []
    return [kind(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def keep_outcome(path: Path | None, outcome: Any) -> None:
    """Add *outcome*, a dataclass, to *path*."""
    if path is not None:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(outcome)) + "\n")


def kept_remark(count: int) -> str:
    """What a page says where *count* of its outcomes are of earlier runs."""
    if not count:
        return ""
    return (
        f" {count} of the outcomes were kept from earlier runs (`--keep`), perhaps of other code."
    )
