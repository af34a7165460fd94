"""Exchanges with a healthy target, and with a small document of our own, to plant defects in."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.actors import Actors
from contracts.door.stub import BUNDLED_ACTORS, BUNDLED_BINDINGS
from contracts.door.targets import Target
from contracts.door.transports import InProcess
from contracts.exchange import Exchange, Request, Response
from contracts.suites.session import Bench
from contracts.yardstick import Yardstick
from mockserver import Settings, create_app
from mockserver.clock import Clock
from tests.contracts.checks.lively import live, session_on
from tests.contracts.checks.shop import SHOP

Find = Callable[..., Exchange]


@pytest.fixture(scope="session")
def healthy_exchanges(yardstick: Yardstick) -> Iterator[list[Exchange]]:
    """What a lively session with the healthy stub is made of."""
    clock = Clock()
    clock.freeze(datetime(2030, 1, 1, 8, tzinfo=UTC))
    target = Target(InProcess(create_app(Settings(), clock)), yardstick)
    actors = Actors(BUNDLED_ACTORS, yardstick.schemes)
    yield live(session_on(Bench(target, yardstick, actors, bindings=dict(BUNDLED_BINDINGS))))
    target.close()


@pytest.fixture
def find(healthy_exchanges: list[Exchange]) -> Find:
    """The first healthy exchange of a label and a status, its response changed as told."""

    def found(label: str, status: int, /, **changes: Any) -> Exchange:
        for one in healthy_exchanges:
            is_rich = one.response.json != {"status": "success", "data": []}
            if (one.label, one.response.status) == (label, status) and is_rich:
                return replace(one, response=replace(one.response, **changes))
        raise LookupError(f"no {label} with {status}")

    return found


@pytest.fixture(scope="session")
def shop() -> Yardstick:
    return Yardstick("effective", SHOP, SHOP)


@pytest.fixture
def answered(shop: Yardstick) -> Callable[..., Exchange]:
    """An exchange with the small shop: what was sent, and what came."""

    def made(sent: Request, came: Response) -> Exchange:
        match = shop.match(sent.method, sent.path)
        return Exchange(
            number=1,
            request=sent,
            response=came,
            operation=match.operation if match else None,
            path_values=match.path_values if match else {},
            sent_at=datetime(2030, 1, 1, tzinfo=UTC),
            duration_s=0.01,
        )

    return made
