"""Faults: departures that somebody plants, to see whether a client or a check notices them.

A quirk is a departure that reality has and is part of the document that is served; a fault is none,
so it takes effect where the answer has already been held to the document. A `Fault` says what can
be planted, a `Plant` is one that is on. `mockserver.faults` has all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from mockserver.errors import ApiError, SetupError
from mockserver.model import Document, Json, Reply, Violation
from mockserver.openapi.operations import Operation
from mockserver.openapi.resources import ResourceAction
from mockserver.store.protocol import Store

if TYPE_CHECKING:
    from mockserver.behaviours.registry import Account, Behaviour, Call

Reaches = Callable[["Place"], bool]
Around = Callable[["Call", "Behaviour", "Plant"], Reply]
Change = Callable[["Call"], None]
Run = Callable[[Store, datetime, Document], Json]
"""What an action of the admin API does inside the world; see `Action`."""


@dataclass(frozen=True, slots=True)
class Place:
    """An operation, and what it does to which resource, as far as that can be seen.

    *schema* is that of its JSON success, *body* that of its JSON request; None without one.
    """

    operation: Operation
    action: ResourceAction | None
    schema: Mapping[str, Any] | None
    body: Mapping[str, Any] | None

    @property
    def kind(self) -> str:
        """`list`, `create`, `read`, `replace`, `update`, `delete`, or ``."""
        return self.action.kind if self.action else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One departure that can be planted.

    *name* is in kebab case, *category* a heading of the list of faults, *about* what an observer
    sees, *exposed_by* what a check would have to notice. *reaches* tells which operations it can
    touch. *defaults* are its parameters: `delay_s`, `times`, `reads`, ...

    The effects, of which a fault has one or more, in the order of a request:
    *on_request* may change the call before anybody looks at it; *forgives* takes broken rules of
    the request and gives those that still count; *on_behaviour* stands around what answers the
    operation, inside its transaction; *on_refusal* gives changes of the call with which a refused
    request is tried again, until one of them is let in; *on_answer* changes the reply after it was
    held to the document; *on_wire* what leaves as bytes. *on_unmatched* is asked for requests that
    no operation takes, and gives None where it lets them be. *on_action* stands around what
    happens in the world without a request of the API, such as the use of a link.

    Up to the behaviour they may raise ApiError, which is held to the document, and `Instead`,
    which is not. Whatever else one of them raises is the mock's bug, and answered as such.
    """

    name: str
    category: str
    about: str
    exposed_by: str
    reaches: Reaches
    defaults: Mapping[str, float] = field(default_factory=dict)
    on_request: "Callable[[Call, Plant], None] | None" = None
    forgives: "Callable[[Call, Sequence[Violation], Plant], Sequence[Violation]] | None" = None
    on_behaviour: Around | None = None
    on_refusal: "Callable[[Call, ApiError, Plant], Sequence[Change]] | None" = None
    on_answer: "Callable[[Call, Reply, Plant], Reply] | None" = None
    on_wire: "Callable[[Call, Wire, Plant], None] | None" = None
    on_unmatched: "Callable[[Call, Sequence[str], Plant], Reply | None] | None" = None
    on_action: "Callable[[Run, Store, datetime, Document, Plant], Json] | None" = None


