"""What somebody asks to be planted: `wrong-type`, `slow-response:GET /books:p=0.2:delay_s=3`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

from mockserver.behaviours.faults import Fault, Plant, Surroundings
from mockserver.errors import SetupError
from mockserver.faults.table import FAULTS, fault_named

GREATEST: Final = 1_000_000.0
_OWN: Final = ("p", "times")


@dataclass(frozen=True, slots=True)
class Wish:
    """A fault, the operation that it is for (operationId or label; `` for all that it reaches),
    its probability, how often it takes effect (None: always), and its own parameters."""

    name: str
    operation: str = ""
    probability: float = 1.0
    times: int | None = None
    options: Mapping[str, float] = field(default_factory=dict)


def read_wish(text: str, *, place: str = "--fault", known: Iterable[str] = FAULTS) -> Wish:
    """Read `NAME[:operation][:p=0.2][:times=3][:parameter=number]`.

    Raises SetupError, which offers the nearest of the *known* names.
    """
    name, *parts = (part.strip() for part in text.split(":"))
    fault = fault_named(name, place=place, known=known)
    operation, numbers = "", {}
    for part in parts:
        key, equals, number = part.partition("=")
        if equals:
            numbers[key] = _number(fault, key, number, place)
        elif operation or not part:
            reason = "must look like NAME[:operation][:p=0.2][:times=3]"
            raise SetupError(reason, place=place, value=text)
        else:
            operation = part
    times = numbers.pop("times", None)
    probability = numbers.pop("p", 1.0)
    return Wish(name, operation, probability, None if times is None else int(times), numbers)


def wish_text(wish: Wish) -> str:
    """The wish as people type it."""
    told = [wish.name, *([wish.operation] if wish.operation else [])]
    if wish.probability != 1.0:
        told.append(f"p={wish.probability:g}")
    if wish.times is not None:
        told.append(f"times={wish.times}")
    return ":".join([*told, *(f"{key}={number:g}" for key, number in wish.options.items())])


def planted(wish: Wish, around: Surroundings, seed: int, *, place: str = "--fault") -> Plant:
    """The fault as it takes effect on the operations of one document.

    Raises SetupError where it cannot touch any, or not the one that is asked for.
    """
    fault = fault_named(wish.name, place=place)
    reached = [one.operation for one in around.places() if fault.reaches(one)]
    chosen = [one for one in reached if wish.operation in ("", one.id, one.label)]
    if not chosen and (wish.operation or fault.on_unmatched is None):
        known = [name for one in reached for name in (one.id, one.label)]
        reason = (
            f"{wish.name} cannot touch this operation"
            if known
            else (f"{wish.name} has nothing to touch in this document")
        )
        raise SetupError(reason, place=place, value=wish.operation or wish.name, known=known)
    return Plant(
        fault=fault,
        operation_ids=frozenset(one.id for one in chosen),
        options={**fault.defaults, **wish.options},
        around=around,
        probability=wish.probability,
        times_left=wish.times,
        random=Random(f"{seed} {wish.name}"),
    )


def _number(fault: Fault, key: str, text: str, place: str) -> float:
    known = (*_OWN, *fault.defaults)
    if key not in known:
        reason = f"{fault.name} has no such parameter"
        raise SetupError(reason, place=place, value=key, known=known)
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    highest = 1.0 if key == "p" else GREATEST
    if not 0 <= number <= highest or (key == "times" and number != int(number)):
        kind = "from 0 to 1" if key == "p" else "of 0 or more"
        raise SetupError(f"`{key}` must be a number {kind}", place=place, value=text)
    return number
