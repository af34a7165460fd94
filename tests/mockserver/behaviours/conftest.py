"""A small library whose operations are called as functions, without HTTP."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mockserver.behaviours import Call, Choice, choices_of, generic_domain
from mockserver.chance import Ids
from mockserver.model import MISSING, Document, Json, Reply
from mockserver.openapi import Operation, Quirks, SchemaCompiler, load_document, operations_of
from mockserver.openapi.resources import ResourceAction, infer_resources
from mockserver.store import MemoryStore

START = datetime(2030, 1, 1, 8, 0, tzinfo=UTC)


@dataclass
class Library:
    """The operations of one document on one store; every answer is held against the document."""

    document: Document
    operations: dict[str, Operation]
    resources: dict[str, ResourceAction]
    choices: dict[str, Choice]
    schemas: SchemaCompiler
    store: MemoryStore = field(default_factory=MemoryStore)
    now: datetime = START

    def call(
        self,
        operation_id: str,
        path: Document | None = None,
        body: Json = MISSING,
        query: Document | None = None,
        headers: dict[str, str] | None = None,
        target: str = "",
    ) -> Call:
        """A call whose parameters are cast already."""
        operation = self.operations[operation_id]
        return Call(
            operation=operation,
            store=self.store,
            now=self.now,
            ids=Ids(1),
            quirks=Quirks(),
            method=operation.method,
            target=target or operation.path,
            headers=headers or {},
            path=path or {},
            query=query or {},
            body=body,
        )

    def ask(
        self,
        operation_id: str,
        path: Document | None = None,
        body: Json = MISSING,
        query: Document | None = None,
    ) -> Reply:
        """The answer to a call, in a transaction of its own; it must be a documented one."""
        with self.store.transaction():
            reply = self.choices[operation_id].behaviour(self.call(operation_id, path, body, query))
        self.check(operation_id, reply)
        return reply

    def check(self, operation_id: str, reply: Reply) -> None:
        """Fail unless the document has this answer."""
        responses = self.operations[operation_id].responses
        found = next(
            content
            for key, content in responses.items()
            if key in (str(reply.status), f"{reply.status // 100}XX", "default")
        )
        if reply.body is MISSING:
            assert not found, "a body is documented"
            return
        schema = found[reply.content_type]
        if schema is not None:
            assert self.schemas.compile(schema, "response").violations(reply.body, "response") == []


@pytest.fixture(scope="session")
def library_document() -> Document:
    return load_document(Path(__file__).parent / "library.yaml")


@pytest.fixture
def new_library() -> Callable[[Document], Library]:
    """Makes a library of any document."""

    def make(document: Document) -> Library:
        operations = operations_of(document)
        resources = infer_resources(document, operations)
        return Library(
            document=document,
            operations={operation.id: operation for operation in operations},
            resources=resources,
            choices=choices_of(operations, generic_domain(), resources, document),
            schemas=SchemaCompiler(document),
        )

    return make


@pytest.fixture
def library(library_document: Document, new_library: Callable[[Document], Library]) -> Library:
    return new_library(library_document)
