"""Where planted faults take effect on a request's way; nothing of it happens without one."""

import asyncio
from collections.abc import Sequence

from mockserver.behaviours.faults import Around, Plant, Wire
from mockserver.behaviours.registry import Behaviour, Call
from mockserver.model import Reply, Violation
from mockserver.web.asgi import Send


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


def answered(call: Call, reply: Reply) -> Reply:
    """The reply as faults leave it."""
    for plant in call.faults:
        if plant.fault.on_answer is not None:
            reply = plant.fault.on_answer(call, reply, plant)
    return reply


def unmatched(call: Call, allowed: Sequence[str]) -> Reply | None:
    """What a fault answers where no operation does; None where none does."""
    for plant in call.faults:
        if plant.fault.on_unmatched is not None:
            reply = plant.fault.on_unmatched(call, allowed, plant)
            if reply is not None:
                return reply
    return None


def on_wire(call: Call) -> bool:
    """Whether a fault wants to see the bytes."""
    return any(plant.fault.on_wire is not None for plant in call.faults)


async def deliver(send: Send, call: Call, wire: Wire) -> Wire:
    """Send the bytes as faults leave them, and give what was sent."""
    for plant in call.faults:
        if plant.fault.on_wire is not None:
            plant.fault.on_wire(call, wire, plant)
    if wire.delay_s:
        await asyncio.sleep(wire.delay_s)
    if wire.is_silent:
        return wire
    start = {"type": "http.response.start", "status": wire.status, "headers": wire.headers}
    await send(start)
    body = b"" if call.method == "HEAD" else wire.body
    size = max(1, -(-len(body) // max(1, wire.chunks)))
    pieces = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
    for number, piece in enumerate(pieces, 1):
        is_last = number == len(pieces)
        if is_last and wire.is_cut:
            await send({"type": "http.response.body", "body": piece[:-1], "more_body": True})
            return wire
        await send({"type": "http.response.body", "body": piece, "more_body": not is_last})
        if wire.pause_s and not is_last:
            await asyncio.sleep(wire.pause_s)
    return wire
