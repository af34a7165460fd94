"""An extension of ASGI that this project's own server has: a whole answer in one call.

A server looks at every header of every answer. Most of the mock's never change, and all of them
are ready when the answer is: its writer hands them over as the lines that they will be.
"""

from collections.abc import Callable, Iterable
from typing import Final

from mockserver.web.asgi import Scope

Header = tuple[bytes, bytes]

AnswerAtOnce = Callable[[int, bytes, bytes], bool]
"""Given status, header lines and body; False: not now, send messages as ever."""

EXTENSION: Final = "understudy.at_once"
"""Its name in `scope["extensions"]`."""


def at_once(scope: Scope) -> AnswerAtOnce | None:
    """How the answer to *scope* may leave in one call; None where the server has no such way."""
    extensions = scope.get("extensions")
    return extensions.get(EXTENSION) if extensions else None


def lines_of(headers: Iterable[Header]) -> bytes:
    """Headers as they stand in HTTP/1.1; those who made them saw to it that none breaks a line."""
    return b"".join([b"%b: %b\r\n" % header for header in headers])
