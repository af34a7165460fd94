"""What a case is, and what it may do while it runs: send, judge, and tell what it found."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeAlias
from urllib.parse import quote, urlencode

from contracts.actors import OWNER, Actors
from contracts.door.targets import Target
from contracts.exchange import JSON_TYPE, Exchange, Headers, Request
from contracts.findings import Finding, Severity
from contracts.stops import NoAnswer, NotJudged
from contracts.yardstick import Yardstick
from mockserver.model import MISSING, Json
from mockserver.openapi import Operation

Check: TypeAlias = Callable[[Exchange, Yardstick], Iterable[Finding]]
"""A pure function: what is wrong with one exchange, whoever sent it."""

_PARALLEL: Final = 8


@dataclass(frozen=True, slots=True)
class Options:
    """How thorough a run is. *examples* is the number of generated cases for each operation in
    the fuzzing phases; *quick* leaves out what is slow and seldom finds anything."""

    seed: int = 1
    run_id: str = "run"
    quick: bool = False
    examples: int = 20


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to be tried. `operation/rule` is unique within its suite.

    *operation* is the label of the operation that it is about; *actors* those it cannot do
    without; *writes* tells that it sends writing requests. *run* raises NotJudged where it finds
    that it cannot go on.
    """

    suite: str
    operation: str
    rule: str
    run: Callable[["Session"], None]
    actors: tuple[str, ...] = ()
    writes: bool = False

    @property
    def id(self) -> str:
        return f"{self.operation}/{self.rule}"


