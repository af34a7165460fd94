"""JSON over several lines, each of which knows its place, so that one can be marked."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from mockserver.model import Json

Line: TypeAlias = tuple[str, str]
"""The JSON pointer of what begins or ends on the line, and its text."""

_DEEPEST: Final = 40
_POINTER: Final = re.compile(r"(?<![\w}])/(?:[^\s/'\"`,;:()\[\]]+/)*[^\s/'\"`,;:()\[\]]*[\w}]")


def json_lines(
    value: Json, pointer: str = "", name: str | None = None, depth: int = 0
) -> Iterator[Line]:
    """*value* in indented lines. *name* is the member of which it is the value."""
    start = "  " * depth + (f"{_text(name)}: " if name is not None else "")
    if not isinstance(value, dict | list) or not value or depth == _DEEPEST:
        yield pointer, start + _text(value)
        return
    is_list = isinstance(value, list)
    yield pointer, start + ("[" if is_list else "{")
    parts = _parts(value)
    for number, (key, part) in enumerate(parts):
        inner = json_lines(part, f"{pointer}/{_key(key)}", None if is_list else str(key), depth + 1)
        yield from _with_comma(inner) if number < len(parts) - 1 else inner
    yield pointer, "  " * depth + ("]" if is_list else "}")


def pointers_in(texts: Iterable[str], value: Json) -> set[str]:
    """Every JSON pointer in *texts* that leads to something in *value*."""
    found = {pointer for text in texts for pointer in _POINTER.findall(text)}
    return {pointer for pointer in found if _leads_somewhere(pointer, value)}


def _leads_somewhere(pointer: str, value: Json) -> bool:
    for key in pointer.split("/")[1:]:
        name = key.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and key.isdecimal() and int(key[:9]) < len(value):
            value = value[int(key[:9])]
        else:
            return False
    return True


def _parts(value: dict[str, Json] | list[Json]) -> list[tuple[str | int, Json]]:
    return list(enumerate(value)) if isinstance(value, list) else list(value.items())


def _with_comma(lines: Iterator[Line]) -> Iterator[Line]:
    held: Line | None = None
    for line in lines:
        if held is not None:
            yield held
        held = line
    if held is not None:
        yield held[0], f"{held[1]},"


def _key(key: str | int) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def _text(value: Json) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "…"
