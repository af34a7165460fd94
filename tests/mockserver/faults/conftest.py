"""One mock of each API for all tests of a module, and a caller who looks at its answers."""

import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mockserver.app import App
from mockserver.clock import Clock
from mockserver.settings import Settings

NOW = datetime(2030, 1, 1, 8, tzinfo=UTC)
DATA = Path(__file__).parents[2] / "data"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; *raw* is the body as bytes."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def data(self) -> Any:
        """The body without the envelope that the bundled API has."""
        return self.body["data"]

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


@dataclass(slots=True)
class Caller:
    """Speaks ASGI with a mock, without a server or a client in between."""

    app: App
    headers: Mapping[str, str] = field(default_factory=dict)
    base: str = ""

    def __call__(
        self,
        method: str,
        target: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request; *headers* come on top of the caller's own, `` leaves one out."""
        path, _, query = (self.base + target).partition("?")
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        sent = {"content-type": "application/json"} if content else {}
        sent |= {"cal-api-version": _version_of(path), **self.headers, **(headers or {})}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(k.lower().encode(), v.encode()) for k, v in sent.items() if v],
            "client": ("127.0.0.1", 50000),
            "http_version": "1.1",
            "scheme": "http",
            "server": ("mock", 80),
        }
        return _at_once(_answered(self.app, scope, content))


def _version_of(path: str) -> str:
    """What the bundled API wants to be told; nothing to any other."""
    return "2024-09-04" if "private-links" in path else "2024-06-14"


def _at_once(work: Coroutine[Any, Any, Answer]) -> Answer:
    """What *work* gives; it may not wait for anything."""
    try:
        work.send(None)
    except StopIteration as done:
        answer: Answer = done.value
        return answer
    raise RuntimeError("the mock waited for something")


async def _answered(app: App, scope: dict[str, Any], content: bytes) -> Answer:
    messages: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, send)
    if not messages:
        return Answer(0, {}, b"")
    headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    return Answer(messages[0]["status"], headers, b"".join(m["body"] for m in messages[1:]))


class Mock(App):
    """A mock that can be started anew in no time."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, Clock(lambda: NOW))
        self._start = self.store.dump()

    def start(self, *faults: str) -> None:
        """The world as it was at first, with just these faults."""
        self.set_deviations(faults=faults)
        self.store.load(self._start)


@pytest.fixture(scope="session")
def calcom_mock() -> Mock:
    return Mock(Settings(rate_limit=False))


@pytest.fixture(scope="session")
def library_mock() -> Mock:
    fixtures = (DATA / "library-fixtures.yaml",)
    return Mock(Settings(spec=DATA / "library.yaml", fixtures=fixtures, rate_limit=False))


@pytest.fixture
def calcom(calcom_mock: Mock) -> Mock:
    """The bundled API with its fixtures, and no fault."""
    calcom_mock.start()
    return calcom_mock


@pytest.fixture
def library(library_mock: Mock) -> Mock:
    """The invented library with its fixtures, and no fault."""
    library_mock.start()
    return library_mock


Story = Callable[[Caller], object]
"""A conversation that gives something true where an observer would notice a fault in it."""

DEMO: Mapping[str, str] = {"authorization": "Bearer cal_test_demo"}


def check_story(mock: Mock, name: str, story: Story) -> None:
    """The story shows nothing on the healthy mock, and the fault on the faulty one."""
    caller = Caller(mock, DEMO)
    assert not story(caller), f"the healthy mock looks as if it had {name}"
    mock.start(name)
    assert story(caller), f"{name} cannot be seen"
