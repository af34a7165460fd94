"""Reads the mock's files anew when one of them changes, and says what came of it."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from watchfiles import Change, awatch

from mockserver.errors import SetupError
from mockserver.web.control import Route

logger = logging.getLogger("mockserver")

QUIET_MS = 100
"""How long nothing may change before the files are read: editors write in several steps."""
LONGEST_MS = 1000

Say = Callable[[str], None]


class Watched(Protocol):
    """What is made from files, and can be made anew."""

    def watched_paths(self) -> list[Path]: ...

    def routes(self) -> Sequence[Route]: ...

    def reload(self) -> list[str]:
        """Tells, a line for each, what of the state had to go. Raises SetupError."""
        ...


async def watch(app: Watched, say: Say, complain: Say, more: Path | None = None) -> None:
    """Reload *app* on every change, until cancelled.

    *more* is a folder in which every new `.yaml` file counts as well. What is broken goes to
    *complain*, and *app* goes on with what it had.
    """
    folders = {place.parent for path in app.watched_paths() for place in _places(path)}
    if more is not None and more.is_dir():
        folders.add(more.resolve())

    def is_ours(change: Change, path: str) -> bool:
        return is_watched(Path(path), app.watched_paths(), more)

    async for changes in awatch(
        *sorted(folders),
        watch_filter=is_ours,
        step=QUIET_MS,
        debounce=LONGEST_MS,
        recursive=False,
    ):
        names = sorted({Path(path).name for _, path in changes})
        reload(app, names, say, complain)


def is_watched(path: Path, watched: Iterable[Path], more: Path | None = None) -> bool:
    """Whether *path* is one of *watched*, or a `.yaml` file in the folder *more*."""
    if any(path in _places(other) for other in watched):
        return True
    return more is not None and path.parent == more.resolve() and path.suffix == ".yaml"


def _places(path: Path) -> set[Path]:
    """Where a change to *path* may be seen: at the name it has, and at the file it links to."""
    return {path.parent.resolve() / path.name, path.resolve()}


def reload(app: Watched, names: Iterable[str], say: Say, complain: Say) -> None:
    """Let *app* read its files, of which *names* have changed; never raises."""
    changed = ", ".join(names)
    before = app.routes()
    try:
        dropped = app.reload()
    except SetupError as error:
        reason = " ".join(str(error).split())
        complain(f"{changed} changed, but {reason}; still serving what was there before")
    except Exception:
        logger.exception("a bug while reading %s anew", changed)
    else:
        say(f"{changed} changed: now serving the new version")
        for line in (*_changes(before, app.routes()), *(f"dropped {line}" for line in dropped)):
            say(f"  {line}")


def _changes(before: Sequence[Route], after: Sequence[Route]) -> Iterator[str]:
    old, new = ({f"{route.method} {route.path}" for route in routes} for routes in (before, after))
    yield from (f"new operation {label}" for label in sorted(new - old))
    yield from (f"no longer there: {label}" for label in sorted(old - new))
