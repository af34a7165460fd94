"""Values to send, unlike those that are there; and what it means that one comes back."""

import string
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from contracts.suites.provisions import unique_name
from contracts.suites.session import Session
from mockserver.model import MISSING, Document, Json

_SEEDS: Final = range(1, 9)
_LONG: Final = 120
_TEXT_KEYWORDS: Final = ("enum", "format", "pattern", "const")
_SPICE: Final = " Größe, 日本語, 👋 "


def new_value(
    session: Session,
    schema: Mapping[str, Json],
    shown: Mapping[str, Json],
    name: str,
    *old: Json,
) -> Json:
    """A value for the property *name* that the body's *schema* takes, that the item's schema
    *shown* can show as it is, and that is none of *old*; MISSING where none is found."""
    takes = session.yardstick.validator(schema, "request")
    shows_it = session.yardstick.driving_validator(shown, "response")
    for value in _candidates(session, schema, name):
        is_new = not any(is_same(value, one) for one in old)
        if is_new and takes.is_valid(value) and shows_it.is_valid(value):
            return value
    return MISSING


def _candidates(session: Session, schema: Mapping[str, Json], name: str) -> Iterator[Json]:
    if schema.get("type") == "boolean":
        yield from (True, False)
        return
    yield from schema.get("enum", ())
    if schema.get("type") == "string" and not any(key in schema for key in _TEXT_KEYWORDS):
        yield from _texts(session, schema, name)
    sampler, pointer = session.yardstick.sampler, f"{name} {session.options.seed}"
    yield sampler.sample(schema, pointer=pointer, direction="request")
    is_plain_type = schema.get("type") in ("string", "integer", "number")
    for seed in _SEEDS if is_plain_type else _SEEDS[:2]:
        yield sampler.sample(schema, seed=seed, pointer=pointer, dynamic=True, direction="request")


def _texts(session: Session, schema: Mapping[str, Json], name: str) -> Iterator[str]:
    """A long text with letters from everywhere, then a short plain one; slugs stay slugs."""
    plain = unique_name(session, is_slug="slug" in name.lower())
    plain = f"{plain}-{name.lower()}" if "slug" in name.lower() else f"{plain} {name}"
    limit = schema.get("maxLength", _LONG)
    if "slug" not in name.lower():
        long = (plain + _SPICE + string.ascii_letters * 3)[: min(limit, _LONG)]
        yield long.strip()
    yield plain[: int(limit)].strip()


def is_plain(value: Json) -> bool:
    """Whether *value* is neither a list nor an object."""
    return not isinstance(value, list | dict)


def is_same(one: Json, other: Json) -> bool:
    """Whether two values are the same JSON: 1 and 1.0 are, 1 and true are not."""
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return bool(one == other)


def comes_back(sent: Json, shown: Json) -> bool:
    """Whether *shown* tells what was *sent*: dates as instants, objects with at least what was
    sent, lists item by item; null also by absence."""
    if sent is None:
        return shown is None or shown is MISSING
    if isinstance(sent, dict) and isinstance(shown, dict):
        return all(comes_back(sent[key], shown.get(key, MISSING)) for key in sent)
    if isinstance(sent, list) and isinstance(shown, list):
        return len(sent) == len(shown) and all(map(comes_back, sent, shown))
    if isinstance(sent, str) and isinstance(shown, str):
        return sent == shown or _is_same_instant(sent, shown)
    return is_same(sent, shown)


def is_part(listed: Json, detail: Json) -> bool:
    """Whether a list shows what the detail shows, or a part of it: of arrays some items."""
    if isinstance(listed, dict) and isinstance(detail, dict):
        return all(is_part(listed[key], detail[key]) for key in listed if key in detail)
    if isinstance(listed, list) and isinstance(detail, list):
        return all(any(is_part(one, other) for other in detail) for one in listed)
    return is_same(listed, detail)


def parted(listed: Document, detail: Document) -> list[str]:
    """The properties of a row that are no part of what the detail shows."""
    return [name for name in listed if name in detail and not is_part(listed[name], detail[name])]


def differing(one: Document, other: Document) -> list[str]:
    """The properties that both show, with different values."""
    return [name for name in one if name in other and not is_same(one[name], other[name])]


def instant_of(text: Json) -> datetime | None:
    """The aware instant that an RFC 3339 text tells; None where it tells none."""
    if not isinstance(text, str) or "T" not in text.upper():
        return None
    try:
        found = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _is_same_instant(one: str, other: str) -> bool:
    first, second = instant_of(one), instant_of(other)
    return first is not None and first == second
