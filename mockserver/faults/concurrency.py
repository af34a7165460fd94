"""What goes wrong when two requests meet.

The mock answers one request after the other, so requests that come within a short window of real
time (`window_s`) are taken for simultaneous, and get the answers of a server that did not guard
itself.
"""

from collections.abc import Sequence
from copy import deepcopy
from functools import partial
from time import monotonic
from typing import Any

from mockserver.behaviours.faults import Change, Fault, Place, Plant, Wire
from mockserver.behaviours.registry import Behaviour, Call
from mockserver.errors import ApiError
from mockserver.faults.items import each_item, is_success, payload_of
from mockserver.faults.reaching import both, kinds, methods, takes_body
from mockserver.faults.stores import watched
from mockserver.faults.views import Rewound, written_before
from mockserver.model import Json, Reply

CATEGORY = "Concurrency idempotency"
WINDOW = {"window_s": 0.05}
WRITES = ("POST", "PUT", "PATCH", "DELETE")
UNIQUE = ("slug", "username", "email", "name", "title")
"""What is likely to be unique among the properties of a body, the likeliest first."""
PARTIAL = "the wrong property, and its refusal"


def _path(call: Call) -> str:
    return call.target.partition("?")[0]


def _meets(plant: Plant, *key: Json) -> Any:
    """What was remembered under *key* within the window; None outside of it."""
    at, value = plant.memory.get(key, (0.0, None))
    return value if monotonic() - at < plant.options["window_s"] else None


def _remember(plant: Plant, value: Any, *key: Json) -> None:
    plant.memory[key] = monotonic(), value


