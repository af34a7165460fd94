"""Text that matches a regular expression, for the expressions that schemas are made of.

Known are literals, `.`, classes, `\\d \\w \\s` and their opposites, groups, alternatives,
quantifiers and anchors. Anything else raises `Unfit`.
"""

import string
from random import Random

_MOST_REPEATS = 3
_PRINTABLE = string.ascii_letters + string.digits + "-_ .,:;!?#%&/()"
_CLASSES = {
    "d": string.digits,
    "w": string.ascii_letters + string.digits + "_",
    "s": " ",
    "D": string.ascii_letters,
    "W": " -.,:",
    "S": string.ascii_letters + string.digits,
}
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


class Unfit(ValueError):
    """The expression uses something that is not known here."""


def matching(pattern: str, random: Random, least: int = 0) -> str:
    """A text that *pattern* finds a match in, at least *least* long where it may repeat.

    Raises Unfit. The text is a guess where anchors stand inside the pattern.
    """
    text = ""
    for wanted in range(least + 1):
        text = _Writer(pattern, random, extra=wanted).written()
        if len(text) >= least:
            break
    return text


class _Writer:
    """Writes one text while it reads the expression from left to right."""

    def __init__(self, pattern: str, random: Random, extra: int) -> None:
        self._pattern = pattern
        self._random = random
        self._extra = extra
        self._at = 0

    def written(self) -> str:
        text = self._alternatives()
        if self._at < len(self._pattern):
            raise Unfit(self._pattern)
        return text

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _take(self) -> str:
        if self._at >= len(self._pattern):
            raise Unfit(self._pattern)
        self._at += 1
        return self._pattern[self._at - 1]

    def _alternatives(self) -> str:
        options = [self._sequence()]
        while self._peek() == "|":
            self._take()
            options.append(self._sequence())
        return self._random.choice(options)

    def _sequence(self) -> str:
        text = ""
        while self._peek() not in ("", "|", ")"):
            text += self._piece()
        return text

    def _piece(self) -> str:
        """An atom with its quantifier; the atom is written anew for each repetition."""
        start = self._at
        first = self._atom()
        end = self._at
        least, most = self._quantifier()
        after = self._at
        text = ""
        for number in range(self._repeats(least, most)):
            if number == 0:
                text += first
            else:
                self._at = start
                text += self._atom()
                assert self._at == end
        self._at = after
        return text

    def _repeats(self, least: int, most: int | None) -> int:
        top = most if most is not None else max(least, 1) + _MOST_REPEATS
        low = min(max(least, self._extra), top)
        return self._random.randint(low, min(top, low + _MOST_REPEATS))

    def _quantifier(self) -> tuple[int, int | None]:
        bounds: tuple[int, int | None] = (1, 1)
        if self._peek() in ("*", "+", "?"):
            bounds = {"*": (0, None), "+": (1, None), "?": (0, 1)}[self._take()]
        elif self._peek() == "{":
            bounds = self._counted()
        else:
            return 1, 1
        if self._peek() == "?":
            self._take()
        return bounds

    def _counted(self) -> tuple[int, int | None]:
        end = self._pattern.find("}", self._at)
        low, comma, high = self._pattern[self._at + 1 : end].partition(",")
        if end < 0 or not low.isdecimal() or not (high == "" or high.isdecimal()):
            raise Unfit(self._pattern)
        self._at = end + 1
        if not comma:
            return int(low), int(low)
        return int(low), int(high) if high else None

    def _atom(self) -> str:
        char = self._take()
        match char:
            case "^" | "$":
                return ""
            case ".":
                return self._random.choice(_CLASSES["w"])
            case "(":
                return self._group()
            case "[":
                return self._random.choice(self._class())
            case "\\":
                return self._random.choice(self._escape())
            case "*" | "+" | "?" | "{":
                raise Unfit(self._pattern)
        return char

    def _group(self) -> str:
        if self._peek() == "?":
            if not self._pattern.startswith("?:", self._at):
                raise Unfit(self._pattern)
            self._at += 2
        text = self._alternatives()
        if self._take() != ")":
            raise Unfit(self._pattern)
        return text

    def _escape(self) -> str:
        """The characters that an escape may stand for."""
        char = self._take()
        if char in _CLASSES:
            return _CLASSES[char]
        if char.isalnum() and char not in _ESCAPED:
            raise Unfit(self._pattern)
        return _ESCAPED.get(char, char)

    def _class(self) -> str:
        is_negated = self._peek() == "^"
        if is_negated:
            self._take()
        chars = ""
        while (char := self._take()) != "]":
            chosen = self._escape() if char == "\\" else char
            if self._peek() == "-" and self._pattern[self._at + 1 : self._at + 2] not in ("]", ""):
                self._take()
                last = self._take()
                last = self._escape() if last == "\\" else last
                chosen = "".join(map(chr, range(ord(chosen), ord(last) + 1)))
            chars += chosen
        if is_negated:
            chars = "".join(char for char in _PRINTABLE if char not in chars)
        if not chars:
            raise Unfit(self._pattern)
        return chars
