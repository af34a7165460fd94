"""Finds the operation of a request: literal segments before templates, any segment as a value.

A tree of path segments is built once; a request walks down it. Values stay text here: whether
`abc` is a number is for parameter validation to say (400), not for routing (404).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar
from urllib.parse import unquote

Handler = TypeVar("Handler")
_TEMPLATE = re.compile(r"\{([^{}]+)\}")


class _Node(Generic[Handler]):
    """One segment of the tree; *handlers* by method for paths that end here."""

    __slots__ = ("handlers", "literals", "mixed", "value")

    def __init__(self) -> None:
        self.literals: dict[str, _Node[Handler]] = {}
        self.mixed: list[tuple[re.Pattern[str], _Node[Handler]]] = []
        self.value: _Node[Handler] | None = None
        self.handlers: dict[str, tuple[Handler, tuple[str, ...]]] = {}


class Router(Generic[Handler]):
    """Routes by method and raw (still percent-encoded) path."""

    def __init__(self) -> None:
        self._root: _Node[Handler] = _Node()
        self._literal: dict[tuple[str, str], Handler] = {}

    def add(self, method: str, template: str, handler: Handler) -> None:
        """Add an operation at a path template such as `/books/{bookId}`."""
        names = tuple(_TEMPLATE.findall(template))
        if not names:
            self._literal[method, template] = handler
        node = self._root
        for segment in template.split("/")[1:]:
            node = _child(node, segment)
        node.handlers[method] = (handler, names)

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str]] | None:
        """The handler and its decoded path values, or None where no operation takes them."""
        handler = self._literal.get((method, path))
        if handler is not None:
            return handler, {}
        segments = _segments(path)
        plain = _plain_descent(self._root, segments)
        if plain is not None and method in plain[0].handlers:
            return _bound(plain[0], method, plain[1])
        for node, values in _walk(self._root, segments, 0, ()):
            if method in node.handlers:
                return _bound(node, method, values)
        return None

    def methods(self, path: str) -> list[str]:
        """The methods that some operation has at this path, sorted: what `Allow` says."""
        found: set[str] = set()
        for node, _ in _walk(self._root, _segments(path), 0, ()):
            found.update(node.handlers)
        return sorted(found)


def _segments(path: str) -> list[str]:
    segments = path.split("/")[1:]
    return [unquote(segment) for segment in segments] if "%" in path else segments


def _child(node: _Node[Handler], segment: str) -> _Node[Handler]:
    if "{" not in segment:
        return node.literals.setdefault(segment, _Node())
    if _TEMPLATE.fullmatch(segment):
        node.value = node.value or _Node()
        return node.value
    pattern = _pattern(segment)
    for known, child in node.mixed:
        if known.pattern == pattern.pattern:
            return child
    node.mixed.append((pattern, _Node()))
    return node.mixed[-1][1]


def _pattern(segment: str) -> re.Pattern[str]:
    """A pattern for a segment that is part text, part template: `{name}.json`."""
    parts: Iterable[str] = _TEMPLATE.split(segment)
    return re.compile("".join("(.+)" if i % 2 else re.escape(p) for i, p in enumerate(parts)))


def _plain_descent(
    node: _Node[Handler], segments: list[str]
) -> tuple[_Node[Handler], list[str]] | None:
    """The node that the most literal way leads to, as nearly every path is found; None where that
    way ends early, or where a segment that is part template might be meant."""
    values = []
    for segment in segments:
        literal = node.literals.get(segment)
        if literal is not None:
            node = literal
        elif node.value is None or node.mixed or not segment:
            return None
        else:
            node = node.value
            values.append(segment)
    return node, values


def _bound(
    node: _Node[Handler], method: str, values: Iterable[str]
) -> tuple[Handler, dict[str, str]]:
    handler, names = node.handlers[method]
    return handler, dict(zip(names, values, strict=True))


def _walk(
    node: _Node[Handler], segments: list[str], depth: int, values: tuple[str, ...]
) -> Iterator[tuple[_Node[Handler], tuple[str, ...]]]:
    """Every node that the segments reach, most literal first."""
    if depth == len(segments):
        if node.handlers:
            yield node, values
        return
    segment = segments[depth]
    literal = node.literals.get(segment)
    if literal is not None:
        yield from _walk(literal, segments, depth + 1, values)
    for pattern, child in node.mixed:
        if match := pattern.fullmatch(segment):
            yield from _walk(child, segments, depth + 1, values + match.groups())
    if node.value is not None and segment:
        yield from _walk(node.value, segments, depth + 1, (*values, segment))
