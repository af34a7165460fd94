"""Cases run by their id, on one stub with defects planted from outside."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from contracts.actors import Actors
from contracts.door.stub import BUNDLED_ACTORS, BUNDLED_BINDINGS
from contracts.door.targets import Target
from contracts.door.transports import InProcess
from contracts.exchange import Request, Response
from contracts.findings import Result
from contracts.suites.runner import run_case
from contracts.suites.session import Bench, Case, Check, Options
from contracts.yardstick import Yardstick
from mockserver import Settings, create_app
from mockserver.clock import Clock
from mockserver.model import Json
from tests.contracts.altered import Altered, Change

Send = Callable[[Request], Response]
CasesOf = Callable[[Yardstick, Options], Iterable[Case]]

OWNER_KEY = "cal_test_demo"
OTHER_KEY = "cal_test_bob"


class OneStub:
    """Benches on one stub, which takes some time to start; each run has names of its own."""

    def __init__(self, yardstick: Yardstick, settings: Settings | None = None) -> None:
        clock = Clock()
        clock.freeze(datetime(2030, 1, 1, 8, tzinfo=UTC))
        self._yardstick = yardstick
        self._transport = InProcess(create_app(settings or Settings(), clock))
        self._count = 0

    def bench(
        self,
        *,
        change: Change | None = None,
        checks: tuple[Check, ...] = (),
        actors: Actors | None = None,
        quick: bool = False,
        run_id: str = "",
    ) -> Bench:
        self._count += 1
        transport = Altered(self._transport, change) if change else self._transport
        return Bench(
            Target(transport, self._yardstick),
            self._yardstick,
            actors or Actors(BUNDLED_ACTORS, self._yardstick.schemes),
            checks,
            Options(run_id=run_id or f"run{self._count}", quick=quick),
            dict(BUNDLED_BINDINGS),
        )

    def close(self) -> None:
        self._transport.close()


def run(cases: CasesOf, bench: Bench, id: str) -> Result:
    """The result of the one case with this id."""
    found = [one for one in cases(bench.yardstick, bench.options) if one.id == id]
    assert len(found) == 1, id
    return run_case(bench, found[0])


def run_all(cases: CasesOf, bench: Bench) -> list[Result]:
    return [run_case(bench, one) for one in cases(bench.yardstick, bench.options)]


def rules(result: Result) -> set[str]:
    return {finding.rule for finding in result.findings}


def with_header(request: Request, name: str, value: str | None) -> Request:
    headers = tuple(one for one in request.headers if one[0].lower() != name.lower())
    return replace(request, headers=headers if value is None else (*headers, (name, value)))


def with_key(request: Request, key: str) -> Request:
    return with_header(request, "Authorization", f"Bearer {key}")


def as_key(old: str, new: str) -> Callable[[Request, Send], Response]:
    """One actor is taken for another."""

    def change(request: Request, send: Send) -> Response:
        shown = request.header("authorization") or ""
        return send(with_key(request, new) if shown == f"Bearer {old}" else request)

    return change


def with_json(request: Request, body: Json) -> Request:
    return replace(request, body=json.dumps(body).encode())


def answer(response: Response, status: int, body: Json) -> Response:
    """The same answer with another status and body."""
    return replace(response, status=status, body=json.dumps(body).encode())
