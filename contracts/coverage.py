"""Counts what of the document was seen in a run, so that a green run cannot flatter itself."""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Final

from contracts.checks.places import addressed
from contracts.checks.promises import Promise, body_validator, promise_of
from contracts.checks.shapes import Branch, Choice, Shape, shapes_of
from contracts.checks.walk import Place, walk
from contracts.documented import Documented, Key, documented_in, members_of, text_of
from contracts.exchange import Exchange
from contracts.findings import Finding, Severity
from contracts.results import BranchTally, Cell, Coverage, Measure
from contracts.yardstick import Yardstick, is_json
from mockserver.errors import SetupError
from mockserver.model import MISSING, Json
from mockserver.openapi import Direction, Operation, Parameter

KINDS: Final = (
    "operations",
    "statuses",
    "parameters",
    "request properties",
    "response properties",
    "enum members",
    "variants",
)
_JUDGING: Final = frozenset({400, 404, 409, 422})
"""Errors by which a server shows that it looked at the parameters."""
_REFUSING: Final = frozenset({400, 409, 422})
"""Errors by which a server refuses what a body says; 401 and the like say nothing of it."""
_NAMED: Final = 10


class CoverageCounter:
    """Sees every exchange of a run. Safe to use from several threads at once.

    Only an answer with a documented status, content type and a fitting body makes anything count:
    an operation once it succeeded; what requests say (parameters, properties, enum members,
    variants) once a fitting request succeeded; a parameter also once a request with it was refused
    for what it says. An answer that comes again word for word counts once.
    """

    def __init__(self, yardstick: Yardstick) -> None:
        self._yardstick = yardstick
        self._documented: Documented = documented_in(yardstick)
        self._lock = threading.Lock()
        self._operations: set[Key] = set()
        self._statuses: set[Key] = set()
        self._parameters: set[Key] = set()
        self._request = _Seen("request")
        self._response = _Seen("response")
        self._refused = _Seen("request")
        self._members: set[Key] = set()
        self._answers: set[tuple[int, int]] = set()
        self._cells: dict[tuple[str, int], Counter[str]] = {}
        self._parameter_members = {
            (operation.id, one.where, one.name): frozenset(members_of(one, operation.document))
            for operation in yardstick.operations
            for one in operation.parameters
        }

    def observe(self, exchange: Exchange, suite: str) -> None:
        """Take one exchange of *suite* into account."""
        operation = addressed(exchange)
        if operation is None:
            return
        with self._lock:
            key = operation.id, exchange.response.status
            self._cells.setdefault(key, Counter())[suite] += 1
            promise = promise_of(exchange, self._yardstick)
            if promise is not None and self._is_valid(exchange, promise):
                self._observe_valid(exchange, operation, promise)

    def coverage(self) -> Coverage:
        """What was seen until now."""
        with self._lock:
            return Coverage(tuple(self._measures()), tuple(self._all_cells()), self._tallies())

    def _is_valid(self, exchange: Exchange, promise: Promise) -> bool:
        response = exchange.response
        if not promise.content or not response.body:
            return not promise.content and not response.body
        if response.is_cut or promise.media_type(response.content_type) is None:
            return False
        if not is_json(response.content_type):
            return True
        validator = body_validator(exchange, self._yardstick)
        body = response.json
        return body is not MISSING and (validator is None or validator.is_valid(body))

    def _observe_valid(self, exchange: Exchange, operation: Operation, promise: Promise) -> None:
        self._statuses.add((operation.id, promise.key))
        has_success = any(key.startswith("2") for key in operation.responses)
        if exchange.is_success or not has_success:
            self._operations.add((operation.id,))
        if exchange.is_success or exchange.response.status in _JUDGING:
            self._observe_parameters(exchange, operation)
        self._observe_body(exchange, operation)
        schema = promise.schema(exchange.response.content_type)
        if schema is not None and exchange.response.json is not MISSING:
            shapes = shapes_of(self._yardstick, "response")
            shape = shapes.of_response(operation, promise.key, schema)
            seen = id(shape), hash(exchange.response.body)
            if seen not in self._answers:
                self._answers.add(seen)
                walk(exchange.response.json, shape, self._response, is_sound=True)

    def _observe_parameters(self, exchange: Exchange, operation: Operation) -> None:
        for parameter in operation.parameters:
            key = (operation.id, parameter.where, parameter.name)
            for text in _sent(exchange, parameter):
                self._parameters.add(key)
                if not exchange.is_success:
                    continue
                members = self._parameter_members[key]
                for part in [text, *text.split(",")] if members else ():
                    if part in members:
                        self._members.add((*key, part))

    def _observe_body(self, exchange: Exchange, operation: Operation) -> None:
        schema, body = self._yardstick.request_schema(operation), exchange.request.json
        if schema is None or body is MISSING:
            return
        shape = shapes_of(self._yardstick, "request").of_request(operation, schema)
        if exchange.response.status in _REFUSING:
            walk(body, shape, self._refused, is_sound=False)
        elif exchange.is_success and self._yardstick.validator(schema, "request").is_valid(body):
            walk(body, shape, self._request, is_sound=True)

    def _measures(self) -> Iterable[Measure]:
        told = self._documented
        members = self._members | self._request.members | self._response.members
        yield _measure("operations", told.operations, self._operations)
        yield _measure("statuses", told.statuses, self._statuses)
        yield _measure("parameters", told.parameters, self._parameters)
        requests, responses = told.properties["request"], told.properties["response"]
        yield _measure("request properties", requests, self._request.properties)
        yield _measure("response properties", responses, self._response.properties)
        yield _measure("enum members", told.members, members)
        good = [self._good(one.branch, one.direction) for one in told.variants]
        unseen = [one.name for one, count in zip(told.variants, good, strict=True) if not count]
        yield Measure("variants", len(good) - len(unseen), len(good), tuple(unseen))

    def _good(self, branch: Branch, direction: Direction) -> int:
        return (self._request if direction == "request" else self._response).branches[branch]

    def _tallies(self) -> tuple[BranchTally, ...]:
        return tuple(
            BranchTally(
                place=one.place,
                direction=one.direction,
                branch=one.branch.name,
                good=self._good(one.branch, one.direction),
                refused=self._refused.branches[one.branch] if one.direction == "request" else 0,
            )
            for one in self._documented.variants
        )

    def _all_cells(self) -> Iterable[Cell]:
        """The statuses of each operation that were seen, and the documented ones that were not."""
        for operation in self._yardstick.operations:
            counts = {status: c for (id, status), c in self._cells.items() if id == operation.id}
            seen = {operation.response_key(status) for status in counts}
            rows = {str(status): dict(counts[status]) for status in counts}
            rows |= {key: {} for key in operation.responses if key not in seen | rows.keys()}
            for status in sorted(rows):
                is_documented = status in operation.responses or (
                    status.isdecimal() and operation.response_key(int(status)) is not None
                )
                yield Cell(operation.label, status, is_documented, rows[status])


