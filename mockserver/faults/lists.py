"""Lists that show too little, too much, or in another order."""

import re
from collections.abc import Callable
from typing import Any

from mockserver.behaviours.collection import EXTENSION
from mockserver.behaviours.faults import Fault, Place, Plant
from mockserver.behaviours.listing import Listing, listing_of
from mockserver.behaviours.registry import Behaviour, Call
from mockserver.faults.items import is_number, nudged, payload_of, with_payload
from mockserver.faults.reaching import both, has_stored_parent, kinds, shows_item
from mockserver.faults.relations import fixed_names, item_key, reference_fields
from mockserver.faults.schemas import Schema, item_properties
from mockserver.faults.stores import Haunted, Relaxed, through, watched
from mockserver.model import Document, Json, Reply

CATEGORY = "Lists and pagination"

LISTS = both(shows_item, kinds("list"))
_WAYS = {"asc": "desc", "desc": "asc", "ascending": "descending", "descending": "ascending"}
_FLAG = re.compile("hidden|archived|expired|private|unlisted|draft|closed|returned", re.IGNORECASE)
_ALIAS = re.compile("slug|alias|handle", re.IGNORECASE)

Items = list[Document]


def listing(place: Place) -> Listing:
    """What the query parameters of a list do."""
    return listing_of(place.operation.parameters, item_properties(place))


def filters(place: Place) -> list[str]:
    """The query parameters that choose items, in the document's order."""
    known = listing(place)
    taken = (known.limit, known.offset, known.page, known.sort_key, known.direction)
    return [
        one.name
        for one in place.operation.parameters
        if one.where == "query" and one.name not in taken and not _is_way(one.schema)
        if one.name in known.filters or one.schema.get("type") == "string"
    ]


def aliases(place: Place) -> list[str]:
    """The filters by which one item is meant."""
    named = [name.lower() for name in item_properties(place) if _ALIAS.fullmatch(name)]
    return [name for name in filters(place) if name.lower().endswith(tuple(named))] if named else []


def _is_way(schema: Schema) -> bool:
    return any(str(choice).lower() in _WAYS for choice in schema.get("enum", ()))


def _ways(place: Place) -> list[str]:
    """The query parameters that turn the order round."""
    return [
        one.name
        for one in place.operation.parameters
        if one.where == "query" and _is_way(one.schema)
    ]


def _has(names: Callable[[Place], list[str]]) -> Callable[[Place], bool]:
    return lambda place: place.kind == "list" and bool(names(place))


def _changing(change: Callable[[Items, Call, Place], Items]) -> Callable[..., Reply]:
    """An answer whose list is what *change* makes of it."""

    def answer(call: Call, reply: Reply, plant: Plant) -> Reply:
        payload = payload_of(call, reply, plant)
        if not isinstance(payload, list) or not all(isinstance(one, dict) for one in payload):
            return reply
        place = plant.around.place(call.operation)
        return with_payload(call, reply, plant, change(list(payload), call, place))

    return answer


def _without_newest(items: Items, call: Call, place: Place) -> Items:
    """Numbers tell which is the newest; else it is the last."""
    id_field = place.action.resource.id_field if place.action else ""
    numbers = [item[id_field] for item in items if is_number(item.get(id_field))]
    if len(numbers) < len(items) or not items:
        return items[:-1]
    return [item for item in items if item[id_field] != max(numbers)]


def _without_flagged(items: Items, call: Call, place: Place) -> Items:
    flags = _flags(place)
    return [item for item in items if not any(item.get(flag) is True for flag in flags)]


def _flags(place: Place) -> list[str]:
    return [
        name
        for name, declared in item_properties(place).items()
        if declared.get("type") == "boolean" and _FLAG.search(name)
    ]


def _without_last_match(items: Items, call: Call, place: Place) -> Items:
    return items[:-1] if any(name in call.query for name in filters(place)) else items


