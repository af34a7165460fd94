"""The way of a request: what is asked in which order, and what stays when it goes wrong."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
import pytest

from mockserver.behaviours.generic import generic_domain
from mockserver.behaviours.registry import Call
from mockserver.errors import ApiError
from mockserver.model import Reply
from mockserver.openapi import Quirks
from mockserver.web.asgi import Message

Serve = Callable[..., Any]
Exchange = Callable[..., list[Message]]

MALFORMED = b'{"title":'


def write(call: Call) -> None:
    call.store.insert("things", str(call.store.next_id("things")), {"title": "written"})


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.fixture
def mock(serve: Serve) -> Any:
    return serve()


def test_a_path_is_unknown_before_anything_else_is_asked(mock: Any) -> None:
    answer = mock.client.post("/nothing", content=MALFORMED)
    assert answer.status_code == 404


def test_a_method_is_refused_before_anything_else_is_asked(mock: Any) -> None:
    answer = mock.client.put("/things?count=many", content=MALFORMED)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_malformed_json_is_refused_before_anybody_asks_who_calls(mock: Any) -> None:
    answer = mock.client.post("/things", content=MALFORMED)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("Malformed JSON")


@pytest.mark.parametrize(
    "wrong",
    [
        {"params": {"count": "many"}},
        {"json": {"title": 7}},
        {"content": b"x", "headers": {"content-type": "text/plain"}},
    ],
    ids=["parameter", "body", "media type"],
)
def test_guards_refuse_before_anything_is_validated(mock: Any, wrong: dict[str, Any]) -> None:
    assert mock.client.post("/things", **wrong).status_code == 401


def test_guards_are_asked_in_order_and_the_first_refusal_holds(serve: Serve) -> None:
    asked: list[str] = []

    def first(call: Call) -> None:
        asked.append("first")

    def second(call: Call) -> None:
        asked.append("second")
        raise ApiError(403, "no")

    def third(call: Call) -> None:
        asked.append("third")

    assert serve(guards=(first, second, third)).create().status_code == 403
    assert asked == ["first", "second"]


def test_parameters_are_validated_before_the_body(mock: Any) -> None:
    answer = mock.create(title=7, params={"count": "many"})
    assert answer.status_code == 400
    assert [entry["location"] for entry in answer.json()["validation"]] == ["query.count"]


def test_a_media_type_that_is_not_taken_is_told_with_broken_parameters(mock: Any) -> None:
    wrong: dict[str, Any] = {"content": b"x", "headers": {"content-type": "text/plain"}}
    answers = [mock.create(**wrong), mock.create(**wrong, params={"count": "many"})]
    assert [answer.status_code for answer in answers] == [415, 415]
    told = [[entry["code"] for entry in answer.json()["validation"]] for answer in answers]
    assert told == [["media-type"], ["type", "media-type"]]


def test_a_reader_gives_the_body_that_is_validated(serve: Serve) -> None:
    domain = replace(
        generic_domain(),
        guards=lambda operation: (),
        readers={"createThing": lambda call: {"title": call.body["title"].strip()}},
    )
    mock = serve(domain=domain)
    assert mock.create(title=" Lamp ").json() == {"title": "Lamp"}
    assert mock.titles == ["Lamp"]


def test_a_behaviour_is_not_asked_with_an_invalid_body(serve: Serve) -> None:
    def fail(call: Call) -> Reply:
        raise AssertionError("the body is invalid")

    answer = serve(createThing=fail).create(title=7)
    assert answer.status_code == 400
    assert [entry["location"] for entry in answer.json()["validation"]] == ["body.title"]


def test_guards_see_text_and_behaviours_see_values(serve: Serve) -> None:
    seen: list[object] = []

    def guard(call: Call) -> None:
        seen.append(call.path["id"])

    def get(call: Call) -> Reply:
        seen.append(call.path["id"])
        return Reply(200, {"title": "Lamp"})

    assert serve(guards=(guard,), getThing=get).client.get("/things/7").status_code == 200
    assert seen == ["7", 7]


def test_a_media_type_that_is_not_taken_may_count_as_an_empty_body(serve: Serve) -> None:
    mock = serve(quirks=Quirks(["non-json-body-is-empty"]))
    answer = mock.create(content=b"x", headers={"content-type": "text/plain"})
    assert [entry["code"] for entry in answer.json()["validation"]] == ["required"]


def break_the_document(call: Call) -> Reply:
    write(call)
    return Reply(201, {"title": 7})


def test_an_answer_against_the_document_names_operation_place_and_rule(serve: Serve) -> None:
    answer = serve(createThing=break_the_document).create()
    assert (answer.status_code, answer.headers["x-understudy-error"]) == (500, "invalid-answer")
    problem = answer.json()
    assert (problem["operation"], problem["answeredStatus"]) == ("createThing", 201)
    assert [(one["place"], one["rule"]) for one in problem["violations"]] == [("/title", "type")]


def test_a_kept_answer_is_sent_as_it_was_first_and_a_wrong_one_is_never_kept(serve: Serve) -> None:
    right = Reply(200, {"title": "Lamp"}, is_kept=True)
    wrong = Reply(200, {"title": 1}, is_kept=True)
    mock = serve(getThing=lambda call: right if call.path["id"] == 1 else wrong)
    told = [
        mock.client.get(f"/things/{number}", headers={"x-key": "good"}) for number in (1, 2) * 3
    ]
    assert [one.status_code for one in told] == [200, 500] * 3
    assert {one.content for one in told[::2]} == {b'{"title":"Lamp"}'}


def test_an_answer_against_the_document_leaves_nothing_behind(serve: Serve) -> None:
    mock = serve(createThing=break_the_document)
    before = mock.store.dump()
    mock.create()
    assert mock.store.dump() == before


def test_an_undocumented_refusal_in_the_apis_own_name_is_the_mocks_bug(serve: Serve) -> None:
    domain = replace(generic_domain(), render=lambda error, call: Reply(error.status, {}))
    answer = serve(domain=domain).create(title=7)
    assert (answer.status_code, answer.headers["x-understudy-error"]) == (500, "invalid-answer")
    assert answer.json()["answeredStatus"] == 400


def test_a_behaviour_that_raises_is_the_mocks_bug_and_leaves_nothing_behind(serve: Serve) -> None:
    def fail(call: Call) -> Reply:
        write(call)
        raise KeyError("secret")

    mock = serve(createThing=fail)
    before = mock.store.dump()
    answer = mock.create()
    assert (answer.status_code, answer.headers["x-understudy-error"]) == (500, "bug")
    assert "KeyError in createThing" in answer.json()["detail"]
    assert "secret" not in answer.text
    assert mock.store.dump() == before


def test_an_answer_that_is_no_json_is_the_mocks_bug_and_leaves_nothing_behind(serve: Serve) -> None:
    def reply(call: Call) -> Reply:
        write(call)
        return Reply(201, {"title": "Lamp", "size": 2**70})

    mock = serve(createThing=reply)
    before = mock.store.dump()
    answer = mock.create()
    assert (answer.status_code, answer.headers["x-understudy-error"]) == (500, "bug")
    assert mock.store.dump() == before
    assert [entry.status for entry in mock.noted] == [500]


def test_a_guard_that_raises_is_the_mocks_bug(serve: Serve) -> None:
    def fail(call: Call) -> None:
        raise ValueError

    answer = serve(guards=(fail,)).create()
    assert (answer.status_code, answer.headers["x-understudy-error"]) == (500, "bug")


@pytest.mark.parametrize("keeps_changes", [False, True])
def test_a_refusal_undoes_what_was_written_unless_it_keeps_it(
    serve: Serve, keeps_changes: bool
) -> None:
    def refuse(call: Call) -> Reply:
        write(call)
        raise ApiError(409, "no", headers=[("X-Why", "so")], keeps_changes=keeps_changes)

    mock = serve(createThing=refuse)
    answer = mock.create()
    assert (answer.status_code, answer.headers["x-why"]) == (409, "so")
    assert mock.titles == (["written"] if keeps_changes else [])


def test_the_next_request_is_answered_after_one_that_failed(serve: Serve) -> None:
    failures: Iterator[Reply] = iter([Reply(201, {"title": 7}), Reply(201, {"title": "Lamp"})])
    mock = serve(createThing=lambda call: next(failures))
    assert [mock.create().status_code for _ in range(2)] == [500, 201]


def test_head_is_answered_like_get_without_the_body(mock: Any) -> None:
    mock.create()
    got, headed = (
        mock.client.request(method, "/things/1", headers={"x-key": "good"})
        for method in ("GET", "HEAD")
    )
    assert got.json() == {"title": "Lamp"}
    assert (headed.status_code, headed.content) == (200, b"")
    for name in ("content-length", "content-type"):
        assert headed.headers[name] == got.headers[name]


def test_head_is_refused_like_get(mock: Any) -> None:
    assert mock.client.head("/things/1").status_code == 401


def test_head_of_a_path_without_get_is_no_method_of_it(mock: Any) -> None:
    assert mock.client.head("/things").status_code == 405


def test_an_announced_body_beyond_the_limit_is_refused_unread(
    mock: Any, exchange: Exchange
) -> None:
    headers = [(b"x-key", b"good"), (b"content-length", b"1001")]
    start, _ = exchange(mock.app, [], headers=headers)
    assert start["status"] == 413


def test_a_streamed_body_beyond_the_limit_is_refused(mock: Any, exchange: Exchange) -> None:
    start, _ = exchange(mock.app, [part(b" " * 600, more=True), part(b" " * 600, more=True)])
    assert start["status"] == 413
    assert mock.titles == []


def test_a_streamed_body_within_the_limit_is_taken(mock: Any, exchange: Exchange) -> None:
    start, _ = exchange(mock.app, [part(b'{"title":', more=True), part(b'"Lamp"}')])
    assert start["status"] == 201
    assert mock.titles == ["Lamp"]


def test_a_client_that_hangs_up_in_mid_body_leaves_nothing_behind(
    mock: Any, exchange: Exchange
) -> None:
    before = mock.store.dump()
    received = [part(b'{"title": "Lamp"}', more=True), {"type": "http.disconnect"}]
    assert exchange(mock.app, received) == []
    assert mock.store.dump() == before
    assert mock.create().status_code == 201


def test_prefer_gives_the_documented_answer_and_changes_nothing(mock: Any) -> None:
    before = mock.store.dump()
    answer = mock.create(headers={"prefer": "code=201, dynamic=true"})
    assert (answer.status_code, answer.headers["preference-applied"]) == (
        201,
        "code=201, dynamic=true",
    )
    assert mock.store.dump() == before


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"title": 7}, 400),
        ({"params": {"count": "many"}}, 400),
        ({"headers": {"x-key": "bad"}}, 401),
    ],
    ids=["body", "parameter", "key"],
)
def test_prefer_comes_after_guards_and_validation(
    mock: Any, wrong: dict[str, Any], status: int
) -> None:
    headers = {"prefer": "code=201", **wrong.get("headers", {})}
    assert mock.create(**{**wrong, "headers": headers}).status_code == status


def test_an_answer_that_prefer_cannot_have_is_refused_and_changes_nothing(mock: Any) -> None:
    before = mock.store.dump()
    assert mock.create(headers={"prefer": "code=418"}).status_code == 400
    assert mock.store.dump() == before


def test_preferences_that_are_none_of_the_mocks_are_not_heard(mock: Any) -> None:
    assert mock.create(headers={"prefer": "return=minimal"}).status_code == 201
    assert mock.titles == ["Lamp"]


def test_a_header_value_cannot_forge_headers(serve: Serve) -> None:
    def refuse(call: Call) -> Reply:
        raise ApiError(409, "no", headers=[("X-Why", "so\r\nx-forged: yes")])

    headers = serve(createThing=refuse).create().headers
    assert headers["x-why"] == "so  x-forged: yes"
    assert "x-forged" not in headers


def test_headers_of_guards_go_with_refusals_and_with_answers(serve: Serve) -> None:
    def count(call: Call) -> None:
        call.answer_headers.append(("X-Left", "1"))

    mock = serve(guards=(count,))
    answers = [mock.create(), mock.create(title=7)]
    assert [(one.status_code, one.headers["x-left"]) for one in answers] == [(201, "1"), (400, "1")]


def test_every_request_is_in_the_journal_with_its_status(mock: Any, exchange: Exchange) -> None:
    mock.create()
    mock.create(title=7)
    mock.create(content=MALFORMED)
    mock.client.post("/things", json={})
    mock.client.get("/nothing?a=1")
    mock.client.get("/things")
    exchange(mock.app, [part(b" " * 1001)])
    noted = [(entry.status, entry.target, entry.operation_id) for entry in mock.noted]
    assert noted == [
        (201, "/things", "createThing"),
        (400, "/things", "createThing"),
        (400, "/things", "createThing"),
        (401, "/things", "createThing"),
        (404, "/nothing?a=1", ""),
        (405, "/things", ""),
        (413, "/things", "createThing"),
    ]


def test_failures_of_the_mock_are_in_the_journal(serve: Serve) -> None:
    mock = serve(createThing=break_the_document)
    mock.create()
    (entry,) = mock.noted
    assert entry.status == 500
    assert orjson.loads(entry.answer.text)["type"] == "urn:understudy:invalid-answer"


def test_every_answer_has_a_uuid_of_its_own_that_the_journal_knows(mock: Any) -> None:
    answers = [mock.create(), mock.create(title=7), mock.client.get("/nothing")]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert len({UUID(one) for one in ids}) == 3
    assert [entry.request_id for entry in mock.noted] == ids


@pytest.mark.parametrize("kind", ["websocket", "lifespan", "unheard-of"])
def test_what_is_not_http_is_left_alone(mock: Any, exchange: Exchange, kind: str) -> None:
    assert exchange(mock.app.serving.doors, [], type=kind) == []