class Instead(Exception):
    """A fault answers itself: nothing was done, and *reply* is not held to the document."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


@dataclass(slots=True)
class Wire:
    """An answer as bytes, just before it leaves. Header names are in lower case.

    *delay_s* passes before the first byte; *chunks* sends the body in so many pieces with
    *pause_s* between them; *is_cut* closes the connection instead of the last byte; *is_silent*
    closes it without any answer.
    """

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    delay_s: float = 0.0
    chunks: int = 1
    pause_s: float = 0.0
    is_cut: bool = False
    is_silent: bool = False

    def set_header(self, name: bytes, value: bytes | None) -> None:
        """Give the header *name* this only value; None takes it away."""
        self.headers = [(key, held) for key, held in self.headers if key != name]
        if value is not None:
            self.headers.append((name, value))

    def set_body(self, body: bytes) -> None:
        """Give it another body, and the length that goes with it."""
        self.body = body
        self.set_header(b"content-length", b"%d" % len(body))


class Surroundings(Protocol):
    """What faults may ask of the mock."""

    def accounts(self) -> "Sequence[Account]":
        """The credentials of the present world."""
        ...

    def place(self, operation: Operation) -> Place: ...

    def places(self) -> "Sequence[Place]": ...

    def sample(self, schema: Mapping[str, Any], pointer: str) -> Any:
        """A good request value for *schema*."""
        ...

    def refusal(self, error: ApiError, call: "Call") -> Reply:
        """*error* as the API writes it."""
        ...


@dataclass(slots=True)
class Plant:
    """A fault that is on: for *operation_ids*, in *probability* of the cases, *times_left* times
    (None: always). *memory* is the fault's own, for as long as it is planted."""

    fault: Fault
    operation_ids: frozenset[str]
    options: dict[str, float]
    around: Surroundings
    probability: float = 1.0
    times_left: int | None = None
    random: Random = field(default_factory=lambda: Random(0))
    memory: dict[Any, Any] = field(default_factory=dict)
    _counting: Lock = field(default_factory=Lock)

    def is_aimed_at(self, operation_id: str) -> bool:
        """Whether it can take effect on a request of the operation (``: of none)."""
        if not operation_id:
            return self.fault.on_unmatched is not None
        return operation_id in self.operation_ids

    def strikes(self) -> bool:
        """Decide once for one request; counts the times down, each time once."""
        with self._counting:
            if self.times_left == 0 or self.random.random() >= self.probability:
                return False
            if self.times_left is not None:
                self.times_left -= 1
            return True

    def go_on_from(self, before: "Plant") -> None:
        """Take over how far *before*, the same plant in another document, had come."""
        self.times_left, self.random, self.memory = before.times_left, before.random, before.memory


OneCall = Callable[[str], "Plant | str"]
"""What a name means for one call: a fault, planted for it, or the name of a quirk. Raises
SetupError."""


def _nothing_planted(name: str) -> "Plant | str":
    raise SetupError("there is nothing to plant", value=name)


class Planting:
    """Every fault that is on. The pipeline looks here once for each request."""

    def __init__(self, for_one_call: OneCall = _nothing_planted) -> None:
        self.plants: tuple[Plant, ...] = ()
        self.for_one_call = for_one_call

    def striking(self, operation_id: str) -> tuple[Plant, ...]:
        """Those that take effect on one request of the operation (``: of none)."""
        return tuple(one for one in self.plants if one.is_aimed_at(operation_id) and one.strikes())

    def around_action(self, run: Run) -> Run:
        """What an action does with every fault that stands around it."""
        for plant in self.plants:
            if plant.fault.on_action is not None:
                run = _around_run(run, plant)
        return run

    def forget(self) -> None:
        """Forget what was seen of a world that is no more; what is planted stays."""
        for plant in self.plants:
            plant.memory.clear()


def _around_run(run: Run, plant: Plant) -> Run:
    def departing(store: Store, now: datetime, arguments: Document) -> Json:
        effect = plant.fault.on_action
        if effect is None or not plant.strikes():
            return run(store, now, arguments)
        return effect(run, store, now, arguments, plant)

    return departing


@dataclass(frozen=True, slots=True)
class PlantRow:
    """A fault that is on, as it was asked for (*text*); *times_left* None: always."""

    text: str
    operations: tuple[str, ...]
    probability: float
    times_left: int | None
    options: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A fault that can be planted; *operations* are those that it can touch."""

    name: str
    category: str
    about: str
    exposed_by: str
    operations: tuple[str, ...]
    parameters: Mapping[str, float]
    plants: tuple[PlantRow, ...]
