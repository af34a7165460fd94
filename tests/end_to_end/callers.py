"""Who speaks in a story: a user with a key, over a client in the test's own process."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from starlette.testclient import TestClient

from mockserver.app import App
from mockserver.clock import Clock, iso_text

Json = Any

EVENT_TYPES = "2024-06-14"
LINKS = "2024-09-04"


@dataclass(frozen=True)
class Answer:
    """What came back; nothing in a story may be the mock's own error."""

    status: int
    body: Json
    headers: dict[str, str]

    @property
    def data(self) -> Json:
        """What a success carries. Raises AssertionError on a refusal."""
        assert self.status in (200, 201), (self.status, self.body)
        assert self.body["status"] == "success"
        return self.body["data"]

    @property
    def refusal(self) -> tuple[int, str]:
        """Status and message of an error in the API's envelope."""
        assert self.body["status"] == "error", (self.status, self.body)
        return self.status, self.body["error"]["message"]

    @property
    def constraints(self) -> dict[str, dict[str, str]]:
        """The broken rules of a 400, by property."""
        assert self.status == 400, (self.status, self.body)
        entries = self.body["error"]["details"]["errors"]
        return {entry["property"]: entry.get("constraints", {}) for entry in entries}


@dataclass(frozen=True)
class Caller:
    """Sends requests below *base* with *headers*."""

    client: TestClient
    base: str
    headers: dict[str, str]

    def at_version(self, version: str | None) -> "Caller":
        """The same caller with another `cal-api-version`, or without one."""
        others = {name: text for name, text in self.headers.items() if name != "cal-api-version"}
        mine = {} if version is None else {"cal-api-version": version}
        return replace(self, headers=others | mine)

    def get(self, path: str, **query: str | int) -> Answer:
        return self.send("GET", path, params=query)

    def post(self, path: str, body: Json) -> Answer:
        return self.send("POST", path, json=body)

    def put(self, path: str, body: Json) -> Answer:
        return self.send("PUT", path, json=body)

    def patch(self, path: str, body: Json) -> Answer:
        return self.send("PATCH", path, json=body)

    def delete(self, path: str) -> Answer:
        return self.send("DELETE", path)

    def send(self, method: str, path: str, **more: Json) -> Answer:
        answer = self.client.request(method, self.base + path, headers=self.headers, **more)
        assert "x-understudy-error" not in answer.headers, (method, path, answer.text)
        body = answer.json() if answer.content else None
        return Answer(answer.status_code, body, dict(answer.headers))


@dataclass(frozen=True)
class Api:
    """A mock of its own for one story, with its time."""

    client: TestClient
    app: App
    clock: Clock

    def of(self, name: str, version: str = EVENT_TYPES) -> Caller:
        """The user of the key `cal_test_<name>`."""
        headers = {"Authorization": f"Bearer cal_test_{name}", "cal-api-version": version}
        return Caller(self.client, "/v2", headers)

    def anybody(self, version: str = EVENT_TYPES) -> Caller:
        return Caller(self.client, "/v2", {"cal-api-version": version})

    @property
    def admin(self) -> Caller:
        return Caller(self.client, "/__admin", {})

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def now_text(self) -> str:
        return iso_text(self.now)


def slugs(event_types: Iterable[Json]) -> list[str]:
    return [event_type["slug"] for event_type in event_types]
