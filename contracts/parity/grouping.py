"""Differences with one cause, told once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from contracts.parity.agreement import Compared, Group
from contracts.parity.difference import ABSENT, Difference, Kind
from contracts.parity.exceptions import Exceptions

_OF_ALL: Final = (Kind.SHAPE, Kind.HEADER)
"""Kinds in which operations often depart alike, for one reason."""

Key = tuple[str, ...]


def grouped(compared: Iterable[Compared], exceptions: Exceptions) -> list[Group]:
    """The differences by cause: open ones first, then the weightiest and the most frequent.

    What a reason of *exceptions* covers is one group for each reason.
    """
    members: dict[Key, list[tuple[Compared, Difference]]] = {}
    reasons: dict[Key, str] = {}
    for one in compared:
        for found in one.differences:
            reason = exceptions.reason_of(one.recorded.seq, found)
            key = ("accepted", reason) if reason else _cause(one, found)
            members.setdefault(key, []).append((one, found))
            reasons[key] = reason
    groups = [_group(pairs, reasons[key]) for key, pairs in members.items()]
    return sorted(groups, key=_weight)


def _group(pairs: Sequence[tuple[Compared, Difference]], accepted: str) -> Group:
    by_seq: Mapping[int, Compared] = {one.recorded.seq: one for one, _ in pairs}
    return Group(
        first=pairs[0][1],
        operations=tuple(dict.fromkeys(one.operation for one, _ in pairs)),
        members=tuple(by_seq.values()),
        accepted=accepted,
    )


def _cause(one: Compared, found: Difference) -> Key:
    """What differences of one cause have in common."""
    where = "" if found.kind in _OF_ALL else one.operation
    return found.kind, found.place, where, *_gist(found)


def _gist(found: Difference) -> tuple[str, ...]:
    if found.kind in (Kind.STATUS, Kind.HEADER):
        return found.expected, found.actual
    if found.kind is Kind.SHAPE:
        return tuple("absent" if text == ABSENT else "there" for text in _both(found))
    if found.kind is Kind.MESSAGE:
        return tuple(_wordy(text) for text in _both(found))
    return ()


def _both(found: Difference) -> tuple[str, str]:
    return found.expected, found.actual


def _wordy(text: str) -> str:
    """*text* without what is likely to be different in each."""
    return " ".join(word for word in text.split() if not any(c.isdigit() for c in word))


def _weight(group: Group) -> tuple[bool, int, int]:
    return bool(group.accepted), list(Kind).index(group.first.kind), -len(group.members)
