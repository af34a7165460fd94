"""Stores that do something else than they are told: given to a behaviour for one request."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from mockserver.model import Document, Json
from mockserver.store.protocol import Store


class Watched:
    """A store that does as it is told, and notes what was written for one request.

    *inserted*, *replaced* and *deleted* map (collection, key) to the document: the new one, the
    one before, the one that went.
    """

    def __init__(self, inner: Store) -> None:
        self.inner = inner
        self.inserted: dict[tuple[str, str], Document] = {}
        self.replaced: dict[tuple[str, str], Document] = {}
        self.deleted: dict[tuple[str, str], Document] = {}

    def transaction(self) -> AbstractContextManager[None]:
        return self.inner.transaction()

    def next_id(self, collection: str) -> int:
        return self.inner.next_id(collection)

    def insert(self, collection: str, key: str, document: Document) -> None:
        self.inner.insert(collection, key, document)
        self.inserted[collection, key] = document

    def get(self, collection: str, key: str) -> Document | None:
        return self.inner.get(collection, key)

    def find(self, collection: str, where: Mapping[str, Json] | None = None) -> list[Document]:
        return self.inner.find(collection, where)

    def count(self, collection: str) -> int:
        return self.inner.count(collection)

    def replace(self, collection: str, key: str, document: Document) -> None:
        before = self.inner.get(collection, key)
        self.inner.replace(collection, key, document)
        if before is not None:
            self.replaced.setdefault((collection, key), before)

    def delete(self, collection: str, key: str) -> None:
        before = self.inner.get(collection, key)
        self.inner.delete(collection, key)
        if before is not None:
            self.deleted[collection, key] = before

    def dump(self) -> Document:
        return self.inner.dump()

    def load(self, state: Document) -> None:
        self.inner.load(state)


def renumbered(store: Store, collection: str, key: str, document: Document) -> tuple[str, Document]:
    """A copy of *document* under a key of its own: the same but for its id and its slug."""
    new_key = str(store.next_id(collection)) if key.isdecimal() else _turned(key)
    copy: dict[str, Any] = dict(document)
    for name, value in document.items():
        if str(value) == key:
            copy[name] = int(new_key) if isinstance(value, int) else new_key
    if isinstance(copy.get("slug"), str):
        copy["slug"] = f"{copy['slug']}-{new_key}"
    return new_key, copy


def _turned(key: str) -> str:
    return key[1:] + key[:1] if key[1:] + key[:1] != key else key + "2"
