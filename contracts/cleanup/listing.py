"""Everything that a collection shows, over all its pages."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from contracts.exchange import Exchange
from contracts.items import action_of, id_text
from contracts.suites.provisions import payload
from contracts.suites.session import Session, answer_text
from mockserver.model import Document, Json
from mockserver.openapi import Operation

_OFFSETS: Final = frozenset(["offset", "skip"])
_PAGES: Final = frozenset(["page", "pagenumber", "currentpage"])
_CURSORS: Final = frozenset(["cursor", "pagetoken", "nexttoken", "continuationtoken"])
_NEXT: Final = frozenset(["nextcursor", "nextpagetoken", "nexttoken", "continuationtoken"])
_MAX_PAGES: Final = 1000
_GONE: Final = (404, 410)

Query = tuple[tuple[str, str], ...]


class Unlisted(Exception):
    """A collection could not be listed to its end; the text says why."""


def all_items(
    session: Session, operation: Operation, path: Mapping[str, str], actor: str
) -> list[Document]:
    """The items that *operation* lists for *actor*; none where the collection is not there.

    Raises Unlisted, NotJudged, RunStopped.
    """
    found: dict[str, Document] = {}
    exchange = _asked(session, operation, path, actor, ())
    turning = _turning(operation)
    for turn in range(_MAX_PAGES):
        seen = len(found)
        for item in _shown(session, exchange):
            found.setdefault(_identity(session, operation, item), item)
        is_new = len(found) > seen
        query = _next_query(exchange, turning, turn, len(found))
        is_early_page = turning[0] == "page" and turn < 2 and found
        if not query or not (is_new or is_early_page):
            return list(found.values())
        exchange = _asked(session, operation, path, actor, query)
    raise Unlisted(f"{operation.label} goes on after {_MAX_PAGES} pages")


def _asked(
    session: Session, operation: Operation, path: Mapping[str, str], actor: str, query: Query
) -> Exchange:
    exchange = session.call(operation, path, actor=actor, query=query)
    if exchange.response.status >= 500:
        exchange = session.call(operation, path, actor=actor, query=query)
    return exchange


def _shown(session: Session, exchange: Exchange) -> Iterator[Document]:
    if exchange.response.status in _GONE:
        return
    items = payload(session, exchange) if exchange.is_success else None
    if not isinstance(items, list):
        raise Unlisted(f"{exchange.label} answered {answer_text(exchange, limit=80)}")
    yield from (item for item in items if isinstance(item, dict))


def _identity(session: Session, operation: Operation, item: Document) -> str:
    action = action_of(session.yardstick, operation)
    id = id_text(item.get(action.resource.id_field)) if action else ""
    return id or json.dumps(item, sort_keys=True)


def _turning(operation: Operation) -> tuple[str, str]:
    """How pages are turned: `offset`, `page` or `cursor`, and by which query parameter."""
    names = {_plain(p.name): p.name for p in operation.parameters if p.where == "query"}
    for way, known in (("cursor", _CURSORS), ("offset", _OFFSETS), ("page", _PAGES)):
        for plain in sorted(known & names.keys()):
            return way, names[plain]
    return "", ""


def _next_query(exchange: Exchange, turning: tuple[str, str], turn: int, seen: int) -> Query:
    """What asks for the next page. Pages are asked for from 1, as some APIs begin with 0."""
    way, name = turning
    if way == "cursor":
        cursor = _cursor(exchange.response.json)
        return ((name, cursor),) if cursor else ()
    number = {"offset": seen, "page": turn + 1}.get(way)
    return () if number is None else ((name, str(number)),)


def _cursor(answer: Json, depth: int = 2) -> str:
    """The cursor of the next page, in an answer or in an object right inside it."""
    if not isinstance(answer, dict) or not depth:
        return ""
    for name, value in answer.items():
        if _plain(name) in _NEXT and value and isinstance(value, (str, int)):
            return str(value)
    return next((found for value in answer.values() if (found := _cursor(value, depth - 1))), "")


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
