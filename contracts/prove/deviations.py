"""Which deviations there are for a document, and which of them are asked for."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Final

from contracts.prove.outcomes import Deviation, Kind
from contracts.prove.settings import ProveSettings
from mockserver.app import App
from mockserver.errors import SetupError
from mockserver.faults import FAULTS

QUIRKS: Final = "Quirks of the server"
"""The category of all quirks."""
_GLOB: Final = frozenset("*?[")


def chosen_deviations(app: App, settings: ProveSettings) -> list[Deviation]:
    """Those that *settings* ask for, faults before quirks, each in the order of its list.

    Raises SetupError, which offers the nearest name or category.
    """
    everything = [*_faults(app), *_quirks(app)]
    named = _named(everything, settings.names)
    categorized = _of_categories(named, everything, settings.category)
    found = [one for one in categorized if settings.kind in ("all", f"{one.kind}s")]
    if not found:
        raise SetupError("nothing is left to plant", place="--kind", value=settings.kind)
    return found


def _faults(app: App) -> Iterator[Deviation]:
    """Every fault that can touch the document."""
    before = tuple(app.planted)
    for row in app.faults():
        try:
            app.set_deviations(faults=[row.name])
        except SetupError:
            continue
        yield Deviation(
            row.name, Kind.FAULT, row.category, row.about, row.exposed_by, row.operations
        )
    app.set_deviations(faults=before)


def _quirks(app: App) -> Iterator[Deviation]:
    """Every quirk, in whichever profile or none it is."""
    for quirk in app.quirk_table.by_name.values():
        exposed_by = f"the document: {quirk.documented}"
        yield Deviation(
            quirk.name, Kind.QUIRK, QUIRKS, quirk.observed, exposed_by, quirk.operations
        )


def _named(deviations: Sequence[Deviation], patterns: Sequence[str]) -> list[Deviation]:
    for pattern in patterns:
        _require_some(deviations, pattern)
    return [
        one for one in deviations if not patterns or any(fnmatchcase(one.name, p) for p in patterns)
    ]


def _require_some(deviations: Sequence[Deviation], pattern: str) -> None:
    if any(fnmatchcase(one.name, pattern) for one in deviations):
        return
    if pattern in FAULTS:
        raise SetupError(f"{pattern} has nothing to touch in this document")
    is_glob = not _GLOB.isdisjoint(pattern)
    reason = "no deviation has such a name" if is_glob else "there is no such deviation"
    raise SetupError(reason, value=pattern, known=[one.name for one in deviations])


def _of_categories(
    deviations: Sequence[Deviation], everything: Sequence[Deviation], categories: Sequence[str]
) -> list[Deviation]:
    """Categories are told apart by their words, however they are written."""
    known = {one.category.lower(): one.category for one in everything}
    wanted = set()
    for category in categories:
        if category.lower() not in known:
            reason = "there is no such category"
            raise SetupError(reason, place="--category", value=category, known=known.values())
        wanted.add(known[category.lower()])
    return [one for one in deviations if not categories or one.category in wanted]
