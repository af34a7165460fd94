"""Numbers in paths, as the API's guards read them: before any pipe, with JavaScript's `Number`."""

import re

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.conventions.errors import bad_request, database_error

GREATEST_ID = 2**31 - 1
EXACT = 2**53
"""Up to here a float holds every whole number."""

NOT_NUMERIC = "Validation failed (numeric string is expected)"

_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?").fullmatch
_RADIX = re.compile(r"0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)").fullmatch
_LONGEST = 400
_USUAL = 12


def whole_number(text: str) -> int | None:
    """*text* as JavaScript's `Number` reads it, where that gives a whole number.

    So `0x1` is 1 and `1e2` is 100.

    Source: recordings private-links 242 (`/v2/event-types/0x1/...` names event type 1).
    """
    if len(text) < _USUAL and text.isascii() and text.isdigit():
        return int(text)
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    if _RADIX(text):
        return int(text, 0)
    if not _DECIMAL(text):
        return None
    number = float(text)
    return int(number) if number.is_integer() else None


def path_id(call: Call, name: str) -> int:
    """An id of the path as a guard asks the database for it.

    Raises ApiError: what is no whole number is refused in the words of the integer pipe, or fails
    in the database (quirk `text-id-is-500`); so does an id of more than 32 bits (quirk
    `huge-id-is-500`), which is otherwise one that nothing has.

    Source: recordings team-private-links 336, 338; private-links 240.
    """
    number = whole_number(call.path[name])
    if number is None:
        raise database_error() if call.quirks.has("text-id-is-500") else bad_request(NOT_NUMERIC)
    refuse_huge(call, number)
    return number


def refuse_huge(call: Call, number: int) -> None:
    """Fail as the database does on an id of more than 32 bits (quirk `huge-id-is-500`)."""
    if abs(number) > GREATEST_ID and call.quirks.has("huge-id-is-500"):
        raise database_error()
