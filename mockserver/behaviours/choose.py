"""Which behaviour answers an operation: the first that there is, from the best to none."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mockserver.behaviours.crud import crud_behaviour
from mockserver.behaviours.existing import references_of
from mockserver.behaviours.registry import Behaviour, Call, Domain
from mockserver.model import Document, Json, Reply
from mockserver.openapi.copies import copied
from mockserver.openapi.operations import Operation
from mockserver.openapi.resources import ResourceAction, unstored
from mockserver.openapi.sample import Sampler, examples_of
from mockserver.openapi.schema import SchemaCompiler

logger = logging.getLogger("mockserver")

KINDS = ("domain", "crud", "example", "none")


@dataclass(frozen=True, slots=True)
class Choice:
    """What answers an operation, and of which kind that is: one of `KINDS`."""

    kind: str
    behaviour: Behaviour


def choices_of(
    operations: Iterable[Operation],
    domain: Domain,
    resources: Mapping[str, ResourceAction],
    document: Document,
    schemas: SchemaCompiler | None = None,
) -> dict[str, Choice]:
    """The choice for each operation of *document*, by operationId."""
    sampler = Sampler(document, schemas)
    every = tuple(operations)
    references = references_of(document, resources)
    choices = {
        one.id: choose(one, domain, resources, document, sampler, references) for one in every
    }
    for warning in _warnings(every, choices, resources, document):
        logger.warning(warning)
    return choices


def _warnings(
    operations: Sequence[Operation],
    choices: Mapping[str, Choice],
    resources: Mapping[str, ResourceAction],
    document: Document,
) -> Iterator[str]:
    """What of the document looks like a stored resource and is none."""
    examples = [one for one in operations if choices[one.id].kind == "example"]
    reasons = unstored(document, operations) if examples else {}
    for operation in examples:
        if operation.id in reasons:
            yield f"{operation.label} is answered by an example because {reasons[operation.id]}"
    stored = {one.resource.name for one in resources.values()}
    templates = {one.template for one in operations}
    for operation in operations:
        if choices[operation.id].kind != "crud":
            continue
        resource = resources[operation.id].resource
        for parent in resource.parents:
            marker = f"{{{parent.parameter}}}"
            above = resource.collection_path.partition(marker)[0] + marker
            if parent.resource not in stored and above in templates:
                reason = f"because {above} is not stored"
                yield f"{operation.label} takes any {parent.parameter} {reason}"


def choose(
    operation: Operation,
    domain: Domain,
    resources: Mapping[str, ResourceAction],
    document: Document,
    sampler: Sampler | None = None,
    references: Mapping[str, Mapping[str, str]] | None = None,
) -> Choice:
    """The domain's own behaviour, else that of a stored resource, else an example, else 501.

    *resources* are the document's actions by operationId. Whoever chooses for many operations
    hands in one *sampler* and `references_of`, or asks `choices_of`.
    """
    behaviour = domain.behaviours.get(operation.id)
    if behaviour is not None:
        return Choice("domain", behaviour)
    sampler = sampler or Sampler(document)
    action = resources.get(operation.id)
    if action is not None:
        references = references or references_of(document, resources)
        family = references.get(action.resource.name, {})
        return Choice("crud", crud_behaviour(operation, action, resources, sampler, family))
    example = _example_behaviour(operation, sampler)
    return Choice("none", _unanswered) if example is None else Choice("example", example)


def _example_behaviour(operation: Operation, sampler: Sampler) -> Behaviour | None:
    """Answers with the documented example, or a value made for the schema; made at first use."""
    place = _success(operation)
    if place is None:
        return None
    status, kind = place
    number = int(status) if status.isdecimal() else 200
    if kind is None:
        return lambda call: Reply(number)
    made: list[Json] = []

    def answer(call: Call) -> Reply:
        if not made:
            made.append(_value(operation, status, kind, sampler))
        return Reply(number, copied(made[0]), content_type=kind)

    return answer


def _success(operation: Operation) -> tuple[str, str | None] | None:
    """Status and JSON media type (None: no body) of the documented success; None for neither."""
    documented = [status for status in operation.responses if status.startswith("2")]
    for status in [*documented, "default"]:
        content = operation.responses.get(status)
        if content is None:
            continue
        kinds = [kind for kind in content if "json" in kind]
        if kinds:
            return status, kinds[0]
        if not content and status != "default":
            return status, None
    return None


def _value(operation: Operation, status: str, kind: str, sampler: Sampler) -> Json:
    """The first example that fits the schema, else a made one."""
    schema = operation.responses[status][kind]
    examples = list(examples_of(operation, status, kind).values())
    if schema is None:
        return examples[0] if examples else {}
    for example in examples:
        if sampler.fits(schema, example, "response"):
            return example
    return sampler.sample(schema, pointer=f"{operation.id}/{status}")


def _unanswered(call: Call) -> Reply:
    """501 in the mock's own name: the document has the operation, and no answer to show for it."""
    problem: Document = {
        "type": "urn:understudy:not-modelled",
        "title": "The mock has no answer for this operation",
        "status": 501,
        "detail": f"{call.operation.label} documents no answer that could be generated",
    }
    mark = (("X-Understudy-Error", "not-modelled"),)
    return Reply(501, problem, mark, "application/problem+json", is_own=True)
