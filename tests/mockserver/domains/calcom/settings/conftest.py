"""Bodies, quirks and calls for the tests of settings."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mockserver.behaviours.registry import Call
from mockserver.chance import Ids
from mockserver.errors import ApiError
from mockserver.model import MISSING, Actor, Document, Json
from mockserver.openapi.operations import NO_OPERATION, Operation
from mockserver.openapi.quirks import Quirks
from mockserver.store.memory import MemoryStore

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

MakeCall = Callable[..., Call]
"""(body=, quirks=(), method="POST", path={}, declared=()): one request of the user 1."""

MessageOf = Callable[..., str]
"""(function, arguments): the message of the ApiError 400 that the function must raise."""


@pytest.fixture
def no_quirks() -> Quirks:
    return Quirks()


@pytest.fixture
def minimal() -> Document:
    """The smallest body of a create."""
    return {"title": "Coffee", "slug": "coffee", "lengthInMinutes": 30}


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    calendars = [
        {"integration": "google_calendar", "externalId": "a@x.example", "isPrimary": True},
        {"integration": "google_calendar", "externalId": "holidays", "readOnly": True},
    ]
    store.insert("users", "1", {"id": 1, "connectedApps": ["zoom"], "calendars": calendars})
    store.insert("users", "2", {"id": 2, "connectedApps": [], "calendars": []})
    return store


@pytest.fixture
def make_call(store: MemoryStore) -> MakeCall:
    def make_call(
        body: Json = MISSING,
        quirks: tuple[str, ...] = (),
        method: str = "POST",
        path: Document | None = None,
        declared: tuple[str, ...] = (),
        user_id: int = 1,
    ) -> Call:
        return Call(
            operation=_operation(method, declared),
            store=store,
            now=NOW,
            ids=Ids(1),
            quirks=Quirks(quirks),
            method=method,
            target="/v2/event-types",
            headers={},
            path=path or {},
            body=body,
            actor=Actor("api-key", user_id),
        )

    return make_call


def _operation(method: str, declared: tuple[str, ...]) -> Operation:
    """An operation whose body has the properties *declared*."""
    return replace(
        NO_OPERATION,
        id="any",
        method=method,
        path="/v2/event-types",
        has_body=True,
        body_properties=frozenset(declared),
    )


@pytest.fixture
def message_of() -> MessageOf:
    def message_of(function: Callable[..., object], *arguments: object, **named: object) -> str:
        with pytest.raises(ApiError) as refused:
            function(*arguments, **named)
        assert refused.value.status == 400
        assert refused.value.code == ""
        return refused.value.message

    return message_of


@pytest.fixture
def trpc_message_of() -> MessageOf:
    """The same for refusals of the second write (shape 3)."""

    def trpc_message_of(function: Callable[..., object], *arguments: object) -> str:
        with pytest.raises(ApiError) as refused:
            function(*arguments)
        assert (refused.value.status, refused.value.code) == (400, "TRPCError")
        return refused.value.message

    return trpc_message_of


@pytest.fixture
def entries_of() -> Callable[..., list[Document]]:
    """(function, arguments): the entries of the refusal (shape 1v) that it must raise."""

    def entries_of(function: Callable[..., object], *arguments: object) -> list[Document]:
        with pytest.raises(ApiError) as refused:
            function(*arguments)
        assert refused.value.message == "Bad Request Exception"
        details = refused.value.details
        assert isinstance(details, dict)
        entries: list[Document] = details["errors"]
        return entries

    return entries_of
