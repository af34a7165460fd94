"""The garbage collector stands still while a mock is made, and works on afterwards."""

import gc
from collections.abc import Iterator

import pytest

from mockserver.commands import staying
from mockserver.errors import SetupError


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_nothing_is_collected_inside_and_everything_outside() -> None:
    with staying():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_a_start_that_fails_leaves_the_collector_on() -> None:
    with pytest.raises(SetupError), staying():
        raise SetupError("no such file")
    assert gc.isenabled()
