"""The state of the mock: JSON documents by collection and key."""

from mockserver.errors import SetupError
from mockserver.store.memory import MemoryStore
from mockserver.store.protocol import (
    DuplicateKey,
    MissingKey,
    ReadAgain,
    SharedStore,
    Store,
    StoreUnavailable,
    WriteInReading,
)

__all__ = [
    "DuplicateKey",
    "MemoryStore",
    "MissingKey",
    "ReadAgain",
    "SharedStore",
    "Store",
    "StoreUnavailable",
    "WriteInReading",
    "open_store",
    "open_world",
]

_KINDS = ("memory:", "sqlite:", "postgresql:")


def open_store(url: str) -> Store:
    """The store that *url* names: `memory:`, `sqlite:///FILE` or `postgresql://...`.

    Raises SetupError, which never shows a password.
    """
    kind, colon, _ = url.partition(":")
    kind += colon  # what comes behind may be a password
    if kind == "memory:":
        return MemoryStore()
    if kind not in _KINDS:
        reason = "no store of this kind; write memory:, sqlite:///FILE or postgresql://..."
        raise SetupError(reason, place="--store", value=kind, known=_KINDS)
    from mockserver.store.sql_opening import open_sql_store  # SQLAlchemy is slow to import

    return open_sql_store(url)


def open_world(url: str) -> SharedStore:
    """The world that is in a database already. Raises SetupError where there is none."""
    from mockserver.store.sql_opening import open_sql_store  # SQLAlchemy is slow to import

    return open_sql_store(url, must_exist=True)
