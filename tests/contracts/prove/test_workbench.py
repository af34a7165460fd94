"""What is planted in a stub that was made before is what a fresh stub would have."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from contracts.door.stub import open_stub, stub_app
from contracts.door.targets import Transport
from contracts.exchange import Request, Response
from contracts.prove.deviations import chosen_deviations
from contracts.prove.settings import ProveSettings
from contracts.prove.workbench import Workbench
from contracts.settings import Settings
from contracts.yardstick import read_yardstick
from tests.contracts.prove.planted import LIBRARY

JSON = ("Content-Type", "application/json")
KEY = (("Authorization", "Bearer cal_test_demo"), ("cal-api-version", "2024-06-14"), JSON)
EVENT_TYPE = b'{"lengthInMinutes": 30, "title": "A", "slug": "a"}'
EVENT_TYPES = [
    Request("GET", "/v2/me", KEY),
    Request("POST", "/v2/event-types", KEY, EVENT_TYPE),
    Request("GET", "/v2/event-types", KEY),
]
GUEST = (("Authorization", "Bearer understudy-owner-key"), JSON)
AUTHORS = [
    Request("POST", "/v1/authors", GUEST, b'{"name": "A"}'),
    Request("GET", "/v1/authors", GUEST),
]


def told(transport: Transport, requests: Sequence[Request]) -> list[Response]:
    return [transport.send(request) for request in requests]


@pytest.mark.parametrize(
    ("spec", "kind", "name", "requests"),
    [
        (LIBRARY, "faults", "wrong-type", AUTHORS),
        (None, "quirks", "me-without-locale", EVENT_TYPES),
    ],
)
def test_it_answers_as_a_fresh_stub_does(
    spec: Path | None, kind: str, name: str, requests: Sequence[Request]
) -> None:
    app = stub_app(spec)
    (deviation,) = chosen_deviations(app, ProveSettings(names=(name,)))
    yardstick = read_yardstick(LIBRARY, (), "effective")
    opened = Workbench(Settings(spec=spec), yardstick, app, [], [deviation]).opened(deviation)
    fresh = open_stub(spec, **{kind: [name]})  # type: ignore[arg-type]
    try:
        expected = told(fresh.transport, requests)
        assert {response.status for response in expected} <= {200, 201}
        exchanges = [opened.bench.target.send(request) for request in requests]
        assert [exchange.response for exchange in exchanges] == expected
    finally:
        opened.close()
        fresh.transport.close()
