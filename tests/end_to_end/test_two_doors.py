"""A whole request is answered as the same request in messages of ASGI is, to the last byte.

Two mocks with the same seed and the same clock are asked the same, each by another door.
"""

import asyncio
from typing import Any

import pytest

from mockserver.app import App, create_app
from mockserver.clock import Clock
from mockserver.settings import Settings
from mockserver.web.whole import head_of
from tests.end_to_end.conftest import START
from tests.end_to_end.raw_requests import JSON_BODY, RawAnswer, RawRequest, answer_of

DEMO = (b"authorization", b"Bearer cal_test_demo")
OF_TYPES = (b"cal-api-version", b"2024-06-14")
OF_LINKS = (b"cal-api-version", b"2024-09-04")
TYPES, LINKS = (DEMO, OF_TYPES), (DEMO, OF_LINKS)
PLACE = b"/v2/event-types/101/private-links"
NEW = b'{"title": "New", "slug": "new", "lengthInMinutes": 30}'

REQUESTS = {
    "one": ("GET", b"/v2/event-types/101", TYPES, b""),
    "HEAD": ("HEAD", b"/v2/event-types/101", TYPES, b""),
    "other version": ("GET", b"/v2/event-types/101", LINKS, b""),
    "list": ("GET", PLACE, LINKS, b""),
    "list with query": ("GET", b"/v2/event-types?username=demo&eventSlug=intro-call", TYPES, b""),
    "broken query": ("GET", b"/v2/event-types?sortCreatedAt=sideways&%FF=%", TYPES, b""),
    "older path": ("GET", b"/api/v2/event-types/101/", TYPES, b""),
    "nobody": ("GET", b"/v2/me", (), b""),
    "unknown key": ("GET", b"/v2/me", ((b"authorization", b"Bearer cal_nobody"),), b""),
    "create": ("POST", b"/v2/event-types", (*TYPES, JSON_BODY), NEW),
    "create link": ("POST", PLACE, (*LINKS, JSON_BODY), b'{"maxUsageCount": 5}'),
    "create without a body": ("POST", PLACE, LINKS, b""),
    "both limits": (
        "POST",
        PLACE,
        (*LINKS, JSON_BODY),
        b'{"maxUsageCount": 5, "expiresAt": "2031-01-01T00:00:00Z"}',
    ),
    "change": ("PATCH", b"/v2/event-types/101", (*TYPES, JSON_BODY), b'{"title": "Other"}'),
    "invalid": ("POST", b"/v2/event-types", (*TYPES, JSON_BODY), b'{"title": 1}'),
    "no JSON": ("POST", b"/v2/event-types", (*TYPES, JSON_BODY), b'{"title": '),
    "scalar": ("POST", b"/v2/event-types", (*TYPES, JSON_BODY), b"7"),
    "other kind": ("POST", PLACE, (*LINKS, (b"content-type", b"text/plain")), b"text"),
    "too long": ("POST", PLACE, (*LINKS, JSON_BODY), b" " * 2_000_000 + b"{}"),
    "body of a GET": ("GET", b"/v2/me", LINKS, b"ignored"),
    "unknown path": ("GET", b"/v2/nowhere", LINKS, b""),
    "unknown method": ("PUT", PLACE, LINKS, b"{}"),
    "text id": ("GET", b"/v2/event-types/abc", TYPES, b""),
    "huge id": ("GET", b"/v2/event-types/99999999999999999999", TYPES, b""),
    "delete": ("DELETE", PLACE + b"/demoDatedFresh11111111", LINKS, b""),
    "delete again": ("DELETE", PLACE + b"/demoDatedFresh11111111", LINKS, b""),
}


@pytest.fixture(scope="module", params=["documented", "observed", "all"])
def mocks(request: pytest.FixtureRequest) -> tuple[App, App]:
    """Two that are alike; the third pair has all that can be switched on."""
    profile = "documented" if request.param == "documented" else "observed"
    more: dict[str, Any] = {"rate_limit": True, "metrics": True} if request.param == "all" else {}
    settings = Settings(profile=profile, **more)
    pair = create_app(settings, Clock()), create_app(settings, Clock())
    for one in pair:
        one.clock.freeze(START)
        one.reset()
    return pair


def answer_at_the_door(app: App, request: RawRequest) -> RawAnswer:
    written = app.answer(head_of(request.scope), request.body)
    assert written is not None
    pairs = [line.split(b": ", 1) for line in written.lines.split(b"\r\n")[:-1]]
    return RawAnswer(written.status, {name: value for name, value in pairs}, written.body)


@pytest.mark.parametrize("name", REQUESTS)
def test_both_doors_give_the_same_answer(mocks: tuple[App, App], name: str) -> None:
    request = RawRequest(*REQUESTS[name])
    by_asgi, at_the_door = mocks
    expected = asyncio.run(answer_of(by_asgi, request))
    assert answer_at_the_door(at_the_door, request) == expected
    noted = [one.journal.find()[-1] for one in mocks]
    assert {**noted[0].as_json(), "durationMs": 0} == {**noted[1].as_json(), "durationMs": 0}


@pytest.mark.parametrize("preference", [b"code=404", b"deviation=slow-response", b"nonsense="])
def test_who_prefers_something_is_sent_to_the_other_door(
    mocks: tuple[App, App], preference: bytes
) -> None:
    request = RawRequest("GET", b"/v2/me", (*LINKS, (b"prefer", preference)))
    before = mocks[0].journal.last_number
    assert mocks[0].answer(head_of(request.scope), b"") is None
    assert mocks[0].journal.last_number == before


def test_while_a_fault_is_planted_nobody_is_answered_at_the_door(mocks: tuple[App, App]) -> None:
    request = RawRequest("GET", b"/v2/me", LINKS)
    app = mocks[0]
    app.set_deviations(faults=["slow-response:delay_s=0.001"])
    try:
        assert app.answer(head_of(request.scope), b"") is None
    finally:
        app.set_deviations(faults=[])
    assert app.answer(head_of(request.scope), b"") is not None
