"""Makes bodies and texts fit to be shown: readable, of bounded length, harmless."""

import base64
import codecs
import re
from dataclasses import dataclass
from typing import Final

_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Controls, invisible characters and those that turn the direction of writing."""


def visible(text: str) -> str:
    r"""*text* with every control and invisible character spelled out: `\u202e`.

    Line ends and tabs stay.
    """
    return _UNSAFE.sub(_spelled, text)


def one_line(text: str, limit: int = 0) -> str:
    """*text* in one visible line, cut after *limit* characters; 0 for no limit."""
    line = " ".join(visible(text).split())
    return line if not limit or len(line) <= limit else f"{line[: limit - 1]}…"


def _spelled(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


@dataclass(frozen=True, slots=True)
class BodyText:
    """A body as text: *encoding* is `utf-8`, or `base64` where it is no such text.

    *note* says what is left out, `` where nothing is.
    """

    text: str
    encoding: str
    size_bytes: int
    note: str = ""


def body_text(body: bytes, limit_bytes: int, *, is_cut: bool = False) -> BodyText:
    """The first *limit_bytes* of *body*. *is_cut* tells that the target sent more than was read."""
    head = body[:limit_bytes]
    notes = [f"the first {len(head)} of {len(body)} bytes"] if len(head) < len(body) else []
    if is_cut:
        notes.append(f"the target sent more than the {len(body)} bytes that were read")
    note = "; ".join(notes)
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=not notes)
    except UnicodeDecodeError:
        return BodyText(base64.b64encode(head).decode(), "base64", len(body), note)
    return BodyText(text, "utf-8", len(body), note)
