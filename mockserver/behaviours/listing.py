"""Filter, sort and page a list, as far as the operation's query parameters declare it.

Which parameter does what is read from the document once, at start; nothing is done that the
operation does not declare.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mockserver.model import Document, Json
from mockserver.openapi.operations import Parameter

_LIMITS = frozenset(["limit", "take", "perpage", "pagesize"])
_OFFSETS = frozenset(["offset", "skip"])
_PAGES = frozenset(["page", "pagenumber", "currentpage"])
_TOTALS = frozenset(["total", "totalcount", "totalitems", "totalresults", "count"])
_PAGE_COUNTS = frozenset(["pages", "totalpages", "pagecount"])
_LAST_PAGES = frozenset(["lastpage"])
_MORE = frozenset(["hasmore", "hasnext", "hasnextpage"])
_SORT_KEYS = frozenset(["sort", "sortby", "orderby", "ordering", "order"])
_DIRECTIONS = frozenset(["order", "sort", "sortorder", "sortdirection", "direction"])
_UPWARD = frozenset(["asc", "ascending"])
_DOWNWARD = frozenset(["desc", "descending"])
_NUMBERS = ("integer", "number")


@dataclass(frozen=True, slots=True)
class Listing:
    """The query parameters of one operation, by what they do to its list.

    A filter is named like the property that it compares. *page_size* holds for a missing limit;
    *first_page* is 0 or 1.
    """

    filters: tuple[str, ...] = ()
    sort_key: str | None = None
    direction: str | None = None
    sortable: frozenset[str] = frozenset()
    limit: str | None = None
    offset: str | None = None
    page: str | None = None
    page_size: int | None = None
    first_page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown of a list; *total* counts what the filters left, shown or not."""

    items: list[Document]
    total: int


def listing_of(parameters: Iterable[Parameter], properties: Iterable[str]) -> Listing:
    """Read what *parameters* do to a list of items with these *properties*."""
    query = [parameter for parameter in parameters if parameter.where == "query"]
    sortable = frozenset(properties)
    limit = _numeric(query, _LIMITS)
    offset = _numeric(query, _OFFSETS)
    page = _numeric(query, frozenset(["page"]))
    key = next((one for one in query if _is_sort_key(one, sortable)), None)
    direction = next((one for one in query if _is_direction(one, sortable)), None)
    taken = [one for one in (limit, offset, page, key, direction) if one is not None]
    return Listing(
        filters=tuple(one.name for one in query if one.name in sortable and one not in taken),
        sort_key=key.name if key else None,
        direction=direction.name if direction else None,
        sortable=sortable,
        limit=limit.name if limit else None,
        offset=offset.name if offset else None,
        page=page.name if page else None,
        page_size=limit.schema.get("default") if limit else None,
        first_page=_first_page(page),
    )


def listed(documents: Sequence[Document], listing: Listing, query: Mapping[str, Json]) -> Page:
    """Filter, then sort, then page *documents* by the values sent in *query*."""
    found = filtered(documents, {name: query[name] for name in listing.filters if name in query})
    keys = _sort_keys(listing, query)
    if keys:
        found = in_order(found, keys)
    return Page(items=found[_window(listing, query)], total=len(found))


def told_beside(
    rest: Document, page: Page, listing: Listing, query: Mapping[str, Json]
) -> Document:
    """*rest* of an answer, with what it says of the list made true, also one level down.

    Source: assumed (the names that most APIs give to totals and pages).
    """
    facts = _facts(page, listing, query)
    return _told(rest, facts) | {
        name: _told(value, facts) for name, value in rest.items() if isinstance(value, dict)
    }


