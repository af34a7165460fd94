"""The part of JSONPath that overlays need: names, wildcards, indexes, filters, descent.

`$`, `.name`, `['name']`, `['a','b']`, `.*`, `[*]`, `[0]`, `[-1]`, `..name`, `..*`, and the filters
`[?(@.name == 'x')]`, `[?(@.name != 'x')]`, `[?(@.name)]`, with or without the round brackets.

Source: RFC 9535, of which this is a subset.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mockserver.model import MISSING, Json

_NAME = re.compile(r"[^\s.\[\]()'\"*?@$]+")
_QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_NAMES = re.compile(rf"\[\s*(?:{_QUOTED})(?:\s*,\s*(?:{_QUOTED}))*\s*\]")
_INDEX = re.compile(r"\[\s*(-?\d+)\s*\]")
_WILDCARD = re.compile(r"\[\s*\*\s*\]")
_KEY = rf"(?:\.[\w$-]+|\[(?:{_QUOTED})\])"
_TEST = rf"@((?:{_KEY})+)\s*(?:(==|!=)\s*({_QUOTED}|-?\d+(?:\.\d+)?|true|false|null))?"
_FILTER = re.compile(rf"\[\s*\?\s*(?:\(\s*{_TEST}\s*\)|{_TEST})\s*\]")


class BadPath(ValueError):
    """The text is not JSONPath, or not of the part known here."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. *kind* is `names`, `index`, `all` or `filter`; *text* is how it was written."""

    kind: str
    text: str
    is_deep: bool = False
    names: tuple[str, ...] = ()
    index: int = 0
    operator: str = ""
    operand: Json = None


@dataclass(frozen=True, slots=True)
class Match:
    """A place in a document: *container* holds *node* under *key* (None for the root)."""

    node: Json
    container: Json = None
    key: str | int | None = None


def parsed(text: str) -> tuple[Step, ...]:
    """The steps of a path. Raises BadPath naming the character where it stops making sense."""
    if not text.startswith("$"):
        raise BadPath("a JSONPath begins with `$`")
    steps = []
    position = 1
    while position < len(text):
        step = _step_at(text, position)
        steps.append(step)
        position += len(step.text)
    return tuple(steps)


def _step_at(text: str, start: int) -> Step:
    is_deep = text.startswith("..", start)
    has_dot = text.startswith(".", start)
    begin = start + (2 if is_deep else 1 if has_dot else 0)
    if has_dot and text.startswith("*", begin):
        return Step("all", text[start : begin + 1], is_deep)
    if has_dot and (name := _NAME.match(text, begin)):
        return Step("names", text[start : name.end()], is_deep, names=(name[0],))
    if text.startswith("[", begin) and (is_deep or not has_dot):
        return _bracket_at(text, start, begin, is_deep)
    raise BadPath(f"not understood from character {start + 1} on: {text[start : start + 30]!r}")


def _bracket_at(text: str, start: int, begin: int, is_deep: bool) -> Step:
    if found := _NAMES.match(text, begin):
        names = tuple(_unquoted(quoted) for quoted in re.findall(_QUOTED, found[0]))
        return Step("names", text[start : found.end()], is_deep, names=names)
    if found := _WILDCARD.match(text, begin):
        return Step("all", text[start : found.end()], is_deep)
    if found := _INDEX.match(text, begin):
        return Step("index", text[start : found.end()], is_deep, index=int(found[1]))
    if found := _FILTER.match(text, begin):
        keys, operator, operand = found.group(1, 2, 3) if found[1] else found.group(4, 5, 6)
        return Step(
            "filter",
            text[start : found.end()],
            is_deep,
            names=tuple(_key_name(key) for key in re.findall(_KEY, keys)),
            operator=operator or "",
            operand=_literal(operand) if operator else None,
        )
    raise BadPath(f"not understood from character {begin + 1} on: {text[begin : begin + 30]!r}")


def _key_name(key: str) -> str:
    return key[1:] if key.startswith(".") else _unquoted(key[1:-1])


def _unquoted(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted[1:-1])


def _literal(text: str) -> Json:
    return _unquoted(text) if text[0] in "'\"" else json.loads(text)


def select(matches: list[Match], step: Step) -> list[Match]:
    """Where one step leads from *matches*, each place once."""
    found = []
    seen = set()
    for match in _with_descendants(matches) if step.is_deep else matches:
        for reached in _reached(match.node, step):
            place = (id(reached.container), reached.key)
            if place not in seen:
                seen.add(place)
                found.append(reached)
    return found


def _with_descendants(matches: list[Match]) -> Iterator[Match]:
    for match in matches:
        yield match
        yield from _with_descendants(list(_children(match.node)))


def _reached(node: Json, step: Step) -> Iterator[Match]:
    if step.kind == "names":
        for name in step.names:
            if isinstance(node, dict) and name in node:
                yield Match(node[name], node, name)
    elif step.kind == "index":
        if isinstance(node, list) and -len(node) <= step.index < len(node):
            index = step.index % len(node)
            yield Match(node[index], node, index)
    else:
        for child in _children(node):
            if step.kind == "all" or _passes(child.node, step):
                yield child


def _children(node: Json) -> Iterator[Match]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield Match(value, node, name)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield Match(value, node, index)


def _passes(node: Json, step: Step) -> bool:
    value = node
    for name in step.names:
        value = value.get(name, MISSING) if isinstance(value, dict) else MISSING
    if not step.operator:
        return value is not MISSING
    is_equal = type(value) is type(step.operand) and value == step.operand
    return is_equal == (step.operator == "==")
