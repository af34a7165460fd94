"""The command `contracts prove`."""

import os
import signal
import sys
from typing import Any, Final

import click

from contracts.prove.settings import KINDS, LIMIT_S, SHARED, ProveSettings
from contracts.settings import SETTINGS
from mockserver.command_line import complain, options_for, settings_from

_PROGRAM: Final = "contracts"
_INCOMPLETE: Final = 3


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--category",
    multiple=True,
    metavar="NAME",
    help="plant those of this category only; may be given several times",
)
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="all",
    show_default=True,
    help="plant faults, quirks of the real server, or both",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    metavar="N",
    help="stubs at a time  [default: one for each CPU]",
)
@click.option(
    "--limit",
    "limit_s",
    type=click.FloatRange(0, 3600, min_open=True),
    metavar="SECONDS",
    default=LIMIT_S,
    show_default=True,
    help="how long one deviation is looked for",
)
@click.option(
    "--full/--no-full",
    "is_full",
    default=False,
    help="go on after the first finding, through every suite  [default: off]",
)
@options_for(SETTINGS, *SHARED)
def prove(
    names: tuple[str, ...],
    category: tuple[str, ...],
    kind: str,
    workers: int | None,
    limit_s: float,
    is_full: bool,
    **flags: Any,
) -> None:
    """Plant each deviation in the mock, and show which suite finds it.

    A check that cannot fail is a decoration. So every fault and every quirk of the real server is
    planted in turn in a fresh mock on this machine, and the suites run until their first finding;
    they know no more of it than of a live target. The same cases on a clean mock must find
    nothing.

    \b
    Exit codes
      0  every deviation was found, and there was no false alarm
      1  deviations survived, or there were false alarms
      2  wrong use: a flag, a name, a file
      3  incomplete: stopped, or the kit itself failed

    \b
    Examples:
      contracts prove                                 everything, in some minutes
      contracts prove wrong-type 'patch-*'            these only
      contracts prove --category 'body shape' --full  which suites find those at all
      contracts prove --spec openapi.yaml             the faults that another document can have
    """
    from contracts.prove.proof import prove as run_proof  # slow, see contracts.cli
    from contracts.reports.prove_progress import ProveProgress
    from contracts.reports.prove_write import tell_proof, wanted_proof_files
    from contracts.reports.write import require_writable
    from contracts.stops import RunStopped

    run = settings_from(SETTINGS, flags)
    settings = ProveSettings(
        run=run,
        names=names,
        category=category,
        kind=kind,
        workers=workers or 0,
        limit_s=limit_s,
        is_full=is_full,
    )
    require_writable(wanted_proof_files(run))
    # what is known is told then as after Ctrl-C
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        proof = run_proof(settings, ProveProgress(is_quiet=run.quiet))
    except RunStopped as stop:
        complain(str(stop), _PROGRAM)
        sys.exit(_INCOMPLETE)
    except KeyboardInterrupt:
        complain("stopped by hand before anything was planted", _PROGRAM)
        sys.exit(_INCOMPLETE)
    finally:
        signal.signal(signal.SIGTERM, before)
    tell_proof(proof, run, os.environ)
    sys.exit(proof.exit_code)
