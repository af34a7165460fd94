"""A small desk at which one request after another is answered, without HTTP."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from mockserver.behaviours.registry import Call, Limits
from mockserver.chance import Ids
from mockserver.domains.calcom import CALCOM
from mockserver.errors import ApiError
from mockserver.fixtures import collections_of, load_fixtures
from mockserver.model import MISSING, Document, Json, Reply, Violation
from mockserver.openapi import (
    Operation,
    Quirks,
    SchemaCompiler,
    effective_document,
    load_quirks,
    operations_of,
)
from mockserver.openapi.resources import infer_resources
from mockserver.store.memory import MemoryStore
from mockserver.web.compiled import CompiledOperation, compile_operation
from mockserver.web.router import Router

SPEC = Path(__file__).parents[4] / "spec"
NOW = datetime(2026, 11, 21, 1, 38, 30, tzinfo=UTC)
TABLE = load_quirks(SPEC / "quirks.yaml")


@cache
def document_with(quirks: frozenset[str]) -> Document:
    overlays = sorted((SPEC / "overlays").glob("*.yaml"))
    actions = TABLE.actions(Quirks(quirks))
    return effective_document(SPEC / "openapi.yaml", overlays, actions, source="quirks.yaml")


@cache
def router_with(quirks: frozenset[str]) -> Router[CompiledOperation]:
    document = document_with(quirks)
    schemas = SchemaCompiler(document)
    router: Router[CompiledOperation] = Router()
    for operation in operations_of(document):
        behaviour = CALCOM.behaviours.get(operation.id)
        assert behaviour is not None, operation.id
        compiled = compile_operation(operation, behaviour, CALCOM, schemas)
        router.add(operation.method, operation.path, compiled)
    return router


@cache
def fixtures_at(now: datetime, *names: str) -> Document:
    document = document_with(frozenset())
    resources = infer_resources(document, operations_of(document))
    return load_fixtures(
        [SPEC / "fixtures" / f"{name}.yaml" for name in names],
        collections=collections_of(document, resources),
        complete=CALCOM.complete,
        now=now,
    )


@dataclass
class Desk:
    """Answers requests to a world in memory, as the pipeline does; time stands still at *now*."""

    quirks: Quirks
    store: MemoryStore
    now: datetime = NOW
    ids: Ids = field(default_factory=lambda: Ids(0))
    limits: Limits | None = None
    answer_headers: list[tuple[str, str]] = field(default_factory=list)

    def send(
        self,
        method: str,
        target: str,
        *,
        key: str = "",
        version: str | None = None,
        body: Json = MISSING,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """The reply to one request; *key* names an API key of the world: `alice`.

        The answer's body is checked against the document.
        """
        sent = dict(headers or {})
        if key:
            sent["authorization"] = f"Bearer cal_test_{key}"
        if version is not None:
            sent["cal-api-version"] = version
        found = router_with(self.quirks.active).find(method, target.partition("?")[0])
        assert found is not None, f"{method} {target} is no operation"
        compiled, path = found
        call = self._call(compiled.operation, method, target, sent, dict(path))
        reply = self._reply(compiled, call, body)
        self.answer_headers = call.answer_headers
        broken = [] if reply.is_own else compiled.answers.violations(reply)
        assert not broken, [(one.pointer, one.message) for one in broken]
        return reply

    def _call(
        self,
        operation: Operation,
        method: str,
        target: str,
        headers: Mapping[str, str],
        path: dict[str, Json],
    ) -> Call:
        return Call(
            operation=operation,
            store=self.store,
            now=self.now,
            ids=self.ids,
            quirks=self.quirks,
            method=method,
            target=target,
            headers=headers,
            path=path,
            client="192.0.2.1",
            limits=self.limits,
        )

    def _reply(self, compiled: CompiledOperation, call: Call, body: Json) -> Reply:
        try:
            with self.store.transaction():
                return self._work(compiled, call, body)
        except ApiError as error:
            return CALCOM.render(error, call)

    def _work(self, compiled: CompiledOperation, call: Call, body: Json) -> Reply:
        for guard in compiled.guards:
            guard(call)
        query = call.target.partition("?")[2].encode()
        call.path, call.query, broken = compiled.parameters.values(call.path, query, call.headers)
        kind = call.headers.get("content-type", "application/json")
        takes_any = "*/*" in compiled.operation.body_content
        if body is not MISSING and not takes_any and kind not in compiled.operation.body_content:
            broken.append(Violation("body", (), "media-type", "only JSON", kind))
        if broken:
            raise CALCOM.invalid(call, broken)
        call.body = body
        if compiled.reader is not None:
            call.body = compiled.reader(call)
        if compiled.operation.has_body and (broken := compiled.body_violations(call.body)):
            raise CALCOM.invalid(call, broken)
        return compiled.behaviour(call)


OpenDesk = Callable[..., Desk]


@pytest.fixture
def open_desk() -> OpenDesk:
    """Opens a desk: `open_desk(profile="documented", quirks=[...], fixtures=["world"])`."""

    def opened(
        profile: str = "documented",
        quirks: list[str] | None = None,
        fixtures: tuple[str, ...] = ("world",),
    ) -> Desk:
        store = MemoryStore()
        store.load(fixtures_at(NOW, *fixtures))
        return Desk(TABLE.choose(profile, quirks or ()), store)

    return opened


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    """The documented profile in the world of the recordings."""
    return open_desk()


@pytest.fixture
def observed(open_desk: OpenDesk) -> Desk:
    """The observed profile in the world of the recordings."""
    return open_desk("observed")
