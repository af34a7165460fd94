"""Items that are taken for others, and relations that do not hold."""

from collections.abc import Callable
from typing import Any

from mockserver.behaviours.collection import key_text
from mockserver.behaviours.faults import Fault, Place, Plant
from mockserver.behaviours.registry import Behaviour, Call
from mockserver.faults.crud import keep
from mockserver.faults.items import each_item, is_number, payload_of
from mockserver.faults.lists import of_others
from mockserver.faults.reaching import both, has_children, has_stored_parent, kinds, shows_item
from mockserver.faults.relations import item_key, target_of
from mockserver.faults.stores import Adopting, Key, Watched, renamed, through, watched
from mockserver.model import Document, Json, Reply

CATEGORY = "Identity and relations"

ITEM = kinds("read", "update", "replace", "delete")


def _id_field(place: Place) -> str:
    return place.action.resource.id_field if place.action else ""


def _same_id(call: Call, reply: Reply, plant: Plant) -> Reply:
    """Everything that is created shows the id of the first that was."""
    place = plant.around.place(call.operation)
    name = place.action.resource.name if place.action else ""
    id_field = _id_field(place)
    payload = payload_of(call, reply, plant)
    if place.kind == "create" and isinstance(payload, dict) and id_field in payload:
        first = plant.memory.setdefault((name, "first"), payload[id_field])
        plant.memory[name, payload[id_field]] = first

    def change(item: Document) -> Document:
        shown = plant.memory.get((name, item.get(id_field)))
        return item if shown is None else {**item, id_field: shown}

    return each_item(call, reply, plant, change)


def _used_again(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """What is created gets the id of what was deleted last."""
    place = plant.around.place(call.operation)
    reply, written = watched(call, behaviour)
    if place.kind == "delete":
        deleted = [found for found in written.deleted if found[1] == item_key(call, place)]
        plant.memory.update({collection: key for collection, key in deleted})
        return reply
    for (collection, key), document in written.inserted.items():
        old = plant.memory.pop(collection, None)
        if old is not None and call.store.get(collection, old) is None:
            call.store.delete(collection, key)
            call.store.insert(collection, old, renamed(document, _id_field(place), old))
            return _with_id(call, reply, plant, (key, old))
    return reply


def _with_id(call: Call, reply: Reply, plant: Plant, keys: tuple[str, str]) -> Reply:
    """The reply with another id, also inside its addresses."""
    key, new = keys
    id_field = _id_field(plant.around.place(call.operation))

    def change(item: Document) -> Document:
        if key_text(item.get(id_field)) != key:
            return item
        texts = {
            name: value.replace(key, new)
            for name, value in item.items()
            if isinstance(value, str) and value.startswith("http")
        }
        return renamed({**item, **texts}, id_field, new)

    return each_item(call, reply, plant, change)


def _shown_parents(place: Place) -> list[str]:
    parents = place.action.resource.parents if place.action else ()
    return [parent.field for parent in parents if parent.is_shown]


def _of_another(call: Call, reply: Reply, plant: Plant) -> Reply:
    """Items say that they belong to somebody else than the path says."""
    fields = _shown_parents(plant.around.place(call.operation))

    def change(item: Document) -> Document:
        return item | {name: _other_id(item[name]) for name in fields if item.get(name)}

    return each_item(call, reply, plant, change)


def _other_id(value: Json) -> Json:
    if is_number(value):
        return value + 1
    return value[:-1] + ("0" if value[-1:] != "0" else "1") if isinstance(value, str) else value


def _through_any_parent(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """An item is found below every parent that there is."""
    place = plant.around.place(call.operation)
    parents = place.action.resource.parents if place.action else ()
    fields = {one.field: call.path[one.parameter] for one in parents if one.parameter in call.path}
    store = Adopting(call.store, item_key(call, place), fields)
    return through(store, call, behaviour)[0]


def _has_shown_parent(place: Place) -> bool:
    return shows_item(place) and bool(_shown_parents(place))


def _own(written: Watched, call: Call, place: Place) -> list[tuple[Key, Document]]:
    """What was deleted under the key that the path names."""
    key = item_key(call, place)
    return [(found, document) for found, document in written.deleted.items() if found[1] == key]


def _children_stay(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """Only the item itself goes."""
    reply, written = watched(call, behaviour)
    own = item_key(call, plant.around.place(call.operation))
    for (collection, key), document in written.deleted.items():
        if key != own:
            call.store.insert(collection, key, document)
    return reply


def _parent_goes(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """The parent of a deleted child goes too, and with it the way to the other children."""
    place = plant.around.place(call.operation)
    reply, written = watched(call, behaviour)
    parents = place.action.resource.parents if place.action else ()
    fields = [parent.field for parent in parents if parent.resource is not None]
    for (collection, _), document in _own(written, call, place):
        for field in fields:
            target = target_of(place, collection, field)
            key = key_text(document.get(field))
            if target is not None and call.store.get(target, key) is not None:
                call.store.delete(target, key)
    return reply


def _relation(
    name: str, about: str, exposed_by: str, reaches: Callable[[Place], bool], **effect: Any
) -> Fault:
    return Fault(
        name=name, category=CATEGORY, about=about, exposed_by=exposed_by, reaches=reaches, **effect
    )


FAULTS = (
    _relation(
        "id-not-unique",
        "everything that is created has the id of the first",
        "two items share an id",
        both(shows_item, kinds("create", "list")),
        on_answer=_same_id,
    ),
    _relation(
        "id-reused-after-delete",
        "a new item gets the id of the one that was deleted last",
        "an id is used again",
        kinds("create", "delete"),
        on_behaviour=_used_again,
    ),
    _relation(
        "wrong-parent-id",
        "a child names another parent than the path",
        "a child names another parent than the path",
        _has_shown_parent,
        on_answer=_of_another,
    ),
    _relation(
        "child-via-wrong-parent",
        "a child can be read, changed or removed through another parent",
        "a child is found below another parent",
        both(ITEM, lambda place: bool(place.action and place.action.resource.parents)),
        on_behaviour=_through_any_parent,
    ),
    _relation(
        "links-of-other-parent-listed",
        "the list of one parent's children shows those of others",
        "a list shows the children of another parent",
        both(shows_item, kinds("list"), has_stored_parent),
        on_behaviour=of_others,
    ),
    _relation(
        "child-delete-noop",
        "deleting a child has no effect",
        "what was deleted is still there",
        both(kinds("delete"), has_stored_parent),
        on_behaviour=keep,
    ),
    _relation(
        "cascade-not-applied",
        "what belonged to a deleted item stays",
        "what belonged to a deleted item is still there",
        both(kinds("delete"), has_children),
        on_behaviour=_children_stay,
    ),
    _relation(
        "cascade-too-wide",
        "deleting a child removes its parent",
        "a delete removed something else",
        both(kinds("delete"), has_stored_parent),
        on_behaviour=_parent_goes,
    ),
)