def _lost_update(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """The second change is made to what was there before the first."""
    for (collection, key), before in (_meets(plant, _path(call)) or {}).items():
        if call.store.get(collection, key) is not None:
            call.store.replace(collection, key, deepcopy(before))
    reply, written = watched(call, behaviour)
    _remember(plant, dict(written.replaced), _path(call))
    return reply


def _duplicate(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """The second of two equal creates is made under another name, and renamed."""
    body = deepcopy(call.body)
    sent = (_path(call), call.actor.user_id, repr(body))
    try:
        reply = behaviour(call)
    except ApiError as error:
        name = _unique_name(body)
        if error.status not in (400, 409) or name is None or not _meets(plant, *sent):
            raise
        call.body = {**body, name: f"{body[name]}-{call.store.next_id('faulty names')}"}
        reply, written = watched(call, behaviour)
        for (collection, key), document in written.inserted.items():
            call.store.replace(collection, key, {**document, name: body[name]})
        reply = each_item(call, reply, plant, lambda item: {**item, name: body[name]})
    _remember(plant, True, *sent)
    return reply


def _unique_name(body: Json) -> str | None:
    if not isinstance(body, dict):
        return None
    return next((name for name in UNIQUE if isinstance(body.get(name), str)), None)


def _without_each(call: Call, error: ApiError, plant: Plant) -> Sequence[Change]:
    """The refused change again, each time without another of its properties."""
    if error.status not in (400, 422) or not isinstance(call.body, dict) or len(call.body) < 2:
        return ()
    return [partial(_leave_out, name, plant.around.refusal(error, call)) for name in call.body]


def _leave_out(name: str, refused: Reply, call: Call) -> None:
    call.seen[PARTIAL] = name, refused


def _take_good_part(call: Call, plant: Plant) -> None:
    if PARTIAL in call.seen and isinstance(call.body, dict):
        wrong, _ = call.seen[PARTIAL]
        call.body = {name: value for name, value in call.body.items() if name != wrong}


def _refused_all_the_same(call: Call, reply: Reply, plant: Plant) -> Reply:
    refused: Reply = call.seen[PARTIAL][1] if PARTIAL in call.seen else reply
    return refused


def _own_writes_hidden(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """After a write the next reads see what was there before it."""
    if call.method in WRITES:
        reply, written = watched(call, behaviour)
        if is_success(reply) and (before := written_before(written)):
            plant.memory.update(before=before, left=int(plant.options["reads"]))
        return reply
    left = plant.memory.get("left", 0)
    if not left:
        return behaviour(call)
    plant.memory["left"] = left - 1
    store = call.store
    call.store = Rewound(store, plant.memory["before"])
    try:
        return behaviour(call)
    finally:
        call.store = store


def _deleted_twice(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """A second delete gets the answer of the first."""
    try:
        reply = behaviour(call)
    except ApiError as error:
        first = _meets(plant, _path(call)) if error.status == 404 else None
        if first is None:
            raise
        return Reply(first.status, deepcopy(first.body))
    _remember(plant, reply, _path(call))
    return reply


def _same_id(call: Call, reply: Reply, plant: Plant) -> Reply:
    """Of two creates at once both tell the id of the first."""
    action = plant.around.place(call.operation).action
    shown = payload_of(call, reply, plant)
    if action is None or not isinstance(shown, dict) or action.resource.id_field not in shown:
        return reply
    name = action.resource.id_field
    first = _meets(plant, _path(call)) or shown[name]
    _remember(plant, first, _path(call))
    return each_item(call, reply, plant, lambda item: {**item, name: first})


def _wait_for_each_other(call: Call, wire: Wire, plant: Plant) -> None:
    """A write that meets another one at the same place waits for it, and in vain."""
    if _meets(plant, _path(call)):
        wire.delay_s += plant.options["delay_s"]
        wire.status = 504
        wire.set_header(b"content-type", b"text/plain")
        wire.set_body(b"upstream request timeout")
    _remember(plant, True, _path(call))


def _slower(call: Call, wire: Wire, plant: Plant) -> None:
    """Every request within the window makes the next one slower."""
    before: int = _meets(plant) or 0
    wire.delay_s += before * plant.options["delay_s"]
    _remember(plant, before + 1)


def _is_of_resource(place: Place) -> bool:
    return place.action is not None


def _race(name: str, about: str, exposed_by: str, **effects: Any) -> Fault:
    given = {"defaults": WINDOW, **effects}
    return Fault(name=name, category=CATEGORY, about=about, exposed_by=exposed_by, **given)


FAULTS = (
    _race(
        "lost-update",
        "of two changes at once the first is lost without a word",
        "a change that was accepted is not there",
        reaches=kinds("update", "replace"),
        on_behaviour=_lost_update,
    ),
    _race(
        "duplicate-under-race",
        "two equal creates at once both win against what must be unique",
        "two items share what must be unique",
        reaches=both(kinds("create"), takes_body),
        on_behaviour=_duplicate,
    ),
    _race(
        "same-id-under-race",
        "two creates at once are both told the id of the first",
        "two creates gave one id",
        reaches=kinds("create"),
        on_answer=_same_id,
    ),
    _race(
        "double-delete-both-succeed",
        "of two deletes at once both are told that they did it",
        "an item was deleted twice",
        reaches=kinds("delete"),
        on_behaviour=_deleted_twice,
    ),
    _race(
        "non-atomic-multi-write",
        "a refused change has changed what was good of it",
        "a refused change changed something",
        reaches=both(kinds("update", "replace"), takes_body),
        defaults={},
        on_refusal=_without_each,
        on_request=_take_good_part,
        on_answer=_refused_all_the_same,
    ),
    _race(
        "read-your-writes-broken",
        "after a write the next reads show what was there before it",
        "a write is not visible",
        reaches=_is_of_resource,
        defaults={"reads": 1.0},
        on_behaviour=_own_writes_hidden,
    ),
    _race(
        "deadlock-under-parallelism",
        "of two writes to one place at once the second hangs, and ends as a timeout",
        "parallel writes fail",
        reaches=methods(*WRITES),
        defaults={**WINDOW, "delay_s": 1.0},
        on_wire=_wait_for_each_other,
    ),
    _race(
        "slow-under-parallelism",
        "the more requests come at once, the slower is each",
        "answers take longer than allowed",
        reaches=_is_of_resource,
        defaults={**WINDOW, "delay_s": 0.2},
        on_wire=_slower,
    ),
)
