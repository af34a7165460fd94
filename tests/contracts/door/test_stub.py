"""The mock as a target: everybody it names is there, and nothing about it is left to chance."""

from collections.abc import Callable
from pathlib import Path

import pytest

from contracts.actors import Actor, Actors
from contracts.door.stub import STARTS_AT, Stub, open_stub
from contracts.exchange import Request, Response
from mockserver.errors import SetupError

LIBRARY = Path(__file__).parents[2] / "data" / "library.yaml"
LOANS = "/v1/books/00000000-0000-4000-8000-00000000dead/loans"
"""Of a book that is not there; callers who are not known do not even learn that."""
Open = Callable[..., Stub]


@pytest.fixture
def opened(request: pytest.FixtureRequest) -> Open:
    """Opens stubs that are closed after the test."""

    def open_one(*args: object, **more: object) -> Stub:
        stub = open_stub(*args, **more)  # type: ignore[arg-type]
        request.addfinalizer(stub.transport.close)
        return stub

    return open_one


def asked(stub: Stub, actor: str, target: str, method: str = "GET") -> Response:
    is_link = target.endswith("/private-links")
    version = "2024-09-04" if is_link else "2024-06-14"
    standing = (("Content-Type", "application/json"), ("cal-api-version", version))
    headers = (*Actors(stub.actors, {}).headers(None, actor), *standing)
    item = b"{}" if is_link else b'{"lengthInMinutes": 30, "title": "A", "slug": "a"}'
    body = item if method == "POST" else None
    return stub.transport.send(Request(method, target, headers, body, actor))


def test_every_actor_is_who_the_name_says(opened: Open) -> None:
    stub = opened()
    team = "/v2/organizations/{orgId}/teams/{teamId}/event-types/120".format(**stub.bindings)
    seen = {
        actor.name: (asked(stub, actor.name, "/v2/me").status, asked(stub, actor.name, team).status)
        for actor in stub.actors
    }
    assert seen == {
        "owner": (200, 200),
        "other": (200, 403),
        "reader": (200, 200),
        "admin": (200, 200),
        "member": (200, 403),
        "expired": (401, 401),
    }


def test_the_clock_stands_still(opened: Open) -> None:
    assert opened().control.now() == STARTS_AT


def test_the_same_seed_gives_the_same_bytes(opened: Open) -> None:
    def story(stub: Stub) -> list[Response]:
        return [
            asked(stub, "owner", "/v2/event-types", "POST"),
            asked(stub, "owner", "/v2/event-types/101/private-links", "POST"),
            asked(stub, "owner", "/v2/event-types"),
        ]

    first = story(opened(seed=7))
    assert [one.status for one in first] == [201, 201, 200]
    assert story(opened(seed=7)) == first
    assert story(opened(seed=8)) != first


def test_profile_and_quirks_are_those_of_the_mock(opened: Open) -> None:
    stub = opened(profile="observed", quirks=["null-means-absent"])
    told = stub.transport.send(Request("GET", "/__admin/health"))
    assert told.json["profile"] == "observed"
    with pytest.raises(SetupError, match="did you mean"):
        open_stub(quirks=["null-means-absen"])


def test_another_document_takes_made_up_people(opened: Open) -> None:
    stub = opened(LIBRARY)
    assert [actor.name for actor in stub.actors] == ["owner", "other"]
    assert dict(stub.bindings) == {}
    assert len({actor.secret for actor in stub.actors}) == 2
    assert not stub.control.can_count_uses


def test_another_document_lets_nobody_else_in(opened: Open) -> None:
    guest = Actor("third", "key-of-a-guest")
    stub = opened(LIBRARY, guests=[guest])
    shown = {
        key: stub.transport.send(
            Request("GET", LOANS, (("Authorization", f"Bearer {key}"),))
        ).status
        for key in (*(actor.secret for actor in stub.actors), guest.secret, "made-up", "")
    }
    assert list(shown.values()) == [404, 404, 404, 401, 401]
