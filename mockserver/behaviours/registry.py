"""What a behaviour is given, and how an API's own rules come in.

A behaviour is a plain function from `Call` to `Reply`: synchronous, without HTTP, with one
`now` per request. A guard is a function of the same `Call` that returns nothing or raises
`ApiError`; guards run in order, before anything of the request is validated, leave its path as it
is, and one of them puts the actor into the call. A reader turns a parsed body into the one to be
validated.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from mockserver.behaviours.faults import Plant
from mockserver.chance import Ids
from mockserver.errors import ApiError
from mockserver.model import ANONYMOUS, MISSING, Actor, Document, Json, Reply, Violation
from mockserver.openapi.operations import Operation
from mockserver.openapi.quirks import Quirks
from mockserver.store.protocol import Store


@dataclass(slots=True)
class Call:
    """One request on its way to its answer.

    *path* and *query* hold text as sent until the parameters have been validated, then values
    cast as their schemas say; a query parameter that may repeat is a list. *headers* have
    lower-case names. *target* is the path with its query, as the API sees it. *body* is MISSING
    where none was sent. *faults* are those that take effect on this request. *answer_headers* is
    what guards want to see on any answer, *seen* what they have found out for whoever comes after
    them.
    """

    operation: Operation
    store: Store
    now: datetime
    ids: Ids
    quirks: Quirks
    method: str
    target: str
    headers: Mapping[str, str]
    path: dict[str, Json]
    client: str = ""
    limits: "Limits | None" = None
    query: dict[str, Json] = field(default_factory=dict)
    body: Json = MISSING
    actor: Actor = ANONYMOUS
    faults: tuple[Plant, ...] = ()
    answer_headers: list[tuple[str, str]] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)

    def new_short_id(self) -> str:
        """A new id of 22 characters from the seeded source."""
        return self.ids.short_id(self.store, self.operation.path)

    def new_uuid(self) -> str:
        """A new UUID from the seeded source."""
        return self.ids.uuid(self.store, self.operation.path)


class Limits(Protocol):
    """Fixed-window counters of requests, by tracker."""

    def hit(self, tracker: str, limit: int, now: datetime) -> "Hit":
        """Count one request of *tracker*, which may send *limit* of them in 60 seconds."""
        ...


class Hit(NamedTuple):
    """One counted request: what is left, and in how many whole seconds the window ends."""

    limit: int
    remaining: int
    reset_s: int
    is_refused: bool


Behaviour = Callable[[Call], Reply]
Guard = Callable[[Call], None]
Reader = Callable[[Call], Json]
"""Takes the call with the parsed body; gives the body to validate. May raise ApiError."""


class Behaviours:
    """Behaviours by operationId."""

    def __init__(self) -> None:
        self._by_id: dict[str, Behaviour] = {}

    def on(self, *operation_ids: str) -> Callable[[Behaviour], Behaviour]:
        """Register a function for operations. Raises ValueError on a second one for the same."""

        def register(behaviour: Behaviour) -> Behaviour:
            for operation_id in operation_ids:
                if operation_id in self._by_id:
                    raise ValueError(f"{operation_id} already has a behaviour")
                self._by_id[operation_id] = behaviour
            return behaviour

        return register

    def get(self, operation_id: str) -> Behaviour | None:
        return self._by_id.get(operation_id)

    def include(self, other: "Behaviours") -> None:
        """Take over everything *other* has."""
        for operation_id, behaviour in other._by_id.items():
            self.on(operation_id)(behaviour)

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)


@dataclass(frozen=True, slots=True)
class Account:
    """A credential of the present world, for people who want to try it."""

    name: str
    key: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """Everything that one API has of its own; the pipeline knows nothing else of it.

    *guards* gives an operation's guards, in order, once at start. *readers* by operationId.
    *invalid* turns broken rules into the API's refusal, *render* a refusal into its answer.
    *unmatched* gives the refusal of a request that no operation takes, from its method, its
    target, the methods that the path does have, and the quirks. *page_headers* are the request
    headers that web pages may send (None: any). *rewrite* maps a received path
    to the one that is routed. *complete* gives, by collection, a function that fills a fixture's
    document with the API's defaults. *actions* are doors of the admin API, by name. *accounts*
    lists credentials of the present world. *standing_headers* gives what every answer carries,
    errors and unknown paths included, once at start.
    """

    name: str
    behaviours: Behaviours
    guards: Callable[[Operation], Sequence[Guard]]
    readers: Mapping[str, Reader] = field(default_factory=dict)
    invalid: Callable[[Call, Sequence[Violation]], ApiError]
    unmatched: Callable[[str, str, Sequence[str], Quirks], ApiError]
    render: Callable[[ApiError, Call], Reply]
    page_headers: Sequence[str] | None = None
    rewrite: Callable[[str], str] = lambda path: path
    complete: Mapping[str, Callable[[Document], Document]] = field(default_factory=dict)
    actions: Mapping[str, "Action"] = field(default_factory=dict)
    accounts: Callable[[Store, datetime], Sequence[Account]] = lambda store, now: ()
    standing_headers: Callable[[Quirks], Sequence[tuple[str, str]]] = lambda quirks: ()


@dataclass(frozen=True, slots=True)
class Action:
    """A door of the admin API that does one thing inside the world, such as counting a use.

    *arguments* is the JSON schema of its body; *run* is given (store, now, arguments) inside a
    transaction and raises ApiError when it cannot.
    """

    about: str
    arguments: Mapping[str, Json]
    run: Callable[[Store, datetime, Document], Json]
