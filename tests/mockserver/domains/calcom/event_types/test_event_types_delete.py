"""Deleting an event type of one's own."""

from collections.abc import Callable

import pytest

from mockserver.errors import ApiError
from mockserver.model import Document, Reply
from mockserver.store.protocol import Store

Ask = Callable[..., Reply]
Refusal = Callable[..., ApiError]
Make = Callable[..., Document]
AddLink = Callable[[int], str]

SUMMARY = ["event-type-delete-answers-summary"]
POLICY = {"type": "always", "blockUnconfirmedBookingsInBooker": False}


def test_a_deleted_event_type_is_gone(ask: Ask, refusal: Refusal, own: Make) -> None:
    own(1, "coffee-chat")
    assert ask("deleteEventType", path={"eventTypeId": 1}).status == 200
    error = refusal("deleteEventType", path={"eventTypeId": 1})
    assert (error.status, error.message) == (404, "Event type with ID=1 does not exist.")


@pytest.mark.parametrize(("by", "user_id"), [("bob", 2), ("root", 8)])
def test_others_are_told_that_they_do_not_own_it(
    refusal: Refusal, own: Make, store: Store, by: str, user_id: int
) -> None:
    own(1, "coffee-chat")
    error = refusal("deleteEventType", by=by, path={"eventTypeId": 1})
    assert error.status == 403
    assert error.message == f"User with ID={user_id} does not own event type with ID=1"
    assert store.count("event-types") == 1


def test_nobody_owns_the_event_type_of_a_team(refusal: Refusal, of_team: Make) -> None:
    event_type = of_team(2, "team-call", hosts=[4])
    path = {"eventTypeId": event_type["id"]}
    assert refusal("deleteEventType", by="tom", path=path).status == 403


def test_links_go_with_their_event_type(
    ask: Ask, own: Make, add_link: AddLink, store: Store
) -> None:
    own(1, "coffee-chat")
    own(1, "tea")
    gone, other = add_link(1), add_link(2)
    ask("deleteEventType", path={"eventTypeId": 1})
    assert store.get("private-links", gone) is None
    assert store.get("private-links", other) is not None


@pytest.mark.parametrize(("policy", "is_required"), [(None, False), (POLICY, True)])
def test_the_answer_tells_what_was_deleted(
    ask: Ask, own: Make, policy: Document | None, is_required: bool
) -> None:
    location = {"type": "address", "address": "1 Main St", "public": True}
    own(1, "coffee-chat", locations=[location], confirmationPolicy=policy, hidden=True)
    data = ask("deleteEventType", path={"eventTypeId": 1}).body["data"]
    fields = data.pop("bookingFields")
    assert "email" in [field["slug"] for field in fields]
    assert data == {
        "id": 1,
        "lengthInMinutes": 30,
        "slug": "coffee-chat",
        "title": "Coffee-Chat",
        "description": "",
        "locations": [location],
        "hidden": True,
        "requiresConfirmation": is_required,
    }


def test_the_real_server_answers_four_fields(ask: Ask, own: Make) -> None:
    own(1, "coffee-chat")
    data = ask("deleteEventType", path={"eventTypeId": 1}, quirks=SUMMARY).body["data"]
    assert data == {
        "id": 1,
        "lengthInMinutes": 30,
        "slug": "coffee-chat",
        "title": "Coffee-Chat",
    }
