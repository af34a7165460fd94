"""Example values from schemas: the document's own where it has some, else made up.

The same schema, seed and pointer always give the same value, and the value fits its schema
wherever a value that does can be found in a few tries.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from random import Random
from typing import Final

from mockserver.model import MISSING, Document, Json
from mockserver.openapi.copies import copied
from mockserver.openapi.flatten import flattened
from mockserver.openapi.operations import Operation
from mockserver.openapi.pointers import follow
from mockserver.openapi.sample_text import text_for
from mockserver.openapi.schema import Direction, SchemaCompiler, Validator

TRIES = 12
"""How often a value is made up anew before one that does not fit is given."""

_SPAN = 100
_MORE_ITEMS = 2
_DEEPEST_SELF = 2
_DEEPEST = 60
_ANYTHING: Final[Document] = {}


class _Endless(Exception):
    """A schema leads back to itself and to no end."""


class Sampler:
    """Makes example values for the schemas of one document; keep it, it compiles each once."""

    def __init__(self, document: Document, compiler: SchemaCompiler | None = None) -> None:
        self._document = document
        self._compiler = compiler or SchemaCompiler(document)
        self._validators: dict[tuple[int, Direction], tuple[Mapping[str, Json], Validator]] = {}
        self._ways: dict[int, tuple[Mapping[str, Json], list[Document]]] = {}

    def sample(
        self,
        schema: Mapping[str, Json],
        *,
        seed: int = 0,
        pointer: str = "",
        dynamic: bool = False,
        direction: Direction = "response",
    ) -> Json:
        """A value for *schema*: by example, default or enum where there are, unless *dynamic*.

        *schema* is kept, with what was compiled for it. Null where no value can be made, as for
        a schema that requires itself.
        """
        try:
            return copied(_Making(self, seed, dynamic, direction).value(schema, pointer, ()))
        except _Endless:
            return None

    @property
    def document(self) -> Document:
        return self._document

    def ways(self, schema: Mapping[str, Json]) -> list[Document]:
        """How *schema* can be met, as schemas without composition."""
        if id(schema) not in self._ways:
            self._ways[id(schema)] = schema, list(flattened(self._document, schema))
        return self._ways[id(schema)][1]

    def fits(self, schema: Mapping[str, Json], value: Json, direction: Direction) -> bool:
        """Whether *value* is valid; each schema object is compiled at its first use."""
        key = id(schema), direction
        if key not in self._validators:
            self._validators[key] = schema, self._compiler.compile(schema, direction)
        return self._validators[key][1].is_valid(value)


def sample(
    schema: Mapping[str, Json],
    document: Document,
    *,
    seed: int = 0,
    pointer: str = "",
    dynamic: bool = False,
    direction: Direction = "response",
) -> Json:
    """A value for *schema*, once. Whoever needs many keeps a `Sampler`."""
    return Sampler(document).sample(
        schema, seed=seed, pointer=pointer, dynamic=dynamic, direction=direction
    )


def examples_of(operation: Operation, status: str, media_type: str) -> dict[str, Json]:
    """The named `examples` of a response, or its one `example` under the name `default`.

    *status* is a key of the document's responses. Examples in other files are left out.
    """
    document = operation.document
    response = follow(document, operation.raw.get("responses", {}).get(status, {}))
    media = response.get("content", {}).get(media_type, {})
    if "examples" in media:
        named = {name: follow(document, one) for name, one in media["examples"].items()}
        return {name: one["value"] for name, one in named.items() if "value" in one}
    return {"default": media["example"]} if "example" in media else {}


class _Making:
    """One value being made."""

    def __init__(self, sampler: Sampler, seed: int, is_dynamic: bool, direction: Direction) -> None:
        self._sampler = sampler
        self._document = sampler.document
        self._seed = seed
        self._is_dynamic = is_dynamic
        self._direction = direction
        self._hidden = "writeOnly" if direction == "response" else "readOnly"
        self._hopeless: set[int] = set()

    def value(self, schema: Mapping[str, Json], pointer: str, within: tuple[int, ...]) -> Json:
        """The first candidate that fits; the first of all where none does. Raises _Endless."""
        schema = follow(self._document, schema)
        if within.count(id(schema)) > _DEEPEST_SELF or len(within) > _DEEPEST:
            raise _Endless
        first = MISSING
        for candidate in self._candidates(schema, pointer, (*within, id(schema))):
            if self._sampler.fits(schema, candidate, self._direction):
                return candidate
            first = candidate if first is MISSING else first
            if id(schema) in self._hopeless:
                break
        if first is MISSING:
            raise _Endless
        self._hopeless.add(id(schema))
        return first

    def _candidates(
        self, schema: Mapping[str, Json], pointer: str, within: tuple[int, ...]
    ) -> Iterator[Json]:
        if not self._is_dynamic:
            yield from (schema[key] for key in ("example", "default") if key in schema)
        if within.count(within[-1]) > 1 and schema.get("nullable") is True:
            yield None
        ways = self._order(self._sampler.ways(schema), self._random(pointer, "branches"))
        for attempt in range(TRIES):
            place = pointer if attempt == 0 else f"{pointer} again {attempt}"
            endless = 0
            for way, is_lean in product(ways, (False, True)):
                try:
                    yield from self._made(way, place, within, is_lean=is_lean)
                except _Endless:
                    endless += 1
            if endless == 2 * len(ways):
                return

    def _order(self, choices: Sequence[Json], random: Random) -> list[Json]:
        return random.sample(list(choices), len(choices)) if self._is_dynamic else list(choices)

    def _random(self, pointer: str, purpose: str = "") -> Random:
        return Random(f"{self._seed} {pointer} {purpose}")

    def _made(
        self, schema: Document, pointer: str, within: tuple[int, ...], *, is_lean: bool
    ) -> list[Json]:
        """Values for a schema without composition; *is_lean* leaves out what may be left out."""
        random = self._random(pointer)
        if "enum" in schema:
            return self._order(schema["enum"], random)
        match _type_of(schema):
            case "object":
                return [self._object(schema, pointer, within, is_lean=is_lean)]
            case "array":
                return [self._array(schema, pointer, within)]
            case "integer" | "number":
                return list(_numbers(schema, random))
            case "boolean":
                return [random.choice((True, False))]
            case "null":
                return [None]
        return [text_for(schema, random)]

    def _object(
        self, schema: Document, pointer: str, within: tuple[int, ...], *, is_lean: bool
    ) -> Document:
        declared = schema.get("properties", {})
        required = schema.get("required", ())
        random = self._random(pointer, "properties")
        result = {}
        spare = []
        for name, inner in declared.items():
            plain = follow(self._document, inner)
            if plain.get(self._hidden) is True:
                continue
            if name in required or self._is_wanted(plain, within, random, is_lean):
                result[name] = self.value(inner, f"{pointer}/{name}", within)
            elif id(plain) not in within:
                spare.append(name)
        for name in required:
            if name not in declared:
                result[name] = self._extra(schema, f"{pointer}/{name}", within)
        most = schema.get("maxProperties", len(result))
        for name in [name for name in result if name not in required][: max(0, len(result) - most)]:
            del result[name]
        self._fill(result, schema, spare, pointer, within)
        return result

    def _is_wanted(
        self, schema: Mapping[str, Json], within: tuple[int, ...], random: Random, is_lean: bool
    ) -> bool:
        """Whether an optional property is shown: with an example, or by chance when dynamic."""
        if self._is_dynamic:
            return random.random() < 0.5 and not is_lean and id(schema) not in within
        return "example" in schema and not is_lean

    def _fill(
        self,
        result: Document,
        schema: Document,
        spare: list[str],
        pointer: str,
        within: tuple[int, ...],
    ) -> None:
        """Add properties until there are `minProperties`."""
        least = schema.get("minProperties", 0)
        number = 0
        while len(result) < least and (spare or schema.get("additionalProperties", True)):
            number += 1
            name = spare.pop(0) if spare else f"property{number}"
            if name in schema.get("properties", {}):
                result[name] = self.value(schema["properties"][name], f"{pointer}/{name}", within)
            else:
                result[name] = self._extra(schema, f"{pointer}/{name}", within)

    def _extra(self, schema: Document, pointer: str, within: tuple[int, ...]) -> Json:
        inner = schema.get("additionalProperties", True)
        return self.value(inner if isinstance(inner, dict) else _ANYTHING, pointer, within)

    def _array(self, schema: Document, pointer: str, within: tuple[int, ...]) -> list[Json]:
        items = follow(self._document, schema.get("items", _ANYTHING))
        least = schema.get("minItems", 0)
        if id(items) in within and least == 0:
            return []
        count = max(least, 1)
        if self._is_dynamic:
            count += self._random(pointer, "items").randint(0, _MORE_ITEMS)
        count = min(count, schema.get("maxItems", count))
        result: list[Json] = []
        for index in range(count):
            item = self.value(items, f"{pointer}/{index}", within)
            if schema.get("uniqueItems") and item in result:
                other = self._other(items, f"{pointer}/{index}", within, result)
                if other is None:
                    break
                item = other[0]
            result.append(item)
        return result

    def _other(
        self, schema: Mapping[str, Json], pointer: str, within: tuple[int, ...], taken: list[Json]
    ) -> tuple[Json] | None:
        """An item that is not among those *taken*."""
        making = _Making(self._sampler, self._seed, True, self._direction)
        for attempt in range(TRIES * 4):
            item = making.value(schema, f"{pointer} other {attempt}", within)
            if item not in taken:
                return (item,)
        return None


def _type_of(schema: Mapping[str, Json]) -> str:
    """The declared type, else the one that the other keywords speak of."""
    if "type" in schema:
        return str(schema["type"])
    for keys, name in (
        (("properties", "required", "additionalProperties", "minProperties"), "object"),
        (("items", "minItems"), "array"),
        (("minimum", "maximum", "multipleOf"), "number"),
    ):
        if any(key in schema for key in keys):
            return name
    return "string"


def _numbers(schema: Mapping[str, Json], random: Random) -> Iterator[int | float]:
    """Whole numbers in the bounds and on the steps, then fractions where those are allowed."""
    step = schema.get("multipleOf", 1)
    low = schema.get("minimum")
    high = schema.get("maximum")
    if low is None:
        low = 1 if high is None or high >= 1 else high - _SPAN
    if high is None:
        high = low + max(_SPAN, _SPAN * step)
    first = math.ceil(low / step)
    last = math.floor(high / step)
    if schema.get("exclusiveMinimum") and first * step == low:
        first += 1
    if schema.get("exclusiveMaximum") and last * step == high:
        last -= 1
    if first <= last:
        yield random.randint(first, min(last, first + _SPAN)) * step
    if schema.get("type") != "integer" and "multipleOf" not in schema:
        yield round(random.uniform(low, high), 2)
        yield (low + high) / 2
