"""What goes through the forwarder, in both directions."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.actors import Actor, Actors
from contracts.door.forwarder import Forwarder, NotSent
from contracts.exchange import Exchange, Request, Response
from contracts.stops import NotJudged, Refused, RunStopped
from contracts.yardstick import Yardstick

ANSWER = Response(
    201,
    (("Content-Type", "application/json"), ("Content-Length", "99"), ("Set-Cookie", "a=b")),
    b'{"a": 1}',
)
AT = datetime(2030, 1, 1, tzinfo=UTC)


class Door:
    """Answers, or raises what it is told to."""

    def __init__(self, *stops: Exception) -> None:
        self.requests: list[Request] = []
        self._stops = list(stops)

    def send(self, request: Request) -> Exchange:
        self.requests.append(request)
        if self._stops:
            raise self._stops.pop(0)
        return Exchange(len(self.requests), request, ANSWER, None, {}, AT, 0.0)


def asked(
    forwarder: Forwarder, *headers: tuple[bytes, bytes], body: bytes = b"", id: bytes = b"one"
) -> list[dict[str, Any]]:
    """The messages that answer `POST /v2/event-types?a=%20b`."""
    parts = [body[:2], body[2:]]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "raw_path": b"/v2/event-types",
        "query_string": b"a=%20b",
        "headers": [(b"x-schemathesis-testcaseid", id), *headers],
    }
    asyncio.run(forwarder(scope, receive, send))
    return sent


@pytest.fixture
def actors(yardstick: Yardstick) -> Actors:
    return Actors([Actor("owner", "cal_key")], yardstick.schemes)


def forwarder_to(door: Door, actors: Actors, yardstick: Yardstick, **more: Any) -> Forwarder:
    return Forwarder(door.send, actors, yardstick, lambda: None, **more)


def test_a_request_is_sent_on_as_it_came(actors: Actors, yardstick: Yardstick) -> None:
    door = Door()
    asked(
        forwarder_to(door, actors, yardstick),
        (b"host", b"testserver"),
        (b"content-length", b"5"),
        (b"accept-encoding", b"gzip"),
        (b"x-own", b"caf\xe9"),
        body=b"hello",
    )
    expected = Request("POST", "/v2/event-types?a=%20b", (("x-own", "caf\xe9"),), b"hello", "")
    assert door.requests == [expected]


def test_a_request_without_a_body_has_none(actors: Actors, yardstick: Yardstick) -> None:
    door = Door()
    asked(forwarder_to(door, actors, yardstick))
    assert door.requests[0].body is None


def test_the_answer_has_the_body_that_was_read(actors: Actors, yardstick: Yardstick) -> None:
    start, body = asked(forwarder_to(Door(), actors, yardstick))
    assert start["status"] == 201
    assert start["headers"] == [(b"Content-Type", b"application/json")]
    assert body["body"] == ANSWER.body


@pytest.mark.parametrize(
    ("credential", "actor"),
    [(b"Bearer cal_key", "owner"), (b"Bearer cal_other", ""), (b"cal_key", "")],
)
def test_the_owner_is_known_by_the_credential(
    actors: Actors, yardstick: Yardstick, credential: bytes, actor: str
) -> None:
    door = Door()
    asked(forwarder_to(door, actors, yardstick), (b"authorization", credential))
    assert door.requests[0].actor == actor


def test_exchanges_are_found_by_the_id_of_the_request(actors: Actors, yardstick: Yardstick) -> None:
    forwarder = forwarder_to(Door(), actors, yardstick)
    asked(forwarder, id=b"one")
    asked(forwarder, id=b"two")
    assert {id: one.number for id, one in forwarder.exchanges.items()} == {"one": 1, "two": 2}


def test_a_refusal_is_no_answer_and_holds_for_one_request(
    actors: Actors, yardstick: Yardstick
) -> None:
    forwarder = forwarder_to(Door(Refused("no")), actors, yardstick)
    with pytest.raises(NotSent):
        asked(forwarder)
    assert [str(one) for one in forwarder.kept_back] == ["no"]
    assert asked(forwarder)[0]["status"] == 201


@pytest.mark.parametrize(
    ("stop", "is_strict"),
    [(RunStopped("gone"), False), (Refused("no"), True), (ZeroDivisionError("bug"), False)],
)
def test_after_a_stop_nothing_is_sent(
    actors: Actors, yardstick: Yardstick, stop: Exception, is_strict: bool
) -> None:
    door, stops = Door(stop), []
    forwarder = Forwarder(
        door.send, actors, yardstick, lambda: stops.append(1), is_strict=is_strict
    )
    for _ in range(2):
        with pytest.raises(NotSent):
            asked(forwarder)
    assert forwarder.stopped is stop
    assert (len(door.requests), stops) == (1, [1])


def test_what_cannot_be_judged_does_not_stop_a_strict_run(
    actors: Actors, yardstick: Yardstick
) -> None:
    forwarder = forwarder_to(Door(NotJudged("cut")), actors, yardstick, is_strict=True)
    with pytest.raises(NotSent):
        asked(forwarder)
    assert forwarder.stopped is None


def test_the_lifespan_is_completed_at_once(actors: Actors, yardstick: Yardstick) -> None:
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[str] = []

    async def receive() -> dict[str, str]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    forwarder = forwarder_to(Door(), actors, yardstick)
    asyncio.run(forwarder({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
