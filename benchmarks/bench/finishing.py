"""What the commands that write a page of figures share: their options, and their ends."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.bench.figures import Figures
from benchmarks.bench.installing import NotInstalled
from benchmarks.bench.options import Lengths, add_lengths, add_output, lengths, output
from benchmarks.bench.places import stay_on_load_core
from benchmarks.bench.plot import write_whole
from benchmarks.bench.rounds import say


def read_options(name: str, about: str | None, results: str) -> tuple[Lengths, Path | None]:
    """How much the command line asks for, and the folder for *results*, if any.

    *about* is the docstring of the command's module.
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m benchmarks.{name}", description=(about or "").partition("\n")[0]
    )
    add_lengths(parser)
    add_output(parser, results)
    told = parser.parse_args()
    return lengths(told), output(told, is_whole=not told.quick)


def finish(
    name: str,
    measure: Callable[[], Figures],
    files_of: Callable[[Figures], Mapping[str, bytes]],
    folder: Path | None,
) -> int:
    """Measure, print the first of the files and write all of them to *folder*.

    Gives 0; 130 after Ctrl-C and 2 where something cannot be installed, and writes nothing then.
    """
    stay_on_load_core()
    try:
        figures = measure()
    except KeyboardInterrupt:
        say("\nstopped; nothing is written")
        return 130
    except NotInstalled as missing:
        say(f"{name}: {missing}")
        return 2
    files = files_of(figures)
    print(next(iter(files.values())).decode())
    if folder is not None:
        for file, content in files.items():
            write_whole(folder / file, content)
        say(f"written: {' and '.join(files)}")
    return 0
