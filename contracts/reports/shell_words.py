"""Words of a shell command: quoted so that bash and zsh read back exactly what was meant."""

import re
from collections.abc import Iterable
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")
_IN_SINGLE: Final = re.compile(r"[ -~\xa1-\xac\xae-\u05ff\u0900-\u1fff\u3001-\ud7ff]*")
"""Printable, and written from left to right."""
_IN_DOUBLE: Final = re.compile(r'[^"\\$`!\x00-\x1f\x7f-\U0010ffff]*')


def shell_word(text: str, variables: Iterable[str] = ()) -> str:
    """*text* as one word. `$NAME` of one of *variables* is left for the shell to fill in.

    *text* holds no NUL: no argument can.
    """
    names = "|".join(sorted(map(re.escape, variables), key=len, reverse=True))
    if not names:
        return literal_word(text)
    parts = re.split(rf"\$({names})(?![A-Za-z0-9_])", text)
    literals, filled = parts[::2], parts[1::2]
    if not filled:
        return literal_word(text)
    if all(_IN_DOUBLE.fullmatch(part) for part in literals):
        return f'"{text}"'
    words = [literal_word(part) if part else "" for part in literals]
    names_filled = [*(f'"${name}"' for name in filled), ""]
    return "".join(word + name for word, name in zip(words, names_filled, strict=True))


def literal_word(text: str | bytes) -> str:
    """One word in which the shell fills in nothing."""
    if isinstance(text, str) and _PLAIN.fullmatch(text):
        return text
    if isinstance(text, str) and _IN_SINGLE.fullmatch(text):
        return "'" + text.replace("'", "'\\''") + "'"
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return "$'" + "".join(map(_escaped, raw)) + "'"


def _escaped(byte: int) -> str:
    if byte in b"'\\":
        return f"\\{chr(byte)}"
    if byte == 0x0A:
        return "\\n"
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}"