def _facts(page: Page, listing: Listing, query: Mapping[str, Json]) -> dict[str, int | bool]:
    """What is true of a list, by the plain name of a member that tells it."""
    window = _window(listing, query)
    size = window.stop - window.start if window.stop is not None else None
    shown = size or len(page.items) or 1
    start = _whole(query.get(listing.offset or ""), 0) or 0
    number = _whole(query.get(listing.page or ""), None)
    if number is None:
        number = listing.first_page + window.start // shown
    last = listing.first_page + max(0, -(-page.total // shown) - 1)
    facts: dict[str, int | bool] = dict.fromkeys(_TOTALS, page.total)
    facts |= dict.fromkeys(_LIMITS, shown) | dict.fromkeys(_OFFSETS, start)
    facts |= dict.fromkeys(_PAGES, number) | dict.fromkeys(_PAGE_COUNTS, -(-page.total // shown))
    facts |= dict.fromkeys(_MORE, window.start + len(page.items) < page.total)
    facts |= dict.fromkeys(_LAST_PAGES, last)
    return facts


def _told(rest: Document, facts: Mapping[str, int | bool]) -> Document:
    return {
        name: facts[plain]
        if (plain := _plain(name)) in facts and type(facts[plain]) is type(value)
        else value
        for name, value in rest.items()
    }


def filtered(documents: Sequence[Document], wanted: Mapping[str, Json]) -> list[Document]:
    """Those whose fields equal what is wanted; of a list of values, any one will do."""
    return [
        document
        for document in documents
        if all(_is_wanted(document.get(name), value) for name, value in wanted.items())
    ]


def in_order(documents: Sequence[Document], keys: Sequence[tuple[str, bool]]) -> list[Document]:
    """Sort by (property, is descending), the first one weighing most; equal ones keep their order.

    Values that are missing come last upwards and first downwards, as in PostgreSQL.
    """
    found = list(documents)
    for name, is_descending in reversed(keys):
        found.sort(key=lambda document: _rank(document.get(name)), reverse=is_descending)
    return found


def _numeric(query: Sequence[Parameter], names: frozenset[str]) -> Parameter | None:
    matching = (one for one in query if _plain(one.name) in names)
    return next((one for one in matching if one.schema.get("type") in _NUMBERS), None)


def _is_sort_key(parameter: Parameter, sortable: frozenset[str]) -> bool:
    name, choices = _plain(parameter.name), _choices(parameter)
    if name not in _SORT_KEYS:
        return False
    if not choices:
        return name != "order"
    return any(key in sortable for choice in choices for key, _ in [_key_and_way(choice)])


def _is_direction(parameter: Parameter, sortable: frozenset[str]) -> bool:
    name, choices = _plain(parameter.name), _choices(parameter)
    if name not in _DIRECTIONS or _is_sort_key(parameter, sortable):
        return False
    return all(choice.lower() in _UPWARD | _DOWNWARD for choice in choices)


def _choices(parameter: Parameter) -> list[str]:
    schema = parameter.schema
    schema = schema.get("items", schema) if schema.get("type") == "array" else schema
    return [choice for choice in schema.get("enum", ()) if isinstance(choice, str)]


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _first_page(page: Parameter | None) -> int:
    if page is None:
        return 1
    lowest = page.schema.get("minimum", page.schema.get("default", 1))
    return 0 if lowest == 0 else 1


def _sort_keys(listing: Listing, query: Mapping[str, Json]) -> list[tuple[str, bool]]:
    sent = query.get(listing.sort_key) if listing.sort_key else None
    words = sent if isinstance(sent, list) else str(sent or "").split(",")
    turned = str(query.get(listing.direction or "", "")).lower() in _DOWNWARD
    keys = [_key_and_way(str(word).strip()) for word in words]
    return [(name, down != turned) for name, down in keys if name in listing.sortable]


def _key_and_way(word: str) -> tuple[str, bool]:
    """`name`, `+name` and `name:asc` go up; `-name` and `name:desc` go down."""
    name, _, way = word.lstrip("+-").partition(":")
    return name, word.startswith("-") or way.lower() in _DOWNWARD


def _window(listing: Listing, query: Mapping[str, Json]) -> slice:
    size = _whole(query.get(listing.limit or ""), listing.page_size)
    start = _whole(query.get(listing.offset or ""), 0) or 0
    page = _whole(query.get(listing.page or ""), None)
    if page is not None and page > listing.first_page:
        if size is None:
            return slice(0, 0)  # without a page's size, the first page holds everything
        start += (page - listing.first_page) * size
    return slice(start, None if size is None else start + size)


def _whole(value: Json, otherwise: int | None) -> int | None:
    return max(0, int(value)) if isinstance(value, int | float) else otherwise


def _is_wanted(held: Json, wanted: Json) -> bool:
    several = wanted if isinstance(wanted, list) else [wanted]
    values = held if isinstance(held, list) else [held]
    return any(_is_same(value, one) for value in values for one in several)


def _is_same(one: Json, other: Json) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _rank(value: Json) -> tuple[int, float, str]:
    """Numbers (and false before true), then text, then anything else, then nothing."""
    if isinstance(value, int | float):
        return 0, value, ""
    if isinstance(value, str):
        return 1, 0, value
    return (3, 0, "") if value is None else (2, 0, str(value))
