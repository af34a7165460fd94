"""Which quirk explains a difference: the one that makes it go away when it is turned over.

The recording is sent again to mocks with other quirks.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Final

from contracts.parity.agreement import Compared, Group
from contracts.parity.difference import Difference, Kind
from mockserver.errors import SetupError
from mockserver.openapi import Quirk

LONGEST_S: Final = 120.0
"""How long may be tried, all quirks together."""
MOST_GROUPS: Final = 300
"""With more differences than this the target is another API, and quirks explain nothing."""

WHOLE: Final = "the observed profile as a whole"
"""Stands for quirks of which none is needed alone, or which there was no time to tell apart."""

Again = Callable[[Collection[str]], Sequence[Compared]]
"""Sends the recording again with exactly these quirks on. Raises SetupError where they do not go
together."""


def explained(
    groups: Sequence[Group],
    quirks: Sequence[Quirk],
    active: frozenset[str],
    again: Again,
    *,
    longest_s: float = LONGEST_S,
) -> tuple[list[Group], list[str]]:
    """The groups with the quirks that explain them, and the quirks that there was no time for.

    *active* are those that are on in the replay that *groups* come from. Where the mock lacks
    quirks of the real server, all of these are turned on, and then each is taken away: those
    without which a difference comes back explain it. What is left is tried quirk by quirk.
    """
    open_groups = [group for group in groups if not group.accepted]
    candidates = _candidates(open_groups, quirks)
    observed = {quirk.name for quirk in quirks if quirk.in_observed}
    missing = [name for name in candidates if name in observed - active]
    trial = _Trial(open_groups, again, ends_at=monotonic() + longest_s)
    if missing:
        trial.take_away(active | observed, missing)
    others = [name for name in candidates if name not in missing]
    if trial.has_unexplained:
        trial.turn_over(active, others)
    return [trial.told(group) for group in groups], trial.untried


@dataclass
class _Trial:
    """Which quirks explain which exchanges of which group."""

    groups: Sequence[Group]
    again: Again
    ends_at: float
    untried: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._found: dict[int, dict[str, set[int]]] = {id(group): {} for group in self.groups}

    @property
    def has_unexplained(self) -> bool:
        return any(self._reached(group) < set(group.seqs) for group in self.groups)

    def take_away(self, whole: frozenset[str], names: Sequence[str]) -> None:
        """See which of *names*, taken from the *whole*, brings back what the whole makes go."""
        compared = self._again(whole, "")
        if compared is None:
            return
        gone = {id(group): _gone(group, compared) for group in self.groups}
        for name in names if any(gone.values()) else ():
            without = self._again(whole - {name}, name)
            for group in self.groups if without is not None else ():
                back = gone[id(group)] & _back(group, without or [])
                if back:
                    self._found[id(group)][name] = back
        for group in self.groups:
            if left := gone[id(group)] - self._reached(group):
                self._found[id(group)][WHOLE] = left

    def turn_over(self, active: frozenset[str], names: Sequence[str]) -> None:
        """See what goes when one of *names* is turned over."""
        for name in names:
            compared = self._again(active ^ {name}, name)
            for group in self.groups if compared is not None else ():
                if seqs := _gone(group, compared or []) - self._reached(group):
                    self._found[id(group)][name] = seqs

    def told(self, group: Group) -> Group:
        found = self._found.get(id(group), {})
        by_reach = sorted(found.items(), key=lambda pair: -len(pair[1]))
        unexplained = len(group.seqs) - len(self._reached(group))
        return replace(
            group,
            explained={name: tuple(sorted(seqs)) for name, seqs in by_reach},
            unexplained=unexplained,
        )

    def _reached(self, group: Group) -> set[int]:
        return {seq for seqs in self._found.get(id(group), {}).values() for seq in seqs}

    def _again(self, quirks: frozenset[str], name: str) -> Sequence[Compared] | None:
        """None where there is no time, or these quirks do not go together."""
        if monotonic() > self.ends_at:
            self.untried.extend([name] if name else [])
            return None
        try:
            return self.again(quirks)
        except SetupError:
            return None


def _candidates(groups: Sequence[Group], quirks: Sequence[Quirk]) -> list[str]:
    """The quirks that can touch what differs, those that can touch most of it first."""
    ids = Counter(one.operation_id for group in groups for one in group.members)
    reach = {
        quirk.name: ids.total()
        if "*" in quirk.operations
        else sum(ids[id] for id in quirk.operations)
        for quirk in quirks
    }
    return sorted((name for name, count in reach.items() if count), key=lambda name: -reach[name])


def _gone(group: Group, compared: Sequence[Compared]) -> set[int]:
    """The exchanges of *group* that no longer have its difference."""
    now = {one.recorded.seq: one for one in compared}
    return {seq for seq in group.seqs if seq in now and _is_gone(group.first, now[seq])}


def _back(group: Group, compared: Sequence[Compared]) -> set[int]:
    """The exchanges of *group* that have its very difference."""
    first = group.first
    now = {one.recorded.seq: one.differences for one in compared}
    return {
        seq
        for seq in group.seqs
        if any((one.kind, one.place) == (first.kind, first.place) for one in now.get(seq, ()))
    }


def _is_gone(found: Difference, now: Compared) -> bool:
    """Whether the present answer does not have this difference, and none that would hide it."""
    if not now.is_sent:
        return False
    for one in now.differences:
        if one.kind is Kind.STATUS or (one.kind, one.place) == (found.kind, found.place):
            return False
    return True
