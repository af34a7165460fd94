"""Where planted faults take effect on a request's way; nothing of it happens without one."""

import asyncio
import logging
from collections.abc import Iterator, Sequence

import orjson

from mockserver.behaviours.faults import Around, Change, Plant, Wire
from mockserver.behaviours.registry import Behaviour, Call
from mockserver.errors import ApiError
from mockserver.model import Reply, Violation
from mockserver.web.asgi import Send
from mockserver.web.own import bug

UNANSWERED = 0
"""What stands for the status where nothing was sent."""

logger = logging.getLogger("mockserver")


def begin(call: Call) -> None:
    """Let faults change what came, before any guard looks at it. Raises ApiError."""
    for plant in call.faults:
        if plant.fault.on_request is not None:
            plant.fault.on_request(call, plant)


def counting(call: Call, broken: Sequence[Violation]) -> Sequence[Violation]:
    """The broken rules that still count."""
    for plant in call.faults:
        if broken and plant.fault.forgives is not None:
            broken = plant.fault.forgives(call, broken, plant)
    return broken


def behaviour(call: Call, inner: Behaviour) -> Behaviour:
    """What answers the operation, with every fault that stands around it."""
    for plant in call.faults:
        if plant.fault.on_behaviour is not None:
            inner = _around(inner, plant.fault.on_behaviour, plant)
    return inner


def _around(inner: Behaviour, effect: Around, plant: Plant) -> Behaviour:
    return lambda call: effect(call, inner, plant)


def second_tries(call: Call, error: ApiError) -> Iterator[Change]:
    """Changes of the call with which the refused request is to be tried again, one by one."""
    for plant in call.faults:
        if plant.fault.on_refusal is not None:
            yield from plant.fault.on_refusal(call, error, plant)


def answered(call: Call, reply: Reply) -> Reply:
    """The reply as faults leave it; what one of them raises is a bug."""
    for plant in call.faults:
        if plant.fault.on_answer is not None:
            try:
                reply = plant.fault.on_answer(call, reply, plant)
            except Exception as error:
                logger.exception("a bug in the fault %s", plant.fault.name)
                return bug(error, f"the fault {plant.fault.name}")
    return reply


def unmatched(call: Call, allowed: Sequence[str]) -> Reply | None:
    """What a fault answers where no operation does; None where none does."""
    for plant in call.faults:
        if plant.fault.on_unmatched is not None:
            try:
                reply = plant.fault.on_unmatched(call, allowed, plant)
            except Exception as error:
                logger.exception("a bug in the fault %s", plant.fault.name)
                return bug(error, f"the fault {plant.fault.name}")
            if reply is not None:
                return reply
    return None


async def deliver(send: Send, call: Call, wire: Wire) -> Wire:
    """Send the bytes as faults leave them, and give what was really sent.

    An answer that is kept back is left without a beginning, one that is cut without an end: what
    serves the application closes the connection then.
    """
    wire = _spoilt(call, wire)
    if wire.delay_s:
        await asyncio.sleep(wire.delay_s)
    if wire.is_silent:
        wire.status, wire.body = UNANSWERED, b""
        return wire
    await send({"type": "http.response.start", "status": wire.status, "headers": wire.headers})
    pieces = _pieces(b"" if call.method == "HEAD" else wire.body, wire.chunks)
    if wire.is_cut:
        pieces[-1] = pieces[-1][:-1]
        wire.body = b"".join(pieces)
    for number, piece in enumerate(pieces, 1):
        is_more = number < len(pieces) or wire.is_cut
        await send({"type": "http.response.body", "body": piece, "more_body": is_more})
        if wire.pause_s and number < len(pieces):
            await asyncio.sleep(wire.pause_s)
    return wire


def _pieces(body: bytes, count: int) -> list[bytes]:
    """At most *count* pieces of about the same size, and never none."""
    size = max(1, -(-len(body) // max(1, count)))
    return [body[at : at + size] for at in range(0, len(body), size)] or [b""]


def _spoilt(call: Call, wire: Wire) -> Wire:
    """The bytes as faults leave them; a bug in one of them becomes the answer."""
    for plant in call.faults:
        if plant.fault.on_wire is not None:
            try:
                plant.fault.on_wire(call, wire, plant)
            except Exception as error:
                logger.exception("a bug in the fault %s", plant.fault.name)
                return _bug_wire(bug(error, f"the fault {plant.fault.name}"), wire)
    return wire


def _bug_wire(reply: Reply, before: Wire) -> Wire:
    kept = [(b"x-request-id", v) for k, v in before.headers if k == b"x-request-id"]
    marks = [(name.lower().encode(), value.encode()) for name, value in reply.headers]
    wire = Wire(reply.status, [*kept, *marks, (b"content-type", reply.content_type.encode())], b"")
    wire.set_body(orjson.dumps(reply.body))
    return wire
