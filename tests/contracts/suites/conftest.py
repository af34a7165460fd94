"""What the suites are tried on."""

from collections.abc import Iterator

import pytest

from contracts.yardstick import Yardstick
from tests.contracts.suites.planted import OneStub


@pytest.fixture(scope="module")
def stub(yardstick: Yardstick) -> Iterator[OneStub]:
    """One stub for a module; a module with another one has a fixture of its own."""
    one = OneStub(yardstick)
    yield one
    one.close()
