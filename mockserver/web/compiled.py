"""One operation with everything about it that does not depend on the request, made at start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mockserver.behaviours.registry import Behaviour, Domain, Guard, Reader
from mockserver.model import MISSING, Json, Reply, Violation
from mockserver.openapi import Operation, SchemaCompiler, Validator
from mockserver.web.body import is_json
from mockserver.web.parameters import ParameterReaders, read_parameters


@dataclass(frozen=True, slots=True)
class CompiledOperation:
    """What the pipeline needs to answer one operation."""

    operation: Operation
    behaviour: Behaviour
    guards: tuple[Guard, ...]
    reader: Reader | None
    parameters: ParameterReaders
    body: Validator | None
    answers: "Answers"

    def body_violations(self, body: Json) -> list[Violation]:
        """Every rule that the body breaks; a body left out may only be an optional one."""
        if body is MISSING:
            if not self.operation.body_required:
                return []
            return [Violation("body", (), "required", "a request body is required")]
        if self.body is None or self.body.is_valid(body):
            return []
        return self.body.violations(body, "body")


MOST_REMEMBERED = 32
MOST_KEPT = 128
LONGEST_REMEMBERED_BYTES = 8 * 1024


class Answers:
    """The documented answers of an operation, looked up by status as they are first seen.

    Of an operation that reads, the last few answers that were found right are remembered by their
    bytes: whoever asks the same again is told the same, and the verdict would be the same too.
    A reply that is kept (see `Reply`) is remembered as the object that it is, with its bytes.
    """

    def __init__(self, operation: Operation, schemas: SchemaCompiler) -> None:
        self._operation = operation
        self._schemas = schemas
        self._documented: dict[tuple[int, str], Validator | Violation | None] = {}
        self._is_remembering = operation.method == "GET"
        self._right: dict[tuple[bytes, int, str], None] = {}
        self._kept: dict[int, tuple[Reply, bytes]] = {}
        for status in operation.responses:
            if status.isdecimal():
                for kind in operation.responses[status]:
                    self._look_up(int(status), kind)

    def violations(self, reply: Reply, sent: bytes = b"") -> Sequence[Violation]:
        """Every rule of the document that *reply* breaks: its status, media type and body.

        *sent* is the body as it will be sent, where it may be remembered here; see also `keep`.
        """
        is_short = 0 < len(sent) <= LONGEST_REMEMBERED_BYTES
        if not self._is_remembering or not is_short or reply.is_kept:
            return self._found(reply)
        seen = (sent, reply.status, reply.content_type)
        if seen in self._right:
            return ()
        broken = self._found(reply)
        if not broken:
            self._remember(seen)
        return broken

    def keep(self, reply: Reply, sent: bytes) -> None:
        """Remember that *reply*, which is kept, is right and sent as *sent*."""
        if len(sent) <= LONGEST_REMEMBERED_BYTES:
            if len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[id(reply)] = reply, sent

    def kept(self, reply: Reply) -> bytes | None:
        """The bytes of this very reply, where it was found right before; None: look at it."""
        known = self._kept.get(id(reply))
        return None if known is None else known[1]  # no other has its id: it is held here

    def _remember(self, seen: tuple[bytes, int, str]) -> None:
        if len(self._right) >= MOST_REMEMBERED:
            del self._right[next(iter(self._right))]
        self._right[seen] = None

    def _found(self, reply: Reply) -> Sequence[Violation]:
        key = (reply.status, reply.content_type)
        validator = self._documented.get(key)
        if validator is None and key not in self._documented:
            validator = self._look_up(*key)
        if validator is None or reply.body is MISSING:
            return self._without_schema(reply)
        if isinstance(validator, Violation):
            return (validator,)
        if validator.is_valid(reply.body):
            return ()
        return validator.violations(reply.body, "response")

    def _look_up(self, status: int, kind: str) -> Validator | Violation | None:
        """A validator; None where the answer is documented without a schema; or what is wrong."""
        content = self._content(status)
        if content is None:
            found: Validator | Violation | None = _undocumented(status)
        elif not content:
            found = None
        elif kind not in content:
            message = f"media type {kind} is not documented for status {status}"
            found = Violation("response", (), "media-type", message, kind)
        else:
            schema = content[kind]
            found = None if schema is None else self._schemas.compile(schema, "response")
        self._documented[status, kind] = found
        return found

    def _content(self, status: int) -> Mapping[str, Mapping[str, Json] | None] | None:
        """The documented media types of a status; None where the status is not documented."""
        key = self._operation.response_key(status)
        return None if key is None else self._operation.responses[key]

    def _without_schema(self, reply: Reply) -> Sequence[Violation]:
        content = self._content(reply.status)
        if content is None:
            return (_undocumented(reply.status),)
        if content and reply.body is MISSING:
            return (Violation("response", (), "required", "a body is documented, none was sent"),)
        if not content and reply.body is not MISSING:
            message = "no body is documented, one was sent"
            return (Violation("response", (), "content", message, reply.body),)
        return ()


def _undocumented(status: int) -> Violation:
    return Violation("response", (), "status", f"status {status} is not documented", status)


def compile_operation(
    operation: Operation, behaviour: Behaviour, domain: Domain, schemas: SchemaCompiler
) -> CompiledOperation:
    """Compile one operation of a document whose own rules are in *domain*."""
    body_schema = next(
        (schema for kind, schema in operation.body_content.items() if is_json(kind)), None
    )
    return CompiledOperation(
        operation=operation,
        behaviour=behaviour,
        guards=tuple(domain.guards(operation)),
        reader=domain.readers.get(operation.id),
        parameters=read_parameters(operation, schemas),
        body=None if body_schema is None else schemas.compile(body_schema, "request"),
        answers=Answers(operation, schemas),
    )
