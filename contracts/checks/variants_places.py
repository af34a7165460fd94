"""Where a document lets a value be one of several variants, and what these variants are."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from contracts.yardstick import Yardstick, is_json
from mockserver.model import Document, Json
from mockserver.openapi import Direction, Operation, follow, resolve

Schema: TypeAlias = Mapping[str, Json]

KEYWORDS: Final = ("oneOf", "anyOf")
_TELLING: Final = frozenset(
    {"description", "title", "example", "default", "nullable", "deprecated", "discriminator"}
)
"""Keywords that ask nothing of a value (or, like `nullable`, are judged beforehand)."""

_SHAPES: Final = ("$ref", "type", "title", "enum", "allOf", "oneOf", "anyOf")


@dataclass(frozen=True, slots=True)
class Branch:
    """One variant. *schema* is as the document has it; *whole* also holds what the place asks of
    every variant. *tags* are its required properties with listed values: `{"type": ("link",)}`."""

    name: str
    schema: Schema
    whole: Schema
    tags: Mapping[str, tuple[Json, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step from a body down to a place. *kind* is `property`, `item`, `entry` (a property of
    any name) or `variant`; *schema* is what holds there."""

    kind: str
    schema: Schema
    name: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An operation in whose body a place stands. *status* is the document's key of the response,
    `` for a request; *schema* is the whole body's."""

    operation: Operation
    direction: Direction
    status: str
    schema: Schema
    route: tuple[Step, ...]

    @property
    def path(self) -> tuple[str, ...]:
        """Names of the properties that lead there, `[]` for each item: `("data", "[]")`."""
        names = {"property": None, "item": "[]", "entry": "*"}
        return tuple(names[one.kind] or one.name for one in self.route if one.kind in names)


