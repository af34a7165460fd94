"""`contracts replay`: sends a recording again, and tells how far the answers agree."""

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any, Final

import click

from contracts.settings import SETTINGS, STUB
from mockserver.command_line import complain, options_for, say, settings_from
from mockserver.errors import SetupError

_SETTINGS: Final = (
    "spec", "overlays", "actors", "quirk", "fault", "seed", "allow_writes", "allow", "deny",
    "rate", "budget", "write_budget", "timeout", "control", "control_token", "ledger", "json",
    "quiet",
)  # fmt: skip
_INCOMPLETE: Final = 3


@click.command("replay")
@click.argument("files", nargs=-1, required=True, metavar="FILE... [stub|URL]")
@click.option(
    "--profile",
    type=click.Choice(["documented", "observed"]),
    default="observed",
    show_default=True,
    help="how the stub behaves; recordings show how the real server does",
)
@click.option(
    "--world",
    "world",
    metavar="FILE",
    multiple=True,
    help="what the stub starts with (else, for the bundled document, the world of its "
    "recordings); may be given several times",
)
@click.option(
    "--at",
    type=click.Choice(["recorded", "now"]),
    default="recorded",
    show_default=True,
    help="the time that the stub's clock shows",
)
@click.option(
    "--let",
    metavar="NAME=VALUE",
    multiple=True,
    help="value of a variable that no answer gives, such as org=12; may be given several times",
)
@click.option(
    "--except", "exceptions", metavar="FILE", help="differences to accept, each with its reason"
)
@click.option(
    "--explain/--no-explain",
    default=None,
    help="see which quirk of the stub explains a difference  [default: on for the stub]",
)
@click.option(
    "--write-fidelity", metavar="FILE", help="write which operations the recordings confirm"
)
@options_for(SETTINGS, *_SETTINGS)
def replay(
    files: tuple[str, ...],
    profile: str,
    world: tuple[str, ...],
    at: str,
    let: tuple[str, ...],
    exceptions: str | None,
    explain: bool | None,
    write_fidelity: str | None,
    **flags: Any,
) -> None:
    """Send a recording again, and tell how far the answers agree with it.

    A FILE holds one line of JSON for each exchange, as `contracts record` writes them, or is an
    HTTP archive (.har). Ids are compared by what they refer to, times by what they mean, lists
    without regard to order. A URL is only read from unless --allow-writes says otherwise; a
    recording's `<key:NAME>` is then the key in the variable that `--as NAME=ENV_VAR` names.

    \b
    Exit codes
      0  everything agrees, or is explained by a quirk, or accepted with --except
      1  differences
      2  wrong use: a flag, a file, a setting
      3  the target is unreachable, or the replay is incomplete

    \b
    Examples:
      contracts replay setup.jsonl private-links.jsonl
      contracts replay --profile documented setup.jsonl private-links.jsonl
      contracts replay monday.har https://api.example.com --as owner=MY_KEY
    """
    from contracts.parity.exceptions import Exceptions, read_exceptions  # slow to import
    from contracts.parity.fidelity import write_fidelity as write_to
    from contracts.parity.recording import read_recordings
    from contracts.parity.running import Wish, require_known
    from contracts.parity.running import replay as run_replay
    from contracts.reports.parity_json import parity_json
    from contracts.reports.parity_text import parity_text
    from contracts.reports.write import require_writable, write
    from contracts.stops import RunStopped

    target, paths = _target_and_files(files)
    settings = settings_from(SETTINGS, {**flags, "target": target, "profile": profile})
    require_writable({"json": settings.json} if settings.json else {})
    wish = Wish(
        recorded=read_recordings(paths),
        world=tuple(map(Path, world)) or None,
        at=at,
        given=_pairs(let),
        exceptions=read_exceptions(Path(exceptions)) if exceptions else Exceptions(),
        is_explaining=explain,
    )
    require_known(wish.given, wish.recorded)
    # clean up then as after Ctrl-C
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        report = run_replay(settings, wish, os.environ)
    except RunStopped as stop:
        complain(str(stop), "contracts")
        sys.exit(_INCOMPLETE)
    except KeyboardInterrupt:
        complain("stopped by hand before anything was sent", "contracts")
        sys.exit(_INCOMPLETE)
    finally:
        signal.signal(signal.SIGTERM, before)
    if settings.json:
        write(settings.json, parity_json(report))
    if write_fidelity and not report.incomplete:
        write_to(report.compared, Path(write_fidelity))
    width = max(60, min(shutil.get_terminal_size((100, 24)).columns, 120))
    say(parity_text(report, width, is_brief=settings.quiet).rstrip("\n"))
    sys.exit(report.exit_code)


def _target_and_files(words: tuple[str, ...]) -> tuple[str, list[Path]]:
    """The last word is the target where it looks like one. Raises SetupError."""
    *rest, last = words
    if last == STUB or last.startswith(("http://", "https://")):
        target, files = last, rest
    else:
        target, files = STUB, list(words)
    if not files:
        raise SetupError("a file with a recording is missing", place="FILE")
    return target, [Path(file) for file in files]


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    """Raises SetupError."""
    pairs = [text.partition("=") for text in texts]
    for (name, equals, _), text in zip(pairs, texts, strict=True):
        if not (name and equals):
            raise SetupError("must look like NAME=VALUE", place="--let", value=text)
    return {name: value for name, _, value in pairs}
