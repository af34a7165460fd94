"""The command line of the contract kit.

What a command needs beyond Click and Settings is imported inside it: the kit takes a second to
import, and `--help` and a mistyped flag should not wait for that.
"""

import gc
import os
import signal
import sys
from pathlib import Path
from typing import Any

import click

from contracts.parity.command import replay
from contracts.parity.twin_command import compare, record
from contracts.prove.command import prove
from contracts.settings import SETTINGS, Settings
from mockserver.command_line import Commands, complain, options_for, say, settings_from

PROGRAM = "contracts"
INCOMPLETE = 3
_SETTINGS = [row.name for row in SETTINGS.rows if row.name != "target"]
_ABOUT_OUTPUT = ("html", "junit", "json", "har", "quiet", "baseline", "min_coverage", "strict")
_ABOUT_PLAN = [name for name in _SETTINGS if name not in (*_ABOUT_OUTPUT, "ledger")]
_ABOUT_CLEANING = ("spec", "overlays", "actors", "rate", "timeout", "control_token")


@click.group(PROGRAM, cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="understudy", prog_name=PROGRAM)
def main() -> None:
    """Holds a mock or a live deployment to its OpenAPI document.

    \b
    Exit codes
      0  clean
      1  findings
      2  wrong use: a flag, a file, a setting
      3  the target is unreachable, or the run is incomplete

    \b
    Examples:
      contracts check
      contracts check http://127.0.0.1:8000 --spec openapi.yaml --as owner=MY_KEY
      contracts plan https://api.example.com --as owner=MY_KEY
    """


@main.command()
@click.argument("target", required=False, metavar="[stub|URL]")
@options_for(SETTINGS, *_SETTINGS)
def check(**flags: Any) -> None:
    """Check a target against the document, and tell what is wrong.

    Without a target the mock of the document is checked, in this process. A URL is only read from,
    30 times a minute, unless --allow-writes and --rate say otherwise; what is created there is
    noted in a ledger first, and removed at the end. Keys are read from the environment:
    `--as owner=MY_KEY` names the variable, never the key.

    Each setting can be a flag, an environment variable (UNDERSTUDY_CONTRACTS_RATE for --rate) or a
    line below `[contracts]` of a config file.

    \b
    Examples:
      contracts check                              the bundled document's mock
      contracts check --quick --suite lifecycle    one suite, in a few seconds
      contracts check http://127.0.0.1:8000 --spec openapi.yaml --as owner=MY_KEY --allow-writes
      contracts check https://api.cal.com --as owner=CAL_KEY --budget 200 --html report.html
    """
    from contracts.reports.terminal import progress_for  # slow, see above
    from contracts.run import check as run_check
    from contracts.stops import RunStopped

    settings = _settings(flags)
    # clean up then as after Ctrl-C
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    # a run keeps all that it hears: looking through it again and again took a quarter of the time
    gc.disable()
    try:
        report = run_check(settings, os.environ, progress_for(is_quiet=settings.quiet))
    except RunStopped as stop:
        complain(str(stop), PROGRAM)
        sys.exit(INCOMPLETE)
    except KeyboardInterrupt:
        complain("stopped by hand before the first case", PROGRAM)
        sys.exit(INCOMPLETE)
    finally:
        gc.enable()
        signal.signal(signal.SIGTERM, before)
    from contracts.reports.write import tell

    tell(report, settings)
    sys.exit(report.exit_code)


@main.command()
@click.argument("target", required=False, metavar="[stub|URL]")
@options_for(SETTINGS, *_ABOUT_PLAN)
def plan(**flags: Any) -> None:
    """Print what a check would send, without sending anything to the target.

    The cases are rehearsed on a mock in this process, behind the same door with the same rules. A
    target with another world, or with faults, gets a few more or fewer.

    \b
    Examples:
      contracts plan https://api.cal.com --as owner=CAL_KEY
      contracts plan https://api.cal.com --as owner=CAL_KEY --allow-writes --suite examples
    """
    from contracts.plan import plan as make_plan  # slow, see above
    from contracts.plan import plan_text

    settings = _settings(flags)
    say(plan_text(make_plan(settings, os.environ)))


@main.command()
@click.argument("ledger", metavar="LEDGER", type=click.Path(path_type=Path))
@options_for(SETTINGS, *_ABOUT_CLEANING)
def clean(ledger: Path, **flags: Any) -> None:
    """Remove what a run created and could not remove itself, as its LEDGER tells.

    Nothing else is touched. At the end the collections are listed, to show that nothing of the run
    is left. Give the same --as, --spec and --overlay as to the check.

    \b
    Examples:
      contracts clean understudy-ledger-k3f9.jsonl --as owner=MY_KEY
    """
    from contracts.cleanup.command import clean_ledger, cleaned_text  # slow, see above
    from contracts.stops import RunStopped

    try:
        cleaned = clean_ledger(ledger, settings_from(SETTINGS, flags), os.environ)
    except RunStopped as stop:
        complain(str(stop), PROGRAM)
        sys.exit(INCOMPLETE)
    except KeyboardInterrupt:
        complain("stopped by hand: the same command goes on where it was", PROGRAM)
        sys.exit(INCOMPLETE)
    say(cleaned_text(cleaned))
    sys.exit(INCOMPLETE if cleaned.left else 0)


main.add_command(replay)
main.add_command(compare)
main.add_command(record)
main.add_command(prove)


def _settings(flags: dict[str, Any]) -> Settings:
    return settings_from(SETTINGS, flags)
