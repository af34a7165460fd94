"""Refusals as `application/problem+json`, or in the form that the document wants instead.

Source: RFC 9457; design section 6 for `validation`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mockserver.behaviours.registry import Call
from mockserver.behaviours.shape import Shape, shape_of
from mockserver.errors import ApiError, status_title
from mockserver.model import MISSING, Document, Json, Reply
from mockserver.openapi.copies import copied
from mockserver.openapi.operations import Operation
from mockserver.openapi.sample import Sampler

PROBLEM_TYPE = "application/problem+json"
REASON_HEADER = "X-Understudy-Reason"
"""Tells the reason of a refusal whose documented answer has no place for it."""

_MESSAGE_NAMES = ("message", "detail", "error", "title", "description", "reason")
_STATUS_NAMES = ("status", "statusCode", "status_code", "code")


@dataclass(frozen=True, slots=True)
class Form:
    """How an operation's document wants one status answered.

    *schema* is None where it says nothing of the body; *sample* is a value that fits it.
    """

    content_type: str
    schema: Mapping[str, Json] | None
    sample: Json


class Problems:
    """Writes refusals; keeps what it learned about each operation's documented errors.

    A status that the document does not have is answered with a problem document, in the mock's
    own name. One without content is answered without a body, the reason stands in a header.
    One with a JSON schema of its own gets what that schema allows: the problem document if the
    schema declares `detail` and takes it, in one of its `spellings`, else a sample of the schema
    with the message in its first text property of a telling name (`message`, `detail`, `error`,
    `title`, ...), at any depth, and the status in its first number of a telling name. So every
    answer is valid.
    """

    def __init__(self) -> None:
        self._sampler: Sampler | None = None
        self._forms: dict[tuple[str, int], Form | None] = {}

    def render(self, error: ApiError, call: Call) -> Reply:
        """*error* as an answer to *call*; its headers are the pipeline's to add."""
        key = call.operation.response_key(error.status)
        problem = problem_of(error, call)
        if key is None:
            return Reply(error.status, problem, content_type=PROBLEM_TYPE, is_own=True)
        content = call.operation.responses[key]
        if not content:
            return Reply(error.status, MISSING, ((REASON_HEADER, error.message),))
        form = self._form(call.operation, error.status, content)
        if form is None:
            return Reply(error.status, problem, content_type=PROBLEM_TYPE, is_own=True)
        return Reply(error.status, self._filled(form, problem), content_type=form.content_type)

    def _form(
        self, operation: Operation, status: int, content: Mapping[str, Mapping[str, Json] | None]
    ) -> Form | None:
        key = (operation.id, status)
        if key not in self._forms:
            self._forms[key] = self._new_form(operation, content)
        return self._forms[key]

    def _new_form(
        self, operation: Operation, content: Mapping[str, Mapping[str, Json] | None]
    ) -> Form | None:
        kinds = sorted((kind for kind in content if "json" in kind), key=PROBLEM_TYPE.__ne__)
        if not kinds:
            return None
        schema = content[kinds[0]]
        if schema is None:
            return Form(kinds[0], None, None)
        sample = self._samples(operation).sample(schema, pointer=operation.id)
        return Form(kinds[0], schema, _with_message(sample, shape_of(schema, operation.document)))

    def _member_by_member(
        self, schema: Mapping[str, Json], sample: Document, problem: Document
    ) -> Document:
        """*sample* with every member of *problem* that *schema* declares and takes."""
        sampler = self._sampler
        assert sampler is not None, "a form has been made"
        declared = shape_of(schema, sampler.document).properties
        filled = {name: value for name, value in sample.items() if name != "validation"}
        if not sampler.fits(schema, filled, "response"):
            filled = sample
        for name in problem.keys() & declared.keys():
            ways = [spelt[name] for spelt in spellings(problem) if name in spelt]
            if name == "validation":
                entry = shape_of(declared[name].get("items"), sampler.document).properties
                ways += [_only(way, entry) for way in ways] + [_sentences(problem[name])]
            bodies = ({**filled, name: way} for way in ways)
            filled = next((one for one in bodies if sampler.fits(schema, one, "response")), filled)
        return filled

    def _samples(self, operation: Operation) -> Sampler:
        if self._sampler is None or self._sampler.document is not operation.document:
            self._sampler = Sampler(operation.document)
        return self._sampler

    def _filled(self, form: Form, problem: Document) -> Json:
        """The problem itself if it may stand there, else the sample with the problem told in it."""
        schema, sampler = form.schema, self._sampler
        if schema is None or sampler is None:
            return problem
        names = shape_of(schema, sampler.document).properties
        if not names or "detail" in names:
            for spelt in spellings(problem):
                if sampler.fits(schema, spelt, "response"):
                    return spelt
        if isinstance(form.sample, dict) and "detail" in names:
            filled = self._member_by_member(schema, form.sample, problem)
            if filled.get("detail") == problem["detail"]:
                return filled
        told = _replaced(form.sample, _STATUS_NAMES, problem["status"])
        worded = _replaced(told, _MESSAGE_NAMES, problem["detail"])
        fitting = (body for body in (worded, told) if sampler.fits(schema, body, "response"))
        return next(fitting, form.sample)


def problem_of(error: ApiError, call: Call) -> Document:
    """The problem document; `validation` where the error has a list of details."""
    problem: Document = {
        "type": "about:blank",
        "title": status_title(error.status),
        "status": error.status,
        "detail": error.message,
        "instance": call.target,
    }
    return {**problem, "validation": error.details} if error.details else problem


def spellings(problem: Document) -> Iterator[Document]:
    """*problem*, then with its `validation` as Prism writes it, then without.

    Prism has `["body", "title"]` for `body.title`, and `Error` for `error`.

    Source: assumed (the form of Prism's own errors, which many documents repeat).
    """
    yield problem
    if "validation" in problem:
        yield {**problem, "validation": [_as_prism(entry) for entry in problem["validation"]]}
        yield {name: value for name, value in problem.items() if name != "validation"}


def _only(entries: Json, names: Mapping[str, Json]) -> Json:
    """The members of each entry that have one of *names*."""
    return [{name: value for name, value in one.items() if name in names} for one in entries]


def _sentences(entries: Json) -> list[str]:
    return [f"{one['location']} {one['message']}" for one in entries]


def _as_prism(entry: Json) -> Json:
    if not isinstance(entry, dict) or not {"location", "severity"} <= entry.keys():
        return entry
    location, severity = str(entry["location"]), str(entry["severity"])
    return {**entry, "location": location.split("."), "severity": severity.capitalize()}


def _with_message(sample: Json, shape: Shape) -> Json:
    """*sample* with the first optional text property that may tell a message."""
    if not isinstance(sample, dict) or sample.keys() & set(_MESSAGE_NAMES):
        return sample
    for name in _MESSAGE_NAMES:
        if shape.properties.get(name, {}).get("type") == "string":
            return {**sample, name: ""}
    return sample


def _replaced(value: Json, names: Sequence[str], new: Json) -> Json:
    """A copy of *value* in which the first member with one of *names* and of *new*'s type is *new*.

    Members of one object are tried in the order of *names*, before what is inside them.
    """
    copy = copied(value)
    if isinstance(value, str) and isinstance(new, str):
        return new
    levels: list[Json] = [copy] if isinstance(copy, dict | list) else []
    while levels:
        level = levels.pop(0)
        if isinstance(level, dict):
            for name in names:
                if type(level.get(name)) is type(new):
                    level[name] = new
                    return copy
        inner = level.values() if isinstance(level, dict) else level
        levels.extend(held for held in inner if isinstance(held, dict | list))
    return copy
