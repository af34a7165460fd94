"""What the project's commands share: options made from settings, and errors in one line."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from mockserver.errors import SetupError
from mockserver.setting_table import SettingRow, SettingTable
from mockserver.store.protocol import StoreUnavailable

T = TypeVar("T")
Command = Callable[..., Any]


class Commands(click.Group):
    """Tells what is wrong with the user's words, files and settings in one line; ends with 2.

    The group's name is the program's.
    """

    def main(self, *arguments: Any, **options: Any) -> Any:
        try:
            return super().main(*arguments, **{**options, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            sys.exit(2)
        except (SetupError, StoreUnavailable, click.UsageError) as error:
            told = error.format_message() if isinstance(error, click.UsageError) else str(error)
            complain(" ".join(told.split()), str(self.name))
            sys.exit(2)
        except click.Abort:
            sys.exit(130)


def complain(text: str, program: str = "mockserver") -> None:
    """Say what is wrong, in the name of *program*."""
    click.echo(f"{program}: {text}", err=True)


def say(text: str) -> None:
    """Print *text*. Raises SetupError where it cannot be written; a reader that is gone is left to
    Click."""
    try:
        click.echo(text)
        sys.stdout.flush()  # a log file or a waiting program should not have to wait
    except BrokenPipeError:
        raise
    except OSError as error:
        # what is left over would be tried again, and told, when Python ends
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  # it is needed to the end
        raise SetupError(error.strerror or "cannot be written", file="stdout") from error


def options_for(table: SettingTable[T], *names: str) -> Callable[[Command], Command]:
    """Options for the settings *names* (none: for all), and `--config`."""
    rows = [row for row in table.rows if not names or row.name in names]

    def add(command: Command) -> Command:
        files = " or ./".join(table.config_files)
        help = f"file with settings (else ./{files}, or {table.config_name})"
        command = click.option("--config", metavar="FILE", help=help)(command)
        for row in reversed(rows):
            command = _option(row)(command)
        return command

    return add


def settings_from(table: SettingTable[T], flags: dict[str, Any]) -> T:
    """The settings that *flags*, the process's environment and a config file make.

    The only place that reads the environment. Raises SetupError.
    """
    named = flags.pop("config", None)
    file = table.config_file(named, os.environ, Path.cwd())
    return table.load(flags, os.environ, file)


def aligned(rows: list[tuple[str, ...]]) -> str:
    """*rows* as lines with columns that begin below each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(f"{text:{width}}" for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def _option(row: SettingRow) -> Callable[[Command], Command]:
    default = f"  [default: {row.default}]" if row.default else ""
    if row.kind.is_switch:
        dashed = row.name.replace("_", "-")
        flag = f"--{dashed}/--no-{dashed}"
        return click.option(flag, row.name, default=None, help=row.help + default)
    is_many = bool(row.kind.separator)
    return click.option(
        row.flag,
        row.name,
        metavar=row.kind.metavar,
        multiple=is_many,
        help=row.help + ("; may be given several times" if is_many else default),
    )
