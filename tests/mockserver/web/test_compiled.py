from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from mockserver.behaviours.generic import generic_domain
from mockserver.behaviours.registry import Call
from mockserver.model import MISSING, Document, Json, Reply
from mockserver.openapi import SchemaCompiler
from mockserver.web.compiled import (
    LONGEST_REMEMBERED_BYTES,
    MOST_KEPT,
    MOST_REMEMBERED,
    Answers,
    CompiledOperation,
    compile_operation,
)
from mockserver.web.writer import packed

Compile = Callable[..., CompiledOperation]

TITLED: Document = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "id": {"type": "integer", "readOnly": True}},
    "required": ["title", "id"],
}
RESPONSES: Document = {
    "200": {"description": "", "content": {"application/json": {"schema": TITLED}}},
    "202": {"description": "", "content": {"application/json": {}}},
    "204": {"description": ""},
    "4XX": {
        "description": "",
        "content": {
            "application/problem+json": {"schema": {"type": "object", "required": ["detail"]}}
        },
    },
}


def behaviour(call: Call) -> Reply:
    return Reply(204)


def body_of(content: Document, *, required: bool = False) -> Document:
    return {"requestBody": {"required": required, "content": content}}


@pytest.fixture
def compiled(operation_of: Callable[..., Any]) -> Compile:
    """Compiles an operation from its raw object."""

    def make(raw: Document, domain: Any = None) -> CompiledOperation:
        operation = operation_of({"responses": RESPONSES, **raw})
        schemas = SchemaCompiler(operation.document)
        return compile_operation(operation, behaviour, domain or generic_domain(), schemas)

    return make


def rules(violations: Sequence[Any]) -> list[tuple[str, str]]:
    return [(one.pointer, one.rule) for one in violations]


def test_a_domain_gives_an_operation_its_guards_in_order_and_its_reader(compiled: Compile) -> None:
    guards: list[Callable[[Call], None]] = [lambda call: None, lambda call: None]
    readers: dict[str, Callable[[Call], Json]] = {"do": lambda call: {}}
    domain = replace(generic_domain(), guards=lambda operation: guards, readers=readers)
    made = compiled({}, domain)
    assert made.guards == tuple(guards)
    assert made.reader is readers["do"]


def test_an_operation_without_a_reader_has_none(compiled: Compile) -> None:
    assert compiled({}).reader is None


def test_an_optional_body_may_be_left_out(compiled: Compile) -> None:
    made = compiled(body_of({"application/json": {"schema": TITLED}}))
    assert made.body_violations(MISSING) == []


def test_a_required_body_may_not_be_left_out(compiled: Compile) -> None:
    made = compiled(body_of({"application/json": {"schema": TITLED}}, required=True))
    (violation,) = made.body_violations(MISSING)
    assert (violation.where, violation.rule) == ("body", "required")


def test_a_body_of_null_is_held_to_the_schema(compiled: Compile) -> None:
    made = compiled(body_of({"application/json": {"schema": TITLED}}))
    assert rules(made.body_violations(None)) == [("", "type")]


def test_a_body_is_checked_as_one_of_a_request(compiled: Compile) -> None:
    made = compiled(body_of({"application/json": {"schema": TITLED}}))
    assert made.body_violations({"title": "Emma"}) == []
    assert rules(made.body_violations({"title": 1})) == [("/title", "type")]


@pytest.mark.parametrize(
    "content",
    [{"application/json": {}}, {"text/plain": {"schema": {"type": "integer"}}}],
    ids=["no schema", "no JSON"],
)
def test_a_body_without_a_json_schema_may_be_anything(compiled: Compile, content: Document) -> None:
    assert compiled(body_of(content)).body_violations("what it will") == []


def test_json_is_found_among_other_media_types(compiled: Compile) -> None:
    content = {"text/plain": {}, "application/merge-patch+json": {"schema": {"type": "object"}}}
    assert rules(compiled(body_of(content)).body_violations([])) == [("", "type")]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, {"title": "Emma", "id": 1}),
        Reply(202, ["anything"]),
        Reply(204),
        Reply(404, {"detail": "none"}, content_type="application/problem+json"),
    ],
    ids=lambda reply: str(reply.status),
)
def test_an_answer_as_documented_breaks_nothing(compiled: Compile, reply: Reply) -> None:
    answers = compiled({}).answers
    assert answers.violations(reply) == ()
    assert answers.violations(reply) == ()  # and does not once its status has been seen


