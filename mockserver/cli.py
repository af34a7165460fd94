"""The command line: flags, environment and config file become Settings, and Settings a mock.

What a command needs beyond Click and Settings is imported inside it: the mock and what it is made
from take most of a second to import, and `--help` and a mistyped flag should not wait for that.
"""

import json
import logging
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, Any

import click

from mockserver.command_line import Commands, aligned, complain, say
from mockserver.commands import (
    ABOUT_DOCUMENT,
    ABOUT_WORLD,
    made_app,
    setting_options,
    settings_of,
    staying,
    unserved_app,
    written,
)
from mockserver.settings import Settings
from mockserver.state_commands import state

if TYPE_CHECKING:
    from mockserver.app import App


@click.group("mockserver", cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="understudy", prog_name="mockserver")
def main() -> None:
    """Stands in for an HTTP API, statefully, from its OpenAPI document.

    Without settings it plays the bundled document, Cal.com API v2.

    \b
    Examples:
      mockserver serve
      mockserver serve --spec their.yaml --port 0
      mockserver routes
    """


@main.command()
@setting_options()
def serve(**flags: Any) -> None:
    """Serve the mock over HTTP until Ctrl-C.

    Each setting can be a flag, an environment variable (UNDERSTUDY_PORT for --port) or a line of
    a config file (`port: 4010`); a flag goes before the environment, that before the file.

    \b
    Examples:
      mockserver serve                         the bundled API, with people and links in it
      mockserver serve --profile observed      as the real server was seen to behave
      mockserver serve --port 0                on a free port, which is printed
      mockserver serve --spec their.yaml --fixtures their-world.yaml --watch
    """
    settings = settings_of(flags)
    try:
        _serve(settings)
    except KeyboardInterrupt:
        if settings.log_format == "json":
            logging.getLogger("mockserver").info("stopped")
        else:
            click.echo("\nstopped", err=True)


def _serve(settings: Settings) -> None:
    with ExitStack() as stack:
        with staying():  # around the imports too: they are half of a start
            from mockserver.banner import banner  # slow, see above
            from mockserver.serving import listening_socket, serve, url_of

            listening = stack.enter_context(listening_socket(settings.host, settings.port))
            app = made_app(settings)
        if settings.workers > 1:
            return _serve_together(app, listening)

        def greet() -> None:
            say(banner(app, url_of(listening)))

        async def watch() -> None:
            from mockserver.watch import watch as watch_files  # only --watch needs it

            await watch_files(app, say, _complaining(settings), _growing_folder(settings))

        beside = watch if settings.watch else None
        serve(app, listening, on_listening=greet, beside=beside, **_manner(app))


def _serve_together(app: "App", listening: socket) -> None:
    from mockserver.banner import banner  # imports the app, see above
    from mockserver.serving import Beside, begin_log, serve, url_of
    from mockserver.workers import Workers

    greeting = banner(app, url_of(listening))
    app.close()

    def work(number: int, seat: int, on_listening: Callable[[], None], beside: Beside) -> None:
        app.become_worker(number, seat)
        serve(app, listening, on_listening=on_listening, beside=beside, **_manner(app))

    settings = app.settings
    begin_log(settings.log_level, settings.log_format)
    # who holds the socket lets clients in, whether or not anybody serves them
    workers = Workers(settings.workers, work, _complaining(settings), on_ending=listening.close)
    workers.run(lambda: say(greeting))


def _complaining(settings: Settings) -> Callable[[str], None]:
    """How to tell what goes wrong meanwhile: where the log is JSON, as one of its lines."""
    is_json = settings.log_format == "json"
    return logging.getLogger("mockserver").warning if is_json else complain


def _manner(app: "App") -> dict[str, Any]:
    """How `serve` is to treat clients, and to log."""
    from mockserver.web.connections import ConnectionLimits  # slow, see above

    settings = app.settings
    return {
        "limits": ConnectionLimits(settings.max_connections, settings.request_timeout),
        "answer": app.answer,
        "log_level": settings.log_level,
        "log_format": settings.log_format,
    }


def _growing_folder(settings: Settings) -> Path | None:
    """The folder whose files are all read, so that new ones count."""
    from mockserver.openapi import bundled_spec_dir  # slow, see above

    return bundled_spec_dir() / "overlays" if settings.spec is None else None


@main.command()
@setting_options(*ABOUT_WORLD)
@click.option("--json", "as_json", is_flag=True, help="print JSON instead of a table")
def routes(as_json: bool, **flags: Any) -> None:
    """Print every operation, and what answers it.

    \b
    Answered by
      domain   rules written for this very API
      crud     the state, by the path's shape: list, create, read, update, delete
      example  an example of the document, or a value made from its schema
      none     501, for there is nothing to answer with

    \b
    Fidelity
      confirmed DAY    answers as a recording of the real server of that day
      modelled         follows the document, in rules or in state
      documented only  shows what the document shows

    \b
    Examples:
      mockserver routes
      mockserver routes --spec their.yaml --json
    """
    made = unserved_app(settings_of(flags)).routes()
    rows = [
        (route.method, route.path, route.operation_id, route.answered_by, route.fidelity)
        for route in made
    ]
    names = ("method", "path", "operation", "answered by", "fidelity")
    if as_json:
        keys = ("method", "path", "operationId", "answeredBy", "fidelity")
        say(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2))
    else:
        say(aligned([names, *rows]))


@main.command()
@setting_options(*ABOUT_DOCUMENT)
@click.option("--published", "kind", flag_value="published", help="the document as it came")
@click.option(
    "--effective",
    "kind",
    flag_value="effective",
    default="effective",
    help="with overlays and quirks applied; what is served and checked  [default]",
)
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml")
def spec(kind: str, form: str, **flags: Any) -> None:
    """Print the OpenAPI document.

    \b
    Examples:
      mockserver spec > effective.yaml
      mockserver spec --published --format json
      mockserver spec --profile observed       with what the real server does instead
    """
    settings = settings_of(flags)
    if kind == "published" and (settings.quirk or settings.profile != "documented"):
        raise click.UsageError("quirks change the --effective document only, not the --published")
    say(written(unserved_app(settings).document(kind), form))


main.add_command(state)
