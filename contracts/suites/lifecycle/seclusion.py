"""Hypothesis by itself: the same everywhere, and without a trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Final
from unittest.mock import patch

from hypothesis import configuration
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

_HOME: Final = "__hypothesis_home_directory"


@contextmanager
def secluded() -> Iterator[None]:
    """Keep Hypothesis from writing into the working directory, and from drawing constants that it
    finds in the source of whatever is imported: what is sent must not depend on that."""
    home = vars(configuration)[_HOME]
    with (
        TemporaryDirectory(prefix="understudy") as folder,
        patch.object(providers, "_get_local_constants", Constants),
    ):
        configuration.set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(home)
