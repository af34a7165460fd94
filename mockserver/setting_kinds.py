"""What the values of a setting can be, and how one is read from a text or from a file's value."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_YES: Final = ("1", "true", "yes", "on")
_NO: Final = ("0", "false", "no", "off")


class WrongValue(Exception):
    """A value that a setting cannot have; *known* are those it can."""

    def __init__(self, reason: str, known: Iterable[str] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.known = tuple(known)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a setting's values are.

    *read* raises WrongValue. *separator* tells that there may be several values, and what stands
    between them in an environment variable.
    """

    metavar: str
    read: Callable[[object], Any]
    separator: str = ""
    is_switch: bool = False
    is_path: bool = False
    is_secret: bool = False


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise WrongValue("must be text")
    if not raw:
        raise WrongValue("must not be empty")
    return raw


def _path(raw: object) -> Path:
    return Path(_text(str(raw) if isinstance(raw, Path) else raw)).expanduser()


def _switch(raw: object) -> bool:
    word = str(raw).lower()
    if word not in _YES + _NO:
        raise WrongValue("must be true or false")
    return word in _YES


def whole_number(lowest: int | None = None, highest: int | None = None) -> Kind:
    """A whole number within bounds, both included."""
    bounds = "" if lowest is None else f" from {lowest}"
    bounds += "" if highest is None else f" to {highest}"

    def read(raw: object) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int | str):
            raise WrongValue(f"must be a whole number{bounds}")
        try:
            number = int(raw)
        except ValueError:
            raise WrongValue(f"must be a whole number{bounds}") from None
        if (lowest is not None and number < lowest) or (highest is not None and number > highest):
            raise WrongValue(f"must be a whole number{bounds}")
        return number

    return Kind("N", read)


def one_of(*choices: str) -> Kind:
    """One of a few words."""

    def read(raw: object) -> str:
        if raw not in choices:
            raise WrongValue(f"must be {', '.join(choices[:-1])} or {choices[-1]}", choices)
        return str(raw)

    return Kind("|".join(choices), read)


TEXT: Final = Kind("TEXT", _text)
SECRET: Final = Kind("TEXT", _text, is_secret=True)
NAMES: Final = Kind("NAME", _text, separator=",")
FILE: Final = Kind("FILE", _path, is_path=True)
FILES: Final = Kind("FILE", _path, separator=os.pathsep, is_path=True)
SWITCH: Final = Kind("", _switch, is_switch=True)
