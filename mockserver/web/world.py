"""What the pipeline of a mock is given beside its document."""

from dataclasses import dataclass, field

from mockserver.behaviours.faults import Planting
from mockserver.behaviours.registry import Limits
from mockserver.chance import Ids
from mockserver.clock import Clock
from mockserver.openapi import Quirks
from mockserver.store.protocol import Store
from mockserver.web.metrics import Metrics


@dataclass(frozen=True, slots=True)
class World:
    """What behaviours act in: the state, the time, chance, and the departures that are on."""

    store: Store
    clock: Clock
    ids: Ids
    quirks: Quirks
    limits: Limits | None
    seed: int
    max_body_bytes: int
    planting: Planting = field(default_factory=Planting)
    metrics: Metrics | None = None
