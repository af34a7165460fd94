"""What faults see of the mock around them: its operations, its schemas and its accounts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mockserver.behaviours.faults import Place
from mockserver.behaviours.registry import Account, Call
from mockserver.errors import ApiError
from mockserver.model import Document, Reply
from mockserver.openapi import Operation, Sampler, apparent_resources


class DocumentSurroundings:
    """The surroundings that follow from one document.

    *accounts* gives the present credentials, *render* writes a refusal as the API does.
    """

    def __init__(
        self,
        document: Document,
        operations: Sequence[Operation],
        accounts: Callable[[], Sequence[Account]],
        render: Callable[[ApiError, Call], Reply],
    ) -> None:
        actions = apparent_resources(document, operations)
        self._sampler = Sampler(document)
        self._accounts = accounts
        self._render = render
        self._places = {
            one.id: Place(one, actions.get(one.id), _success_schema(one), _json(one.body_content))
            for one in operations
        }

    def accounts(self) -> Sequence[Account]:
        return self._accounts()

    def place(self, operation: Operation) -> Place:
        return self._places[operation.id]

    def places(self) -> Sequence[Place]:
        return tuple(self._places.values())

    def sample(self, schema: Mapping[str, Any], pointer: str) -> Any:
        return self._sampler.sample(schema, pointer=pointer, direction="request")

    def refusal(self, error: ApiError, call: Call) -> Reply:
        return self._render(error, call)


def _success_schema(operation: Operation) -> Mapping[str, Any] | None:
    for key in sorted(operation.responses):
        if key.startswith("2"):
            return _json(operation.responses[key])
    return None


def _json(content: Mapping[str, Mapping[str, Any] | None]) -> Mapping[str, Any] | None:
    return next((schema for kind, schema in content.items() if "json" in kind), None)
