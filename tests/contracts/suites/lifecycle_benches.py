"""Benches for the suite `lifecycle`: on one stub, healthy or with one planted defect."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from contracts.actors import Actors
from contracts.door.control import AdminControl
from contracts.door.stub import Stub, open_stub
from contracts.door.targets import Target
from contracts.exchange import Request, Response
from contracts.findings import Result
from contracts.suites.lifecycle import cases
from contracts.suites.runner import run_case
from contracts.suites.session import Bench, Case, Options
from contracts.yardstick import Yardstick, read_yardstick
from mockserver.model import Document, Json
from tests.contracts.altered import Altered, Change

LIBRARY = Path(__file__).parents[2] / "data" / "library.yaml"
On = Callable[[Request], Response]


class Ground:
    """A stub, and benches on it that share its state."""

    def __init__(self, spec: Path | None = None, yardstick: Yardstick | None = None) -> None:
        self.stub: Stub = open_stub(spec)
        self.yardstick = yardstick or read_yardstick(spec, (), "effective")

    def bench(self, change: Change | None = None, options: Options | None = None) -> Bench:
        transport = self.stub.transport
        target = Target(
            Altered(transport, change) if change else transport,
            self.yardstick,
            control=AdminControl(transport),
        )
        actors = Actors(self.stub.actors, self.yardstick.schemes)
        bindings = dict(self.stub.bindings)
        return Bench(target, self.yardstick, actors, (), options or Options(), bindings)

    def case(self, id: str, options: Options | None = None) -> Case:
        found = [one for one in cases(self.yardstick, options or Options()) if one.id == id]
        assert len(found) == 1, f"{len(found)} cases are named {id}"
        return found[0]

    def run(self, id: str, change: Change | None = None) -> Result:
        return run_case(self.bench(change), self.case(id))

    def run_all(self, options: Options) -> list[Result]:
        bench = self.bench(options=options)
        return [run_case(bench, case) for case in cases(self.yardstick, options)]

    def close(self) -> None:
        self.stub.transport.close()


def document_of(response: Response) -> Json:
    return json.loads(response.body)


def with_document(response: Response, document: Json) -> Response:
    return replace(response, body=json.dumps(document).encode())


def editing(method: str, edit: Callable[[Json, Request], Json], *, end: str = "") -> Change:
    """Edits the payload of successful answers to *method*, at paths that end so."""

    def change(request: Request, on: On) -> Response:
        response = on(request)
        if request.method != method or not request.path.endswith(end) or response.status >= 300:
            return response
        document = document_of(response)
        if isinstance(document, dict) and "data" in document:
            return with_document(response, {**document, "data": edit(document["data"], request)})
        return with_document(response, edit(document, request))

    return change


def with_body(request: Request, edit: Callable[[Document], Document]) -> Request:
    """The request with another JSON body."""
    return replace(request, body=json.dumps(edit(dict(request.json))).encode())


def answering(method: str, status: int, *, end: str = "") -> Change:
    """Swallows requests with *method*, and answers *status* with what GET or a stub would."""

    def change(request: Request, on: On) -> Response:
        if request.method != method or not request.path.endswith(end):
            return on(request)
        return Response(
            status,
            (("content-type", "application/json"),),
            b'{"status": "success", "data": {"id": 1, "linkId": "x"}}',
        )

    return change
