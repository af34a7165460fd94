"""Options that the commands of the benchmarks share."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.bench.bounds import MEMORY_REQUESTS
from benchmarks.bench.places import BENCHMARKS

Number = TypeVar("Number", int, float)
QUICK_SHARE = 20
"""How many times fewer requests a short look sends before memory is read."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How much is measured."""

    rounds: int
    seconds: float
    requests: int

    def __str__(self) -> str:
        return f"--rounds {self.rounds} --seconds {self.seconds:g} --requests {self.requests}"


def add_lengths(parser: argparse.ArgumentParser) -> None:
    """Options for how much is measured."""
    parser.add_argument("--quick", action="store_true", help="one round of one second each")
    parser.add_argument(
        "--rounds", type=positive(int), metavar="N", help="times everything is done [default: 3]"
    )
    parser.add_argument(
        "--seconds", type=positive(float), metavar="S", help="load of one scenario [default: 4]"
    )
    parser.add_argument(
        "--requests",
        type=positive(int),
        metavar="N",
        help=f"after how many memory is read, twice [default: {MEMORY_REQUESTS}]",
    )


def lengths(told: argparse.Namespace) -> Lengths:
    """What was asked for with the options of `add_lengths`."""
    return Lengths(
        told.rounds or (1 if told.quick else 3),
        told.seconds or (1.0 if told.quick else 4.0),
        told.requests or (MEMORY_REQUESTS // QUICK_SHARE if told.quick else MEMORY_REQUESTS),
    )


def add_output(parser: argparse.ArgumentParser, files: str) -> None:
    """The option for where the results go."""
    parser.add_argument(
        "--output",
        type=_folder,
        metavar="FOLDER",
        help=f"folder for {files} [default: benchmarks, if all is measured in full]",
    )


def output(told: argparse.Namespace, *, is_whole: bool) -> Path | None:
    """Where the results go; None: they are only printed."""
    chosen: Path | None = told.output
    return chosen or (BENCHMARKS if is_whole else None)


def positive(kind: Callable[[str], Number]) -> Callable[[str], Number]:
    """Reads a number above 0."""

    def read(text: str) -> Number:
        value = kind(text)
        if not 0 < value < 1e9:
            raise ValueError(text)
        return value

    read.__name__ = "number above 0"  # what argparse calls a wrong one
    return read


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"no such folder: {text}")
    return Path(text)
