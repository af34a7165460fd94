"""Runs whose door notes every create in a ledger."""

from dataclasses import replace
from pathlib import Path

from contracts.door.targets import Target
from contracts.exchange import Request, Response
from contracts.ledger import Ledger
from contracts.suites.session import Bench, Case, Session


class Onward:
    """A transport that hands requests on to another target."""

    def __init__(self, target: Target) -> None:
        self.name = target.name
        self._target = target

    def send(self, request: Request) -> Response:
        return self._target.send(request).response

    def close(self) -> None:
        """The other target is closed by those who opened it."""


def ledgered(bench: Bench, path: Path | None) -> tuple[Bench, Ledger]:
    """*bench* with a ledger in its door; the bench's own target keeps what passes as well."""
    ledger = Ledger(path, bench.yardstick, run_id=bench.options.run_id, target_name="http://api")
    target = Target(Onward(bench.target), bench.yardstick, ledger=ledger)
    return replace(bench, target=target), ledger


def session_on(bench: Bench) -> Session:
    return Session(bench, Case("a suite", "", "a case", run=lambda session: None))
