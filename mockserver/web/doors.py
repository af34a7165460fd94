"""The two doors to the pipeline: for messages of ASGI, and for requests that have come whole.

Of Connexion's middleware it is the last: it loads the document, makes its operation objects and
asks the resolver; all else that Connexion would do on a request's way is the pipeline's.
"""

from time import perf_counter
from typing import Any

from connexion.middleware.abstract import SpecMiddleware
from connexion.resolver import Resolver
from connexion.spec import Specification

from mockserver.behaviours.registry import Domain
from mockserver.model import Document
from mockserver.openapi import Sampler, SchemaCompiler, operations_of
from mockserver.web.asgi import App, Receive, Scope, Send
from mockserver.web.body import ClientGone, read_body
from mockserver.web.compiled import CompiledOperation, compile_operation
from mockserver.web.pipeline import Pipeline
from mockserver.web.router import Router
from mockserver.web.whole import Head, Written, head_of
from mockserver.web.world import World
from mockserver.web.writer import Writer


class Doors(SpecMiddleware):  # type: ignore[misc]  # Connexion ships no types
    """Answers every request of one document."""

    def __init__(
        self,
        app: App,
        *,
        document: Document,
        domain: Domain,
        world: World,
        writer: Writer,
        schemas: SchemaCompiler,
    ) -> None:
        self._document = document
        self._domain = domain
        self._world = world
        self._writer = writer
        self._schemas = schemas
        self._pipeline: Pipeline

    def add_api(self, specification: Specification, *, resolver: Resolver, **options: Any) -> None:
        """Compile every operation of the document; Connexion calls this once, at start."""
        router: Router[CompiledOperation] = Router()
        for operation in operations_of(self._document):
            connexion_operation = specification.operation_cls.from_spec(
                specification,
                path=operation.template,
                method=operation.method.lower(),
                resolver=resolver,
                uri_parser_class=options.get("uri_parser_class"),
            )
            compiled = compile_operation(
                operation, connexion_operation.function, self._domain, self._schemas
            )
            router.add(operation.method, operation.path, compiled)
        sampler = Sampler(self._document, self._schemas)
        self._pipeline = Pipeline(router, self._domain, self._world, sampler)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        started = perf_counter()
        head = head_of(scope)
        line, call = self._pipeline.begin(head)
        body: bytes | None = b""
        if line.has_body:
            try:
                body = await read_body(receive, call.headers, self._world.max_body_bytes)
            except ClientGone:
                return
        call, answer = self._pipeline.answer(head, line, call, body)
        await self._writer.send(send, call, answer, body or b"", started)

    def answer(self, head: Head, body: bytes) -> Written | None:
        """Implements `AnswerWhole`; what faults may delay or break off goes by the other door."""
        started = perf_counter()
        line, call = self._pipeline.begin(head)
        if self._world.planting.plants or "prefer" in call.headers:
            return None
        taken: bytes | None = b""
        if line.has_body:
            taken = body if len(body) <= self._world.max_body_bytes else None
        call, answer = self._pipeline.answer(head, line, call, taken)
        return self._writer.written(call, answer, taken or b"", started)
