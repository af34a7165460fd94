"""Schemas made ready to be walked beside a value: what is declared where, and by which branch."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

from contracts.checks.places import source_of
from contracts.yardstick import Yardstick
from mockserver.model import Document, Json
from mockserver.openapi import Direction, Operation, Validator, follow, resolve

_COMPONENTS: Final = "#/components/schemas/"
_Scalar = (str, int, float, bool)


@dataclass(eq=False, slots=True)
class Shape:
    """One schema, without what it refers to by `$ref`.

    *name* is what people call it (`Book.author`), *place* its pointer.
    """

    name: str
    place: str
    schema: Mapping[str, Json]
    properties: dict[str, "Shape"] = field(default_factory=dict)
    items: "Shape | None" = None
    additional: "Shape | None" = None
    is_open: bool = False
    """Further properties are declared by `additionalProperties`."""
    is_closed: bool = False
    """Further properties are forbidden, which validation judges."""
    enum: tuple[Json, ...] = ()
    choices: tuple["Choice", ...] = ()
    all_of: tuple["Shape", ...] = ()
    clean_bodies: set[int] = field(default_factory=set)
    """Hashes of whole bodies in which nothing undeclared was found: they need no second look."""
    _parts: tuple["Shape", ...] = ()

    @property
    def parts(self) -> tuple["Shape", ...]:
        """The shape itself and those of its `allOf`, all the way down."""
        if not self._parts:
            self._parts = tuple(_parts(self))
        return self._parts


@dataclass(eq=False, slots=True)
class Branch:
    """One branch of a choice. A value without *required*, or with another value than one of
    *constants*, does not fit; what is left the *validator* tells."""

    name: str
    shape: Shape
    validator: Validator
    required: frozenset[str]
    constants: Mapping[str, frozenset[Json]]

    def may_fit(self, value: Json) -> bool:
        if not isinstance(value, dict):
            return not self.required
        if not self.required <= value.keys():
            return False
        return all(
            value[name] in allowed
            for name, allowed in self.constants.items()
            if isinstance(value.get(name), _Scalar)
        )


@dataclass(eq=False, slots=True)
class Choice:
    """A `oneOf` or an `anyOf`; *rule* is which. *place* is its pointer, *name* the schema's.

    Where all branches name their own values of one property, *key* is that property and *by_key*
    has the branches of each value.
    """

    rule: str
    name: str
    place: str
    branches: tuple[Branch, ...]
    key: str | None = None
    by_key: Mapping[Json, tuple[Branch, ...]] = field(default_factory=dict)

    def fitting(self, value: Json, *, is_sound: bool) -> list[Branch]:
        """The branches that *value* fits; *is_sound* tells that it is known to fit the choice."""
        candidates = [one for one in self._candidates(value) if one.may_fit(value)]
        if is_sound and len(candidates) == 1:
            return candidates
        return [one for one in candidates if one.validator.is_valid(value)]

    def _candidates(self, value: Json) -> tuple[Branch, ...]:
        if self.key is None or not isinstance(value, dict):
            return self.branches
        told = value.get(self.key)
        return self.by_key.get(told, ()) if isinstance(told, _Scalar) else self.branches


class Shapes:
    """The shapes of one document for one direction; each schema is read once, by one thread."""

    def __init__(self, yardstick: Yardstick, direction: Direction) -> None:
        self._document = yardstick.document
        self._compile = yardstick.compiler.compile
        self._direction: Direction = direction
        self._known: dict[int, Shape] = {}
        self._lock = threading.RLock()

    def shape(self, schema: Mapping[str, Json], name: str, place: str) -> Shape:
        """The shape of *schema*, called *name* unless it is one of the document's components."""
        plain: Mapping[str, Json] = follow(self._document, schema)
        with self._lock:
            if (known := self._known.get(id(plain))) is not None:
                return known
            if (ref := self._last_ref(schema)).startswith(_COMPONENTS):
                name, place = ref.removeprefix(_COMPONENTS), ref
            shape = self._known[id(plain)] = Shape(name, place, plain)
            self._read(shape)
            return shape

    def of_response(self, operation: Operation, key: str, schema: Mapping[str, Json]) -> Shape:
        """The shape of an answer that is documented under *key*."""
        place = source_of(operation, "responses", key).removeprefix("document ")
        return self.shape(schema, f"{operation.label} {key}", f"{place}/content")

    def of_request(self, operation: Operation, schema: Mapping[str, Json]) -> Shape:
        """The shape of a body."""
        place = source_of(operation, "requestBody").removeprefix("document ")
        return self.shape(schema, f"{operation.label} body", f"{place}/content")

    def reachable(self, root: Shape) -> Iterator[Shape]:
        """*root* and every shape below it, each once."""
        seen, left = {id(root)}, [root]
        while left:
            shape = left.pop()
            yield shape
            for one in _below(shape):
                if id(one) not in seen:
                    seen.add(id(one))
                    left.append(one)

    def _last_ref(self, schema: Mapping[str, Json]) -> str:
        ref = ""
        while isinstance(schema.get("$ref"), str):
            ref = schema["$ref"]
            schema = resolve(self._document, ref)
        return ref

    def _read(self, shape: Shape) -> None:
        schema, name, place = shape.schema, shape.name, shape.place
        for key, declared in (schema.get("properties") or {}).items():
            inner = f"{place}/properties/{key}"
            shape.properties[key] = self.shape(declared, f"{name}.{key}", inner)
        if isinstance(schema.get("items"), dict):
            shape.items = self.shape(schema["items"], f"{name}[]", f"{place}/items")
        more = schema.get("additionalProperties")
        shape.is_open, shape.is_closed = bool(more) or isinstance(more, dict), more is False
        if isinstance(more, dict):
            shape.additional = self.shape(more, f"{name}.*", f"{place}/additionalProperties")
        shape.enum = tuple(schema.get("enum") or ())
        shape.all_of = tuple(
            self.shape(part, name, f"{place}/allOf/{index}")
            for index, part in enumerate(schema.get("allOf") or ())
        )
        shape.choices = tuple(self._choices(shape))

    def _choices(self, shape: Shape) -> Iterator[Choice]:
        for rule in ("oneOf", "anyOf"):
            place = f"{shape.place}/{rule}"
            branches = tuple(
                self._branch(shape, schema, index, f"{place}/{index}")
                for index, schema in enumerate(shape.schema.get(rule) or ())
            )
            if branches:
                choice = Choice(rule, shape.name, place, branches)
                _index(choice)
                yield choice

    def _branch(self, shape: Shape, schema: Mapping[str, Json], index: int, place: str) -> Branch:
        title = schema.get("$ref", "").rpartition("/")[2] or schema.get("title")
        name = str(title or schema.get("type") or f"variant {index + 1}")
        inner = self.shape(schema, f"{shape.name}({name})", place)
        parts = tuple(_parts(inner))
        return Branch(
            name=name,
            shape=inner,
            validator=self._compile(schema, self._direction),
            required=frozenset(key for part in parts for key in self._required(part.schema)),
            constants={k: v for part in parts for k, v in self._constants(part.schema)},
        )

    def _required(self, schema: Mapping[str, Json]) -> Iterator[str]:
        """The names that a fitting object needs in both directions."""
        properties = schema.get("properties") or {}
        for name in schema.get("required") or ():
            declared: Document = follow(self._document, properties.get(name, {}))
            if not (declared.get("readOnly") or declared.get("writeOnly")):
                yield name

    def _constants(self, schema: Mapping[str, Json]) -> Iterator[tuple[str, frozenset[Json]]]:
        for name, declared in (schema.get("properties") or {}).items():
            plain: Document = follow(self._document, declared)
            values = plain.get("enum") or ()
            if values and all(isinstance(value, _Scalar) for value in values):
                yield name, frozenset(values)


