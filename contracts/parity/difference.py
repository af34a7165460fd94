"""What is not the same in two answers to one request."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Final

from contracts.exchange import Response
from contracts.parity.headers import header_differences
from contracts.parity.names import name_kind
from contracts.parity.renaming import Renaming
from contracts.parity.texts import Texts
from mockserver.model import MISSING, Document, Json

ABSENT: Final = "(absent)"
_LONGEST: Final = 160
_MESSAGE_KEYS: Final = frozenset({"message", "messages", "detail", "error_description"})
_MOST_MATCHED: Final = 40
"""Longer lists are compared in their order: matching is quadratic."""
_MOST_COUNTED: Final = 1000
"""Members with more differences than this are all equally unlike."""

Place = tuple[str | int, ...]


class Kind(StrEnum):
    """What sort of thing differs; the weightiest first. WRITING is how a body is written: whether
    its coding can be read, and whether a name stands twice in one object."""

    STATUS = "status"
    MESSAGE = "message"
    SHAPE = "shape"
    VALUE = "value"
    WRITING = "writing"
    HEADER = "header"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same.

    *place* is a JSON pointer into the body in which `*` stands for every index, or the name of a
    header; `` for the whole. *expected* and *actual* are short texts for people.
    """

    kind: Kind
    place: str
    expected: str
    actual: str


def differences(
    expected: Response,
    actual: Response,
    renaming: Renaming,
    *,
    expected_at: datetime,
    actual_at: datetime,
    noun: str = "",
    is_ordered: bool = False,
) -> list[Difference]:
    """What differs, the weightiest first; pairs of names are learned from what does not.

    *expected_at* and *actual_at* are when the requests were sent (aware). *noun* is what the path
    is about (`noun_of`), for numbers that are called `id`. Lists are compared without regard to
    order, unless *is_ordered*. Answers with different statuses are only compared in their messages.
    """
    texts = Texts(renaming, expected_at=expected_at, actual_at=actual_at)
    comparison = _Comparison(renaming, texts, noun, is_ordered, expected.status >= 400)
    if expected.status != actual.status:
        found = Difference(Kind.STATUS, "", str(expected.status), str(actual.status))
        return [found, *_once(comparison.messages(expected, actual))]
    headers = [
        Difference(Kind.HEADER, name, ABSENT if left is None else left, right or ABSENT)
        for name, left, right in header_differences(expected, actual, texts)
    ]
    found_in_bodies = [*comparison.bodies(expected, actual), *_written(expected, actual)]
    return sorted(_once([*found_in_bodies, *headers]), key=lambda one: list(Kind).index(one.kind))


