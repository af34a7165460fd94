import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from mockserver.errors import ApiError
from mockserver.model import MISSING, Json, Violation
from mockserver.web.asgi import Message
from mockserver.web.body import (
    ClientGone,
    is_json,
    media_type,
    parse_body,
    parse_json,
    read_body,
)
from mockserver.web.json_text import DEEPEST

Parse = Callable[..., tuple[Json, Violation | None]]

TAKEN: dict[str, Json] = {
    "application/json": {},
    "application/x-www-form-urlencoded": {},
    "text/*": {},
}


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def read(
    messages: Iterable[Message], limit_bytes: int = 10, length: str | None = None
) -> bytes | None:
    waiting = iter(messages)

    async def receive() -> Message:
        return next(waiting)

    headers = {} if length is None else {"content-length": length}
    return asyncio.run(read_body(receive, headers, limit_bytes))


@pytest.fixture
def parse(operation_of: Callable[..., Any]) -> Parse:
    """Parses a body sent to an operation that takes JSON, forms and text."""
    operation = operation_of({"requestBody": {"content": TAKEN}})

    def run(raw: bytes, content_type: str | None = None) -> tuple[Json, Violation | None]:
        headers = {} if content_type is None else {"content-type": content_type}
        return parse_body(raw, headers, operation)

    return run


def test_the_parts_of_a_body_are_put_together_in_order() -> None:
    assert read([part(b"one ", more=True), part(b"", more=True), part(b"two")]) == b"one two"


def test_a_body_may_be_as_long_as_the_limit() -> None:
    assert read([part(b"0123456789")]) == b"0123456789"
    assert read([part(b"01234", more=True), part(b"56789")]) == b"0123456789"


def test_an_announced_body_beyond_the_limit_is_not_read() -> None:
    assert read([], length="11") is None


@pytest.mark.parametrize(
    "messages",
    [[part(b"0123456789x")], [part(b"0123456789", more=True), part(b"x", more=True)]],
    ids=["whole", "streamed"],
)
@pytest.mark.parametrize("length", [None, "3", "a few", "-1", "9" * 5000])
def test_a_body_beyond_the_limit_is_given_up_whatever_is_announced(
    messages: list[Message], length: str | None
) -> None:
    assert read(messages, length=length) is None


@pytest.mark.parametrize("before", [[], [part(b"{", more=True)]])
def test_a_client_that_hangs_up_is_no_refusal(before: list[Message]) -> None:
    with pytest.raises(ClientGone):
        read([*before, {"type": "http.disconnect"}])


@pytest.mark.parametrize(
    ("header", "understood"),
    [
        (None, ("application/json", "utf-8")),
        ("application/json", ("application/json", "utf-8")),
        ("Application/JSON ; Charset=UTF-8", ("application/json", "utf-8")),
        ('text/plain; boundary=x; charset="Latin-1"', ("text/plain", "latin-1")),
    ],
)
def test_a_media_type_is_read_with_its_charset(
    header: str | None, understood: tuple[str, str]
) -> None:
    headers = {} if header is None else {"content-type": header}
    assert media_type(headers) == understood


def test_json_has_its_own_name_or_ends_with_it() -> None:
    assert is_json("application/json")
    assert is_json("application/problem+json")
    assert not is_json("application/jsonp")
    assert not is_json("text/x-json")


def test_a_body_that_was_not_sent_is_not_null(parse: Parse) -> None:
    assert parse(b"") == (MISSING, None)
    assert parse(b"null") == (None, None)


def test_nothing_sent_has_no_wrong_media_type(parse: Parse) -> None:
    assert parse(b"", "image/png") == (MISSING, None)


def test_a_body_without_a_media_type_is_taken_for_json(parse: Parse) -> None:
    assert parse(b'{"a": [1, 2.5, true]}') == ({"a": [1, 2.5, True]}, None)


def test_json_is_a_wrong_media_type_where_only_others_are_taken(
    operation_of: Callable[..., Any],
) -> None:
    operation = operation_of({"requestBody": {"content": {"text/plain": {}}}})
    body, broken = parse_body(b"{}", {"content-type": "application/json"}, operation)
    assert body is MISSING
    assert broken is not None
    assert broken.rule == "media-type"


def test_a_form_is_read_as_texts_by_name(parse: Parse) -> None:
    body, wrong = parse(b"a=1&b=x+%C3%A9&c=", "application/x-www-form-urlencoded")
    assert (body, wrong) == ({"a": "1", "b": "x é", "c": ""}, None)


def test_a_whole_family_of_media_types_may_be_taken(parse: Parse) -> None:
    assert parse(b"{", "text/csv") == ("{", None)


@pytest.mark.parametrize("header", ["image/png", "application/json; charset=utf-16"])
def test_a_media_type_that_is_not_taken_is_told_with_those_that_are(
    parse: Parse, header: str
) -> None:
    body, wrong = parse(b"{", header)
    assert body is MISSING
    assert wrong is not None
    assert (wrong.where, wrong.rule) == ("body", "media-type")
    assert wrong.message == f"{header} is not accepted here, only {', '.join(TAKEN)}"


@pytest.mark.parametrize(
    "raw", [b"{", b" ", b"{'a': 1}", b'{"a": NaN}', b"[1,]", b'"\xff"', b'"\\ud800"', b"[" * 5000]
)
def test_what_is_not_strict_json_is_refused(raw: bytes) -> None:
    with pytest.raises(ApiError, match="Malformed JSON in the request body: ") as refused:
        parse_json(raw)
    assert refused.value.status == 400


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_json_may_have_two_hundred_levels_and_not_one_more(opening: bytes, closing: bytes) -> None:
    inner = b"[1, [], []]"  # two levels
    parse_json(opening * (DEEPEST - 2) + inner + closing * (DEEPEST - 2))
    with pytest.raises(ApiError, match="more than 200 levels"):
        parse_json(opening * (DEEPEST - 1) + inner + closing * (DEEPEST - 1))


def test_brackets_side_by_side_or_in_texts_are_no_levels() -> None:
    assert len(parse_json(b"[" + b",".join([b"[]"] * 5000) + b"]")) == 5000
    assert parse_json(b'"' + b"[" * 5000 + b'"') == "[" * 5000