_SHAPES: Final[WeakKeyDictionary[Yardstick, dict[Direction, Shapes]]] = WeakKeyDictionary()
"""Read once for each yardstick, gone with it."""


def shapes_of(yardstick: Yardstick, direction: Direction) -> Shapes:
    """The shapes of a yardstick's document."""
    known = _SHAPES.setdefault(yardstick, {})
    if direction not in known:
        known[direction] = Shapes(yardstick, direction)
    return known[direction]


def _parts(shape: Shape) -> Iterator[Shape]:
    """The shape and what it is composed of by `allOf`; a schema that holds itself, once."""
    seen: set[int] = set()
    left = [shape]
    while left:
        part = left.pop(0)
        if id(part) not in seen:
            seen.add(id(part))
            yield part
            left.extend(part.all_of)


def _below(shape: Shape) -> Iterator[Shape]:
    yield from shape.properties.values()
    yield from shape.all_of
    for one in (shape.items, shape.additional):
        if one is not None:
            yield one
    for choice in shape.choices:
        for branch in choice.branches:
            yield branch.shape


def _index(choice: Choice) -> None:
    """Find the property that tells the branches apart, if there is one."""
    branches = choice.branches
    for name in branches[0].constants:
        if all(name in one.constants and name in one.required for one in branches):
            by_key: dict[Json, list[Branch]] = {}
            for branch in branches:
                for value in branch.constants[name]:
                    by_key.setdefault(value, []).append(branch)
            if len(by_key) > len(choice.by_key):
                choice.key = name
                choice.by_key = {value: tuple(fitting) for value, fitting in by_key.items()}
