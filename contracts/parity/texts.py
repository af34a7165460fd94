"""Texts compared word by word: where one has a name or an instant, the other may have its own."""

import re
from datetime import datetime

from contracts.parity.instants import is_instant, means_same
from contracts.parity.names import TEXT
from contracts.parity.renaming import Renaming


class Texts:
    """Compares texts of answers to requests that were sent at *expected_at* and *actual_at*."""

    def __init__(self, renaming: Renaming, *, expected_at: datetime, actual_at: datetime) -> None:
        self._renaming = renaming
        self._expected_at = expected_at
        self._actual_at = actual_at

    def agree(self, expected: str, actual: str) -> bool:
        """Whether both say the same, with each side's own names and instants.

        A UUID that is met here for the first time is learned.
        """
        if is_instant(expected) and is_instant(actual):
            return self._instants_agree(expected, actual)
        pieces = list(self._renaming.pieces(expected))
        if all(sort == "text" for sort, _ in pieces):
            return expected == actual
        found = re.fullmatch("".join(self._pattern(*piece) for piece in pieces), actual, re.DOTALL)
        if found is None:
            return False
        open_pieces = [piece for piece in pieces if self._is_open(*piece)]
        return all(
            self._is_same(sort, piece, other)
            for (sort, piece), other in zip(open_pieces, found.groups(), strict=True)
        )

    def _pattern(self, sort: str, piece: str) -> str:
        """What may stand for *piece* on the other side; open pieces are groups, judged after."""
        if self._is_open(sort, piece):
            return r"([\w:.+-]+)"
        if sort != "name":
            return re.escape(piece)
        # a small number may name a thing or count something, so it may stay as it is
        plain = [piece] if piece.isdecimal() or self._renaming.present(TEXT, piece) is None else []
        return f"(?:{'|'.join(map(re.escape, [*self._renaming.presents(piece), *plain]))})"

    def _is_open(self, sort: str, piece: str) -> bool:
        return sort == "instant" or (sort == "uuid")

    def _is_same(self, sort: str, expected: str, actual: str) -> bool:
        if sort == "instant":
            return expected == actual or self._instants_agree(expected, actual)
        return self._renaming.agrees(TEXT, expected, actual)

    def _instants_agree(self, expected: str, actual: str) -> bool:
        if self._renaming.knows_instants(expected, actual):
            return True
        is_same = means_same(
            expected, actual, expected_at=self._expected_at, actual_at=self._actual_at
        )
        if is_same:
            self._renaming.learn_instants(expected, actual)
        return is_same
