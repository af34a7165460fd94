"""A mock seen from inside, and a client of its admin API that checks every answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator
from starlette.testclient import TestClient

from mockserver.behaviours.faults import FaultRow, PlantRow
from mockserver.behaviours.registry import Account, Action
from mockserver.clock import Clock
from mockserver.errors import ApiError, SetupError
from mockserver.model import Document, Json
from mockserver.openapi.quirks import Quirk, Quirks, QuirkTable
from mockserver.store.memory import MemoryStore
from mockserver.store.protocol import Store
from mockserver.web.admin import admin_app, admin_document
from mockserver.web.control import Route
from mockserver.web.journal import Journal
from mockserver.web.metrics import Metrics
from mockserver.web.router import Router

NOW = datetime(2030, 1, 1, 8, tzinfo=UTC)
WORLD: Document = {"collections": {"books": {"1": {"id": 1, "title": "Emma", "shelf": "a"}}}}


def quirk(name: str, *, in_observed: bool = True) -> Quirk:
    return Quirk(name, ("listBooks",), "says this", "does that", "seen", in_observed, ())


def lend(store: Store, now: datetime, arguments: Document) -> Json:
    """Lends a book; what it wrote before it refuses must not stay."""
    book = store.get("books", "1")
    assert book is not None
    store.replace("books", "1", {**book, "isLent": True})
    if arguments["to"] == "nobody":
        raise ApiError(409, "nobody cannot borrow a book")
    return {"lentTo": arguments["to"]}


LEND = Action(
    about="Lends the book",
    arguments={
        "type": "object",
        "properties": {"to": {"type": "string", "minLength": 1}},
        "required": ["to"],
        "additionalProperties": False,
    },
    run=lend,
)


@dataclass
class LibraryMock:
    """Implements `Control` for a library with one book."""

    version: str = "0.1.0"
    profile: str = "documented"
    title: str = "Library"
    seed: int = 1
    process_count: int = 1
    store: MemoryStore = field(default_factory=MemoryStore)
    clock: Clock = field(default_factory=lambda: Clock(lambda: NOW))
    journal: Journal = field(default_factory=Journal)
    metrics: Metrics | None = field(default_factory=lambda: Metrics([("listBooks", "GET")]))
    quirks: Quirks = field(default_factory=lambda: Quirks(["shy-books"]))
    quirk_table: QuirkTable = field(
        default_factory=lambda: QuirkTable([quirk("shy-books"), quirk("lost-pages")])
    )
    planted: tuple[str, ...] = ("torn-pages:p=0.5",)
    refused: set[str] = field(default_factory=lambda: {"authors"})
    actions: Mapping[str, Action] = field(default_factory=lambda: {"lend-book": LEND})

    def __post_init__(self) -> None:
        self.reset()

    def faults(self) -> Sequence[FaultRow]:
        return [
            FaultRow(
                name="torn-pages",
                category="Books",
                about="pages are torn",
                exposed_by="a page is missing",
                operations=("listBooks",),
                parameters={"pages": 2.0},
                plants=tuple(
                    PlantRow(text, ("listBooks",), 1.0, None, {"pages": 2.0})
                    for text in self.planted
                ),
            )
        ]

    def set_deviations(
        self, *, quirks: Iterable[str] | None = None, faults: Iterable[str] | None = None
    ) -> None:
        if quirks is not None:
            self.quirks = self.quirk_table.choose("documented", quirks)
        self.planted = self.planted if faults is None else tuple(faults)

    def routes(self) -> list[Route]:
        return [Route("GET", "/books", "listBooks", "crud")]

    def document(self, kind: str) -> Document:
        return {
            "openapi": "3.0.3",
            "info": {"title": f"Library, {kind}", "version": "2024-09-04"},
            "paths": {},
        }

    def accounts(self) -> Sequence[Account]:
        return [Account("ann", "key-ann", "reads books")]

    def reset(self) -> None:
        self.store.load(WORLD)

    def accepted_state(self, state: Document) -> Document:
        """Every book gets a shelf; what other collections hold is kept as it is."""
        collections = state["collections"]
        for name in self.refused & collections.keys():
            raise SetupError(f"a library has no {name}", place=f"/collections/{name}")
        books = {
            key: {"shelf": "new", **book} if "id" in book else book
            for key, book in collections.get("books", {}).items()
        }
        shelved = {**collections, "books": books} if "books" in collections else collections
        return {**state, "collections": shelved}


class CheckedClient:
    """Calls the admin API; every answer must be one that its document describes."""

    def __init__(self, client: TestClient, document: Document) -> None:
        self._client = client
        self._document = document
        self._router: Router[Document] = Router()
        for path, item in self._document["paths"].items():
            for method, operation in item.items():
                if method != "parameters":
                    self._router.add(method.upper(), path, operation)
        self.seen: set[str] = set()

    def __call__(self, method: str, path: str, **options: Any) -> Any:
        response = self._client.request(method, f"/__admin{path}", **options)
        found = self._router.find(method, path.partition("?")[0] or "/")
        if found is not None:
            operation = found[0]
            self.seen.add(operation["operationId"])
            documented = operation["responses"].get(str(response.status_code))
            self._check(documented or operation["responses"]["default"], response)
            assert documented is not None or response.status_code >= 400
        else:
            self._check({"$ref": "#/components/responses/Problem"}, response)
        return response

    def _check(self, documented: Document, response: Any) -> None:
        if "$ref" in documented:
            name = documented["$ref"].rpartition("/")[2]
            documented = self._document["components"]["responses"][name]
        kind = response.headers["content-type"]
        schema = documented["content"][kind]["schema"]
        value = response.json() if "json" in kind else response.text
        OAS30Validator({**schema, "components": self._document["components"]}).validate(value)


@pytest.fixture
def control() -> LibraryMock:
    return LibraryMock()


@pytest.fixture
def connect(control: LibraryMock) -> Callable[..., TestClient]:
    """Makes clients of the admin API: `connect(token=..., address=..., host=...)`."""

    def connected(
        token: str | None = None, address: str = "127.0.0.1", host: str = "127.0.0.1:4010"
    ) -> TestClient:
        return TestClient(
            admin_app(control, token), base_url=f"http://{host}", client=(address, 50000)
        )

    return connected


@pytest.fixture(scope="session")
def documented() -> Document:
    return admin_document()


@pytest.fixture
def admin(connect: Callable[..., TestClient], documented: Document) -> CheckedClient:
    return CheckedClient(connect(), documented)
