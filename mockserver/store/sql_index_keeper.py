"""Which indexes a process knows, wants and expects: when each of them is made."""

import logging
from collections.abc import Iterable, Mapping, Sequence, Sized
from contextlib import AbstractContextManager
from typing import Final

from mockserver.store.protocol import StoreUnavailable
from mockserver.store.sql_indexes import FieldIndex, add_index, declare_index
from mockserver.store.sql_session import Session
from mockserver.store.sql_statements import COUNT
from mockserver.store.sql_tables import name_text

logger = logging.getLogger("mockserver")

MANY: Final = 5_000
"""So many documents are not looked through again for an index."""
VERY_MANY: Final = 100_000
"""So many take so long that it is told."""


class IndexKeeper:
    """Makes indexes for what is looked for: as documents are loaded, or after the first search."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._wanted: set[tuple[str, tuple[str, ...]]] = set()
        self._expected: Mapping[str, Sequence[tuple[str, ...]]] = {}

    @property
    def has_wanted(self) -> bool:
        return bool(self._wanted)

    def of(self, collection: str) -> Sequence[FieldIndex]:
        return self._session.indexes.get(collection, ())

    def find(self, collection: str, fields: tuple[str, ...]) -> FieldIndex | None:
        """The index by *fields*; where there is none, one is wanted from now on."""
        found = self._known(collection, fields)
        if found is None:
            self._wanted.add((collection, fields))
        return found

    def expect(self, lookups: Mapping[str, Iterable[Sequence[str]]]) -> None:
        self._expected = {
            name: [tuple(sorted(fields)) for fields in sets] for name, sets in lookups.items()
        }

    def declare_expected(self, collections: Mapping[str, Sized]) -> None:
        """Have indexes for what will be asked for, where to make them later would take long."""
        for name, documents in collections.items():
            if len(documents) >= MANY:
                for fields in self._expected.get(name, ()):
                    if self._known(name, fields) is None:
                        number = self._session.index_count + 1
                        declare_index(self._session, name, fields, number)
                        self._session.reread_indexes()

    def make_wanted(self, writing: AbstractContextManager[None]) -> None:
        """Make the indexes that were missed, each in a transaction of its own."""
        wanted, self._wanted = self._wanted, set()
        try:
            for collection, fields in sorted(wanted):
                with writing:
                    if self._known(collection, fields) is None:
                        self._tell(collection, fields)
                        number = self._session.index_count + 1
                        add_index(self._session, collection, fields, number)
        except StoreUnavailable as error:  # who asked has been answered; the next one asks again
            logger.warning("no index of %s could be made: %s", collection, error)

    def _known(self, collection: str, fields: tuple[str, ...]) -> FieldIndex | None:
        return next((one for one in self.of(collection) if one.fields == fields), None)

    def _tell(self, collection: str, fields: Sequence[str]) -> None:
        named = {"in_collection": name_text(collection)}
        count = self._session.run(COUNT, named).scalar_one()
        if count >= VERY_MANY:
            logger.warning(
                "%s are looked for by %s for the first time: all %d are read once, "
                "and found by an index from then on",
                *(collection, " and ".join(fields), count),
            )
