"""What things are called on one side, and what the same things are called on the other.

The same name again must be the same thing again, and no two things become one: a bijection, for
each kind of thing (see `names`).
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from contracts.parity.instants import INSTANT
from contracts.parity.names import UUID

_SHORTEST: Final = 3
"""A text name that is shorter than this could be part of any word."""
_CLEAR: Final = re.compile(rf"(?P<instant>{INSTANT})|(?P<uuid>{UUID})")
_WORDS: Final = (
    re.compile(r"([^\s/\"'`<>()\[\]{}?&=,;]+)"),
    re.compile(r"([\w-]+)"),
    re.compile(r"(\w+)"),
)
"""What counts as a word, from the widest reading to the narrowest."""


class Renaming:
    """Pairs of names, learned from answers to the same request."""

    def __init__(self) -> None:
        self._forth: dict[str, dict[str, str]] = {}
        self._back: dict[str, dict[str, str]] = {}
        self._instants: dict[tuple[str, str], None] = {}
        self._log: list[tuple[str, str, str]] = []

    def agrees(self, kind: str, expected: str, actual: str) -> bool:
        """Whether *actual* is the name of what is called *expected* on the other side; two names
        that both are new become a pair."""
        forth, back = self._forth.setdefault(kind, {}), self._back.setdefault(kind, {})
        if expected in forth or actual in back:
            return forth.get(expected) == actual
        forth[expected], back[actual] = actual, expected
        self._log.append((kind, expected, actual))
        return True

    def knows_instants(self, expected: str, actual: str) -> bool:
        """Whether these two instants were found to mean the same before."""
        return (expected, actual) in self._instants

    def learn_instants(self, expected: str, actual: str) -> None:
        self._instants[expected, actual] = None

    def present(self, kind: str, expected: str) -> str | None:
        """What *expected* is called on the actual side; None where that is not known."""
        return self._forth.get(kind, {}).get(expected)

    def presents(self, expected: str) -> list[str]:
        """Everything that is called *expected* on the expected side, whatever its kind."""
        found = (names[expected] for names in self._forth.values() if expected in names)
        return list(dict.fromkeys(found))

    def is_known(self, expected: str) -> bool:
        return any(expected in names for names in self._forth.values())

    def mark(self) -> int:
        """The present state, to be given to `undo`."""
        return len(self._log)

    def undo(self, mark: int) -> None:
        """Forget the pairs that were learned since *mark*."""
        while len(self._log) > mark:
            kind, expected, actual = self._log.pop()
            del self._forth[kind][expected], self._back[kind][actual]

    def pieces(self, text: str) -> Iterator[tuple[str, str]]:
        """*text* cut into what names something and what does not: (sort, piece), where sort is
        `name`, `uuid`, `instant` or `text`."""
        end = 0
        for found in _CLEAR.finditer(text):
            yield from self._words(text[end : found.start()], _WORDS)
            yield str(found.lastgroup), found[0]
            end = found.end()
        yield from self._words(text[end:], _WORDS)

    def _words(self, text: str, levels: Sequence[re.Pattern[str]]) -> Iterator[tuple[str, str]]:
        """The pieces of a text without UUIDs and instants; the longest known word counts."""
        if not levels or not any(map(self._is_name, _words_in(text))):
            if text:
                yield "text", text
            return
        for part in levels[0].split(text):
            if self._is_name(part):
                yield "name", part
            else:
                yield from self._words(part, levels[1:])

    def _is_name(self, word: str) -> bool:
        if len(word) < _SHORTEST and not word.isdecimal():
            return False
        return self.is_known(word)


@lru_cache(maxsize=4096)
def _words_in(text: str) -> frozenset[str]:
    """Everything in *text* that counts as a word in any reading."""
    return frozenset(word for level in _WORDS for word in level.findall(text))
