"""Which query parameters of a list cut it into pages, sort it, or filter it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from contracts.suites.lifecycle.things import Thing
from mockserver.model import Json
from mockserver.openapi import Operation, Parameter

Query = tuple[tuple[str, str], ...]

_LIMITS: Final = frozenset(["limit", "take", "perpage", "pagesize", "size", "count", "maxresults"])
_OFFSETS: Final = frozenset(["offset", "skip", "start", "startindex"])
_PAGES: Final = frozenset(["page", "pagenumber"])
_CURSORS: Final = ("cursor", "after", "before", "token", "continuation", "marker")
_NUMBERS: Final = ("integer", "number")
_SORTS: Final = ("sort", "order", "direction")
_ASK: Final = 100
"""Rows asked for at once where the document does not bound them."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The parameters that page a list: *limit* with *offset* (rows) or *page* (pages, the first
    of which is *first*). *most* is the greatest limit allowed, *usual* the one without asking;
    None where the document does not say."""

    limit: str = ""
    offset: str = ""
    page: str = ""
    first: int = 1
    most: int | None = None
    usual: int | None = None
    has_cursor: bool = False

    @property
    def can_walk(self) -> bool:
        return bool(self.limit and (self.offset or self.page))

    @property
    def is_cut(self) -> bool:
        """Whether one answer may show less than everything."""
        return bool(self.limit or self.page or self.has_cursor)

    @property
    def size(self) -> int:
        """A page size that is always allowed and as great as sensible."""
        return min(self.most or _ASK, _ASK)

    def query(self, size: int, number: int) -> Query:
        """The parameters for page *number*, counted from 0, of *size* rows."""
        place = (
            (self.offset, str(size * number))
            if self.offset
            else (self.page, str(self.first + number))
        )
        return (self.limit, str(size)), place


def pages_of(operation: Operation) -> Pages:
    """How *operation*'s list is paged, by the names and types of its query parameters."""
    query = [one for one in operation.parameters if one.where == "query"]
    limit = _numeric(query, _LIMITS)
    offset, page = _numeric(query, _OFFSETS), _numeric(query, _PAGES)
    lowest = page.schema.get("minimum", page.schema.get("default", 1)) if page else 1
    return Pages(
        limit=limit.name if limit else "",
        offset=offset.name if offset else "",
        page=page.name if page else "",
        first=0 if lowest == 0 else 1,
        most=limit.schema.get("maximum") if limit else None,
        usual=limit.schema.get("default") if limit else None,
        has_cursor=any(word in _plain(one.name) for one in query for word in _CURSORS),
    )


@dataclass(frozen=True, slots=True)
class Sorting:
    """A query parameter whose values are a way up and a way down. *field* is the property of the
    items that its name tells, `` where it tells none; *by_creation* that it tells their age."""

    name: str
    up: str
    down: str
    field: str = ""
    by_creation: bool = False


def sortings_of(operation: Operation, shown: Iterable[str]) -> list[Sorting]:
    """The sorting parameters of *operation*, whose items show these properties."""
    return [
        _sorting(one, choices, list(shown))
        for one in operation.parameters
        if one.where == "query"
        and len(choices := [text for text in one.schema.get("enum", ()) if text]) == 2
        and {str(text).lower()[:3] for text in choices} in ({"asc", "des"}, {"asc", "dsc"})
    ]


def filters_of(
    operation: Operation, thing: Thing, shown: Mapping[str, Mapping[str, Json]]
) -> list[tuple[Parameter, str]]:
    """Query parameters named like a property of the items, and the name of that property."""
    taken = pages_of(operation)
    paging = (taken.limit, taken.offset, taken.page)
    by_plain = {_plain(name): name for name in shown}
    scalar = ("string", *_NUMBERS, "boolean")
    return [
        (one, by_plain[_plain(one.name)])
        for one in operation.parameters
        if one.where == "query"
        and one.name not in paging
        and _plain(one.name) in by_plain
        and one.schema.get("type") in scalar
        and shown[by_plain[_plain(one.name)]].get("type") in scalar
    ]


def _sorting(parameter: Parameter, choices: list[str], shown: list[str]) -> Sorting:
    up, down = sorted(choices, key=str.lower)
    plain = _plain(parameter.name)
    for word in _SORTS:
        plain = plain.replace(word, "")
    plain = plain.removeprefix("by")
    field = next((name for name in shown if plain and _plain(name) == plain), "")
    return Sorting(parameter.name, up, down, field, by_creation="created" in plain)


def _numeric(query: Iterable[Parameter], names: frozenset[str]) -> Parameter | None:
    matching = (one for one in query if _plain(one.name) in names)
    return next((one for one in matching if one.schema.get("type") in _NUMBERS), None)


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
