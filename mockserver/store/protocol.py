"""What every store can do, and the two ways it refuses."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NoReturn, Protocol, runtime_checkable

from mockserver.model import Document, Json

GREATEST_SEQUENCE = 2**62
"""A sequence may begin here at the latest: numbers of more than 64 bits could not be written."""


View = Mapping[str, Json]
"""A document that is not the holder's own, and only read."""


class FrozenDocument(dict[str, Json]):
    """A view that its store keeps and gives again, for as long as the document stays as it is.

    A write raises TypeError. It is known by its identity: what follows from it, and from nothing
    else, can be remembered by it and is never out of date.
    """

    __slots__ = ()
    __hash__ = object.__hash__  # type: ignore[assignment]  # a plain dict has none

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a view is only read; get the document to have one of your own")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse


class DuplicateKey(Exception):
    """The collection already holds a document under this key."""


class MissingKey(Exception):
    """The collection holds no document under this key."""


class StoreUnavailable(Exception):
    """The database is gone or does not answer; nothing of the transaction was kept.

    The text tells what is wrong, for people, without any password.
    """


class WriteInReading(Exception):
    """Something was to be written in a transaction that was opened for reading."""


class ReadAgain(Exception):
    """What a reading transaction was given has changed, and it needs more: do all of it again.

    That cannot happen twice in a row.
    """


class Store(Protocol):
    """JSON documents by collection and key, in the order of their insertion.

    Documents are copied in and copied out: what a caller holds is the caller's own. Keys are
    text; a collection exists as soon as something is put into it.
    """

    def transaction(self, *, is_writing: bool = True) -> AbstractContextManager[None]:
        """All or nothing: commits on a normal exit, undoes everything on a raise. Not nested.

        One that writes is alone: no other sees or changes what it works on. One that reads sees
        the state of one moment; where the store is shared, writing in it raises WriteInReading,
        and reading after other reading may raise ReadAgain.
        Entering and everything inside may raise StoreUnavailable then.
        """
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

    def view(self, collection: str, key: str) -> View | None:
        """As `get`, and cheaper, for whoever only reads: what is given may be shared, and must not
        be written to, nor what it holds. A store that keeps it gives a FrozenDocument."""
        ...

    def views(self, collection: str, where: Mapping[str, Json]) -> Sequence[View]:
        """As `find`, with documents as `view` gives them; a tuple of FrozenDocuments where the
        store keeps them."""
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

    def keep(self, name: str, value: bytes | None) -> None:
        """Keep a value beside the state, in place of an older one; None forgets it.

        It is neither dumped nor replaced by a load.
        """
        ...

    def kept(self, name: str) -> bytes | None: ...


@runtime_checkable
class SharedStore(Store, Protocol):
    """A store in a database: it outlives its processes, and several of them may work on it."""

    @property
    def name(self) -> str:
        """What people call it: its file, or its URL without the password."""
        ...

    @property
    def process_number(self) -> int:
        """Which opening of the database this is; every process gets its own."""
        ...

    def fill(self, state: Document) -> bool:
        """Load *state* where nothing was ever loaded; tells whether it was."""
        ...

    def expect(self, lookups: Mapping[str, Iterable[Sequence[str]]]) -> None:
        """Tell by which sets of fields documents of each collection may be looked for.

        Others are found as well; but the first time takes long where there are many.
        """
        ...

    def document_counts(self) -> Mapping[str, int]:
        """How many documents there are, by collection; empty ones are left out."""
        ...

    def clock_text(self) -> str:
        """What was last kept of the clock, `` for nothing; inside a transaction, at its begin."""
        ...

    def recent_clock_text(self) -> str:
        """The same as of the last transaction of this process: costs nothing."""
        ...

    def keep_clock_text(self, text: str) -> None: ...

    def close(self) -> None:
        """Let go of the database; the next call opens it again."""
        ...
