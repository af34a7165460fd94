"""What every store can do, and the two ways it refuses."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from mockserver.model import Document, Json

GREATEST_SEQUENCE = 2**62
"""A sequence may begin here at the latest: numbers of more than 64 bits could not be written."""


class DuplicateKey(Exception):
    """The collection already holds a document under this key."""


class MissingKey(Exception):
    """The collection holds no document under this key."""


class Store(Protocol):
    """JSON documents by collection and key, in the order of their insertion.

    Documents are copied in and copied out: what a caller holds is the caller's own. Keys are
    text; a collection exists as soon as something is put into it.
    """

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing: commits on a normal exit, undoes everything on a raise. Not nested."""
        ...

    def next_id(self, collection: str) -> int:
        """1, 2, 3 and so on for each name; never given out twice.

        Beyond every integer key that the collection ever held, loaded or inserted.
        """
        ...

    def insert(self, collection: str, key: str, document: Document) -> None:
        """Add a document at the end. Raises DuplicateKey."""
        ...

    def get(self, collection: str, key: str) -> Document | None: ...

    def find(self, collection: str, where: Mapping[str, Json] | None = None) -> list[Document]:
        """Those whose top-level fields equal *where* (None: all), in the order of insertion.

        A field of *where* that a document lacks counts as null. The cost follows the number of
        documents given back, not the number stored.
        """
        ...

    def count(self, collection: str) -> int: ...

    def replace(self, collection: str, key: str, document: Document) -> None:
        """Put *document* in the place of the one under *key*. Raises MissingKey."""
        ...

    def delete(self, collection: str, key: str) -> None:
        """Raises MissingKey."""
        ...

    def dump(self) -> Document:
        """The whole state: `{"collections": {name: {key: document}}, "sequences": {name: n}}`.

        Names in alphabetical order, documents in theirs; empty collections are left out.
        """
        ...

    def load(self, state: Document) -> None:
        """Replace everything by *state*, which has the shape of `dump`.

        `sequences` may be left out: each begins after the highest integer key of its collection.
        Raises SetupError with the place of what is wrong, and then changes nothing.
        """
        ...
