"""`contracts compare` and `contracts record`.

What they need beyond Click and Settings is imported inside them: it is slow to import, and
`--help` and a mistyped flag should not wait for that.
"""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from contracts.settings import SETTINGS, Settings
from mockserver.command_line import complain, options_for, say, settings_from

if TYPE_CHECKING:
    from contracts.parity.twin_run import TwinReport

PROGRAM: Final = "contracts"
STEPS: Final = 4000
_INCOMPLETE: Final = 3
_SHARED: Final = (
    "spec", "overlays", "document", "actors", "path", "seed", "allow_writes", "allow", "deny",
    "rate", "budget", "write_budget", "timeout", "control", "control_token", "run_id",
)  # fmt: skip
_STEPS: Final = click.option(
    "--steps",
    type=click.IntRange(1),
    default=STEPS,
    show_default=True,
    help="end after so many steps",
)


@click.command("compare")
@click.argument("left", metavar="LEFT")
@click.argument("right", metavar="RIGHT")
@_STEPS
@click.option("--adopt", metavar="FILE", help="write a proposed quirk for each new difference")
@click.option("--no-shrink", is_flag=True, help="tell stories as they were met, not shortened")
@click.option("--no-explain", is_flag=True, help="do not look which quirks explain a difference")
@options_for(SETTINGS, *_SHARED, "json", "quiet")
def compare(
    left: str,
    right: str,
    steps: int,
    adopt: str | None,
    no_shrink: bool,
    no_explain: bool,
    **flags: Any,
) -> None:
    """Send the same sequences to two targets, and tell where they part.

    LEFT and RIGHT are each `stub`, `stub:observed`, `stub:quirk=NAME`, `stub:fault=NAME` (several
    with commas) or a URL. Ids and times are compared by what they refer to. Each cause is told
    once, with the shortest story that shows it, and with the name of the quirk that explains it
    where one side is the stub.

    A URL is only read from, 30 times a minute, unless --allow-writes and --rate say otherwise; what
    is created there is noted in a ledger first, and removed at the end. `--as owner=ENV_VAR` holds
    for both sides, `--as left.owner=ENV_VAR` for one; so does `--path`.

    \b
    Exit codes
      0  no difference
      1  differences
      2  wrong use: a flag, a file, a setting
      3  a target is unreachable, or the run is incomplete

    \b
    Examples:
      contracts compare stub stub:observed
      contracts compare stub stub:fault=wrong-success-code --steps 200
      contracts compare stub https://api.example.com --as right.owner=MY_KEY --allow-writes
    """
    from contracts.parity.adopt import adopt as write_proposals  # slow, see above
    from contracts.parity.adopt import require_no_table
    from contracts.parity.sides import read_aim
    from contracts.parity.twin_progress import progress_for
    from contracts.parity.twin_run import Wish
    from contracts.parity.twin_run import compare as run_compare
    from contracts.reports.twin_json import twin_json
    from contracts.reports.write import require_writable, write

    settings = settings_from(SETTINGS, flags)
    proposals = Path(adopt) if adopt else None
    for path in (settings.json, proposals):
        require_writable({"json": path} if path else {})
    if proposals is not None:
        require_no_table(proposals)
    wish = Wish(
        left=read_aim(left, "LEFT"),
        right=read_aim(right, "RIGHT"),
        steps=steps,
        is_shrinking=not no_shrink,
        is_explaining=not no_explain,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up then as after Ctrl-C
    with _told_why():
        report = run_compare(settings, wish, os.environ, progress_for(is_quiet=settings.quiet))
    if settings.json:
        write(settings.json, twin_json(report))
    if proposals is not None:
        count = write_proposals(
            proposals,
            report.divergences,
            report.masks,
            sides=(report.left, report.right),
            day=report.started_at.date(),
        )
        complain(f"{count} proposed in {proposals}", PROGRAM)
    _tell(report, settings)
    sys.exit(report.exit_code)


@click.command("record")
@click.argument("target", metavar="TARGET")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@_STEPS
@click.option("--force", is_flag=True, help="take the place of a file that is there")
@options_for(SETTINGS, *_SHARED, "ledger", "quiet")
def record(target: str, out: Path, steps: int, force: bool, **flags: Any) -> None:
    """Drive a target, and write what it answered as a recording.

    TARGET is what `contracts compare` takes; OUT gets one line of JSON for each exchange, which
    `contracts replay OUT` sends again. Keys are written as `<key:NAME>`. A URL is only read from
    unless --allow-writes says otherwise, and what was created is removed at the end.

    \b
    Exit codes
      0  recorded
      2  wrong use: a flag, a file, a setting
      3  the target is unreachable, or the recording ends early

    \b
    Examples:
      contracts record stub stub.jsonl
      contracts record https://api.example.com monday.jsonl --as owner=MY_KEY --allow-writes
    """
    from contracts.parity.recorder import record as run_record  # slow, see above
    from contracts.parity.recorder import require_new
    from contracts.parity.sides import read_aim
    from contracts.parity.twin_progress import progress_for
    from contracts.reports.write import require_writable, write

    settings = settings_from(SETTINGS, flags)
    require_new(out, is_forced=force)
    require_writable({"json": out})
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up then as after Ctrl-C
    progress = progress_for(is_quiet=settings.quiet)
    with _told_why():
        recording = run_record(settings, read_aim(target, "TARGET"), steps, os.environ, progress)
    if recording.lines:
        write(out, "".join(line + "\n" for line in recording.lines))
        say(f"{len(recording.lines)} exchanges in {out}")
    for text in (*recording.left, *([recording.incomplete] if recording.incomplete else [])):
        complain(text, PROGRAM)
    sys.exit(_INCOMPLETE if recording.is_incomplete else 0)


@contextmanager
def _told_why() -> Iterator[None]:
    """Ends the command, with the reason, where a run comes to nothing."""
    from contracts.stops import RunStopped  # slow, see above

    try:
        yield
    except RunStopped as stop:
        complain(str(stop), PROGRAM)
        sys.exit(_INCOMPLETE)
    except KeyboardInterrupt:
        complain("stopped by hand before anything was sent", PROGRAM)
        sys.exit(_INCOMPLETE)


def _tell(report: "TwinReport", settings: Settings) -> None:
    from contracts.reports.twin_text import twin_text  # slow, see above

    width = max(60, min(shutil.get_terminal_size((100, 24)).columns, 120))
    say(twin_text(report, width, is_brief=settings.quiet).rstrip("\n"))
