"""What is asked of every server: one kind of request each, and a session that reads and writes.

`$full` and `$target` stand for event types that were made before the load: the first has ten
private links and is only read, the second takes what is created. `$n` is another number each time.
In a session, `$eventType` and `$link` are what the session itself has created.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from typing import Final

KEY: Final = "cal_test_demo"
EVENT_TYPES: Final = "2024-06-14"
LINKS: Final = "2024-09-04"

Places = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Step:
    """One request, and the status that says that its work was done."""

    method: str
    path: str
    version: str
    status: int
    body: str | None = None
    keeps: str | None = None
    """Which of `eventType` and `link` the answer tells."""

    def headers(self) -> dict[str, str]:
        told = {"authorization": f"Bearer {KEY}", "cal-api-version": self.version}
        return told if self.body is None else {**told, "content-type": "application/json"}

    def at(self, places: Places) -> dict[str, object]:
        """The request as the load generator reads it."""
        return {
            "method": self.method,
            "path": Template(self.path).safe_substitute(places),
            "headers": self.headers(),
            "body": self.body,
            "keeps": self.keeps,
        }


@dataclass(frozen=True, slots=True)
class Scenario:
    """Requests that are sent over and over, in this order."""

    name: str
    steps: tuple[Step, ...]

    @property
    def statuses(self) -> frozenset[int]:
        return frozenset(step.status for step in self.steps)

    @property
    def is_refused(self) -> bool:
        """Whether a server has to look into the body to answer as it should."""
        return 400 in self.statuses


NEW_EVENT_TYPE: Final = '{"title": "Bench", "slug": "bench-$n", "lengthInMinutes": 30}'
NEW_LINK: Final = '{"maxUsageCount": 5}'
CHANGE: Final = '{"title": "Changed", "lengthInMinutes": 45}'
INVALID: Final = '{"title": 1, "slug": "x", "lengthInMinutes": "long"}'

GET_ONE: Final = Scenario("GET one", (Step("GET", "/v2/event-types/$full", EVENT_TYPES, 200),))
GET_LIST: Final = Scenario(
    "GET list", (Step("GET", "/v2/event-types/$full/private-links", LINKS, 200),)
)
POST: Final = Scenario(
    "POST", (Step("POST", "/v2/event-types/$target/private-links", LINKS, 201, NEW_LINK),)
)
PATCH: Final = Scenario(
    "PATCH", (Step("PATCH", "/v2/event-types/$target", EVENT_TYPES, 200, CHANGE),)
)
REFUSED: Final = Scenario(
    "POST invalid", (Step("POST", "/v2/event-types", EVENT_TYPES, 400, INVALID),)
)
SESSION: Final = Scenario(
    "session",
    (
        Step("POST", "/v2/event-types", EVENT_TYPES, 201, NEW_EVENT_TYPE, "eventType"),
        Step("GET", "/v2/event-types/$eventType", EVENT_TYPES, 200),
        Step("POST", "/v2/event-types/$eventType/private-links", LINKS, 201, NEW_LINK, "link"),
        Step("GET", "/v2/event-types/$eventType/private-links", LINKS, 200),
        Step("PATCH", "/v2/event-types/$eventType", EVENT_TYPES, 200, CHANGE),
        Step("DELETE", "/v2/event-types/$eventType/private-links/$link", LINKS, 200),
        Step("DELETE", "/v2/event-types/$eventType", EVENT_TYPES, 200),
    ),
)
"""Leaves the state as it found it."""

SCENARIOS: Final = (GET_ONE, GET_LIST, POST, PATCH, REFUSED, SESSION)
