"""A collection in memory: texts by key, and indexes that find them by what they hold."""

from collections.abc import Hashable, Mapping, Sequence
from operator import itemgetter

from mockserver.model import Document, Json
from mockserver.store.protocol import View
from mockserver.store.values import holds, is_scalar, unpacked, unpacked_all

LISTS_KEPT = 128
"""How many lists of a table are remembered."""

ListKey = tuple[tuple[str, Json], ...]
"""What the documents of a list hold, as pairs of field and value."""

Index = dict[Hashable, dict[int, None]]
"""From the values of some fields to the numbers of the documents that hold them."""


class Table:
    """The texts of one collection, and an index for each set of fields once asked for.

    Each is stored under its number, which is its place in the order of insertion: dictionaries
    of numbers and texts alone cost the garbage collector nothing, however many they hold.
    Whoever has the documents at hand gives them; the others are parsed where an index needs them.
    *listed* has lists as they were given to those who only read, until the next write.
    """

    __slots__ = ("_indexed", "_indexes", "_last_number", "listed", "numbers", "texts")

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.texts: dict[int, bytes] = {}
        self.listed: dict[ListKey, tuple[View, ...]] = {}
        self._last_number = 0
        self._indexes: dict[tuple[str, ...], Index] = {}
        self._indexed: tuple[str, ...] = ()

    def add(self, key: str, text: bytes, document: View) -> None:
        """Add *document*, written as *text*, at the end; nothing may be stored under *key*."""
        self._last_number += 1
        self._put(key, self._last_number, text, document)

    def rewrite(
        self, number: int, text: bytes, before: View | None = None, after: View | None = None
    ) -> None:
        """Store *text*, which is *after*, in the place of *before*."""
        self.listed.clear()
        old = self.texts[number]
        self.texts[number] = text
        if not self._indexes:
            return
        before = unpacked(old) if before is None else before
        after = unpacked(text) if after is None else after
        changed = [name for name in self._indexed if before.get(name) is not after.get(name)]
        if changed:
            self._move(number, before, after, changed)

    def remove(self, key: str, document: View | None = None) -> None:
        """Take out what is stored under *key*, which is *document*."""
        self.listed.clear()
        number = self.numbers.pop(key)
        text = self.texts.pop(number)
        if not self._indexes:
            return
        document = unpacked(text) if document is None else document
        for fields, index in self._indexes.items():
            _take_out(index, _values(document, fields), number)

    def restore(self, key: str, number: int, text: bytes) -> None:
        """Put *text* back where it was; nothing may be stored under *key*."""
        self._put(key, number, text, unpacked(text))

    def documents(self) -> dict[str, Document]:
        """All by key, in the order of insertion."""
        numbered = sorted(self.numbers.items(), key=itemgetter(1))
        return {key: unpacked(self.texts[number]) for key, number in numbered}

    def find(self, where: Mapping[str, Json]) -> list[Document]:
        if not where:
            return list(self.documents().values())
        texts = self.matching(where)
        if texts is not None:
            return unpacked_all(texts)
        indexed = {name: value for name, value in where.items() if is_scalar(value)}
        return [document for document in self.find(indexed) if holds(document, where)]

    def matching(self, where: Mapping[str, Json]) -> list[bytes] | None:
        """Those that have exactly these values, by an index; None where there can be none."""
        fields = tuple(where) if len(where) == 1 else tuple(sorted(where))
        if not fields:
            return None
        values = _values(where, fields)
        if values is _COMPOUND:
            return None
        index = self._indexes.get(fields)
        if index is None:
            index = self._add_index(fields)
        found = index.get(values)
        if not found:
            return []
        texts = self.texts
        return [texts[number] for number in sorted(found)]

    def keep_listed(self, key: ListKey, views: tuple[View, ...]) -> None:
        """Remember a list until the next write."""
        if len(self.listed) >= LISTS_KEPT:
            del self.listed[next(iter(self.listed))]
        self.listed[key] = views

    def _put(self, key: str, number: int, text: bytes, document: View) -> None:
        self.listed.clear()
        self.numbers[key] = number
        self.texts[number] = text
        for fields, index in self._indexes.items():
            index.setdefault(_values(document, fields), {})[number] = None

    def _move(self, number: int, before: View, after: View, changed: Sequence[str]) -> None:
        """Put *number* where it belongs in the indexes of the *changed* fields."""
        for fields, index in self._indexes.items():
            if not any(name in fields for name in changed):
                continue
            old, new = _values(before, fields), _values(after, fields)
            if old != new:
                _take_out(index, old, number)
                index.setdefault(new, {})[number] = None

    def _add_index(self, fields: tuple[str, ...]) -> Index:
        index: Index = {}
        for number, text in self.texts.items():
            index.setdefault(_values(unpacked(text), fields), {})[number] = None
        self._indexes[fields] = index
        self._indexed = tuple({*self._indexed, *fields})
        return index


def _take_out(index: Index, values: Hashable, number: int) -> None:
    found = index[values]
    del found[number]
    if not found:
        del index[values]


_TRUE, _FALSE, _COMPOUND = object(), object(), object()
"""Stand-ins in an index: Python holds True for 1, and cannot hash lists and objects."""

_AS_THEY_ARE = (str, int)


def _values(document: Mapping[str, Json], fields: tuple[str, ...]) -> Hashable:
    """What an index holds for *document*: of one field its value, of several a tuple; _COMPOUND
    where one of them is a list or an object."""
    if len(fields) == 1:
        value = document.get(fields[0])
        return value if type(value) in _AS_THEY_ARE else _index_value(value)
    values = tuple([_index_value(document.get(name)) for name in fields])
    return _COMPOUND if _COMPOUND in values else values


def _index_value(value: Json) -> Hashable:
    if type(value) in _AS_THEY_ARE:
        return value  # type: ignore[no-any-return]
    if isinstance(value, bool):
        return _TRUE if value else _FALSE
    return value if is_scalar(value) else _COMPOUND
