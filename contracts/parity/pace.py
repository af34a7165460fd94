"""How long both sides take to answer: told where one is late again and again."""

from typing import Final

from contracts.parity.difference import Difference, Kind

SLACK_S: Final = 1.0
"""By how much one side may be slower than the other: networks and machines differ."""


class Pace:
    """Which operations one side answered later than the other when they were called last.

    Once is a moment's trouble; twice in a row is the side's own.
    """

    def __init__(self) -> None:
        self._late: dict[str, bool] = {}

    def differences(self, label: str, left_s: float, right_s: float) -> list[Difference]:
        """The difference of an operation that is late again; none for the first time."""
        if abs(left_s - right_s) < SLACK_S:
            self._late.pop(label, None)
            return []
        is_right = right_s > left_s
        was_right, self._late[label] = self._late.get(label), is_right
        if was_right is not is_right:
            return []
        return [Difference(Kind.TIME, "", f"after {left_s:.1f} s", f"after {right_s:.1f} s")]
