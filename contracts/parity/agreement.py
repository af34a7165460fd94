"""How far answers agree with a recording: plain values, of which reports are made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from contracts.exchange import Exchange
from contracts.parity.difference import Difference, Kind
from contracts.parity.recorded import Recorded
from contracts.results import CleanUp

_KINDS: Final = tuple(kind for kind in Kind if kind is not Kind.TIME)
"""A recording does not tell how long an answer took."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One recorded exchange beside the present one.

    *exchange* is None where it was not sent, for the *reason* given. *operation* is its label, and
    *operation_id* `` where the document has none.
    """

    recorded: Recorded
    operation: str
    operation_id: str
    exchange: Exchange | None
    differences: tuple[Difference, ...] = ()
    reason: str = ""

    @property
    def is_sent(self) -> bool:
        return self.exchange is not None

    @property
    def agrees(self) -> bool:
        return self.is_sent and not self.differences

    def agrees_in(self, kind: Kind) -> bool:
        """Whether nothing of this *kind* differs; where the status differs, nothing agrees."""
        kinds = {one.kind for one in self.differences}
        return self.is_sent and kind not in kinds and Kind.STATUS not in kinds


@dataclass(frozen=True, slots=True)
class Group:
    """Differences with one cause: the *first* of them, and all exchanges that have it.

    *explained* gives for each quirk the exchanges whose difference goes away, or comes back, when
    it is turned over. *accepted* is the reason of the user's file of exceptions, `` for none.
    """

    first: Difference
    operations: tuple[str, ...]
    members: tuple[Compared, ...]
    explained: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    unexplained: int = 0
    accepted: str = ""

    @property
    def seqs(self) -> tuple[int, ...]:
        return tuple(one.recorded.seq for one in self.members)

    @property
    def is_open(self) -> bool:
        """Whether nobody has told why this differs."""
        return not self.accepted and (not self.explained or self.unexplained > 0)


@dataclass(frozen=True, slots=True)
class Tally:
    """One recording, or all, in numbers."""

    name: str
    exchanges: int
    sent: int
    wholly: int
    by_kind: Mapping[Kind, int]


@dataclass(frozen=True, slots=True)
class ParityReport:
    """A whole replay. *incomplete* says why it ended before its time, `` where it did not."""

    target: str
    started_at: datetime
    duration_s: float
    tallies: tuple[Tally, ...]
    total: Tally
    groups: tuple[Group, ...]
    compared: tuple[Compared, ...]
    settings: Mapping[str, str]
    remarks: tuple[str, ...] = ()
    clean_up: CleanUp = field(default_factory=CleanUp)
    incomplete: str = ""
    version: str = ""

    @property
    def open_groups(self) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group.is_open)

    @property
    def explained_groups(self) -> tuple[Group, ...]:
        """Those that quirks explain wholly."""
        return tuple(one for one in self.groups if not one.is_open and not one.accepted)

    @property
    def accepted_groups(self) -> tuple[Group, ...]:
        return tuple(one for one in self.groups if one.accepted)

    @property
    def left_out(self) -> tuple[Compared, ...]:
        """What was not sent."""
        return tuple(one for one in self.compared if not one.is_sent)

    @property
    def exit_code(self) -> int:
        """0 all agrees, or is explained or accepted; 1 open differences; 3 incomplete."""
        if self.open_groups:
            return 1
        return 3 if self.incomplete or not self.total.sent else 0


def tally(name: str, compared: Sequence[Compared]) -> Tally:
    """The numbers of *compared*."""
    return Tally(
        name=name,
        exchanges=len(compared),
        sent=sum(one.is_sent for one in compared),
        wholly=sum(one.agrees for one in compared),
        by_kind={kind: sum(one.agrees_in(kind) for one in compared) for kind in _KINDS},
    )
