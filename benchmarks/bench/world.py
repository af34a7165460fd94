"""The state that is asked for, and what the stub answers: every other server answers the same."""

import http.client
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Template
from typing import Any, Final
from urllib.parse import urlsplit

from benchmarks.bench.scenarios import (
    EVENT_TYPES,
    GET_LIST,
    GET_ONE,
    LINKS,
    PATCH,
    POST,
    REFUSED,
    SESSION,
    Places,
    Scenario,
    Step,
)

LIST_LENGTH: Final = 10
OF_EACH_CONNECTION: Final = frozenset({"date", "content-length", "connection"})
TEMPLATES: Final = (
    "/v2/event-types",
    "/v2/event-types/{eventTypeId}",
    "/v2/event-types/{eventTypeId}/private-links",
    "/v2/event-types/{eventTypeId}/private-links/{linkId}",
)
"""By the number of segments after the first two."""


class Unexpected(Exception):
    """The stub did not answer as the scenarios need it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the stub said to one step."""

    step: Step
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def template(self) -> str:
        return TEMPLATES[self.step.path.count("/") - 2]


def made(base: str) -> Places:
    """Create what the scenarios ask for: an event type with ten links, and one without."""
    full, target = (_new_event_type(base, number) for number in (1, 2))
    for number in range(LIST_LENGTH):
        body = '{"maxUsageCount": 5}' if number % 2 else '{"expiresAt": "2040-01-01T00:00:00Z"}'
        step = Step("POST", "/v2/event-types/$eventType/private-links", LINKS, 201, body)
        answered(base, step, {"eventType": full})
    return {"full": full, "target": target}


def _new_event_type(base: str, number: int) -> int:
    body = f'{{"title": "World {number}", "slug": "world-{number}", "lengthInMinutes": 30}}'
    answer = answered(base, Step("POST", "/v2/event-types", EVENT_TYPES, 201, body), {})
    created: int = answer.body["data"]["id"]
    return created


def answers(base: str, places: Places) -> list[Answer]:
    """What the stub says to every request of the benchmark, each kind once."""
    single = [_played(base, one, places) for one in (GET_ONE, GET_LIST, POST, PATCH, REFUSED)]
    new, _, _, _, _, no_link, no_event_type = _played(base, SESSION, places)
    return [*(one for (one,) in single), new, no_link, no_event_type]


def _played(base: str, scenario: Scenario, places: Places) -> list[Answer]:
    return list(_play(base, scenario, dict(places)))


def _play(base: str, scenario: Scenario, values: dict[str, Any]) -> Iterator[Answer]:
    for step in scenario.steps:
        answer = answered(base, step, values)
        if step.keeps:
            data = answer.body["data"]
            values[step.keeps] = data.get("linkId") or data["id"]
        yield answer


def answered(base: str, step: Step, values: Mapping[str, Any]) -> Answer:
    """Send *step* once. Raises Unexpected where it is not done."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
    try:
        path = Template(step.path).substitute(values)
        body = step.body and Template(step.body).safe_substitute({"n": 0, **values})
        connection.request(step.method, path, body, step.headers())
        reply = connection.getresponse()
        text = reply.read()
    finally:
        connection.close()
    if reply.status != step.status:
        raise Unexpected(f"{step.method} {path} answered {reply.status}: {text.decode()[:300]}")
    headers = {name.lower(): value for name, value in reply.getheaders()}
    kept = {name: headers[name] for name in headers if name not in OF_EACH_CONNECTION}
    return Answer(step, reply.status, kept, json.loads(text))
