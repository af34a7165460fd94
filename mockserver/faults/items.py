"""Changing the items that an answer shows, wherever its envelope puts them."""

from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from typing import Any

from mockserver.behaviours.faults import Plant
from mockserver.behaviours.registry import Call
from mockserver.errors import ApiError
from mockserver.faults.schemas import Schema, is_free_text
from mockserver.model import MISSING, Document, Json, Reply

Change = Callable[[Document], Json]


def is_success(reply: Reply) -> bool:
    return 200 <= reply.status < 300 and not reply.is_own


def payload_of(call: Call, reply: Reply, plant: Plant) -> Json:
    """What a success is about, without its envelope; MISSING where there is nothing."""
    action = plant.around.place(call.operation).action
    if not is_success(reply) or action is None or action.envelope is None:
        return MISSING
    if action.envelope.path is None or reply.body is MISSING:
        return MISSING
    return action.envelope.unwrap(reply.body)


def with_payload(call: Call, reply: Reply, plant: Plant, payload: Json) -> Reply:
    """The reply with another payload in its envelope."""
    action = plant.around.place(call.operation).action
    if action is None or action.envelope is None or action.envelope.path is None:
        return reply
    if not action.envelope.path:
        return reply._replace(body=payload)
    body = deepcopy(reply.body)
    holder = body
    for key in action.envelope.path[:-1]:
        holder = holder[key]
    holder[action.envelope.path[-1]] = payload
    return reply._replace(body=body)


def each_item(call: Call, reply: Reply, plant: Plant, change: Change) -> Reply:
    """The reply with every item that it shows replaced by what *change* makes of a copy."""
    payload = payload_of(call, reply, plant)
    if isinstance(payload, dict):
        return with_payload(call, reply, plant, change(deepcopy(payload)))
    if isinstance(payload, list):
        changed = [change(deepcopy(one)) if isinstance(one, dict) else one for one in payload]
        return with_payload(call, reply, plant, changed)
    return reply


def is_number(value: Json) -> bool:
    """Whether *value* is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def names_something(name: str) -> bool:
    """Whether a property of this name holds the id of something."""
    return name == "id" or name.endswith(("Id", "ID", "_id"))


def nudged(item: Document, declared: Mapping[str, Schema], fixed: Collection[str]) -> Document:
    """*item* with one value changed to another good one; as it was where there is none such.

    A number is moved by one, else a text gets longer, else a truth is turned. Properties that are
    *fixed* or name something else stay.
    """
    free = [
        name
        for name in reversed(list(declared))
        if name in item and name not in fixed and not names_something(name)
    ]
    for name in free:
        if is_number(item[name]) and "enum" not in declared[name]:
            return {**item, name: _moved(item[name], declared[name])}
    for name in free:
        if isinstance(item[name], str) and item[name] and is_free_text(declared[name]):
            return {**item, name: _other_text(item[name], declared[name])}
    for name in free:
        if isinstance(item[name], bool):
            return {**item, name: not item[name]}
    return item


def _moved(number: int, declared: Schema) -> int:
    return number - 1 if number + 1 > declared.get("maximum", number + 1) else number + 1


def _other_text(text: str, declared: Schema) -> str:
    is_full = len(text) + 1 > declared.get("maxLength", len(text) + 1)
    return f"{text[:-1]}~" if is_full else f"{text}~"


def refusal(call: Call, message: str) -> ApiError:
    """A refusal that the operation documents, so that the mock may send it."""
    known = [key for key in ("400", "422") if key in call.operation.responses]
    return ApiError(int(known[0]) if known else 400, message)


def failed(reply: Reply) -> Reply:
    """What an API says that has fallen over."""
    body: dict[str, Any] = {"statusCode": 500, "message": "Internal server error"}
    return reply._replace(status=500, body=body, headers=(), content_type="application/json")
