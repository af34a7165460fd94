"""A small document served by the pipeline, for tests that speak HTTP."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mockserver.behaviours.generic import generic_domain
from mockserver.behaviours.registry import Behaviour, Call, Domain, Guard
from mockserver.chance import Ids
from mockserver.clock import Clock
from mockserver.errors import ApiError
from mockserver.model import Document, Json, Reply
from mockserver.openapi import Quirks, SchemaCompiler, operations_of
from mockserver.store.memory import MemoryStore
from mockserver.store.protocol import Store
from mockserver.web.asgi import App, Message, Scope
from mockserver.web.journal import Journal
from mockserver.web.journal_entry import Entry
from mockserver.web.server import Server
from mockserver.web.stack import build_serving
from mockserver.web.world import World
from mockserver.web.writer import RequestIds, Writer

NOW = datetime(2030, 1, 1, 8, tzinfo=UTC)
MAX_BODY_BYTES = 1000

_TITLED: Document = {
    "type": "object",
    "properties": {"title": {"type": "string"}},
    "required": ["title"],
}
_THING: Document = {"description": "a thing", "content": {"application/json": {"schema": _TITLED}}}
_ID: Document = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
DOCUMENT: Document = {
    "openapi": "3.0.3",
    "info": {"title": "Things", "version": "1"},
    "paths": {
        "/things": {
            "post": {
                "operationId": "createThing",
                "parameters": [{"name": "count", "in": "query", "schema": {"type": "integer"}}],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": _TITLED}},
                },
                "responses": {"201": _THING},
            }
        },
        "/things/{id}": {
            "get": {"operationId": "getThing", "parameters": [_ID], "responses": {"200": _THING}},
        },
    },
}


def create_thing(call: Call) -> Reply:
    call.store.insert("things", str(call.store.next_id("things")), call.body)
    return Reply(201, call.body)


def get_thing(call: Call) -> Reply:
    thing = call.store.get("things", str(call.path["id"]))
    if thing is None:
        raise ApiError(404, "no such thing")
    return Reply(200, thing)


def require_key(call: Call) -> None:
    if call.headers.get("x-key") != "good":
        raise ApiError(401, "no key")


@dataclass(frozen=True, slots=True)
class Mock:
    """A served document seen from outside (*client*, *app*) and from inside."""

    app: Server
    client: TestClient
    store: Store
    journal: Journal

    @property
    def titles(self) -> list[str]:
        """What is stored, by the titles of things."""
        return [thing["title"] for thing in self.store.find("things")]

    @property
    def noted(self) -> list[Entry]:
        return self.journal.find()

    def create(self, title: Json = "Lamp", **sent: Any) -> Any:
        """Send a createThing that is right but for what is *sent* with it."""
        headers = {"x-key": "good", **sent.pop("headers", {})}
        if "content" not in sent:
            sent["json"] = {"title": title}
        return self.client.post("/things", headers=headers, **sent)


@pytest.fixture
def serve() -> Callable[..., Mock]:
    """Serves `DOCUMENT` with other behaviours, a changed domain or a changed writer."""

    def start(
        *,
        guards: Sequence[Guard] = (require_key,),
        standing: Iterable[tuple[bytes, bytes]] = (),
        cors: bool = True,
        admin: App | None = None,
        domain: Domain | None = None,
        document: Document = DOCUMENT,
        quirks: Quirks | None = None,
        **behaviours: Behaviour,
    ) -> Mock:
        chosen: dict[str, Behaviour] = {
            "createThing": create_thing,
            "getThing": get_thing,
            **behaviours,
        }
        operations = operations_of(document)
        clock = Clock()
        clock.freeze(NOW)
        store, journal = MemoryStore(), Journal()
        serving = build_serving(
            document,
            Path("things.yaml"),
            {(one.method, one.template): chosen[one.id] for one in operations},
            domain or replace(generic_domain(), guards=lambda operation: guards),
            World(store, clock, Ids(0), quirks or Quirks(), None, 0, MAX_BODY_BYTES),
            Writer(journal, RequestIds(0), tuple(standing)),
            SchemaCompiler(document),
        )
        app = Server(serving, admin or _no_admin, cors=cors)
        client = TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000))
        return Mock(app, client, store, journal)

    return start


async def _no_admin(scope: Scope, receive: object, send: object) -> None:
    raise AssertionError("nothing of this test is for the admin API")


@pytest.fixture
def exchange() -> Callable[..., list[Message]]:
    """Gives an application exactly these ASGI messages, and returns what it sends."""

    def run(app: App, received: Iterable[Message], **scope: Any) -> list[Message]:
        waiting = iter(received)
        sent: list[Message] = []

        async def receive() -> Message:
            return next(waiting)

        async def send(message: Message) -> None:
            sent.append(message)

        async def answer() -> None:
            await app(http_scope(**scope), receive, send)

        asyncio.run(answer())
        return sent

    return run


def http_scope(path: str = "/things", **more: Any) -> Scope:
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"x-key", b"good")],
        "client": ("127.0.0.1", 50000),
        **more,
    }


@pytest.fixture
def operation_of() -> Callable[..., Any]:
    """Makes one operation (`POST /things/{id}`) from its raw object."""

    def make(raw: dict[str, Json], path: str = "/things", method: str = "post") -> Any:
        raw = {"operationId": "do", "responses": {"200": {"description": ""}}, **raw}
        document = {
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {path: {method: raw}},
        }
        return operations_of(document)[0]

    return make
