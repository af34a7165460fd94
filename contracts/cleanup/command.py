"""`contracts clean LEDGER`: finishes what a killed run could not."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from contracts.actors import Actors
from contracts.cleanup.clean import clean_up
from contracts.door.http import Http
from contracts.door.safety import Rules
from contracts.door.targets import Target
from contracts.ledger import read_ledger
from contracts.ledger.file import read_header
from contracts.opening import cleaning_target, given_actors
from contracts.results import CleanUp
from contracts.settings import Settings
from contracts.suites.session import Bench
from contracts.yardstick import read_yardstick


def clean_ledger(path: Path, settings: Settings, environ: Mapping[str, str]) -> CleanUp:
    """Remove what *path* tells was created and is not gone, at the target that it names.

    Raises SetupError, RunStopped.
    """
    header = read_header(path)
    yardstick = read_yardstick(settings.spec, settings.overlays or (), header.kind)
    actors = Actors(given_actors(settings, environ), yardstick.schemes)
    transport = Http(header.target, timeout_s=settings.timeout)
    ledger = read_ledger(path, yardstick)
    try:
        bench = Bench(Target(transport, yardstick), yardstick, actors)
        rules = Rules(rate=replace(settings, target=header.target).effective_rate)
        return clean_up(ledger, cleaning_target(transport, bench, ledger, rules), bench)
    finally:
        ledger.close()
        transport.close()


def cleaned_text(cleaned: CleanUp) -> str:
    """What was removed, and whether anything is left."""
    lines = [f"removed {text}" for text in cleaned.removed]
    lines += [f"left    {text}" for text in cleaned.left]
    lines.append("something is left: see above" if cleaned.left else "nothing of the run is left")
    return "\n".join(lines)
