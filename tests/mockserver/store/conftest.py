"""Every store under test, by name."""

from collections.abc import Callable

import pytest

from mockserver.store import MemoryStore, Store

STORES: dict[str, Callable[[], Store]] = {"memory": MemoryStore}


@pytest.fixture(params=sorted(STORES))
def new_store(request: pytest.FixtureRequest) -> Callable[[], Store]:
    """Makes empty stores of one kind."""
    return STORES[request.param]


@pytest.fixture
def store(new_store: Callable[[], Store]) -> Store:
    """One empty store."""
    return new_store()
