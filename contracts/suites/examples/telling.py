"""Whether a refusal of wrong input names what is wrong, where its schema has room for a word."""

from collections.abc import Mapping, Sequence
from typing import Final

from contracts.checks.promises import promise_of
from contracts.exchange import Exchange
from contracts.findings import Severity
from contracts.suites.bodies import plain
from contracts.suites.session import Session
from contracts.yardstick import Yardstick
from mockserver.model import Json

_DEEPEST: Final = 4
_FIXED: Final = frozenset({"enum", "const", "format"})


def expect_named(session: Session, exchange: Exchange, names: Sequence[str]) -> None:
    """Judge that a refusal of a body with one wrong property names that property, or one around
    it, in any spelling: `bookingFields`, `booking_fields` or "booking fields".

    *names* from the outermost inwards.
    """
    promise = promise_of(exchange, session.yardstick)
    schema = promise.schema(exchange.response.content_type) if promise else None
    if promise is None or schema is None or exchange.response.status not in (400, 422):
        return
    if not has_room(session.yardstick, schema):
        return
    text = _letters(exchange.response.body.decode("utf-8", "replace"))
    session.expect(
        any(_letters(name) in text for name in names),
        "refusal-hides-cause",
        exchange,
        message="A request with one wrong property is refused without naming it: clients and "
        "people cannot tell what to mend",
        expected=f"an error that names {' or '.join(dict.fromkeys(names))}",
        source=f"{promise.source}; RFC 9110 section 15.5",
        cause=str(exchange.response.status),
        severity=Severity.MEDIUM,
    )


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def has_room(yardstick: Yardstick, schema: Mapping[str, Json], depth: int = 0) -> bool:
    """Whether a value of *schema* has a place for a free text: for an object, one of those that
    are declared."""
    way = plain(yardstick, schema)
    if depth > _DEEPEST or _FIXED & way.keys():
        return False
    inner = list((way.get("properties") or {}).values())
    inner += [way["items"]] if isinstance(way.get("items"), dict) else []
    if inner:
        return any(has_room(yardstick, one, depth + 1) for one in inner)
    return way.get("type") != "boolean" and way.get("type") not in ("integer", "number")