@pytest.mark.parametrize(
    ("reply", "broken"),
    [
        (Reply(200, {"title": "Emma"}), ("/id", "required")),
        (Reply(200, {"title": 7, "id": 1}), ("/title", "type")),
        (Reply(200), ("", "required")),
        (Reply(202), ("", "required")),
        (Reply(204, {}), ("", "content")),
        (Reply(404, {}, content_type="application/problem+json"), ("/detail", "required")),
        (Reply(404, {"detail": "none"}), ("", "media-type")),
        (Reply(404), ("", "required")),
        (Reply(500, {}), ("", "status")),
        (Reply(500), ("", "status")),
    ],
    ids=str,
)
def test_an_answer_that_departs_from_its_documentation_is_told(
    compiled: Compile, reply: Reply, broken: tuple[str, str]
) -> None:
    answers = compiled({}).answers
    assert rules(answers.violations(reply)) == [broken]
    assert rules(answers.violations(reply)) == [broken]


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(500, {}), "status 500 is not documented"),
        (
            Reply(200, {}, content_type="text/plain"),
            "media type text/plain is not documented for status 200",
        ),
    ],
    ids=["status", "media type"],
)
def test_what_is_not_documented_is_named(compiled: Compile, reply: Reply, message: str) -> None:
    (violation,) = compiled({}).answers.violations(reply)
    assert violation.message == message


def test_a_default_answer_documents_every_status(compiled: Compile) -> None:
    responses = {"default": {"description": "", "content": {"application/json": {}}}}
    assert compiled({"responses": responses}).answers.violations(Reply(418, {})) == ()


class Looks:
    """Stands before a validator and counts who asks it."""

    def __init__(self, validator: Any) -> None:
        self._validator = validator
        self.count = 0

    def is_valid(self, value: Json) -> bool:
        self.count += 1
        return bool(self._validator.is_valid(value))

    def violations(self, value: Json, where: str) -> Any:
        return self._validator.violations(value, where)


@pytest.fixture
def looks(compiled: Compile) -> Callable[[str], tuple[Any, Looks]]:
    """The answers of an operation of some method, with its validator watched."""

    def make(method: str) -> tuple[Any, Looks]:
        operation = replace(compiled({}).operation, method=method)
        answers = Answers(operation, SchemaCompiler(operation.document))
        watched = Looks(answers._documented[200, "application/json"])
        answers._documented[200, "application/json"] = watched  # type: ignore[assignment]
        return answers, watched

    return make


RIGHT = Reply(200, {"title": "Emma", "id": 1})
WRONG = Reply(200, {"title": 1, "id": 1})


@pytest.mark.parametrize(("method", "count"), [("GET", 1), ("POST", 3)])
def test_the_same_answer_to_a_reading_is_held_to_the_document_once(
    looks: Callable[[str], tuple[Any, Looks]], method: str, count: int
) -> None:
    answers, watched = looks(method)
    for _ in range(3):
        assert answers.violations(*packed(RIGHT)) == ()
    assert watched.count == count


def test_a_wrong_answer_is_never_remembered(looks: Callable[[str], tuple[Any, Looks]]) -> None:
    answers, watched = looks("GET")
    for _ in range(3):
        assert answers.violations(*packed(WRONG))
    assert watched.count == 3
    assert answers.violations(*packed(RIGHT._replace(status=418)))


def test_few_and_short_answers_are_remembered(
    looks: Callable[[str], tuple[Any, Looks]],
) -> None:
    answers, watched = looks("GET")
    long = Reply(200, {"title": "x" * LONGEST_REMEMBERED_BYTES, "id": 1})
    for number in range(MOST_REMEMBERED + 1):
        answers.violations(*packed(Reply(200, {"title": "Emma", "id": number})))
    assert len(answers._right) == MOST_REMEMBERED
    for reply in (long, long, Reply(200, {"title": "Emma", "id": 0})):
        before = watched.count
        answers.violations(*packed(reply))
        assert watched.count == before + 1


def test_a_kept_reply_is_known_by_being_the_same_object(
    looks: Callable[[str], tuple[Any, Looks]],
) -> None:
    answers, _ = looks("GET")
    reply, sent = packed(RIGHT._replace(is_kept=True))
    assert answers.kept(reply) is None
    answers.keep(reply, sent)
    assert answers.kept(reply) == sent
    assert answers.kept(reply._replace()) is None


def test_a_kept_reply_is_not_remembered_by_its_bytes_as_well(
    looks: Callable[[str], tuple[Any, Looks]],
) -> None:
    answers, _ = looks("GET")
    reply, sent = packed(RIGHT._replace(is_kept=True))
    assert not answers.violations(reply, sent)
    assert not answers._right


def test_few_and_short_replies_are_kept(looks: Callable[[str], tuple[Any, Looks]]) -> None:
    answers, _ = looks("GET")
    replies = [Reply(200, {"title": "Emma", "id": number}) for number in range(MOST_KEPT + 1)]
    for reply in replies:
        answers.keep(*packed(reply))
    long = Reply(200, {"title": "x" * LONGEST_REMEMBERED_BYTES, "id": 1})
    answers.keep(*packed(long))
    assert [answers.kept(one) is None for one in (replies[0], replies[1], long)] == [
        True,
        False,
        True,
    ]
