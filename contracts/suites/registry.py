"""Every suite by name, in the order in which they run."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final

from mockserver.errors import SetupError

if TYPE_CHECKING:  # both are slow to import, and the command line asks for the names only
    from contracts.suites.session import Case, Options
    from contracts.yardstick import Yardstick

    CasesOf = Callable[[Yardstick, Options], Iterable[Case]]

_HOMES: Final[Mapping[str, str]] = {
    "examples": "contracts.suites.examples",
    "variants": "contracts.suites.variants",
    "lifecycle": "contracts.suites.lifecycle",
    "auth": "contracts.suites.auth",
    "fuzz": "contracts.suites.fuzz",
    "stateful": "contracts.suites.stateful",
}
NAMES: Final = tuple(_HOMES)


def cases_of(suite: str, yardstick: "Yardstick", options: "Options") -> "list[Case]":
    """The cases of one suite, without any traffic; the same for the same document and options.

    Raises SetupError for an unknown suite.
    """
    if suite not in _HOMES:
        raise SetupError("there is no such suite", value=suite, known=NAMES)
    make: CasesOf = import_module(_HOMES[suite]).cases  # some import slow libraries
    return list(make(yardstick, options))