@dataclass(frozen=True, slots=True)
class Place:
    """One `oneOf` or `anyOf` of the document; *pointer* leads to the schema that holds it.

    *tag* is the discriminator's property, `` for none, and *tagged* the branch of each of its
    values.
    """

    pointer: str
    keyword: str
    schema: Schema
    branches: tuple[Branch, ...]
    tag: str = ""
    tagged: Mapping[str, int] = field(default_factory=dict)
    occurrences: tuple[Occurrence, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(branch.name for branch in self.branches)

    def at(self, direction: Direction) -> list[Occurrence]:
        return [one for one in self.occurrences if one.direction == direction]


_Spot: TypeAlias = tuple[Schema, str, tuple[Step, ...]]
"""A schema, the pointer to it, and the way there from the body."""


class Variants:
    """Every place of one document, found once: a place by its schema, and in document order of
    the operations where it first occurs."""

    def __init__(self, yardstick: Yardstick) -> None:
        self.yardstick = yardstick
        self._document: Document = yardstick.document
        self._places: dict[tuple[int, str], Place] = {}
        for start in _bodies(yardstick):
            self._search(start)

    @property
    def places(self) -> list[Place]:
        return list(self._places.values())

    def held_by(self, schema: Schema) -> list[Place]:
        """The places that *schema* (without `$ref`) itself holds."""
        keys = ((id(schema), keyword) for keyword in KEYWORDS if keyword in schema)
        return [self._places[key] for key in keys if key in self._places]

    def _search(self, start: "_Body") -> None:
        """Breadth first, so that a place is known by its shortest way; each schema once."""
        seen: set[int] = set()
        waiting: deque[_Spot] = deque([(start.schema, start.pointer, ())])
        while waiting:
            schema, pointer, route = waiting.popleft()
            schema, pointer = followed(self._document, schema, pointer)
            if id(schema) in seen:
                continue
            seen.add(id(schema))
            for keyword in KEYWORDS:
                if _holds_variants(schema, keyword):
                    place = self._noted(schema, keyword, pointer, start.occurrence(route))
                    waiting.extend(_inside_variants(place, pointer, route))
            waiting.extend(_inside(schema, pointer, route))

    def _noted(self, schema: Schema, keyword: str, pointer: str, occurrence: Occurrence) -> Place:
        key = id(schema), keyword
        place = self._places.get(key) or self._place(schema, keyword, pointer)
        self._places[key] = replace(place, occurrences=(*place.occurrences, occurrence))
        return place

    def _place(self, schema: Schema, keyword: str, pointer: str) -> Place:
        own = {key: value for key, value in schema.items() if key != keyword}
        asks = any(key not in _TELLING and not key.startswith("x-") for key in own)
        branches = []
        for index, branch in enumerate(schema[keyword]):
            parts = [*own.get("allOf", ()), branch]
            whole = {**own, "allOf": parts} if asks else branch
            tags = tags_of(self._document, branch)
            branches.append(Branch(_name(branch, tags, index), branch, whole, tags))
        place = Place(pointer, keyword, schema, tuple(branches))
        if "propertyName" not in schema.get("discriminator", {}):
            return place
        tag = str(schema["discriminator"]["propertyName"])
        return replace(place, tag=tag, tagged=_tagged(schema, place))


@dataclass(frozen=True, slots=True)
class _Body:
    operation: Operation
    direction: Direction
    status: str
    schema: Schema
    pointer: str

    def occurrence(self, route: tuple[Step, ...]) -> Occurrence:
        return Occurrence(self.operation, self.direction, self.status, self.schema, route)


def followed(document: Document, schema: Schema, pointer: str) -> tuple[Schema, str]:
    """What *schema*'s `$ref` leads to, and the pointer to it. Raises SetupError."""
    while isinstance(schema.get("$ref"), str):
        pointer = schema["$ref"]
        schema = resolve(document, pointer)
    return schema, pointer


def properties_in(document: Document, schema: Schema) -> dict[str, Schema]:
    """The properties that an object schema declares, through `$ref` and `allOf`."""
    plain = follow(document, schema)
    declared: dict[str, Schema] = {}
    for part in plain.get("allOf", ()):
        declared |= properties_in(document, part)
    declared |= plain.get("properties", {})
    return declared


def required_in(document: Document, schema: Schema) -> set[str]:
    """The properties that an object schema requires, through `$ref` and `allOf`."""
    plain = follow(document, schema)
    required = set(plain.get("required", ()))
    return required.union(*(required_in(document, part) for part in plain.get("allOf", ())))


def tags_of(document: Document, schema: Schema) -> dict[str, tuple[Json, ...]]:
    """The required properties whose values *schema* lists."""
    required = required_in(document, schema)
    return {
        name: tuple(plain["enum"])
        for name, declared in properties_in(document, schema).items()
        if name in required and (plain := follow(document, declared)).get("enum")
    }


def _bodies(yardstick: Yardstick) -> Iterator[_Body]:
    for operation in yardstick.operations:
        base = f"#/paths/{_escaped(operation.template)}/{operation.method.lower()}"
        for kind, schema in operation.body_content.items():
            if is_json(kind) and schema is not None:
                pointer = f"{base}/requestBody/content/{_escaped(kind)}/schema"
                yield _Body(operation, "request", "", schema, pointer)
        for status, content in operation.responses.items():
            for kind, schema in content.items():
                if is_json(kind) and schema is not None:
                    pointer = f"{base}/responses/{status}/content/{_escaped(kind)}/schema"
                    yield _Body(operation, "response", status, schema, pointer)


def _inside(schema: Schema, pointer: str, route: tuple[Step, ...]) -> Iterator[_Spot]:
    """What *schema* says of the value's parts, and of the value by `allOf`."""
    for index, part in enumerate(schema.get("allOf", ())):
        yield part, f"{pointer}/allOf/{index}", route
    for name, declared in schema.get("properties", {}).items():
        step = Step("property", declared, name)
        yield declared, f"{pointer}/properties/{_escaped(name)}", (*route, step)
    for key, kind in (("items", "item"), ("additionalProperties", "entry")):
        if isinstance(below := schema.get(key), dict):
            yield below, f"{pointer}/{key}", (*route, Step(kind, below))


def _inside_variants(place: Place, pointer: str, route: tuple[Step, ...]) -> Iterator[_Spot]:
    for index, branch in enumerate(place.branches):
        step = Step("variant", branch.whole, branch.name)
        yield branch.schema, f"{pointer}/{place.keyword}/{index}", (*route, step)


def _holds_variants(schema: Schema, keyword: str) -> bool:
    """Whether *keyword* tells variants; an `anyOf` of mere conditions (`required`, `not`) does
    not."""
    branches = schema.get(keyword) or ()
    has_shapes = all(any(key in branch for key in _SHAPES) for branch in branches)
    return len(branches) > 1 and (keyword == "oneOf" or has_shapes)


def _tagged(schema: Schema, place: Place) -> dict[str, int]:
    """Branches by the discriminator's value: as its mapping says, else as a branch lists the
    values of the property, else by schema name."""
    tag = schema["discriminator"]["propertyName"]
    mapping: Mapping[str, str] = schema["discriminator"].get("mapping", {})
    tagged: dict[str, int] = {}
    for index, branch in enumerate(place.branches):
        ref = str(branch.schema.get("$ref", ""))
        name = ref.rpartition("/")[2]
        told = [value for value, target in mapping.items() if target in (ref, name)]
        for value in told or branch.tags.get(tag) or (name,):
            tagged[str(value)] = index
    return tagged


def _name(branch: Schema, tags: Mapping[str, tuple[Json, ...]], index: int) -> str:
    if "$ref" in branch:
        return str(branch["$ref"]).rpartition("/")[2]
    if "title" in branch:
        return str(branch["title"])
    for name, values in tags.items():
        if len(values) == 1:
            return f"{name}={values[0]}"
    if branch.get("enum") == [None]:
        return "null"
    if branch.get("required"):
        return f"with {', '.join(branch['required'])}"
    return str(branch.get("type") or f"variant {index + 1}")


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
