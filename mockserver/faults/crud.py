"""Creating, reading, updating and deleting that does not do what it says."""

from collections.abc import Callable, Sequence
from typing import Any

from mockserver.behaviours.faults import Fault, Place, Plant
from mockserver.behaviours.registry import Behaviour, Call
from mockserver.errors import ApiError
from mockserver.faults.bodies import early, good_body
from mockserver.faults.items import each_item, is_number, names_something, nudged, payload_of
from mockserver.faults.reaching import both, kinds, shows_item, takes_body
from mockserver.faults.relations import fixed_names, item_key, siblings, unique_names
from mockserver.faults.schemas import (
    Schema,
    body_properties,
    is_free_text,
    item_properties,
    required_by,
)
from mockserver.faults.stores import Key, renumbered, watched
from mockserver.model import MISSING, Document, Json, Reply, Violation

CATEGORY = "Create read update delete"

CREATE, UPDATE, DELETE = kinds("create"), kinds("update", "replace"), kinds("delete")


def _not_persisted(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    reply, written = watched(call, behaviour)
    for collection, key in written.inserted:
        call.store.delete(collection, key)
    return reply


def _twice(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    reply, written = watched(call, behaviour)
    unique = unique_names(call.operation.document)
    for place, document in written.inserted.items():
        id_field = _id_field(call, plant)
        key, copy = renumbered(call.store, place, document, id_field, unique)
        call.store.insert(place[0], key, copy)
    return reply


def _id_field(call: Call, plant: Plant) -> str:
    action = plant.around.place(call.operation).action
    return action.resource.id_field if action else "id"


def _forget_field(call: Call, plant: Plant) -> None:
    """The last optional property that was sent is not looked at."""
    if not isinstance(call.body, dict):
        return
    body = plant.around.place(call.operation).body or {}
    required = required_by(call.operation.document, body)
    optional = [name for name in call.body if name not in required]
    if optional:
        call.body = {name: value for name, value in call.body.items() if name != optional[-1]}


def _shorten(call: Call, plant: Plant) -> None:
    """The longest text is cut, where any text will do and none must be unique."""
    if not isinstance(call.body, dict):
        return
    unique = unique_names(call.operation.document)
    texts = {
        name: call.body[name]
        for name, declared in body_properties(plant.around.place(call.operation)).items()
        if is_free_text(declared) and name not in unique
        if isinstance(call.body.get(name), str) and len(call.body[name]) > 3
    }
    if texts:
        longest = max(texts, key=lambda name: len(texts[name]))
        call.body = {**call.body, longest: texts[longest][:-2].rstrip() or texts[longest][:1]}


def _other_echo(call: Call, reply: Reply, plant: Plant) -> Reply:
    place = plant.around.place(call.operation)
    declared, fixed = item_properties(place), fixed_names(place)
    return each_item(call, reply, plant, lambda item: nudged(item, declared, fixed))


def _forgive_once(call: Call, broken: Sequence[Violation], plant: Plant) -> Sequence[Violation]:
    """Go on with a good body; the refusal comes afterwards."""
    if any(violation.where != "body" for violation in broken):
        return broken
    first = broken[0]
    call.seen["refuse afterwards"] = f"{'.'.join(map(str, first.place))} {first.message}".strip()
    call.body = good_body(call, plant)
    return ()


def _refuse_after(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    reply = behaviour(call)
    if reason := call.seen.get("refuse afterwards"):
        raise ApiError(400, reason, keeps_changes=True)
    return reply


def keep(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """What was deleted is there again."""
    reply, written = watched(call, behaviour)
    for (collection, key), document in written.deleted.items():
        call.store.insert(collection, key, document)
    return reply


def _unknown_is_deleted(call: Call, reply: Reply, plant: Plant) -> Reply:
    place = plant.around.place(call.operation)
    if reply.status != 404 or reply.is_own or place.action is None:
        return reply
    body: Json = MISSING
    if place.schema is not None:
        body = plant.around.sample(place.schema, call.operation.id)
    return reply._replace(status=place.action.status, body=body, content_type="application/json")


def _with_sibling(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    place = plant.around.place(call.operation)
    reply, written = watched(call, behaviour)
    for (collection, key), document in written.deleted.items():
        if key == item_key(call, place):
            others = list(siblings(call, place, collection, key, document))
            for other_key, _ in others[-1:]:
                call.store.delete(collection, other_key)
    return reply


def _resets(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """What may be sent and was not goes back to a default."""
    place = plant.around.place(call.operation)
    reply, written = watched(call, behaviour)
    needed = _needed_for_a_create(plant, place)
    free = {
        name: declared
        for name, declared in body_properties(place).items()
        if name not in needed and name not in _sent(call) and not names_something(name)
    }
    for collection, key in written.replaced:
        _change(call, (collection, key), lambda document: _reset(document, free))
    return reply


def _needed_for_a_create(plant: Plant, place: Place) -> frozenset[str]:
    """What a new item of the same resource requires, which has no default then."""
    if place.action is None:
        return frozenset()
    paths = [place.action.resource.collection_path, place.action.resource.item_path]
    schemas = [
        one.body
        for one in plant.around.places()
        if one.body and one.kind in ("create", "replace") and one.operation.template in paths
    ]
    document = place.operation.document
    shown = required_by(document, place.action.resource.item_schema) if not schemas else frozenset()
    return shown.union(*(required_by(document, schema) for schema in schemas))


def _reset(document: Document, free: dict[str, Schema]) -> Document:
    return {
        name: _default(free[name], value) if name in free else value
        for name, value in document.items()
    }


def _default(declared: Schema, value: Json) -> Json:
    """What stands where nothing was said; *value* where nobody can tell."""
    if "default" in declared:
        return declared["default"]
    if isinstance(value, bool):
        return False
    if is_number(value):
        return max(0, declared.get("minimum", 0))
    return "" if isinstance(value, str) and _may_be_empty(declared) else value


def _may_be_empty(declared: Schema) -> bool:
    return is_free_text(declared) and not declared.get("minLength")


def _sent(call: Call) -> frozenset[str]:
    return frozenset(call.body) if isinstance(call.body, dict) else frozenset()


def _change(call: Call, place: Key, change: Callable[[Document], Document]) -> None:
    document = call.store.get(*place)
    if document is not None:
        call.store.replace(*place, change(document))


def _stale(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """Remember what was there before."""
    reply, written = watched(call, behaviour)
    for before in written.replaced.values():
        call.seen.setdefault("before", before)
    return reply


def _as_before(call: Call, reply: Reply, plant: Plant) -> Reply:
    """What was sent shows the value that it had."""
    before = call.seen.get("before", {})
    old = {
        name: before[name]
        for name in sorted(_sent(call))
        if isinstance(before.get(name), str | int)
    }
    if not isinstance(payload_of(call, reply, plant), dict):
        return reply
    return each_item(
        call,
        reply,
        plant,
        lambda item: item | {name: value for name, value in old.items() if name in item},
    )


def _wrong_target(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """A sibling gets what was meant for the item."""
    place = plant.around.place(call.operation)
    reply, written = watched(call, behaviour)
    meant = _sent(call) - fixed_names(place)
    for (collection, key), before in written.replaced.items():
        after = call.store.get(collection, key)
        others = list(siblings(call, place, collection, key, before))
        if after is not None and others and key == item_key(call, place):
            other_key, other = others[0]
            change = {name: after[name] for name in sorted(meant & after.keys())}
            call.store.replace(collection, other_key, {**other, **change})
            call.store.replace(collection, key, before)
    return reply


def _moves_what_stands(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """Something that was not sent, or cannot be, changes with every update."""
    place = plant.around.place(call.operation)
    reply, written = watched(call, behaviour)
    for collection, key in written.replaced:
        _change(call, (collection, key), lambda document: _moved(call, document, place))
    return reply


def _moved(call: Call, document: Document, place: Place) -> Document:
    for name in sorted(unique_names(place.operation.document) - _sent(call)):
        if isinstance(document.get(name), str):
            number = call.store.next_id("texts moved by faults")
            return {**document, name: f"{document[name]}-{number}"}
    settable = body_properties(place)
    fixed = {name for name in item_properties(place) if name in settable}
    moved = nudged(document, item_properties(place), fixed | fixed_names(place))
    return moved if moved != document else nudged(document, settable, _sent(call))


def _appends(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """A list that was sent is added to the one that was there."""
    reply, written = watched(call, behaviour)
    for (collection, key), before in written.replaced.items():
        document = call.store.get(collection, key)
        if document is not None:
            call.store.replace(collection, key, _joined(call, before, document))
    return reply


def _joined(call: Call, before: Document, document: Document) -> Document:
    names = [name for name in document if name in _sent(call)]
    joined = {}
    for name in names:
        old, new = before.get(name), document[name]
        if isinstance(old, list) and isinstance(new, list):
            joined[name] = [*old, *(one for one in new if one not in old)]
    return document | joined


def _takes_lists(place: Place) -> bool:
    declared = body_properties(place).values()
    return place.kind in ("update", "replace") and any(
        one.get("type") == "array" for one in declared
    )


def _reading_writes(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """What is read has another value afterwards."""
    place = plant.around.place(call.operation)
    reply, written = watched(call, behaviour)
    payload = payload_of(call, reply, plant)
    shown = payload if isinstance(payload, list) else [payload]
    id_field = _id_field(call, plant)
    keys = {str(item[id_field]) for item in shown if isinstance(item, dict) and id_field in item}
    for collection, key in _read_items(written.read, written.found, id_field, keys)[:1]:
        _change(
            call,
            (collection, key),
            lambda document: nudged(document, item_properties(place), fixed_names(place)),
        )
    return reply


def _read_items(
    read: dict[Key, Document], found: dict[str, list[Document]], id_field: str, keys: set[str]
) -> list[Key]:
    """Where the shown items are stored, of all that was looked at."""
    places = [
        (collection, str(document[id_field]))
        for collection, documents in found.items()
        for document in documents
        if str(document.get(id_field)) in keys
    ]
    got = [place for place, document in read.items() if str(document.get(id_field)) in keys]
    return [*places, *got]


def _resurrects(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """What was deleted is there again after the next write."""
    reply, written = watched(call, behaviour)
    for (collection, key), document in list(plant.memory.items()):
        if call.store.get(collection, key) is None:
            call.store.insert(collection, key, document)
    plant.memory.clear()
    plant.memory.update(written.deleted)
    return reply


def _crud(
    name: str, about: str, exposed_by: str, reaches: Callable[[Place], bool], **effect: Any
) -> Fault:
    return Fault(
        name=name, category=CATEGORY, about=about, exposed_by=exposed_by, reaches=reaches, **effect
    )


FAULTS = (
    _crud(
        "create-not-persisted",
        "201, yet the item cannot be read",
        "what was created is not there",
        CREATE,
        on_behaviour=_not_persisted,
    ),
    _crud(
        "create-ignores-field",
        "one property that was sent is never stored",
        "a sent value does not come back",
        both(CREATE, takes_body),
        on_request=_forget_field,
    ),
    _crud(
        "create-truncates-field",
        "a stored text is shorter than the one that was sent",
        "a sent value does not come back",
        both(CREATE, lambda place: any(map(is_free_text, body_properties(place).values()))),
        on_request=_shorten,
    ),
    _crud(
        "create-response-echo-differs",
        "201 shows a value that is not stored",
        "the answer of a create differs from the next read",
        both(CREATE, shows_item),
        on_answer=_other_echo,
    ),
    _crud(
        "double-create",
        "one POST makes two items",
        "more was created than asked for",
        CREATE,
        on_behaviour=_twice,
    ),
    _crud(
        "failed-create-has-side-effect",
        "a refused create has created something",
        "a refused create changed the list",
        both(CREATE, takes_body),
        on_request=early(_forgive_once),
        forgives=_forgive_once,
        on_behaviour=_refuse_after,
    ),
    _crud(
        "delete-noop",
        "DELETE says 200 and nothing goes away",
        "what was deleted is still there",
        DELETE,
        on_behaviour=keep,
    ),
    _crud(
        "delete-unknown-returns-200",
        "deleting what never was is a success",
        "an unknown id is not answered with 404",
        DELETE,
        on_answer=_unknown_is_deleted,
    ),
    _crud(
        "delete-removes-siblings",
        "another item disappears too",
        "a delete removed something else",
        DELETE,
        on_behaviour=_with_sibling,
    ),
    _crud(
        "patch-ignores-field",
        "200, but one property keeps its old value",
        "a sent value does not come back",
        both(kinds("update"), takes_body),
        on_request=_forget_field,
    ),
    _crud(
        "patch-resets-unspecified",
        "properties that were not sent go back to their defaults",
        "an update changed what it was not told to",
        kinds("update"),
        on_behaviour=_resets,
    ),
    _crud(
        "patch-returns-stale-body",
        "the answer shows what was there before",
        "the answer of an update differs from the next read",
        both(UPDATE, shows_item),
        on_behaviour=_stale,
        on_answer=_as_before,
    ),
    _crud(
        "patch-wrong-target",
        "another item is changed",
        "an update changed another item",
        UPDATE,
        on_behaviour=_wrong_target,
    ),
    _crud(
        "patch-changes-immutable-field",
        "what was not sent, or cannot be, changes with every update",
        "an update changed what it was not told to",
        UPDATE,
        on_behaviour=_moves_what_stands,
    ),
    _crud(
        "array-update-appends",
        "a list that is sent is added to the old one",
        "a sent list does not come back as it was sent",
        _takes_lists,
        on_behaviour=_appends,
    ),
    _crud(
        "get-mutates-state",
        "reading changes what is read",
        "two reads in a row differ",
        kinds("read", "list"),
        on_behaviour=_reading_writes,
    ),
    _crud(
        "resurrected-resource",
        "what was deleted is back after a later write",
        "what was deleted is there again",
        kinds("create", "update", "replace", "delete"),
        on_behaviour=_resurrects,
    ),
)
