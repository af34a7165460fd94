"""All faults by name, in the order of their categories."""

from collections.abc import Iterable, Mapping
from typing import Final

from mockserver.behaviours.faults import Fault
from mockserver.errors import SetupError
from mockserver.faults import (
    access,
    body_shape,
    concurrency,
    content,
    crud,
    identity,
    lists,
    operational,
    requests,
    status_and_headers,
    time,
    versions,
)

_ALL: Final[tuple[Fault, ...]] = (
    *body_shape.FAULTS,
    *status_and_headers.FAULTS,
    *content.FAULTS,
    *requests.FAULTS,
    *crud.FAULTS,
    *lists.FAULTS,
    *identity.FAULTS,
    *access.FAULTS,
    *time.FAULTS,
    *versions.FAULTS,
    *concurrency.FAULTS,
    *operational.FAULTS,
)

FAULTS: Final[Mapping[str, Fault]] = {fault.name: fault for fault in _ALL}


def fault_named(name: str, *, place: str = "", known: Iterable[str] = FAULTS) -> Fault:
    """Raises SetupError that offers the nearest of the *known* names."""
    if name not in FAULTS:
        raise SetupError("there is no such fault", place=place, value=name, known=known)
    return FAULTS[name]
