"""YAML and JSON files as plain JSON values, read the way their authors mean them.

YAML is read by the scalar rules of YAML 1.2: `2024-09-04` is a text and not a date (P16), `no` is
a text and not false, `12:30` is a text and not 750. Keys are text, `200` as well as `"200"`; a key
that stands twice in one object is refused; aliases are written out, so no two places share a value.

Source: OpenAPI 3.0.3 "Format" (YAML 1.2, JSON schema ruleset); reference stack P14, P16.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from mockserver.errors import SetupError
from mockserver.model import MISSING, Json
from mockserver.openapi.copies import copied

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Event = Any
"""One of PyYAML's events, whose types do not say what each of them has."""

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TAG = "tag:yaml.org,2002:"
_WORDS: dict[str, Json] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_FIRST_OF_NUMBERS = frozenset("-+.0123456789")


def read_yaml(path: Path) -> Json:
    """The value in a YAML or JSON file. Raises SetupError naming file, line and column."""
    text = _text_of(path)
    try:
        return _parsed(text, path)
    except RecursionError:
        raise SetupError("nested too deeply", file=path) from None


def _parsed(text: str, path: Path) -> Json:
    if text.lstrip()[:1] in ("{", "["):
        try:
            return _parsed_json(text)
        except json.JSONDecodeError as error:
            if path.suffix == ".json":
                place = _place(error.lineno, error.colno)
                raise SetupError(f"not JSON: {error.msg}", file=path, place=place) from None
        except ValueError as error:
            raise SetupError(str(error), file=path) from None
    return _parsed_yaml(text, path)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        beside = [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
        raise SetupError("no such file", file=path, value=path.name, known=beside) from None
    except UnicodeDecodeError as error:
        raise SetupError(f"not UTF-8: {error.reason} at byte {error.start}", file=path) from None
    except OSError as error:
        raise SetupError(error.strerror or "cannot be read", file=path) from None


def _parsed_json(text: str) -> Json:
    value: Json = json.loads(text, object_pairs_hook=_unique_pairs, parse_constant=_no_constant)
    if _SURROGATE.search(text):
        _check_pairs(value)
    return value


def _check_pairs(value: Json) -> None:
    """Raises ValueError where half a pair of surrogates stands alone: that is no character."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = f"\\u{ord(error.object[error.start]):04x}"
        raise ValueError(f"{half} is half of a character, and the other half is missing") from None


def _unique_pairs(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return result


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is not a JSON number")


def _parsed_yaml(text: str, path: Path) -> Json:
    try:
        loader = _Loader(text)
        try:
            return _Builder(loader.get_event, path).document()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = _place(mark.line + 1, mark.column + 1) if mark else ""
        reason = f"not YAML: {error.problem or error.context}"
        raise SetupError(reason, file=path, place=place) from None
    except yaml.YAMLError as error:
        raise SetupError(f"not YAML: {error}", file=path) from None


def _place(line: int, column: int) -> str:
    return f"line {line}, column {column}"


class _Builder:
    """Turns the events of one file into values, which takes half the time of going by its nodes.

    *_anchored* holds the values behind anchors (for a scalar its event), `MISSING` while one is
    still being read.
    """

    def __init__(self, next_event: Callable[[], _Event], path: Path) -> None:
        self._next = next_event
        self._path = path
        self._anchored: dict[str, Json] = {}

    def document(self) -> Json:
        """The value of the only document; None where there is none."""
        self._next()  # the stream begins
        if type(self._next()) is yaml.StreamEndEvent:
            return None
        value = self._value(self._next())
        self._next()  # the document ends
        after = self._next()
        if type(after) is not yaml.StreamEndEvent:
            raise self._error("not YAML: a second document begins", after)
        return value

    def _value(self, event: _Event) -> Json:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            if event.anchor is not None:
                self._anchor(event, event)
            return self._scalar(event)
        if kind is yaml.AliasEvent:
            found = self._aliased(event)
            return self._scalar(found) if isinstance(found, yaml.ScalarEvent) else copied(found)
        if event.anchor is None:
            return self._collection(event)
        self._anchor(event, MISSING)
        value = self._anchored[event.anchor] = self._collection(event)
        return value

    def _collection(self, event: _Event) -> Json:
        if type(event) is yaml.MappingStartEvent:
            return self._mapping()
        result = []
        while type(item := self._next()) is not yaml.SequenceEndEvent:
            result.append(self._value(item))
        return result

    def _anchor(self, event: _Event, held: Json) -> None:
        if event.anchor in self._anchored:
            raise self._error(f"not YAML: the anchor {event.anchor!r} stands twice", event)
        self._anchored[event.anchor] = held

    def _aliased(self, event: _Event) -> Json:
        if event.anchor not in self._anchored:
            raise self._error(f"not YAML: there is no anchor {event.anchor!r} before", event)
        found = self._anchored[event.anchor]
        if found is MISSING:
            raise self._error("this alias holds itself", event)
        return found

    def _scalar(self, event: _Event) -> Json:
        text: str = event.value
        if event.implicit[0]:
            if text[:1] in _FIRST_OF_NUMBERS:
                return _number(text)
            return _WORDS.get(text, text)
        if event.tag in (None, "!"):
            return text
        match event.tag.removeprefix(_TAG):
            case "str" | "timestamp" | "merge" | "value":
                return text
            case "int" if _INTEGER.fullmatch(text):
                return _integer(text)
            case "float" if _FLOAT.fullmatch(text):
                return float(text)
            case "bool":
                return text.lower() == "true"
            case "null":
                return None
        raise self._error(f"not a JSON value: {event.tag} {text!r}", event)

    def _mapping(self) -> dict[str, Json]:
        result: dict[str, Json] = {}
        merged: dict[str, Json] = {}
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key = self._key(event)
            if key.tag == _TAG + "merge" or (key.value == "<<" and key.implicit[0]):
                merged = {**self._merge_source(), **merged}
            elif key.value in result:
                raise self._error(f"the key {key.value!r} stands twice in one object", event)
            else:
                result[key.value] = self._value(self._next())
        return {**merged, **result} if merged else result

    def _key(self, event: _Event) -> _Event:
        if type(event) is yaml.ScalarEvent:
            if event.anchor is not None:
                self._anchor(event, event)
            return event
        if type(event) is yaml.AliasEvent:
            found = self._aliased(event)
            if isinstance(found, yaml.ScalarEvent):
                return found
        raise self._error("a key must be a text", event)

    def _merge_source(self) -> dict[str, Json]:
        event = self._next()
        source = self._value(event)
        result: dict[str, Json] = {}
        for part in reversed(source if isinstance(source, list) else [source]):
            if not isinstance(part, dict):
                raise self._error("only objects can be merged with `<<`", event)
            result.update(part)
        return result

    def _error(self, reason: str, event: _Event) -> SetupError:
        place = _place(event.start_mark.line + 1, event.start_mark.column + 1)
        return SetupError(reason, file=self._path, place=place)


def _number(text: str) -> Json:
    """The number that a plain scalar is, or its text."""
    if _INTEGER.fullmatch(text):
        return _integer(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _integer(text: str) -> int:
    return int(text, 0 if text[:2] in ("0o", "0x") else 10)