@dataclass(frozen=True, slots=True)
class _Comparison:
    renaming: Renaming
    texts: Texts
    noun: str
    is_ordered: bool
    is_error: bool

    def messages(self, expected: Response, actual: Response) -> Iterator[Difference]:
        """The messages of two errors with different statuses."""
        left, right = message_of(expected.json), message_of(actual.json)
        if left is not None and right is not None and not self.texts.agree(left, right):
            yield Difference(Kind.MESSAGE, "", left, right)

    def bodies(self, expected: Response, actual: Response) -> Iterator[Difference]:
        if expected.is_cut or actual.is_cut:
            return
        left, right = expected.json, actual.json
        if left is not MISSING and right is not MISSING:
            yield from self.values((), left, right)
        elif (left is MISSING) != (right is MISSING):
            yield Difference(Kind.SHAPE, "", _form(expected), _form(actual))
        elif not self.texts.agree(_text(expected), _text(actual)):
            yield Difference(Kind.VALUE, "", _short(_text(expected)), _short(_text(actual)))

    def values(self, place: Place, left: Json, right: Json) -> Iterator[Difference]:
        if isinstance(left, dict) and isinstance(right, dict):
            yield from self._objects(place, left, right)
        elif isinstance(left, list) and isinstance(right, list):
            yield from self._lists(place, left, right)
        elif _type(left) != _type(right):
            yield self._found(Kind.SHAPE, place, shown(left), shown(right))
        elif not self._scalars_agree(place, left, right):
            yield self._found(Kind.VALUE, place, shown(left), shown(right))

    def _objects(self, place: Place, left: Document, right: Document) -> Iterator[Difference]:
        for key in left:
            if key not in right:
                yield self._found(Kind.SHAPE, (*place, key), shown(left[key]), ABSENT)
        for key in right:
            if key not in left:
                yield self._found(Kind.SHAPE, (*place, key), ABSENT, shown(right[key]))
        # names first: what they tell is needed to judge texts that hold them
        both = [key for key in left if key in right]
        for key in sorted(both, key=lambda key: not self._is_name((*place, key), left[key])):
            yield from self.values((*place, key), left[key], right[key])

    def _lists(self, place: Place, left: list[Json], right: list[Json]) -> Iterator[Difference]:
        if len(left) != len(right):
            yield self._found(Kind.VALUE, place, f"{len(left)} items", f"{len(right)} items")
        for one, other in self._matched(place, left, right):
            yield from self.values((*place, 0), one, other)

    def _matched(
        self, place: Place, left: Sequence[Json], right: Sequence[Json]
    ) -> Iterator[tuple[Json, Json]]:
        """What of two lists belongs together: in their order if that fits or matters, else what is
        known to be the same thing, and then each with the one that is most like it."""
        in_order = list(zip(left, right, strict=False))
        is_long = max(len(left), len(right)) > _MOST_MATCHED
        if self.is_ordered or is_long or max(len(left), len(right)) < 2:
            yield from in_order
            return
        if not any(self._trial(place, *pair, most=1) for pair in in_order):
            yield from in_order
            return
        free = list(right)
        keys = self._telling_keys(place, left)
        for at, one in enumerate(left):
            if not free:
                return
            known = self._known(place, one, free, keys)
            best = self._most_like(place, one, free, at) if known is None else known
            yield one, free.pop(best)

    def _telling_keys(self, place: Place, members: Sequence[Json]) -> list[str]:
        """The keys under which each of *members* has a name of its own."""
        documents = [one for one in members if isinstance(one, dict)]
        if not documents or len(documents) < len(members):
            return []
        named = [key for key, value in documents[0].items() if self._is_name((*place, key), value)]
        return [
            key for key in named if len({str(one.get(key)) for one in documents}) == len(documents)
        ]

    def _known(
        self, place: Place, one: Json, free: Sequence[Json], keys: Sequence[str]
    ) -> int | None:
        """Which of *free* is known to be what *one* is."""
        for key in keys if isinstance(one, dict) else ():
            kind = name_kind((*place, 0, key), one.get(key), self.noun)
            name = None if kind is None else self.renaming.present(kind, str(one[key]))
            for at, other in enumerate(free) if name is not None else ():
                if isinstance(other, dict) and str(other.get(key)) == name:
                    return at
        return None

    def _most_like(self, place: Place, one: Json, free: Sequence[Json], first: int) -> int:
        """Which of *free* differs least from *one*; the one at its own place in doubt."""
        best, least = min(first, len(free) - 1), _MOST_COUNTED
        for at in sorted(range(len(free)), key=lambda at: at != best):
            count = self._trial(place, one, free[at], most=least)
            if count < least:
                best, least = at, count
            if not count:
                break
        return best

    def _trial(self, place: Place, one: Json, other: Json, *, most: int) -> int:
        """How much differs, counted up to *most*, lists in them taken in their order; nothing is
        learned."""
        mark = self.renaming.mark()
        try:
            found = replace(self, is_ordered=True).values((*place, 0), one, other)
            return sum(1 for _ in islice(found, most))
        finally:
            self.renaming.undo(mark)

    def _scalars_agree(self, place: Place, left: Json, right: Json) -> bool:
        kind = name_kind(place, left, self.noun)
        if kind is not None and name_kind(place, right, self.noun) == kind:
            return self.renaming.agrees(kind, str(left), str(right))
        if isinstance(left, str):
            return self.texts.agree(left, right)
        return bool(left == right)

    def _is_name(self, place: Place, value: Json) -> bool:
        return name_kind(place, value, self.noun) is not None

    def _found(self, kind: Kind, place: Place, expected: str, actual: str) -> Difference:
        is_message = self.is_error and not _MESSAGE_KEYS.isdisjoint(place)
        return Difference(Kind.MESSAGE if is_message else kind, pointer(place), expected, actual)


def _written(expected: Response, actual: Response) -> Iterator[Difference]:
    """What differs in how the bodies are written."""
    coded = [one.coding_flaw or "as its headers say" for one in (expected, actual)]
    if bool(expected.coding_flaw) != bool(actual.coding_flaw):
        yield Difference(Kind.WRITING, "the coding", *coded)
    left, right = expected.repeated_names, actual.repeated_names
    if bool(left) != bool(right):
        yield Difference(Kind.WRITING, "repeated names", _listed(left), _listed(right))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def message_of(body: Json) -> str | None:
    """The message of an error body in the shapes that are usual; None where there is none."""
    if not isinstance(body, dict):
        return None
    inner = body.get("error")
    for holder in (inner if isinstance(inner, dict) else {}, body):
        for key in ("message", "detail", "error_description", "title"):
            if holder.get(key) is not None:
                return holder[key] if isinstance(holder[key], str) else json.dumps(holder[key])
    return inner if isinstance(inner, str) else None


def pointer(place: Place) -> str:
    """A JSON pointer in which `*` stands for every index."""
    keys = ("*" if isinstance(key, int) else key for key in place)
    return "".join(f"/{key.replace('~', '~0').replace('/', '~1')}" for key in keys)


def shown(value: Json) -> str:
    """*value* as short JSON."""
    return _short(json.dumps(value, ensure_ascii=False))


def _once(found: Sequence[Difference] | Iterator[Difference]) -> list[Difference]:
    """Each difference once: one message is often told at several places, and members of a list
    often differ alike."""
    told: dict[object, Difference] = {}
    for one in found:
        place = "" if one.kind is Kind.MESSAGE else one.place
        told.setdefault((one.kind, place, one.expected, one.actual), one)
    return list(told.values())


def _type(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else type(value).__name__


def _form(response: Response) -> str:
    if not response.body:
        return "no body"
    return "text" if response.json is MISSING else "JSON"


def _text(response: Response) -> str:
    return response.body.decode("utf-8", "replace")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
