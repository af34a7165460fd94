"""Creating, reading, updating and deleting that does not do what it says."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from mockserver.behaviours.faults import Fault, Place, Plant
from mockserver.behaviours.registry import Behaviour, Call
from mockserver.errors import ApiError
from mockserver.faults.items import each_item, is_success
from mockserver.faults.reaching import both, kinds, shows_item, takes_body
from mockserver.faults.stores import Watched, renumbered
from mockserver.model import Document, Json, Reply, Violation

CATEGORY = "Create read update delete"


def watched(call: Call, behaviour: Behaviour) -> tuple[Reply, Watched]:
    """The reply of *behaviour*, and what it wrote."""
    store, call.store = call.store, Watched(call.store)
    try:
        return behaviour(call), call.store
    finally:
        call.store = store


def _not_persisted(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    reply, written = watched(call, behaviour)
    for collection, key in written.inserted:
        if call.store.get(collection, key) is not None:
            call.store.delete(collection, key)
    return reply


def _twice(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    reply, written = watched(call, behaviour)
    for (collection, key), document in written.inserted.items():
        call.store.insert(collection, *renumbered(call.store, collection, key, document))
    return reply


def _optional_names(call: Call, plant: Plant) -> list[str]:
    body = plant.around.place(call.operation).body or {}
    required = set(_required(call, body))
    return [name for name in call.body if name not in required]


def _required(call: Call, schema: Any) -> list[str]:
    from mockserver.openapi import follow

    found = follow(call.operation.document, schema)
    names = list(found.get("required", ()))
    for part in found.get("allOf", ()):
        names += _required(call, part)
    return names


def _forget_field(call: Call, plant: Plant) -> None:
    """The last optional property that was sent is not looked at."""
    if isinstance(call.body, dict) and (names := _optional_names(call, plant)):
        call.body = {name: value for name, value in call.body.items() if name != names[-1]}


def _shorten(call: Call, plant: Plant) -> None:
    """The longest text is cut, but for the one that must be unique."""
    if not isinstance(call.body, dict):
        return
    texts = {k: v for k, v in call.body.items() if isinstance(v, str) and k != "slug"}
    texts = {k: v for k, v in texts.items() if len(v) > 3 and not v[:4].isdecimal()}
    if texts:
        longest = max(texts, key=lambda name: len(texts[name]))
        cut = texts[longest][: len(texts[longest]) - 2].rstrip()
        call.body = {**call.body, longest: cut}


def _other_number(item: Document) -> Document:
    for name, value in reversed(item.items()):
        if (
            isinstance(value, int)
            and not isinstance(value, bool)
            and not name.lower().endswith("id")
        ):
            return {**item, name: value + 1}
    return {k: f"{v} " if isinstance(v, str) and k == "title" else v for k, v in item.items()}


def _other_echo(call: Call, reply: Reply, plant: Plant) -> Reply:
    return each_item(call, reply, plant, _other_number)


def _forgive_once(call: Call, broken: Sequence[Violation], plant: Plant) -> Sequence[Violation]:
    """Go on with a good body; the refusal comes afterwards."""
    if any(violation.where != "body" for violation in broken):
        return broken
    body = plant.around.place(call.operation).body
    call.seen["refuse afterwards"] = True
    call.body = least(plant.around.sample(body or {}, call.operation.id), call, plant)
    return ()


def least(sample: Json, call: Call, plant: Plant) -> Json:
    """The required part of a sample."""
    body = plant.around.place(call.operation).body or {}
    required = _required(call, body)
    if not isinstance(sample, dict):
        return sample
    number = call.store.next_id("faulty names")
    named = {name: sample[name] for name in sample if name in required}
    return {
        name: f"{value}-{number}" if isinstance(value, str) and name in ("slug", "title") else value
        for name, value in named.items()
    }


def _refuse_after(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    reply = behaviour(call)
    if call.seen.get("refuse afterwards"):
        raise ApiError(400, "Bad Request", keeps_changes=True)
    return reply


def _keep(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """What was deleted is there again."""
    reply, written = watched(call, behaviour)
    for (collection, key), document in written.deleted.items():
        call.store.insert(collection, key, document)
    return reply


def _unknown_is_deleted(call: Call, reply: Reply, plant: Plant) -> Reply:
    schema = plant.around.place(call.operation).schema
    if reply.status != 404 or schema is None:
        return reply
    return replace(reply, status=200, body=plant.around.sample(schema, call.operation.id))


def siblings(
    call: Call, collection: str, key: str, document: Document
) -> list[tuple[str, Document]]:
    """Other documents of the collection that have the same parent, with their keys."""
    names = [name for name in document if name in ("eventTypeId", "ownerId", "teamId")]
    parents = {name: document[name] for name in names}
    if not parents:
        parents = {
            name: value
            for name, value in document.items()
            if name.lower().endswith("id") and str(value) != key
        }
    found = []
    for other in call.store.find(collection, parents or None):
        other_key = next((str(v) for v in other.values() if _is_key(call, collection, v)), None)
        if other_key is not None and other_key != key:
            found.append((other_key, other))
    return found


def _is_key(call: Call, collection: str, value: Json) -> bool:
    return isinstance(value, int | str) and call.store.get(collection, str(value)) is not None


def _with_siblings(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    reply, written = watched(call, behaviour)
    for (collection, key), document in written.deleted.items():
        for other_key, _ in siblings(call, collection, key, document)[:1]:
            call.store.delete(collection, other_key)
    return reply


def _resets(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """What was not sent goes back to what it was at first."""
    reply, written = watched(call, behaviour)
    sent = set(call.body) if isinstance(call.body, dict) else set()
    for collection, key in written.replaced:
        document = call.store.get(collection, key)
        if document is not None:
            call.store.replace(collection, key, _reset(document, sent))
    return reply


def _reset(document: Document, sent: set[str]) -> Document:
    kept = ("id", "type", "slug", "title", "lengthInMinutes", "count", "At")
    fresh = {}
    for name, value in document.items():
        if name in sent or name.lower().endswith("id") or name.endswith(kept):
            fresh[name] = value
    if "usageCount" in document and "usageCount" not in sent:
        fresh["usageCount"] = 0
    if "maxUsageCount" in document:
        fresh["maxUsageCount"] = document["maxUsageCount"]
    return fresh


def _stale(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """The answer shows what was there before."""
    reply, written = watched(call, behaviour)
    if not is_success(reply) or not written.replaced:
        return reply
    after = {place: call.store.get(*place) for place in written.replaced}
    for (collection, key), before in written.replaced.items():
        call.store.replace(collection, key, before)
    call.body = {}
    try:
        reply = behaviour(call)
    finally:
        for (collection, key), document in after.items():
            if document is not None:
                call.store.replace(collection, key, document)
    return reply


def _wrong_target(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """A sibling gets what was meant for the item."""
    reply, written = watched(call, behaviour)
    sent = set(call.body) if isinstance(call.body, dict) else set()
    for (collection, key), before in written.replaced.items():
        after = call.store.get(collection, key)
        others = siblings(call, collection, key, before)
        if after is not None and others:
            other_key, other = others[0]
            meant = {name: after[name] for name in sent & after.keys() if name != "slug"}
            call.store.replace(collection, other_key, {**other, **meant})
    return reply


def _moves_slug(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """A field that was not sent changes with every update."""
    reply, written = watched(call, behaviour)
    sent = set(call.body) if isinstance(call.body, dict) else set()
    for collection, key in written.replaced:
        document = call.store.get(collection, key)
        if document and isinstance(document.get("slug"), str) and "slug" not in sent:
            slug = f"{document['slug']}-{call.store.next_id('faulty slugs')}"
            call.store.replace(collection, key, {**document, "slug": slug})
    return reply


def _appends(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    reply, written = watched(call, behaviour)
    sent = set(call.body) if isinstance(call.body, dict) else set()
    for (collection, key), before in written.replaced.items():
        document = call.store.get(collection, key)
        if document is None:
            continue
        joined = {
            name: [*before[name], *document[name]]
            for name in sent & document.keys()
            if isinstance(document[name], list) and isinstance(before.get(name), list)
        }
        call.store.replace(collection, key, {**document, **joined})
    return reply


def _reading_writes(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """Whatever is read has another number afterwards."""
    reply = behaviour(call)
    action = plant.around.place(call.operation).action
    ids = [str(value) for value in call.path.values()][::-1]
    collections = {"read": ("event-types",), "list": ("private-links", "event-types")}
    for collection in (
        action.resource.name if action else "",
        *collections.get(action.kind if action else "", ()),
    ):
        for key in ids:
            document = call.store.get(collection, key)
            if document is not None and (changed := _other_number(document)) != document:
                call.store.replace(collection, key, changed)
                return reply
    return reply


def _remember_deleted(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """What was deleted last is there again after the next write."""
    reply, written = watched(call, behaviour)
    for (collection, key), document in list(plant.memory.items()):
        del plant.memory[collection, key]
        if call.store.get(collection, key) is None:
            call.store.insert(collection, key, document)
    plant.memory.update(written.deleted)
    return reply


def _takes_lists(place: Place) -> bool:
    return takes_body(place) and place.kind == "update"


def _crud(
    name: str, about: str, exposed_by: str, reaches: Callable[[Place], bool], **effect: Any
) -> Fault:
    return Fault(
        name=name, category=CATEGORY, about=about, exposed_by=exposed_by, reaches=reaches, **effect
    )


CREATE, UPDATE, DELETE = kinds("create"), kinds("update", "replace"), kinds("delete")

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
        both(CREATE, takes_body),
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
        forgives=_forgive_once,
        on_behaviour=_refuse_after,
    ),
    _crud(
        "delete-noop",
        "DELETE says 200 and nothing goes away",
        "what was deleted is still there",
        DELETE,
        on_behaviour=_keep,
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
        on_behaviour=_with_siblings,
    ),
    _crud(
        "patch-ignores-field",
        "200, but one property keeps its old value",
        "a sent value does not come back",
        both(UPDATE, takes_body),
        on_request=_forget_field,
    ),
    _crud(
        "patch-resets-unspecified",
        "properties that were not sent go back to their defaults",
        "an update changed what it was not told to",
        UPDATE,
        on_behaviour=_resets,
    ),
    _crud(
        "patch-returns-stale-body",
        "the answer shows what was there before",
        "the answer of an update differs from the next read",
        UPDATE,
        on_behaviour=_stale,
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
        "the slug changes with every update",
        "an update changed what it was not told to",
        UPDATE,
        on_behaviour=_moves_slug,
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
        kinds("create", "update", "delete"),
        on_behaviour=_remember_deleted,
    ),
)
