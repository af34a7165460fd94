"""`mockserver state`: the simulated world on its way between files, databases and mocks.

What takes long to import is imported inside the commands; see `mockserver.cli`.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mockserver.clock import Clock, ClockState, OwnState
from mockserver.command_line import Command, say
from mockserver.commands import (
    ABOUT_DOCUMENT,
    ABOUT_WORLD,
    Progress,
    setting_options,
    settings_of,
    uncollected,
    unserved_app,
    write_whole,
    written,
)
from mockserver.errors import SetupError
from mockserver.model import Document, Json
from mockserver.settings import Settings

if TYPE_CHECKING:
    from mockserver.app import App

DEFAULT_URL: Final = "http://127.0.0.1:4010"
CLOCK: Final = "x-clock"
"""The part of a state file that tells the time, if that was moved: what `PUT /__admin/clock` takes.
A part that begins with `x-` is nothing to those who read fixtures."""


@click.group()
def state() -> None:
    """Export, import, check and reset the simulated world.

    \b
    Examples:
      mockserver state export world.json --url http://127.0.0.1:4010
      mockserver state check world.json
      mockserver state import world.json --store sqlite:///world.db
      mockserver state reset
    """
    click.get_current_context().with_resource(uncollected())


def url_option(default: str | None) -> Callable[[Command], Command]:
    shown = default is not None
    return click.option(
        "--url", metavar="URL", default=default, show_default=shown, help="the running mock"
    )


@state.command()
@setting_options(*ABOUT_WORLD, "store")
@click.option("--format", "form", type=click.Choice(["json", "yaml"]), help="else as FILE is named")
@url_option(None)
@click.argument("file", metavar="[FILE]", default="-")
def export(file: str, form: str | None, url: str | None, **flags: Any) -> None:
    """Write a world to FILE, or print it: of the mock at --url, of --store, or a fresh one.

    The clock goes with it, where it was moved.

    \b
    Examples:
      mockserver state export
      mockserver state export world.yaml --url http://127.0.0.1:4010
      mockserver state export world.json --store sqlite:///world.db
    """
    settings = settings_of(flags)
    refuse_both(url, flags["store"])
    document = _exported(url, settings)
    is_yaml = Path(file).suffix in (".yaml", ".yml")
    text = written(document, form or ("yaml" if is_yaml else "json"))
    if file == "-":
        say(text)
        return
    write_whole(Path(file), text + "\n")
    click.echo(told("exported", counts_of(document)), err=True)


def _exported(url: str | None, settings: Settings) -> Document:
    from mockserver.stored_clock import clock_change  # slow to import, see above

    if url is not None:
        from mockserver.remote import Remote

        remote = Remote(url, settings.admin_token)
        world, change = remote.state(), remote.clock_change()
    elif settings.store.startswith("memory:"):
        world, change = unserved_app(settings).store.dump(), None
    else:
        from mockserver.store import open_world

        store = open_world(settings.store)
        with store.transaction(is_writing=False):
            world, change = store.dump(), clock_change(store.clock_text())
    return world if change is None else {**world, CLOCK: change}


@state.command("import")
@setting_options(*ABOUT_DOCUMENT, "store")
@url_option(None)
@click.argument("file", metavar="FILE")
def import_(file: str, url: str | None, **flags: Any) -> None:
    """Replace a world by FILE: that of the mock at --url, or that in --store.

    It is checked as a whole before anything is replaced. Without --url and --store it goes to the
    mock at http://127.0.0.1:4010; UNDERSTUDY_ADMIN_TOKEN is sent where it is set.

    \b
    Examples:
      mockserver state import world.json
      mockserver state import world.json --store sqlite:///world.db
    """
    from mockserver.openapi import read_yaml  # slow to import, see above

    settings = settings_of(flags)
    refuse_both(url, flags["store"])
    content: Json = read_yaml(Path(file))
    change = content.pop(CLOCK, None) if isinstance(content, dict) else None
    clock = None if change is None else _told_clock(change, file)
    if url is not None or settings.store.startswith("memory:"):
        from mockserver.remote import Remote

        remote = Remote(url or DEFAULT_URL, settings.admin_token)
        counts = remote.put_state(content, file)
        if change is not None:
            remote.change_clock(change, file)
    else:
        world = _accepted(unserved_app(settings), content, file)
        _load(world, clock, settings.store)
        counts = counts_of(world)
    say(told("now there", counts))


def _told_clock(change: Json, file: str) -> ClockState:
    """What a released clock becomes by *change*. Raises SetupError naming *file*."""
    from mockserver.web.admin.clock import change_as_told  # slow to import, see above

    clock, state = Clock(), OwnState()
    clock.share(state)
    try:
        change_as_told(clock, change)
    except ValueError as error:
        raise SetupError(str(error), file=file, place=f"/{CLOCK}", value=change) from error
    return state.read()


def _accepted(app: "App", content: Json, file: str) -> Document:
    """The world that *content* is, completed and checked. Raises SetupError naming *file*."""
    try:
        return app.accepted_state(content, Progress("import"))
    except SetupError as error:
        known = [error.nearest] if error.nearest else []
        raise SetupError(
            error.reason, file=file, place=error.place, value=error.value, known=known
        ) from error


def _load(world: Document, clock: ClockState | None, url: str) -> None:
    """Replace the world in the database at *url*, and its clock where one is told, both or
    neither. Raises SetupError and StoreUnavailable."""
    from mockserver.store import SharedStore, open_store  # slow to import, see above
    from mockserver.stored_clock import text_of

    store = open_store(url)
    assert isinstance(store, SharedStore)
    try:
        with store.transaction():
            if clock is not None:
                store.keep_clock_text(text_of(clock))
            store.load(world)
    finally:
        store.close()


@state.command()
@setting_options(*ABOUT_DOCUMENT)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def check(files: tuple[str, ...], **flags: Any) -> None:
    """Tell whether fixture files fit the document, together and as a whole.

    \b
    Examples:
      mockserver state check world.yaml
      mockserver state check --spec their.yaml people.yaml books.yaml
    """
    settings = replace(settings_of(flags), fixtures=tuple(map(Path, files)))
    say(told("fits", counts_of(unserved_app(settings).store.dump()), "nothing in it"))


@state.command()
@url_option(DEFAULT_URL)
def reset(url: str) -> None:
    """Bring a running mock back to its fixtures.

    \b
    Examples:
      mockserver state reset
      UNDERSTUDY_ADMIN_TOKEN=secret mockserver state reset --url http://build-7:4010
    """
    from mockserver.remote import Remote  # slow to import, see above

    say(told("reset", Remote(url, settings_of({}).admin_token).reset()))


def refuse_both(url: str | None, store: str | None) -> None:
    if url is not None and store is not None:
        raise click.UsageError("--url and --store are two places; name one of them")


def counts_of(state: Document) -> dict[str, int]:
    return {name: len(held) for name, held in state["collections"].items()}


def told(what: str, counts: dict[str, int], nothing: str = "nothing") -> str:
    """`reset: 8 private-links, 11 users`"""
    shown = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f"{what}: {shown or nothing}"
