"""YAML and JSON files as plain JSON values, read the way their authors mean them.

YAML is read by the scalar rules of YAML 1.2: `2024-09-04` is a text and not a date (P16), `no` is
a text and not false, `12:30` is a text and not 750. Keys are text, `200` as well as `"200"`; a key
that stands twice in one object is refused; aliases are written out, so no two places share a value.

Source: OpenAPI 3.0.3 "Format" (YAML 1.2, JSON schema ruleset); reference stack P14, P16.
"""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from mockserver.errors import SetupError
from mockserver.model import Json

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TAG = "tag:yaml.org,2002:"


class _Loader(_Base):  # type: ignore[misc]  # PyYAML's C loader has no usable type
    """Composes nodes; its scalars are told apart as YAML 1.2 does."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012  # PyYAML's own name and shape


for _kind, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", _INTEGER.pattern, "-+0123456789"),
    ("float", _FLOAT.pattern, "-+.0123456789"),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(_TAG + _kind, re.compile(rf"(?:{_pattern})\Z"), list(_first))


def read_yaml(path: Path) -> Json:
    """The value in a YAML or JSON file. Raises SetupError naming file, line and column."""
    text = _text_of(path)
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
    return json.loads(text, object_pairs_hook=_unique_pairs, parse_constant=_no_constant)


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
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = _place(mark.line + 1, mark.column + 1) if mark else ""
        reason = f"not YAML: {error.problem or error.context}"
        raise SetupError(reason, file=path, place=place) from None
    except yaml.YAMLError as error:
        raise SetupError(f"not YAML: {error}", file=path) from None
    return None if node is None else _Builder(path).value(node)


def _place(line: int, column: int) -> str:
    return f"line {line}, column {column}"


class _Builder:
    """Turns the nodes of one file into values."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: set[int] = set()

    def value(self, node: yaml.Node) -> Json:
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if id(node) in self._open:
            raise self._error("this alias holds itself", node)
        self._open.add(id(node))
        result: Json
        if isinstance(node, yaml.MappingNode):
            result = self._mapping(node)
        else:
            result = [self.value(item) for item in node.value]
        self._open.discard(id(node))
        return result

    def _scalar(self, node: yaml.ScalarNode) -> Json:
        text: str = node.value
        match node.tag.removeprefix(_TAG):
            case "str" | "timestamp" | "merge" | "value":
                return text
            case "int" if _INTEGER.fullmatch(text):
                return int(text, 0 if text[:2] in ("0o", "0x") else 10)
            case "float" if _FLOAT.fullmatch(text):
                return float(text)
            case "bool":
                return text.lower() == "true"
            case "null":
                return None
        raise self._error(f"not a JSON value: {node.tag} {text!r}", node)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Json]:
        result: dict[str, Json] = {}
        merged: dict[str, Json] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._error("a key must be a text", key_node)
            if key_node.tag == _TAG + "merge":
                merged = {**self._merge_source(value_node), **merged}
            elif key_node.value in result:
                raise self._error(
                    f"the key {key_node.value!r} stands twice in one object", key_node
                )
            else:
                result[key_node.value] = self.value(value_node)
        return {**merged, **result} if merged else result

    def _merge_source(self, node: yaml.Node) -> dict[str, Json]:
        source = self.value(node)
        result: dict[str, Json] = {}
        for part in reversed(source if isinstance(source, list) else [source]):
            if not isinstance(part, dict):
                raise self._error("only objects can be merged with `<<`", node)
            result.update(part)
        return result

    def _error(self, reason: str, node: yaml.Node) -> SetupError:
        place = _place(node.start_mark.line + 1, node.start_mark.column + 1)
        return SetupError(reason, file=self._path, place=place)
