"""Refusals that no rule of the API gives: written as the API writes them, but a fault's own."""

from mockserver.behaviours.faults import Instead, Plant
from mockserver.behaviours.registry import Call
from mockserver.errors import ApiError


def instead(
    call: Call, plant: Plant, status: int, message: str, *headers: tuple[str, str]
) -> Instead:
    """What to raise for a refusal that need not be documented."""
    reply = plant.around.refusal(ApiError(status, message), call)
    return Instead(reply._replace(headers=(*reply.headers, *headers)))
