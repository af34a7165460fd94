"""Walks a value beside its shape, and tells a visitor what it meets."""

from collections.abc import Sequence
from typing import Final, Protocol, TypeAlias

from contracts.checks.shapes import Branch, Choice, Shape
from mockserver.model import Json

Place: TypeAlias = tuple[str | int, ...]

DEEPEST: Final = 60
"""Below this depth nothing is looked at: recursive schemas may let any depth in."""


class Visitor(Protocol):
    """Is told what a walk meets."""

    def declared(self, shape: Shape, name: str) -> None:
        """The property *name* is there, declared by *shape*."""

    def undeclared(self, place: Place, name: str, value: Json) -> None:
        """The property *name* of the object at *place* is there, and declared by nothing."""

    def member(self, shape: Shape, value: Json) -> None:
        """*value* stands where *shape* lists the values that may."""

    def chosen(self, choice: Choice, fitting: Sequence[Branch], value: Json) -> None:
        """*value* stands where a choice is, and fits these branches of it."""


def walk(value: Json, shape: Shape, visitor: Visitor, *, is_sound: bool) -> None:
    """Tell *visitor* what *value* holds. *is_sound* tells that it is known to fit the schema.

    Where a value fits no branch of a choice, all branches count as declared: that it fits none is
    for validation to say.
    """
    _Walk(visitor, is_sound).at(value, (shape,), ())


class _Walk:
    def __init__(self, visitor: Visitor, is_sound: bool) -> None:
        self._visitor = visitor
        self._is_sound = is_sound

    def at(self, value: Json, shapes: Sequence[Shape], place: Place) -> None:
        if value is None or len(place) > DEEPEST:
            return
        parts = self._parts(value, shapes)
        for part in parts:
            if part.enum:
                self._visitor.member(part, value)
        if isinstance(value, dict):
            self._object(value, parts, place)
        elif isinstance(value, list):
            inner = [part.items for part in parts if part.items is not None]
            for index, item in enumerate(value) if inner else ():
                self.at(item, inner, (*place, index))

    def _parts(self, value: Json, shapes: Sequence[Shape]) -> Sequence[Shape]:
        """Every shape that says something of *value*: through `allOf`, and the fitting branches."""
        if len(shapes) == 1:
            parts = shapes[0].parts
            if not any(part.choices for part in parts):
                return parts
        found: dict[int, Shape] = {}
        left = list(shapes)
        while left:
            for part in left.pop().parts:
                if id(part) in found:
                    continue
                found[id(part)] = part
                for choice in part.choices:
                    fitting = choice.fitting(value, is_sound=self._is_sound)
                    self._visitor.chosen(choice, fitting, value)
                    left.extend(branch.shape for branch in fitting or choice.branches)
        return list(found.values())

    def _object(self, value: Json, parts: Sequence[Shape], place: Place) -> None:
        has_names = any(part.properties for part in parts)
        for name, inner in value.items():
            found = []
            for part in parts:
                if name in part.properties:
                    found.append(part.properties[name])
                    self._visitor.declared(part, name)
            if not found:
                found = [part.additional for part in parts if part.additional is not None]
            if found:
                self.at(inner, found, (*place, name))
            elif has_names and not any(part.is_open or part.is_closed for part in parts):
                self._visitor.undeclared(place, name, inner)
