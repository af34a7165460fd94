"""What can be set for a proof: that of every run which matters here, and what is planted."""

import os
from dataclasses import dataclass, field
from typing import Final

from contracts.settings import SETTINGS, Settings

KINDS: Final = ("faults", "quirks", "all")
LIMIT_S: Final = 180.0
SHARED: Final = ("spec", "overlays", "seed", "examples", "json", "html", "quiet")
"""The settings of a run that a proof has too; it is about the documented document, and the mock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProveSettings:
    """Of *run* only those in `SHARED` count. *names* may be globs, *category* is told by its words;
    none of them means all. *workers* 0 means one for each CPU; *limit_s* is for each deviation;
    with *is_full* a deviation that was found is left to the other suites as well."""

    run: Settings = field(default_factory=Settings)
    names: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    kind: str = "all"
    workers: int = 0
    limit_s: float = LIMIT_S
    is_full: bool = False

    @property
    def effective_workers(self) -> int:
        return self.workers or os.cpu_count() or 1

    @property
    def of_stub(self) -> Settings:
        """A run on a mock in this machine, with nothing left of what is meant for other targets."""
        run = self.run
        return Settings(spec=run.spec, overlays=run.overlays, seed=run.seed, examples=run.examples)


def shown(settings: ProveSettings) -> dict[str, str]:
    """What was given and makes a difference to the proof, as people would type it."""
    plain, told = Settings(), {}
    for row in SETTINGS.rows:
        value = getattr(settings.of_stub, row.name)
        if value != getattr(plain, row.name):
            told[row.flag] = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    own = {
        "names": ", ".join(settings.names),
        "--category": ", ".join(settings.category),
        "--kind": settings.kind if settings.kind != "all" else "",
        "--workers": str(settings.workers or ""),
        "--limit": f"{settings.limit_s:g}" if settings.limit_s != LIMIT_S else "",
        "--full": "on" if settings.is_full else "",
    }
    return told | {flag: text for flag, text in own.items() if text}
