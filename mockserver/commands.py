"""What the mock's commands share: their settings, the mock made from them, documents as text."""

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mockserver.command_line import Command, options_for, settings_from
from mockserver.errors import SetupError
from mockserver.settings import SETTINGS, Settings

if TYPE_CHECKING:
    from mockserver.app import App

ABOUT_DOCUMENT: Final = ("spec", "overlays", "quirks_file", "profile", "quirk")
ABOUT_WORLD: Final = (*ABOUT_DOCUMENT, "fixtures", "seed")
PATIENCE_S: Final = 1.0
"""What takes longer tells how far it is, about as often."""


def setting_options(*names: str) -> Callable[[Command], Command]:
    """Options for the settings *names* (none: for all), and `--config`."""
    return options_for(SETTINGS, *names)


def settings_of(flags: dict[str, Any]) -> Settings:
    """Raises SetupError."""
    return settings_from(SETTINGS, flags)


def made_app(settings: Settings) -> "App":
    """The mock, with a word on stderr now and then where its fixtures are many."""
    from mockserver.app import create_app  # takes most of a second to import

    return create_app(settings, progress=Progress("fixtures"))


def unserved_app(settings: Settings) -> "App":
    """A mock that nobody will call: without the database that its settings name, which is neither
    needed nor to be filled by it, and without processes."""
    return made_app(replace(settings, store="memory:", workers=1))


@contextmanager
def uncollected() -> Iterator[None]:
    """Nearly all that is made inside is kept to the end, so the garbage collector has no turn.

    It would otherwise look through a hundred thousand objects again and again, and find next to
    nothing.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def staying() -> Iterator[None]:
    """As `uncollected`; and what is left of it lives as long as the process, so the collector
    never looks at it again."""
    with uncollected():
        yield
    gc.freeze()


def written(document: Any, form: str) -> str:
    """*document* as JSON or YAML."""
    if form == "json":
        return json.dumps(document, indent=2, ensure_ascii=False)
    from mockserver.web.admin.yaml_text import yaml_text  # slow to import

    return yaml_text(document).rstrip("\n")


def write_whole(path: Path, text: str) -> None:
    """Write *text* to a new file that takes *path*'s place in one step: what was there is there
    until then. Raises SetupError."""
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, "utf-8")  # a pipe or a device: there is nothing to replace
        else:
            _replace(path.resolve(), text)
    except OSError as error:
        raise SetupError(error.strerror or "cannot be written", file=path) from error


def _replace(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        new.write_text(text, "utf-8")
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


class Progress:
    """Tells on stderr how many documents have been checked, once that takes long."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._told: float | None = None
        self._has_told = False

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if self._told is None:
            self._told = now
        elif now - self._told >= PATIENCE_S or (self._has_told and done == total):
            self._told, self._has_told = now, True
            click.echo(f"{self._what}: {done} of {total} documents checked", file=sys.stderr)
