"""Changing the items that an answer shows, wherever its envelope puts them."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

from mockserver.behaviours.faults import Plant
from mockserver.behaviours.registry import Call
from mockserver.model import MISSING, Document, Json, Reply

Change = Callable[[Document], Json]


def is_success(reply: Reply) -> bool:
    return 200 <= reply.status < 300 and not reply.is_own


def payload_of(call: Call, reply: Reply, plant: Plant) -> Json:
    """What a success is about, without its envelope; MISSING where there is nothing."""
    action = plant.around.place(call.operation).action
    if not is_success(reply) or action is None or action.envelope is None:
        return MISSING
    return action.envelope.unwrap(reply.body)


def with_payload(call: Call, reply: Reply, plant: Plant, payload: Json) -> Reply:
    """The reply with another payload in its envelope."""
    action = plant.around.place(call.operation).action
    if action is None or action.envelope is None or action.envelope.path is None:
        return reply
    if not action.envelope.path:
        return replace(reply, body=payload)
    body = deepcopy(reply.body)
    holder = body
    for key in action.envelope.path[:-1]:
        holder = holder[key]
    holder[action.envelope.path[-1]] = payload
    return replace(reply, body=body)


def each_item(call: Call, reply: Reply, plant: Plant, change: Change) -> Reply:
    """The reply with every item that it shows replaced by what *change* makes of a copy."""
    payload = payload_of(call, reply, plant)
    if isinstance(payload, dict):
        return with_payload(call, reply, plant, change(deepcopy(payload)))
    if isinstance(payload, list):
        changed = [change(deepcopy(one)) if isinstance(one, dict) else one for one in payload]
        return with_payload(call, reply, plant, changed)
    return reply
