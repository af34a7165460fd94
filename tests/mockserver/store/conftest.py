"""Every store under test, by name."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from mockserver.store import MemoryStore, SharedStore, Store, open_store
from tests.databases import NoPostgres, Postgres

KINDS = ("memory", "sqlite", "postgresql")
SHARED_KINDS = KINDS[1:]
_IN_MEMORY = Path("/dev/shm")
"""Where files are that no disk holds: most tests are not about the disk."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running server; where there can be none the test is skipped, and in CI it fails."""
    try:
        server = Postgres()
    except NoPostgres as reason:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no PostgreSQL: {reason}")
    yield server
    server.remove()


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder for databases."""
    with TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def new_url(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Makes URLs of empty databases of a kind."""
    numbers = count()

    def made(kind: str) -> str:
        if kind == "sqlite":
            folder: Path = request.getfixturevalue("folder")
            return f"sqlite:///{folder}/{next(numbers)}.db"
        server: Postgres = request.getfixturevalue("postgres")
        return server.emptied_url()

    return made


@pytest.fixture(params=KINDS)
def new_store(
    request: pytest.FixtureRequest, new_url: Callable[[str], str]
) -> Iterator[Callable[[], Store]]:
    """Makes empty stores of one kind."""
    kind: str = request.param
    if kind == "memory":
        yield MemoryStore
        return
    new_url(kind)  # skips here, and not in the middle of something
    with ExitStack() as opened:

        def new() -> Store:
            store = open_store(new_url(kind))
            assert isinstance(store, SharedStore)
            opened.callback(store.close)
            return store

        yield new


@pytest.fixture
def store(new_store: Callable[[], Store]) -> Store:
    """One empty store."""
    return new_store()