class _Seen:
    """What walks met in one direction."""

    def __init__(self, direction: Direction) -> None:
        self._direction: Direction = direction
        self.properties: set[Key] = set()
        self.members: set[Key] = set()
        self.branches: Counter[Branch] = Counter()

    def declared(self, shape: Shape, name: str) -> None:
        self.properties.add((shape.name, name))

    def undeclared(self, place: Place, name: str, value: Json) -> None: ...

    def member(self, shape: Shape, value: Json) -> None:
        if isinstance(value, str | int | float):
            self.members.add((self._direction, shape.name, text_of(value)))

    def chosen(self, choice: Choice, fitting: Sequence[Branch], value: Json) -> None:
        if len(fitting) == 1 or choice.rule == "anyOf":
            self.branches.update(fitting)


def below(coverage: Coverage, minimums: Mapping[str, float]) -> list[Finding]:
    """A finding for each measure that is below its minimum, in percent.

    The key `` stands for all measures together. Raises SetupError for an unknown one.
    """
    measures = {measure.kind: measure for measure in coverage.measures}
    together = Measure(
        "everything documented",
        sum(one.seen for one in coverage.measures),
        sum(one.documented for one in coverage.measures),
        tuple(name for one in coverage.measures for name in one.unseen),
    )
    found = []
    for kind, minimum in minimums.items():
        plain = kind.replace("-", " ").strip()
        if plain and plain not in KINDS:
            reason = f"there is no such measure; there are {', '.join(KINDS)}"
            raise SetupError(reason, place="--min-coverage", value=kind, known=KINDS)
        measure = measures.get(plain, Measure(plain, 0, 0)) if plain else together
        if measure.percent < minimum:
            found.append(_below(measure, minimum))
    return found


def _below(measure: Measure, minimum: float) -> Finding:
    shown = ", ".join(measure.unseen[:_NAMED])
    more = f" and {len(measure.unseen) - _NAMED} more" if len(measure.unseen) > _NAMED else ""
    return Finding(
        rule="coverage-below-minimum",
        operation="the whole run",
        severity=Severity.MEDIUM,
        message=f"Of {measure.kind}, {measure.percent:.1f} % was seen, and {minimum:g} % was asked "
        "for: let the run send more, or ask for less.",
        expected=f"at least {minimum:g} %",
        source="--min-coverage",
        came=f"{measure.seen} of {measure.documented}; never seen: {shown}{more}",
        cause=measure.kind,
    )


def _measure(kind: str, documented: Mapping[Key, str], seen: set[Key]) -> Measure:
    unseen = tuple(dict.fromkeys(name for key, name in documented.items() if key not in seen))
    return Measure(kind, sum(key in seen for key in documented), len(documented), unseen)


def _sent(exchange: Exchange, parameter: Parameter) -> list[str]:
    """The values of a parameter as a request sent them; empty where it did not."""
    request, name = exchange.request, parameter.name
    if parameter.where == "path":
        text = exchange.path_values.get(name)
    elif parameter.where == "header":
        text = request.header(name)
    elif parameter.where == "cookie":
        text = _cookie(request.header("cookie") or "", name)
    else:
        return [value for key, value in request.query if key == name or _is_part(key, name)]
    return [] if text is None else [text]


def _is_part(key: str, name: str) -> bool:
    """`filter[kind]` and `ids[]` are parts of `filter` and `ids`."""
    return key.startswith(f"{name}[")


def _cookie(header: str, name: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return None if morsel is None else morsel.value
