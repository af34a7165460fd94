"""The list of faults, as the admin API shows it."""

from collections.abc import Sequence

from mockserver.behaviours.faults import Fault, FaultRow, Plant, PlantRow, Surroundings
from mockserver.faults.table import FAULTS
from mockserver.faults.wish import Wish, wish_text


def fault_rows(
    around: Surroundings, wishes: Sequence[Wish], plants: Sequence[Plant]
) -> list[FaultRow]:
    """Every fault, what it can touch, and where it is on; *plants* are those of *wishes*."""
    pairs = list(zip(wishes, plants, strict=True))
    return [_row(fault, around, pairs) for fault in FAULTS.values()]


def _row(fault: Fault, around: Surroundings, pairs: list[tuple[Wish, Plant]]) -> FaultRow:
    return FaultRow(
        name=fault.name,
        category=fault.category,
        about=fault.about,
        exposed_by=fault.exposed_by,
        operations=tuple(p.operation.id for p in around.places() if fault.reaches(p)),
        parameters=dict(fault.defaults),
        plants=tuple(
            PlantRow(
                text=wish_text(wish),
                operations=tuple(sorted(plant.operation_ids)),
                probability=plant.probability,
                times_left=plant.times_left,
                options=dict(plant.options),
            )
            for wish, plant in pairs
            if plant.fault is fault
        ),
    )
