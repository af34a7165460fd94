"""What in an answer names a thing, and which kind of thing it names.

The number 7 can be a user and an event type at once, so numbers are told apart by kind; texts that
name things (UUIDs, tokens) are long enough to be told apart by themselves.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from mockserver.model import Json

TEXT: Final = ""
"""The kind of all names that are texts."""

UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

_UUID: Final = re.compile(UUID)
_ID_KEY: Final = re.compile(
    r"(?:^|_|-)(?:id|uid|uuid|guid)$|^(?:uid|uuid|guid)$|[a-z0-9](?:Id|Uid|ID)$"
)
_IDS_KEY: Final = re.compile(r"(?:^|_|-)ids$|[a-z0-9](?:Ids|Uids|IDs)$")
_LAST_WORD: Final = re.compile(r"[_-]?(?:uuid|guid|uid|id)s?$", re.IGNORECASE)
_WRAPPERS: Final = frozenset({"data", "items", "results", "result", "records", "value", "values"})
_ORDER: Final = re.compile("sort|order|^(?:take|skip|limit|offset|page|cursor)", re.IGNORECASE)
_VALUE: Final = re.compile(rf"\{{[^{{}}]*\}}|<<[^<>]*>>|[0-9]+|{UUID}")


def name_kind(place: Sequence[str | int], value: Json, noun: str) -> str | None:
    """The kind of thing that *value* names at *place* of an answer about *noun*; None where it
    names nothing."""
    if isinstance(value, str):
        return TEXT if _is_id_place(place) or _UUID.fullmatch(value) else None
    if not isinstance(value, int) or isinstance(value, bool) or not _is_id_place(place):
        return None
    return _kind(place, noun)


def asks_for_order(names: Iterable[str]) -> bool:
    """Whether a request with query parameters of these *names* wants a list in an order, or a part
    of it."""
    return any(_ORDER.search(name) for name in names)


def noun_of(path: str) -> str:
    """What a path (template or as sent) is about: `eventtype` for `/v2/event-types/{id}`."""
    parts = [part for part in path.partition("?")[0].split("/") if part]
    words = [part for part in parts if not _VALUE.fullmatch(part)]
    return _singular(words[-1]) if words else ""


def noun_before(segments: Sequence[str], index: int) -> str:
    """The kind of thing that the path segment at *index* names."""
    return _singular(segments[index - 1]) if index else ""


def _kind(place: Sequence[str | int], noun: str) -> str:
    key = _last_key(place)
    stem = _LAST_WORD.sub("", key)
    if stem:
        return _singular(stem)
    keys = [str(one) for one in place if isinstance(one, str)][:-1]
    named = [one for one in keys if one not in _WRAPPERS]
    return _singular(named[-1]) if named else noun


def _is_id_place(place: Sequence[str | int]) -> bool:
    key = _last_key(place)
    is_member = bool(place) and isinstance(place[-1], int)
    return bool((_IDS_KEY if is_member else _ID_KEY).search(key))


def _last_key(place: Sequence[str | int]) -> str:
    return next((one for one in reversed(place) if isinstance(one, str)), "")


def _singular(word: str) -> str:
    """*word* without hyphens, capitals and plural: `event-types` and `eventType` are one."""
    plain = re.sub(r"[^a-z0-9]", "", word.lower())
    if plain.endswith("ies"):
        return plain[:-3] + "y"
    return plain[:-1] if plain.endswith("s") and not plain.endswith("ss") else plain