def _otherwise_by_alias(items: Items, call: Call, place: Place) -> Items:
    if not any(name in call.query for name in aliases(place)):
        return items
    declared, fixed = item_properties(place), fixed_names(place)
    return [nudged(item, declared, fixed) for item in items]


def _in_changing_order(call: Call, reply: Reply, plant: Plant) -> Reply:
    """Every second list without a wanted order is turned round."""
    place = plant.around.place(call.operation)
    payload = payload_of(call, reply, plant)
    if not isinstance(payload, list) or any(name in call.query for name in _orders(place)):
        return reply
    plant.memory["lists"] = plant.memory.get("lists", 0) + 1
    is_turned = plant.memory["lists"] % 2 == 0
    return with_payload(call, reply, plant, payload[::-1]) if is_turned else reply


def _orders(place: Place) -> list[str]:
    known = listing(place)
    return [*_ways(place), *(name for name in (known.sort_key, known.direction) if name)]


def _remember_deleted(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """Deletes are remembered, and lists find what was deleted."""
    place = plant.around.place(call.operation)
    if place.kind == "list":
        return through(Haunted(call.store, plant.memory), call, behaviour)[0]
    reply, written = watched(call, behaviour)
    for found, document in written.deleted.items():
        if found[1] == item_key(call, place):
            plant.memory[found] = document
    return reply


def _found_by_alias(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    place = plant.around.place(call.operation)
    if place.kind == "list" and not any(name in call.query for name in aliases(place)):
        return behaviour(call)
    return _remember_deleted(call, behaviour, plant)


def _deletes_or_finds_by_alias(place: Place) -> bool:
    return place.kind == "delete" or _has(aliases)(place)


def of_others(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """The list shows what belongs to others, too."""
    place = plant.around.place(call.operation)
    reply, looked = watched(call, behaviour)
    collection = _listed_collection(looked.found, payload_of(call, reply, plant), place)
    fields = reference_fields(place, collection)
    return through(Relaxed(call.store, collection, fields), call, behaviour)[0]


def _listed_collection(found: dict[str, list[Document]], shown: Json, place: Place) -> str:
    """Where the shown items are stored, of the collections that were looked through.

    Where none is shown: one whose name the resource's ends with, or whose key has its name.
    """
    if place.action is None:
        return ""
    name, id_field = place.action.resource.name, place.action.resource.id_field
    first = shown[0].get(id_field) if isinstance(shown, list) and shown else None
    for collection, documents in found.items():
        if first is not None and any(one.get(id_field) == first for one in documents):
            return collection
    told = place.operation.document.get(EXTENSION, {})
    alike = [one for one in found if name.endswith(one)]
    keyed = [one for one in found if told.get(one, {}).get("idField") == id_field]
    return next(iter([*alike, *keyed]), "")


def _is_of_somebody(place: Place) -> bool:
    """Lists of what belongs to whoever asks, or to a group that no operation reads."""
    return LISTS(place) and not has_stored_parent(place) and bool(place.operation.security)


def _moving_offset(step: int) -> Callable[[Call, Behaviour, Plant], Reply]:
    """Every page but the first begins *step* items later than it should."""

    def page(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
        name = listing(plant.around.place(call.operation)).offset
        if name and is_number(call.query.get(name)) and call.query[name] > 0:
            call.query = {**call.query, name: call.query[name] + step}
        return behaviour(call)

    return page


def _without(names: Callable[[Place], list[str]]) -> Callable[[Call, Behaviour, Plant], Reply]:
    """The last of the sent parameters that are meant is not looked at."""

    def forget(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
        meant = [one for one in names(plant.around.place(call.operation)) if one in call.query]
        call.query = {name: one for name, one in call.query.items() if name not in meant[-1:]}
        return behaviour(call)

    return forget


def _limits(place: Place) -> list[str]:
    name = listing(place).limit
    return [name] if name else []


def _offsets(place: Place) -> list[str]:
    name = listing(place).offset
    return [name] if name else []


def _caps(place: Place) -> list[str]:
    return [
        one.name
        for one in place.operation.parameters
        if one.name in _limits(place) and "maximum" in one.schema
    ]


def _uncapped(call: Call, broken: Any, plant: Plant) -> Any:
    names = _caps(plant.around.place(call.operation))
    return [
        one
        for one in broken
        if not (one.where == "query" and one.rule == "maximum" and one.place[0] in names)
    ]


def _turned(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    for name in _ways(plant.around.place(call.operation)):
        way = call.query.get(name)
        if isinstance(way, str) and way in _WAYS:
            call.query = {**call.query, name: _WAYS[way]}
    return behaviour(call)


def _list(
    name: str, about: str, exposed_by: str, reaches: Callable[[Place], bool], **effect: Any
) -> Fault:
    given = {"category": CATEGORY, "reaches": reaches, **effect}
    return Fault(name=name, about=about, exposed_by=exposed_by, **given)


FAULTS = (
    _list(
        "list-omits-created-item",
        "the newest item is missing from the list",
        "what was created is not in the list",
        LISTS,
        on_answer=_changing(_without_newest),
    ),
    _list(
        "list-omits-hidden",
        "items with a flag such as `hidden` vanish from the list",
        "what was created with a flag is not in the list",
        both(LISTS, lambda place: bool(_flags(place))),
        on_answer=_changing(_without_flagged),
    ),
    _list(
        "list-keeps-deleted",
        "the list still shows what was deleted",
        "what was deleted is in the list",
        kinds("list", "delete"),
        on_behaviour=_remember_deleted,
    ),
    _list(
        "soft-deleted-in-search",
        "what was deleted is still found by its slug",
        "what was deleted is found",
        _deletes_or_finds_by_alias,
        on_behaviour=_found_by_alias,
        category="Create read update delete",
    ),
    _list(
        "list-leaks-other-tenant",
        "the list shows what belongs to others",
        "a list shows what its caller does not own",
        _is_of_somebody,
        on_behaviour=of_others,
    ),
    _list(
        "pagination-skips-item",
        "the first item of every further page is missing",
        "the pages do not add up to the list",
        _has(_offsets),
        on_behaviour=_moving_offset(1),
    ),
    _list(
        "pagination-duplicates-item",
        "every further page repeats the last item of the one before",
        "the pages do not add up to the list",
        _has(_offsets),
        on_behaviour=_moving_offset(-1),
    ),
    _list(
        "take-ignored",
        "the size of a page has no effect",
        "a page is longer than asked for",
        _has(_limits),
        on_behaviour=_without(_limits),
    ),
    _list(
        "page-cap-not-enforced",
        "a page beyond the greatest size is given",
        "what the document forbids is accepted",
        _has(_caps),
        forgives=_uncapped,
    ),
    _list(
        "sort-order-reversed",
        "upwards is downwards",
        "the list is not in the order that was asked for",
        _has(_ways),
        on_behaviour=_turned,
    ),
    _list(
        "sort-not-total",
        "without a wanted order, every second list is turned round",
        "two lists in a row differ in their order",
        LISTS,
        on_answer=_in_changing_order,
    ),
    _list(
        "filter-leaks-non-matching",
        "the last filter that was sent is not looked at",
        "an item does not fit the filter",
        _has(filters),
        on_behaviour=_without(filters),
    ),
    _list(
        "filter-drops-matching",
        "a filtered list lacks the last item that fits",
        "an item that fits the filter is missing",
        _has(filters),
        on_answer=_changing(_without_last_match),
    ),
    _list(
        "lookup-by-slug-and-id-disagree",
        "an item shows other values where it is found by its slug",
        "list and detail of one item differ",
        _has(aliases),
        on_answer=_changing(_otherwise_by_alias),
        category="Identity and relations",
    ),
)
