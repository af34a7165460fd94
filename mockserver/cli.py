"""The command line: flags, environment and config file become Settings, and Settings a mock.

What a command needs beyond Click and Settings is imported inside it: the mock and what it is made
from take most of a second to import, and `--help` and a mistyped flag should not wait for that.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockserver.command_line import (
    Command,
    Commands,
    aligned,
    complain,
    options_for,
    say,
    settings_from,
)
from mockserver.settings import SETTINGS, Settings

if TYPE_CHECKING:
    from mockserver.app import App

ABOUT_DOCUMENT = ("spec", "overlays", "quirks_file", "profile", "quirk")
ABOUT_WORLD = (*ABOUT_DOCUMENT, "fixtures", "seed")
DEFAULT_URL = "http://127.0.0.1:4010"


def setting_options(*names: str) -> Callable[[Command], Command]:
    """Options for the settings *names* (none: for all), and `--config`."""
    return options_for(SETTINGS, *names)


def settings_of(flags: dict[str, Any]) -> Settings:
    """Raises SetupError."""
    return settings_from(SETTINGS, flags)


def made_app(settings: Settings) -> "App":
    from mockserver.app import create_app  # slow, see above

    return create_app(settings)


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
    try:
        _serve(settings_of(flags))
    except KeyboardInterrupt:
        click.echo("\nstopped", err=True)


def _serve(settings: Settings) -> None:
    from mockserver.serving import listening_socket, serve, url_of  # slow, see above

    listening = listening_socket(settings.host, settings.port)
    with listening:
        app = made_app(settings)

        def greet() -> None:
            from mockserver.banner import banner  # imports the app, see above

            say(banner(app, url_of(listening)))

        async def watch() -> None:
            from mockserver.watch import watch as watch_files  # only --watch needs it

            await watch_files(app, say, complain, _growing_folder(settings))

        beside = watch if settings.watch else None
        serve(app, listening, on_listening=greet, beside=beside, log_level=settings.log_level)


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
    made = made_app(settings_of(flags)).routes()
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
    say(written(made_app(settings).document(kind), form))


def written(document: Any, form: str) -> str:
    """*document* as JSON or YAML."""
    if form == "json":
        return json.dumps(document, indent=2, ensure_ascii=False)
    from mockserver.web.admin.yaml_text import yaml_text  # slow, see above

    return yaml_text(document).rstrip("\n")


@main.group()
def state() -> None:
    """Show, check, replace and reset the simulated world.

    \b
    Examples:
      mockserver state show --format yaml > world.yaml
      mockserver state check world.yaml
      mockserver state put world.json --url http://127.0.0.1:4010
      mockserver state reset --url http://127.0.0.1:4010
    """


@state.command()
@setting_options(*ABOUT_WORLD)
@click.option("--format", "form", type=click.Choice(["json", "yaml"]), default="json")
@click.option("--url", metavar="URL", help="ask the mock that runs there, not a fresh one")
def show(form: str, url: str | None, **flags: Any) -> None:
    """Print the world of a fresh server, or of the running one at --url.

    \b
    Examples:
      mockserver state show
      mockserver state show --url http://127.0.0.1:4010 --format yaml
    """
    settings = settings_of(flags)
    if url is None:
        document = made_app(settings).store.dump()
    else:
        from mockserver.remote import Remote  # slow, see above

        document = Remote(url, settings.admin_token).state()
    say(written(document, form))


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
    collections = made_app(settings).store.dump()["collections"]
    counts = ", ".join(f"{len(held)} {name}" for name, held in collections.items() if held)
    say(f"fits: {counts or 'nothing in it'}")


def url_option(command: Command) -> Command:
    return click.option(
        "--url", metavar="URL", default=DEFAULT_URL, show_default=True, help="the running mock"
    )(command)


@state.command()
@url_option
@click.argument("file", metavar="FILE")
def put(file: str, url: str) -> None:
    """Replace the world of a running mock by what `state show` has printed.

    The mock checks it as a whole before anything is replaced. UNDERSTUDY_ADMIN_TOKEN is sent
    where it is set.

    \b
    Examples:
      mockserver state show > world.json
      mockserver state put world.json
    """
    from mockserver.openapi import read_yaml  # slow, see above
    from mockserver.remote import Remote

    content = read_yaml(Path(file))
    say(_counted("now there", Remote(url, settings_of({}).admin_token).put_state(content, file)))


@state.command()
@url_option
def reset(url: str) -> None:
    """Bring a running mock back to its fixtures.

    \b
    Examples:
      mockserver state reset
      UNDERSTUDY_ADMIN_TOKEN=secret mockserver state reset --url http://build-7:4010
    """
    from mockserver.remote import Remote  # slow, see above

    say(_counted("reset", Remote(url, settings_of({}).admin_token).reset()))


def _counted(what: str, counts: dict[str, int]) -> str:
    shown = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f"{what}: {shown or 'nothing'}"
