"""A bench on the stub in process, healthy or with one planted defect."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from contracts.actors import Actors
from contracts.door.control import AdminControl
from contracts.door.stub import BUNDLED_ACTORS, BUNDLED_BINDINGS
from contracts.door.targets import Target
from contracts.door.transports import InProcess
from contracts.suites.session import Bench, Check, Options
from contracts.yardstick import Yardstick, read_yardstick
from mockserver import Settings, create_app
from mockserver.clock import Clock
from tests.contracts.altered import Altered, Change

MakeBench = Callable[..., Bench]


@pytest.fixture(scope="session")
def yardstick() -> Yardstick:
    """The bundled document, effective."""
    return read_yardstick(None, (), "effective")


@pytest.fixture
def make_bench(yardstick: Yardstick) -> Iterator[MakeBench]:
    """Makes benches on a fresh stub; *change* alters its answers (see `Altered`)."""
    opened: list[Target] = []

    def make(
        *,
        change: Change | None = None,
        checks: tuple[Check, ...] = (),
        options: Options | None = None,
        settings: Settings | None = None,
    ) -> Bench:
        clock = Clock()
        clock.freeze(datetime(2030, 1, 1, 8, tzinfo=UTC))
        transport = InProcess(create_app(settings or Settings(), clock))
        carrier = Altered(transport, change) if change else transport
        target = Target(carrier, yardstick, control=AdminControl(transport))
        opened.append(target)
        actors = Actors(BUNDLED_ACTORS, yardstick.schemes)
        return Bench(
            target, yardstick, actors, checks, options or Options(), dict(BUNDLED_BINDINGS)
        )

    yield make
    for target in opened:
        target.close()


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    """A bench on the healthy stub."""
    return make_bench()
