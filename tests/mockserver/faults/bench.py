"""A whole mock whose faults are tried one by one: the same story with and without each."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from mockserver.app import App, create_app
from mockserver.clock import Clock
from mockserver.settings import Settings

NOW = datetime(2030, 1, 1, 8, tzinfo=UTC)
EVENT_TYPES = "/v2/event-types"
LINKS = "/v2/event-types/101/private-links"
TEAM = "/v2/organizations/101/teams/102/event-types"


@dataclass(frozen=True)
class Answer:
    """What came; *status* 0: nothing did. *is_complete* tells whether the end came."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_complete: bool

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def data(self) -> Any:
        return self.json["data"]

    @property
    def message(self) -> str:
        return str(self.json["error"]["message"])


class Bench:
    """Sends requests to a mock with a clock that stands still; its sleeps are noted in *slept_s*
    and not slept."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.app: App = create_app(settings or Settings(), Clock(lambda: NOW))
        self.slept_s: list[float] = []

    def start(self, *faults: str) -> None:
        """A fresh world with just these faults."""
        self.app.set_deviations(faults=faults)
        self.app.reset()
        self.app.clock.freeze(NOW)
        self.slept_s.clear()

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        who: str | None = "cal_test_demo",
        version: str | None = "",
        **headers: str,
    ) -> Answer:
        """*version* is the documented one unless given; None sends none. `_` in the names of
        *headers* are hyphens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        documented = "2024-09-04" if "private-links" in path else "2024-06-14"
        if version is not None:
            sent["cal-api-version"] = version or documented
        if who is not None:
            sent["authorization"] = f"Bearer {who}"
        content = b"" if body is None else json.dumps(body).encode()
        if body is not None:
            sent |= {"content-type": "application/json", "content-length": str(len(content))}
        return asyncio.run(self._exchange(method, path, sent, content))

    async def _exchange(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes
    ) -> Answer:
        path, _, query = target.partition("?")
        given = [{"type": "http.request", "body": content, "more_body": False}]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(b"host", b"127.0.0.1")]
            + [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 50000),
        }
        caught = Caught()

        async def receive() -> Any:
            return given.pop() if given else {"type": "http.disconnect"}

        await self.app(scope, receive, caught.send)
        return caught.answer()

    # ------------------------------------------------------------ what stories are made of

    def get(self, path: str, **more: Any) -> Answer:
        return self.send("GET", path, **more)

    def status(self, method: str, path: str, body: Any = None, **more: Any) -> int:
        return self.send(method, path, body, **more).status

    def make(self, body: Any, path: str = LINKS, **more: Any) -> Any:
        """What is shown of a new item."""
        return self.send("POST", path, body, **more).data

    def links(self, **more: Any) -> dict[str, Any]:
        """The links of the event type 101, by id."""
        return {link["linkId"]: link for link in self.get(LINKS, **more).data}

    def change(self, link_id: str, body: Any) -> Answer:
        return self.send("PATCH", f"{LINKS}/{link_id}", body)

    def use(self, link_id: str, times: int = 1) -> int:
        """Use a link so often; the status of the last use."""
        path, body = "/__admin/actions/use-private-link", {"linkId": link_id}
        return [self.send("POST", path, body).status for _ in range(times)][-1]

    def is_expired(self, link_id: str) -> bool:
        return bool(self.links()[link_id]["isExpired"])


@dataclass
class Caught:
    """Collects what an application sends."""

    messages: list[Any] = field(default_factory=list)

    async def send(self, message: Any) -> None:
        self.messages.append(message)

    def answer(self) -> Answer:
        if not self.messages:
            return Answer(0, {}, b"", False)
        start, *rest = self.messages
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        body = b"".join(one["body"] for one in rest)
        is_complete = bool(rest) and not rest[-1].get("more_body", False)
        return Answer(start["status"], headers, body, is_complete)


Story = Callable[[Bench], Any]


@dataclass(frozen=True)
class Case:
    """A fault (as asked for), what is done, and what is seen without it and with it."""

    fault: str
    story: Story
    healthy: Any
    faulty: Any

    @property
    def name(self) -> str:
        return self.fault.partition(":")[0]


def seen(bench: Bench, case: Case) -> tuple[Any, Any]:
    """What the story shows without the fault and with it."""
    bench.start()
    healthy = case.story(bench)
    bench.start(case.fault)
    return healthy, case.story(bench)
