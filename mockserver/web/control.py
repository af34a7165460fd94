"""What the admin API and the inspector may do to a running mock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from mockserver.behaviours.faults import FaultRow
from mockserver.behaviours.registry import Account, Action
from mockserver.clock import Clock
from mockserver.model import Document
from mockserver.openapi.quirks import Quirks, QuirkTable
from mockserver.store.protocol import Store
from mockserver.web.journal import Journal
from mockserver.web.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Route:
    """An operation that is served, what answers it, and how far that is known to be what the real
    server answers: `confirmed 2026-11-21`, `modelled` or `documented only`."""

    method: str
    path: str
    operation_id: str
    answered_by: str
    fidelity: str = "documented only"


class Control(Protocol):
    """A running mock, seen from inside."""

    @property
    def version(self) -> str: ...

    @property
    def profile(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def seed(self) -> int: ...

    @property
    def process_count(self) -> int:
        """How many processes serve the mock; the journal and deviations are in one of them only."""
        ...

    @property
    def store(self) -> Store: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def journal(self) -> Journal: ...

    @property
    def metrics(self) -> Metrics | None:
        """The counters, if there are any."""
        ...

    @property
    def quirk_table(self) -> QuirkTable: ...

    @property
    def actions(self) -> Mapping[str, Action]: ...

    @property
    def quirks(self) -> Quirks: ...

    @property
    def planted(self) -> Sequence[str]:
        """The faults that are on, as they were asked for."""
        ...

    def faults(self) -> Sequence[FaultRow]:
        """Every fault, and where it is on."""
        ...

    def set_deviations(
        self, *, quirks: Iterable[str] | None = None, faults: Iterable[str] | None = None
    ) -> None:
        """Turn on exactly these; None leaves that kind as it is.

        Raises SetupError (an unknown name), and changes nothing then.
        """
        ...

    def routes(self) -> list[Route]: ...

    def document(self, kind: str) -> Document:
        """The `published` document, or the `effective` one."""
        ...

    def accounts(self) -> Sequence[Account]: ...

    def reset(self) -> None:
        """Replay the fixtures; everything beside the state stays."""
        ...

    def accepted_state(self, state: Document) -> Document:
        """A copy of *state*, completed and checked, that can be loaded.

        Raises SetupError with place and reason where it cannot.
        """
        ...