@dataclass(frozen=True)
class Bench:
    """What all cases of a run share. *bindings* are values for path parameters that somebody told
    (`{"orgId": "1"}`); *checks* judge every exchange."""

    target: Target
    yardstick: Yardstick
    actors: Actors
    checks: Sequence[Check] = ()
    options: Options = Options()
    bindings: Mapping[str, str] = field(default_factory=dict)
    shared: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Items made or found for cases that only need one to stand on; see `provisions`."""


class Session:
    """One case at work on a bench."""

    def __init__(self, bench: Bench, case: Case) -> None:
        self.bench = bench
        self.case = case
        self.findings: list[Finding] = []
        self.exchanges: list[Exchange] = []
        self.judgements = 0
        self.unseen = ""
        """Set by a case that found nothing wrong because what it is about never came up."""
        self.notes: list[str] = []
        """What readers of the report should know, though nothing is wrong with the target."""

    @property
    def yardstick(self) -> Yardstick:
        return self.bench.yardstick

    @property
    def options(self) -> Options:
        return self.bench.options

    def now(self) -> datetime:
        """The target's time, aware, UTC."""
        return self.bench.target.now()

    def request(
        self,
        operation: Operation,
        path: Mapping[str, str],
        *,
        query: Iterable[tuple[str, str]] = (),
        headers: Mapping[str, str | None] | None = None,
        body: Json = MISSING,
        actor: str = OWNER,
    ) -> Request:
        """A request with everything that *operation* requires and is not given.

        *path* has a value for every path parameter. Required headers and query parameters get
        their default, example or a sample. *headers* go before those; None leaves one out. *body*
        is sent as JSON; bytes as they are. Raises NotJudged where *actor* is not there.
        """
        if actor not in self.bench.actors:
            raise NotJudged(f"needs the actor {actor}: give --as {actor}=ENV_VAR")
        credential = self.bench.actors.headers(self.yardstick.driving(operation), actor)
        given = dict(query)
        asked = [*self._required(operation, "query", given), *query]
        target = operation.path
        for name, value in path.items():
            target = target.replace(f"{{{name}}}", quote(value, safe=""))
        if asked:
            target += "?" + urlencode(asked)
        merged = {name.lower(): (name, text) for name, text in self._standing(operation, body)}
        merged |= {name.lower(): (name, text) for name, text in credential}
        for name, text in (headers or {}).items():
            merged.pop(name.lower(), None)
            if text is not None:
                merged[name.lower()] = name, text
        content = body if isinstance(body, bytes) else None
        if content is None and body is not MISSING:
            content = json.dumps(body, ensure_ascii=False).encode()
        return Request(operation.method, target, tuple(merged.values()), content, actor)

    def call(self, operation: Operation, path: Mapping[str, str], **more: Json) -> Exchange:
        """Send what `request` makes of the same arguments."""
        return self.send(self.request(operation, path, **more))

    def send(self, request: Request) -> Exchange:
        """Send, and hold the answer to the checks that hold for every exchange. That there is none
        is a finding; raises NoAnswer then."""
        exchange = self._exchange(request)
        self.judge(exchange)
        return exchange

    def parallel(self, requests: Sequence[Request]) -> list[Exchange]:
        """Send all at once; the exchanges in the order of *requests*."""
        with ThreadPoolExecutor(min(len(requests), _PARALLEL)) as pool:
            exchanges = list(pool.map(self._exchange, requests))
        for exchange in exchanges:
            self.judge(exchange)
        return exchanges

    def _exchange(self, request: Request) -> Exchange:
        try:
            return self.bench.target.send(request, case=self.case.id)
        except NoAnswer as silence:
            self.judgements += 1
            self.found(no_answer(request, self.yardstick, silence))
            raise

    def judge(self, exchange: Exchange) -> None:
        """Hold an exchange of this case to the checks, whoever sent it."""
        self.exchanges.append(exchange)
        for check in self.bench.checks:
            self.judgements += 1
            for finding in check(exchange, self.yardstick):
                self.found(finding)

    def found(self, finding: Finding) -> None:
        self.findings.append(replace(finding, suite=self.case.suite, case=self.case.id))

    def expect(
        self,
        holds: bool,
        rule: str,
        exchange: Exchange,
        *,
        message: str,
        expected: str,
        source: str,
        came: str = "",
        cause: str = "",
        severity: Severity = Severity.HIGH,
        story: Sequence[Exchange] = (),
    ) -> bool:
        """Judge once: a finding where *holds* is false. Gives *holds*."""
        self.judgements += 1
        if not holds:
            self.found(
                Finding(
                    rule=rule,
                    operation=exchange.label,
                    severity=severity,
                    message=message,
                    expected=expected,
                    source=source,
                    came=came or answer_text(exchange),
                    exchange=exchange,
                    story=tuple(story),
                    cause=cause,
                )
            )
        return holds

    def _standing(self, operation: Operation, body: Json) -> Headers:
        accept = (("Accept", JSON_TYPE),)
        kind = (("Content-Type", JSON_TYPE),) if body is not MISSING else ()
        return (*accept, *kind, *self._required(operation, "header", {}))

    def _required(
        self, operation: Operation, where: str, given: Mapping[str, str]
    ) -> list[tuple[str, str]]:
        return [
            (parameter.name, parameter_text(self.yardstick, operation, parameter.name))
            for parameter in operation.parameters
            if parameter.where == where and parameter.required and parameter.name not in given
        ]


def no_answer(request: Request, yardstick: Yardstick, silence: NoAnswer) -> Finding:
    """What is said of a request that was taken and not answered."""
    match = yardstick.match(request.method, request.path)
    return Finding(
        rule="no-answer",
        operation=match.operation.label if match else f"{request.method} {request.path}",
        severity=Severity.HIGH,
        message=f"A request was taken and not answered: {silence}.",
        expected="an answer to every request, be it a refusal",
        source="RFC 9110 section 3.4 (a server sends one or more responses to each request)",
        came=f"{silence} ({request.method} {request.target[:200]})",
    )


def parameter_text(yardstick: Yardstick, operation: Operation, name: str) -> str:
    """A good value for a parameter, as text: its example, default or a sample of its schema."""
    parameter = next(one for one in operation.parameters if one.name == name)
    pointer = f"{operation.id}/{name}"
    value = yardstick.sampler.sample(parameter.schema, pointer=pointer, direction="request")
    return value if isinstance(value, str) else json.dumps(value)


def answer_text(exchange: Exchange, limit: int = 200) -> str:
    """`404 {"status": ...`: an answer in one line."""
    text = " ".join(exchange.response.body.decode("utf-8", "replace").split())
    shown = text if len(text) <= limit else text[:limit] + "..."
    return f"{exchange.response.status} {shown}".rstrip()
