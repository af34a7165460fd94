"""The front door: who is given a request, and what is answered when that goes wrong."""

import asyncio
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from mockserver.behaviours.registry import Call
from mockserver.model import Reply
from mockserver.web.asgi import Message, Receive, Scope, Send
from mockserver.web.writer import send_unnoted

Serve = Callable[..., Any]
Exchange = Callable[..., list[Message]]

ASKING = {"origin": "http://localhost:3000", "access-control-request-method": "POST"}


async def admin(scope: Scope, receive: Receive, send: Send) -> None:
    """Says that it was asked, and for which path."""
    await send_unnoted(send, Reply(200, {"admin": scope["path"]}))


async def broken(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("secret")


@pytest.mark.parametrize("path", ["/__admin", "/__admin/", "/__admin/state/things"])
def test_the_admin_api_has_its_own_paths(serve: Serve, path: str) -> None:
    assert serve(admin=admin).client.get(path).json() == {"admin": path}


def test_a_path_that_begins_like_the_admin_api_belongs_to_the_simulated_one(serve: Serve) -> None:
    assert serve(admin=admin).client.get("/__administration").status_code == 404


def test_requests_to_the_admin_api_are_not_in_the_journal(serve: Serve) -> None:
    mock = serve(admin=admin)
    mock.client.get("/__admin/state")
    assert mock.noted == []


def test_a_preflight_is_granted_without_asking_the_api(serve: Serve) -> None:
    mock = serve()
    answer = mock.client.options("/things", headers=ASKING)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert mock.noted == []


def test_a_preflight_without_cors_is_a_request_like_any_other(serve: Serve) -> None:
    answer = serve(cors=False).client.options("/things", headers=ASKING)
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


def test_an_options_request_that_is_no_preflight_goes_to_the_api(serve: Serve) -> None:
    assert serve().client.options("/things").status_code == 405


def test_the_admin_api_answers_preflights_itself(serve: Serve) -> None:
    answer = serve(admin=admin).client.options("/__admin/state", headers=ASKING)
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/__docs", "/__docs/"])
def test_the_docs_are_a_page_that_shows_the_served_document(serve: Serve, path: str) -> None:
    answer = serve().client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "/__admin/spec" in answer.text


def test_the_docs_page_finds_its_script(serve: Serve) -> None:
    assert serve().client.get("/__docs/swagger-ui-bundle.js").status_code == 200


def test_what_is_not_of_the_docs_page_belongs_to_the_api(serve: Serve) -> None:
    answer = serve().client.get("/__docsy")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)
    assert "x-request-id" in answer.headers


def test_standing_headers_go_with_every_answer_of_the_api(serve: Serve) -> None:
    client = serve(standing=[(b"x-standing", b"always")]).client
    for path in ("/things/1", "/nothing"):
        assert client.get(path).headers["x-standing"] == "always"


def test_another_document_is_served_from_the_next_request_on(serve: Serve) -> None:
    def greet(call: Call) -> Reply:
        return Reply(201, {"title": "other"})

    mock = serve()
    mock.app.serving = serve(createThing=greet).app.serving
    assert mock.create().json() == {"title": "other"}


@pytest.mark.parametrize("part", ["admin", "pages", "pipeline"])
def test_an_exception_anywhere_is_a_marked_failure_of_the_mock(serve: Serve, part: str) -> None:
    mock = serve(admin=broken)
    mock.app.serving.pages = mock.app.serving.doors = broken
    path = {"admin": "/__admin", "pages": "/__docs", "pipeline": "/things/1"}[part]
    answer = mock.client.get(path)
    assert (answer.status_code, answer.headers["x-understudy-error"]) == (500, "bug")
    assert answer.headers["content-type"] == "application/problem+json"
    assert f"RuntimeError in {path}" in orjson.loads(answer.content)["detail"]
    assert "secret" not in answer.text


def test_a_server_starts_and_stops_when_it_is_told_to(serve: Serve) -> None:
    events = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[str] = []

    async def receive() -> Any:
        return next(events)

    async def send(message: Message) -> None:
        sent.append(message["type"])

    asyncio.run(serve().app({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_web_socket_is_closed(serve: Serve, exchange: Exchange) -> None:
    received = [{"type": "websocket.connect"}]
    assert exchange(serve().app, received, type="websocket") == [
        {"type": "websocket.close", "code": 1000}
    ]
