"""A session that meets every operation, and every kind of answer that a healthy target has."""

from collections.abc import Iterator

from contracts.actors import OWNER
from contracts.exchange import Exchange, Request
from contracts.suites.provisions import new_body, path_values
from contracts.suites.session import Bench, Case, Session
from mockserver.model import Json
from mockserver.openapi import Operation

LINK = "EventTypesPrivateLinksController_2024_09_04_createPrivateLink"
CREATE = "EventTypesController_2024_06_14_createEventType"
RICH: dict[str, Json] = {
    "title": "Größe 日本 🎉",
    "description": "naïve café",
    "lengthInMinutes": 30,
    "lengthInMinutesOptions": [15, 30],
    "locations": [
        {"type": "integration", "integration": "cal-video"},
        {"type": "address", "address": "Straße 1", "public": True},
        {"type": "link", "link": "https://meet.example.test/x", "public": False},
        {"type": "phone", "phone": "+37120993151", "public": True},
    ],
    "bookingFields": [
        {"type": "text", "slug": "t", "label": "T", "required": True, "placeholder": "p",
         "hidden": False},
        {"type": "number", "slug": "n", "label": "N", "required": False, "placeholder": "p",
         "hidden": False},
        {"type": "select", "slug": "s", "label": "S", "required": True, "placeholder": "p",
         "options": ["a", "b"], "hidden": False},
    ],
    "color": {"lightThemeHex": "#292929", "darkThemeHex": "#fafafa"},
    "bookingWindow": {"type": "range", "value": ["2030-09-05", "2030-09-09"]},
    "confirmationPolicy": {"type": "always", "blockUnconfirmedBookingsInBooker": False},
    "recurrence": {"interval": 2, "occurrences": 5, "frequency": "weekly"},
    "bookingLimitsCount": {"day": 1, "week": 2},
}  # fmt: skip


def session_on(bench: Bench) -> Session:
    return Session(bench, Case("lively", "any", "any", lambda session: None))


def live(session: Session) -> list[Exchange]:
    """Every operation well and badly used; then what belongs to no operation."""
    for operation in session.yardstick.operations:
        _well(session, operation)
        _badly(session, operation)
    for request in _strange():
        session.send(request)
    _rich(session)
    return session.exchanges


def _well(session: Session, operation: Operation) -> None:
    session.call(operation, path_values(session, operation), body=new_body(session, operation))


def _badly(session: Session, operation: Operation) -> None:
    path = path_values(session, operation)
    body = new_body(session, operation)
    for actor in ("anonymous", "stranger", "expired", "other", "member"):
        session.call(operation, path, body=body, actor=actor)
    for name in path:
        for wrong in ("999999", "abc", "1%2F2", "0", "Größe"):
            session.call(operation, {**path, name: wrong}, body=body)
    for wrong_body in (b"{", b"", b"[]", b'"x"', "nein: Größe", {"title": 7}, {"expiresAt": "x"}):
        session.call(operation, path, body=wrong_body)
    session.call(operation, path, body=body, headers={"cal-api-version": "1999-01-01"})
    session.call(operation, path, body=body, headers={"cal-api-version": None})
    session.call(operation, path, body=body, headers={"Content-Type": "text/plain"})
    session.call(operation, path, query=[("take", "x"), ("sortCreatedAt", "up")], body=body)


def _strange() -> Iterator[Request]:
    headers = (("Authorization", "Bearer cal_test_demo"), ("cal-api-version", "2024-06-14"))
    for method in ("GET", "PUT", "HEAD", "OPTIONS", "TRACE", "DELETE", "PATCH", "POST"):
        for path in ("/v2/event-types", "/v2/event-types/", "/v2/me", "/v2/nothing", "/"):
            yield Request(method, path, headers, None, OWNER)


def _rich(session: Session) -> None:
    """Links of both kinds, changed into each other; and everything that an event type can have."""
    operation = session.yardstick.operation(LINK)
    path = path_values(session, operation)
    for body in ({"maxUsageCount": 3}, {"expiresAt": "2031-01-01T00:00:00.000Z"}, {}):
        link = session.call(operation, path, body=body).response.json["data"]
        change = session.yardstick.operation(LINK.replace("create", "update"))
        at = {**path, "linkId": link["linkId"]}
        session.call(change, at, body={"expiresAt": "2031-02-01T00:00:00.000Z"})
        session.call(change, at, body={"maxUsageCount": 4})
        session.call(session.yardstick.operation(LINK.replace("create", "get") + "s"), path)
    make = session.yardstick.operation(CREATE)
    made = session.call(make, {}, body={**RICH, "slug": "rich-one"})
    assert made.response.status == 201, made.response.body
    session.call(session.yardstick.operation(CREATE.replace("create", "get") + "s"), {})
