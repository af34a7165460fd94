"""Stores that show another world than there is: given to a call for one request."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy

from mockserver.faults.stores import Watched
from mockserver.model import Document, Json
from mockserver.store.protocol import Store

Look = Callable[[str, Document], Document]
"""Takes the collection and a copy of a document; gives the document as it is to be seen."""
Place = tuple[str, str]


class Seen(Watched):
    """A store whose documents look different: each is what *look* makes of it."""

    def __init__(self, inner: Store, look: Look) -> None:
        super().__init__(inner)
        self._look = look

    def get(self, collection: str, key: str) -> Document | None:
        found = self.inner.get(collection, key)
        return None if found is None else self._look(collection, found)

    def find(self, collection: str, where: Mapping[str, Json] | None = None) -> list[Document]:
        found = [self._look(collection, one) for one in self.inner.find(collection, None)]
        return [one for one in found if _fits(one, where)]


class Rewound(Watched):
    """A store as it was: *before* has the documents that have changed since, None for those that
    were not there."""

    def __init__(self, inner: Store, before: Mapping[Place, Document | None]) -> None:
        super().__init__(inner)
        self._before = before

    def get(self, collection: str, key: str) -> Document | None:
        if (collection, key) in self._before:
            found = self._before[collection, key]
            return deepcopy(found)
        return self.inner.get(collection, key)

    def find(self, collection: str, where: Mapping[str, Json] | None = None) -> list[Document]:
        return [one for one in self._all(collection) if _fits(one, where)]

    def _all(self, collection: str) -> Iterator[Document]:
        now = {}
        for place in self._before:
            if place[0] == collection:
                found = self.inner.get(*place)
                now[place] = found
        left = dict(self._before)
        for one in self.inner.find(collection, None):
            changed = next((place for place, held in now.items() if held == one), None)
            if changed is None:
                yield one
            elif (before := left.pop(changed, None)) is not None:
                yield deepcopy(before)
        for place, before in left.items():
            if place[0] == collection and before is not None and now[place] is None:
                yield deepcopy(before)


def written_before(written: Watched) -> dict[Place, Document | None]:
    """What was there before everything that *written* has noted."""
    return {**dict.fromkeys(written.inserted), **written.deleted, **written.replaced}


def collections_of(name: str) -> Iterator[str]:
    """Where items of a resource may be kept: `team-links` under that name, or with the `links`."""
    while name:
        yield name
        name = name.partition("-")[2]


def stored_in(store: Store, name: str, key: str) -> tuple[str, Document] | None:
    """The collection that holds an item of the resource, and the item."""
    for collection in collections_of(name):
        found = store.get(collection, key)
        if found is not None:
            return collection, found
    return None


def _fits(document: Document, where: Mapping[str, Json] | None) -> bool:
    return all(document.get(name) == value for name, value in (where or {}).items())
