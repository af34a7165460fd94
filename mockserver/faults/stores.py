"""Stores that do something else than they are told: given to a behaviour for one request."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

from mockserver.behaviours.registry import Behaviour, Call
from mockserver.model import Document, Json, Reply
from mockserver.store.protocol import Store, View

Key = tuple[str, str]
"""A collection, and a document's key in it."""


class Watched:
    """A store that does as it is told, and notes what is done in one request.

    *inserted*, *replaced* and *deleted* map (collection, key) to the document: the new one, the
    one before, the one that went. *read* holds what was got by its key, *found* what was found, by
    collection.
    """

    def __init__(self, inner: Store) -> None:
        self.inner = inner
        self.inserted: dict[Key, Document] = {}
        self.replaced: dict[Key, Document] = {}
        self.deleted: dict[Key, Document] = {}
        self.read: dict[Key, Document] = {}
        self.found: dict[str, list[Document]] = {}

    def transaction(self, *, is_writing: bool = True) -> AbstractContextManager[None]:
        return self.inner.transaction(is_writing=is_writing)

    def next_id(self, collection: str) -> int:
        return self.inner.next_id(collection)

    def insert(self, collection: str, key: str, document: Document) -> None:
        self.inner.insert(collection, key, document)
        self.inserted[collection, key] = document

    def get(self, collection: str, key: str) -> Document | None:
        document = self.inner.get(collection, key)
        if document is not None:
            self.read[collection, key] = document
        return document

    def find(self, collection: str, where: Mapping[str, Json] | None = None) -> list[Document]:
        documents = self.inner.find(collection, where)
        self.found.setdefault(collection, []).extend(documents)
        return documents

    def view(self, collection: str, key: str) -> View | None:
        return self.get(collection, key)

    def views(self, collection: str, where: Mapping[str, Json]) -> Sequence[View]:
        return self.find(collection, where)

    def count(self, collection: str) -> int:
        return self.inner.count(collection)

    def replace(self, collection: str, key: str, document: Document) -> None:
        before = self.inner.get(collection, key)
        self.inner.replace(collection, key, document)
        if before is not None and (collection, key) not in self.inserted:
            self.replaced.setdefault((collection, key), before)

    def delete(self, collection: str, key: str) -> None:
        before = self.inner.get(collection, key)
        self.inner.delete(collection, key)
        if before is not None and self.inserted.pop((collection, key), None) is None:
            self.deleted[collection, key] = self.replaced.pop((collection, key), before)

    def dump(self) -> Document:
        return self.inner.dump()

    def load(self, state: Document) -> None:
        self.inner.load(state)

    def keep(self, name: str, value: bytes | None) -> None:
        self.inner.keep(name, value)

    def kept(self, name: str) -> bytes | None:
        return self.inner.kept(name)

    def undo(self) -> None:
        """Take back what was written."""
        for collection, key in self.inserted:
            self.inner.delete(collection, key)
        for (collection, key), before in self.replaced.items():
            self.inner.replace(collection, key, before)
        for (collection, key), before in self.deleted.items():
            self.inner.insert(collection, key, before)


class Haunted(Watched):
    """Finds what was deleted: *ghosts* by collection and key, unless something else is there."""

    def __init__(self, inner: Store, ghosts: Mapping[Key, Document]) -> None:
        super().__init__(inner)
        self._ghosts = ghosts

    def find(self, collection: str, where: Mapping[str, Json] | None = None) -> list[Document]:
        ghosts = [
            document
            for (held_in, key), document in self._ghosts.items()
            if held_in == collection and self.inner.get(collection, key) is None
            if all(document.get(name) == value for name, value in (where or {}).items())
        ]
        return [*super().find(collection, where), *ghosts]


class Relaxed(Watched):
    """Finds more than is asked for, the first time: the *names* of a condition count for nothing,
    but that a document has them at all."""

    def __init__(self, inner: Store, collection: str, names: Collection[str]) -> None:
        super().__init__(inner)
        self._collection = collection
        self._names = names
        self._is_done = False

    def find(self, collection: str, where: Mapping[str, Json] | None = None) -> list[Document]:
        relaxed = [name for name in where or {} if name in self._names]
        if collection != self._collection or self._is_done or not relaxed:
            return super().find(collection, where)
        self._is_done = True
        kept = {name: value for name, value in (where or {}).items() if name not in relaxed}
        documents = super().find(collection, kept)
        return [one for one in documents if all(one.get(name) is not None for name in relaxed)]


class Adopting(Watched):
    """Says of the documents under *key* that they belong to whom *fields* name; what is written
    back belongs to whom it did."""

    def __init__(self, inner: Store, key: str, fields: Mapping[str, Json]) -> None:
        super().__init__(inner)
        self._key = key
        self._fields = fields

    def get(self, collection: str, key: str) -> Document | None:
        document = super().get(collection, key)
        if document is None or key != self._key:
            return document
        adopted = {name: one for name, one in self._fields.items() if document.get(name)}
        return {**document, **adopted}

    def replace(self, collection: str, key: str, document: Document) -> None:
        before = self.inner.get(collection, key)
        if before is not None and key == self._key:
            kept = {name: before[name] for name in self._fields if name in before}
            document = {**document, **kept}
        super().replace(collection, key, document)


class Blind(Watched):
    """Finds nobody who has what must be unique."""

    def __init__(self, inner: Store, sets: Collection[frozenset[str]]) -> None:
        super().__init__(inner)
        self._sets = sets

    def find(self, collection: str, where: Mapping[str, Json] | None = None) -> list[Document]:
        if where and frozenset(where) in self._sets:
            return []
        return super().find(collection, where)


Kind = TypeVar("Kind", bound=Watched)


def through(store: Kind, call: Call, behaviour: Behaviour) -> tuple[Reply, Kind]:
    """The reply of *behaviour* where it is given another store, and that store afterwards."""
    own, call.store = call.store, store
    try:
        return behaviour(call), store
    finally:
        call.store = own


def watched(call: Call, behaviour: Behaviour) -> tuple[Reply, Watched]:
    """The reply of *behaviour*, and what it did."""
    return through(Watched(call.store), call, behaviour)


def renumbered(
    store: Store, place: Key, document: Document, id_field: str, unique: Collection[str]
) -> tuple[str, Document]:
    """A copy of *document* under a key of its own: the same but for its id and what is *unique*."""
    collection, key = place
    new_key = str(store.next_id(collection)) if key.isdecimal() else _turned(key)
    while store.get(collection, new_key) is not None:
        new_key = _turned(new_key)
    copy = renamed(document, id_field, new_key)
    texts = {name: copy[name] for name in unique if isinstance(copy.get(name), str)}
    return new_key, copy | {name: f"{text}-{new_key}" for name, text in texts.items()}


def renamed(document: Document, id_field: str, key: str) -> Document:
    """*document* with another id, of the kind that it had."""
    is_whole = isinstance(document.get(id_field), int)
    return {**document, id_field: int(key) if is_whole else key}


def _turned(key: str) -> str:
    """Another key of the same letters, with the first two groups of a UUID as they are."""
    head, dash, tail = key.rpartition("-")
    turned = tail[1:] + tail[:1]
    return head + dash + (turned if turned != tail else f"{tail[:-1]}{_next(tail[-1:])}")


def _next(letter: str) -> str:
    return {"9": "0", "f": "a", "z": "a", "Z": "A", "": "2"}.get(letter) or chr(ord(letter) + 1)
