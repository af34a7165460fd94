"""The state of the mock: JSON documents by collection and key."""

from collections.abc import Callable, Mapping

from mockserver.errors import SetupError
from mockserver.store.memory import MemoryStore
from mockserver.store.protocol import DuplicateKey, MissingKey, Store

__all__ = ["DuplicateKey", "MemoryStore", "MissingKey", "Store", "open_store"]

_OPENERS: Mapping[str, Callable[[str], Store]] = {"memory:": lambda url: MemoryStore()}


def open_store(url: str) -> Store:
    """The store that *url* names: `memory:` is the only kind yet. Raises SetupError."""
    scheme = url.partition(":")[0] + ":"
    opener = _OPENERS.get(scheme)
    if opener is None:
        raise SetupError("no store of this kind", place="store", value=url, known=_OPENERS)
    return opener(url)
