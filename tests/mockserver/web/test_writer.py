import asyncio
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any
from uuid import UUID

import orjson
import pytest

from mockserver.behaviours.registry import Call
from mockserver.chance import Ids
from mockserver.clock import Clock
from mockserver.model import Actor, Reply
from mockserver.openapi import Quirks
from mockserver.store.memory import MemoryStore
from mockserver.web.asgi import Message
from mockserver.web.journal import Journal
from mockserver.web.writer import RequestIds, Writer, encoded, packed, send_unnoted

Sent = tuple[int, dict[bytes, bytes], bytes]
"""Status, headers and body."""

STANDING = (b"x-standing", b"always")


def sent_by(write: Callable[..., Any], *arguments: Any) -> Sent:
    """What one of the functions that send messages sends."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    asyncio.run(write(send, *arguments))
    start, body = messages
    assert len(dict(start["headers"])) == len(start["headers"])
    return start["status"], dict(start["headers"]), body["body"]


@pytest.fixture
def call(operation_of: Callable[..., Any]) -> Call:
    return Call(
        operation=operation_of({}),
        store=MemoryStore(),
        now=Clock().now(),
        ids=Ids(0),
        quirks=Quirks(),
        method="POST",
        target="/things?a=1",
        headers={"x-sent": "yes"},
        path={},
    )


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def writer(journal: Journal) -> Writer:
    return Writer(journal, RequestIds(0), (STANDING,))


def as_messages(writer: Writer, call: Call, reply: Reply) -> Sent:
    return sent_by(writer.send, call, packed(reply), b"sent", perf_counter())


def as_a_whole(writer: Writer, call: Call, reply: Reply) -> Sent:
    status, lines, body = writer.written(call, packed(reply), b"sent", perf_counter())
    pairs = [line.split(b": ", 1) for line in lines.split(b"\r\n")[:-1]]
    headers = {name: value for name, value in pairs}
    assert lines.endswith(b"\r\n")
    assert len(headers) == len(pairs)
    return status, headers, body


@pytest.fixture(params=[as_messages, as_a_whole])
def written(writer: Writer, call: Call, request: pytest.FixtureRequest) -> Callable[[Reply], Sent]:
    """What is sent for a reply to the call, by both ways."""
    return partial(request.param, writer, call)


def test_a_reply_is_sent_as_json_of_its_length_and_kind(written: Any) -> None:
    status, headers, body = written(Reply(201, {"é": 1}, content_type="application/vnd.x+json"))
    assert (status, body) == (201, '{"é":1}'.encode())
    assert headers[b"content-length"] == b"8"
    assert headers[b"content-type"] == b"application/vnd.x+json"


def test_a_reply_of_null_has_a_body(written: Any) -> None:
    _, headers, body = written(Reply(200, None))
    assert (headers[b"content-length"], body) == (b"4", b"null")


def test_a_reply_without_a_body_says_so_and_names_no_kind(written: Any) -> None:
    _, headers, body = written(Reply(200))
    assert (headers[b"content-length"], body) == (b"0", b"")
    assert b"content-type" not in headers


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_that_has_no_body_gets_none_even_where_the_reply_has(
    written: Any, status: int
) -> None:
    """Source: RFC 9110 sections 15.3.5 and 15.4.5; servers break off such an answer."""
    _, headers, body = written(Reply(status, {"a": 1}))
    assert body == b""
    assert not {b"content-length", b"content-type"} & headers.keys()


def test_head_is_told_the_length_of_the_body_it_does_not_get(written: Any, call: Call) -> None:
    call.method = "HEAD"
    _, headers, body = written(Reply(200, {"a": 1}))
    assert (headers[b"content-length"], body) == (b"7", b"")


def test_headers_of_the_server_the_guards_and_the_reply_are_all_sent(
    written: Any, call: Call
) -> None:
    call.answer_headers.append(("X-Guard", "one"))
    _, headers, _ = written(Reply(200, headers=(("X-Reply", "two"),)))
    assert headers.items() >= {STANDING, (b"x-guard", b"one"), (b"x-reply", b"two")}


def test_a_reply_may_bring_its_own_request_id_which_is_noted(
    journal: Journal, written: Any
) -> None:
    _, headers, _ = written(Reply(400, headers=(("X-Request-Id", "unknown"),)))
    assert headers[b"x-request-id"] == b"unknown"
    assert journal.find()[0].request_id == "unknown"


def test_every_answer_has_another_request_id(written: Any) -> None:
    first, second = (written(Reply(200))[1][b"x-request-id"] for _ in range(2))
    assert first != second


def test_an_answer_is_in_the_journal_as_it_went_out(
    journal: Journal, written: Any, call: Call
) -> None:
    call.actor = Actor("api-key", name="demo")
    _, headers, _ = written(Reply(201, {"a": 1}))
    (entry,) = journal.find()
    assert (entry.method, entry.target, entry.operation_id) == ("POST", "/things?a=1", "do")
    assert (entry.status, entry.actor) == (201, "demo")
    assert (entry.body.text, entry.answer.text) == ("sent", '{"a":1}')
    assert entry.request_id.encode() == headers[b"x-request-id"]
    assert entry.headers == {"x-sent": "yes"}


def test_a_caller_without_a_name_is_in_the_journal_by_kind(journal: Journal, written: Any) -> None:
    written(Reply(200))
    assert journal.find()[0].actor == "anonymous"


def test_an_answer_to_no_call_is_sent_whole_and_without_a_request_id() -> None:
    reply = Reply(500, {"a": 1}, (("X-Own", "yes"),), "application/problem+json")
    status, headers, body = sent_by(send_unnoted, reply)
    assert (status, orjson.loads(body)) == (500, {"a": 1})
    assert headers == {
        b"content-length": b"7",
        b"content-type": b"application/problem+json",
        b"x-own": b"yes",
    }


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\x00"])
def test_a_value_cannot_end_its_header(end: str) -> None:
    ((name, value),) = encoded([("X-A", f"one{end}x-forged: two")])
    assert name == b"x-a"
    assert not set(value) & set(b"\r\n\x00")
    assert value.endswith(b"x-forged: two")


def test_a_value_that_headers_cannot_hold_is_sent_with_question_marks() -> None:
    assert encoded([("X-A", "é☃")]) == ((b"x-a", b"\xe9?"),)


def test_a_media_type_cannot_end_its_header(written: Any) -> None:
    _, headers, _ = written(Reply(200, {}, content_type="text/plain\r\nx-forged: two"))
    assert headers[b"content-type"] == b"text/plain  x-forged: two"


def test_request_ids_are_unique_uuids_of_version_4() -> None:
    ids = RequestIds(0)
    drawn = [ids.next().decode() for _ in range(2000)]
    assert len(set(drawn)) == 2000
    assert all(str(UUID(one)) == one and UUID(one).version == 4 for one in drawn)


def test_request_ids_follow_the_seed() -> None:
    assert RequestIds(7).next() == RequestIds(7).next()
    assert RequestIds(7).next() != RequestIds(8).next()
