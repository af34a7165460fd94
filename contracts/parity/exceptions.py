"""Differences that somebody has looked at and accepts: a file of reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contracts.parity.difference import Difference, Kind
from mockserver.errors import SetupError
from mockserver.model import Json
from mockserver.openapi import read_yaml

_KEYS: Final = ("reason", "seqs", "kinds", "places")


@dataclass(frozen=True, slots=True)
class Accepted:
    """One reason: which exchanges it covers (none for all), which kinds of differences (none for
    all), and at which places (none for all)."""

    reason: str
    seqs: frozenset[int]
    kinds: frozenset[str]
    places: frozenset[str]

    def covers(self, seq: int, found: Difference) -> bool:
        return (
            (not self.seqs or seq in self.seqs)
            and (not self.kinds or found.kind in self.kinds)
            and (not self.places or found.place in self.places)
        )


class Exceptions:
    """The reasons, the first that fits counts; notes which were needed."""

    def __init__(self, entries: Sequence[Accepted] = ()) -> None:
        self._entries = tuple(entries)
        self._needed: set[tuple[str, int]] = set()

    def reason_of(self, seq: int, found: Difference) -> str:
        """Why this difference is accepted; `` where it is not."""
        for entry in self._entries:
            if entry.covers(seq, found):
                self._needed.add((entry.reason, seq))
                return entry.reason
        return ""

    def unneeded(self, sent: Iterable[int]) -> dict[str, list[int]]:
        """For each reason the exchanges that it names, were *sent* and agree after all."""
        seqs = set(sent)
        idle = {
            entry.reason: sorted(
                seq for seq in entry.seqs & seqs if (entry.reason, seq) not in self._needed
            )
            for entry in self._entries
        }
        return {reason: left for reason, left in idle.items() if left}


def read_exceptions(path: Path) -> Exceptions:
    """The file: a list of `{reason, seqs: [number], kinds: [kind], places: [pointer]}`, all but
    the reason optional. Raises SetupError."""
    content = read_yaml(path)
    if not isinstance(content, list):
        raise SetupError("must be a list of reasons: [{reason, seqs}]", file=path)
    return Exceptions([_entry(path, number, one) for number, one in enumerate(content, 1)])


def _entry(path: Path, number: int, entry: Json) -> Accepted:
    place = f"entry {number}"
    if not isinstance(entry, dict) or not str(entry.get("reason") or "").strip():
        raise SetupError("must have a `reason`", file=path, place=place)
    for key in entry:
        if key not in _KEYS:
            raise SetupError("unknown key", file=path, place=place, value=key, known=_KEYS)
    lists = {key: entry.get(key) or [] for key in _KEYS[1:]}
    for key, value in lists.items():
        if not isinstance(value, list):
            raise SetupError(f"`{key}` must be a list", file=path, place=place)
    if not any(lists.values()):
        raise SetupError("must name `seqs`, `kinds` or `places`", file=path, place=place)
    for kind in lists["kinds"]:
        if kind not in list(Kind):
            known = [one.value for one in Kind]
            raise SetupError("unknown kind", file=path, place=place, value=kind, known=known)
    for seq in lists["seqs"]:
        if not isinstance(seq, int):
            raise SetupError("`seqs` are numbers", file=path, place=place, value=seq)
    reason = " ".join(str(entry["reason"]).split())
    return Accepted(
        reason, frozenset(lists["seqs"]), frozenset(lists["kinds"]), frozenset(lists["places"])
    )
