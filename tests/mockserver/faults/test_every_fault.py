"""What holds for every fault, wherever it takes effect."""

import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from mockserver.behaviours.faults import Place
from mockserver.faults import FAULTS, DocumentSurroundings
from tests.mockserver.faults import (
    test_body_shape,
    test_content,
    test_crud,
    test_identity,
    test_lists,
    test_requests,
    test_status_and_headers,
)
from tests.mockserver.faults.conftest import Caller, Mock

CATEGORIES = (
    "Body shape",
    "Status and headers",
    "Content and encoding",
    "Request validation",
    "Create read update delete",
    "Lists and pagination",
    "Identity and relations",
)
MINE = [fault.name for fault in FAULTS.values() if fault.category in CATEGORIES]
OWN = "x-understudy-error"

PATHS: Mapping[str, str] = {
    "orgId": "101",
    "teamId": "102",
    "linkId": "demoCountedFresh111111",
    "authorId": "1",
    "bookId": "5c1c0a52-38cf-4f2c-9f0e-7d3a5f5b1a01",
    "loanId": "1",
}
TEAM_PATHS: Mapping[str, str] = {"eventTypeId": "120", "linkId": "demoTeamCounted1111111"}
KEYS: Mapping[str, str] = {"authorization": "Bearer cal_test_demo"}


def requests_for(place: Place, around: DocumentSurroundings) -> Iterator[tuple[str, Any, str]]:
    """Targets, bodies and versions: one good request, wrong bodies, an unknown id."""
    values = {"eventTypeId": "101", **PATHS}
    if "{teamId}" in place.operation.path:
        values |= TEAM_PATHS
    path, unknown = place.operation.path, place.operation.path
    for name, value in values.items():
        path, unknown = path.replace(f"{{{name}}}", value), unknown.replace(f"{{{name}}}", "987654")
    version = "2024-09-04" if "private-links" in path else "2024-06-14"
    if place.body is None:
        query = (
            "?sortCreatedAt=desc&eventSlug=intro-call&take=1&skip=1&limit=1&offset=1&language=en"
        )
        yield from ((target, None, version) for target in (path, unknown, path + query))
        return
    good = around.sample(place.body, place.operation.id)
    bodies: list[Any] = [good, {}, [], "text", {**good, "slug": 7}, {**good, "title": "💡" * 300}]
    for body in bodies:
        yield path, body, version
    yield unknown, good, version


def crashes_of(app: Mock, key: str) -> list[str]:
    """Every request in which the mock itself failed, with the fault that is on."""
    around = app._around(app._assembly)
    fault = FAULTS[key]
    caller, told = Caller(app, KEYS), []
    for place in around.places():
        if not fault.reaches(place):
            continue
        for target, body, version in requests_for(place, around):
            answer = caller(
                place.operation.method, target, body, headers={"cal-api-version": version}
            )
            if OWN in answer.headers and answer.status != 501:
                told.append(
                    f"{place.operation.label} {json.dumps(body)[:60]}: {answer.raw[:300]!r}"
                )
    return told


def test_every_fault_is_tried_in_a_story() -> None:
    stories = {
        *test_body_shape.STORIES,
        *test_status_and_headers.STORIES,
        *test_content.STORIES,
        *test_requests.STORIES,
        *test_crud.STORIES,
        *test_lists.STORIES,
        *test_identity.STORIES,
    }
    assert stories == {*MINE}


@pytest.mark.parametrize("name", MINE)
def test_no_fault_makes_the_mock_itself_fail(
    name: str, calcom: Mock, library: Mock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "mockserver")
    for app in (calcom, library):
        rows = app._around(app._assembly).places()
        if any(FAULTS[name].reaches(place) for place in rows):
            app.start(name)
            assert crashes_of(app, name) == []
            app.set_deviations(faults=[])
            assert after(app) == []


def after(app: Mock) -> list[str]:
    """What fails in reading everything, in the state that a fault has left behind."""
    caller, told = Caller(app, KEYS), []
    around = app._around(app._assembly)
    for place in around.places():
        if place.operation.method == "GET":
            for target, _, version in requests_for(place, around):
                answer = caller("GET", target, headers={"cal-api-version": version})
                if OWN in answer.headers and answer.status != 501:
                    told.append(f"{target}: {answer.raw[:300]!r}")
    return told
