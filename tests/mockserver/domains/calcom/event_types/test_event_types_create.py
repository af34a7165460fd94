"""Creating an event type of one's own."""

from collections.abc import Callable

import pytest

from mockserver.errors import ApiError
from mockserver.model import Document, Reply
from mockserver.store.protocol import Store

Ask = Callable[..., Reply]
Make = Callable[..., Document]
Refusal = Callable[..., ApiError]

COFFEE = {"title": "Coffee chat", "slug": "coffee-chat", "lengthInMinutes": 30}
SEATS = {"seatsPerTimeSlot": 4, "showAttendeeInfo": True, "showAvailabilityCount": True}
LEAVES_BEHIND = ["event-type-create-leaves-behind"]
SERIES = {"interval": 1, "occurrences": 3, "frequency": "weekly"}
SECOND_WRITE_FAILS = {**COFFEE, "seats": SEATS, "recurrence": SERIES}


def test_a_new_event_type_is_answered_with_201_and_its_owner(ask: Ask) -> None:
    reply = ask("createEventType", body=COFFEE)
    data = reply.body["data"]
    assert reply.status == 201
    assert (data["id"], data["ownerId"], data["slug"]) == (1, 1, "coffee-chat")


def test_a_new_event_type_is_stored_as_the_users_own(ask: Ask, kept: Make) -> None:
    ask("createEventType", body=COFFEE)
    stored = kept(1)
    place = ("ownerId", "teamId", "parentEventTypeId", "schedulingType", "hosts")
    assert [stored[name] for name in place] == [1, None, None, None, []]


def test_ids_are_never_used_again(ask: Ask) -> None:
    ask("createEventType", body=COFFEE)
    ask("deleteEventType", path={"eventTypeId": 1})
    assert ask("createEventType", body=COFFEE).body["data"]["id"] == 2


def test_a_second_event_type_of_the_same_slug_is_refused(
    ask: Ask, refusal: Refusal, store: Store
) -> None:
    ask("createEventType", body=COFFEE)
    error = refusal("createEventType", body={**COFFEE, "title": "Another"})
    assert (error.status, error.message) == (400, "User already has an event type with this slug.")
    assert store.count("event-types") == 1


def test_slugs_are_compared_after_they_are_cleaned(ask: Ask, refusal: Refusal) -> None:
    ask("createEventType", body=COFFEE)
    error = refusal("createEventType", body={**COFFEE, "slug": " -coffee-chat "})
    assert error.message == "User already has an event type with this slug."


def test_two_users_may_use_one_slug(ask: Ask) -> None:
    ask("createEventType", body=COFFEE)
    assert ask("createEventType", by="bob", body=COFFEE).status == 201


def test_a_schedule_of_ones_own_is_accepted(ask: Ask) -> None:
    reply = ask("createEventType", body={**COFFEE, "scheduleId": 1})
    assert reply.body["data"]["scheduleId"] == 1


@pytest.mark.parametrize("schedule_id", [2, 999])
def test_a_schedule_of_others_or_of_nobody_is_not_found(
    refusal: Refusal, store: Store, schedule_id: int | None
) -> None:
    error = refusal("createEventType", body={**COFFEE, "scheduleId": schedule_id})
    assert error.status == 404
    assert error.message == f"User with ID=1 does not own schedule with ID={schedule_id}"
    assert store.count("event-types") == 0


@pytest.mark.parametrize("schedule_id", [0, None])
def test_no_schedule_is_looked_for_when_none_is_named(ask: Ask, schedule_id: int | None) -> None:
    assert ask("createEventType", body={**COFFEE, "scheduleId": schedule_id}).status == 201


def test_the_slug_is_looked_at_before_the_schedule(ask: Ask, refusal: Refusal) -> None:
    ask("createEventType", body=COFFEE)
    assert refusal("createEventType", body={**COFFEE, "scheduleId": 999}).status == 400


def test_the_rules_across_fields_are_looked_at_before_the_slug(ask: Ask, refusal: Refusal) -> None:
    ask("createEventType", body=COFFEE)
    error = refusal("createEventType", body={**COFFEE, "customName": "{Nobody}"})
    assert error.message == "Invalid event name variables: {Nobody}"


def test_a_create_refused_by_its_second_write_leaves_nothing(
    refusal: Refusal, store: Store
) -> None:
    error = refusal("createEventType", body=SECOND_WRITE_FAILS)
    assert (error.status, error.code) == (400, "TRPCError")
    assert store.count("event-types") == 0


def test_the_slug_is_looked_at_before_the_second_write(ask: Ask, refusal: Refusal) -> None:
    ask("createEventType", body=COFFEE)
    error = refusal("createEventType", body=SECOND_WRITE_FAILS)
    assert error.message == "User already has an event type with this slug."


def test_the_real_server_leaves_the_first_write_behind(
    ask: Ask, refusal: Refusal, kept: Make
) -> None:
    first = {
        "title": "Coffee chat",
        "slug": "coffee-chat",
        "lengthInMinutes": 45,
        "description": "Short",
        "locations": [{"type": "attendeeAddress"}],
        "hidden": True,
        "slotInterval": 15,
        "minimumBookingNotice": 5,
        "beforeEventBuffer": 6,
        "afterEventBuffer": 7,
        "scheduleId": 1,
    }
    body = {**SECOND_WRITE_FAILS, **first, "offsetStart": 9}
    reply = ask("createEventType", body=body, quirks=LEAVES_BEHIND)
    assert (reply.status, reply.body["error"]["code"]) == (400, "TRPCError")
    left = kept(1)
    assert {name: left[name] for name in first} == first
    later = ("ownerId", "offsetStart", "recurrence", "seats")
    assert [left[name] for name in later] == [1, 0, None, None]
    again = refusal("createEventType", body=body, quirks=LEAVES_BEHIND)
    assert again.message == "User already has an event type with this slug."


def test_the_answer_may_be_sent_back_as_another_event_type(ask: Ask) -> None:
    first = ask("createEventType", body={**COFFEE, "description": "Short"}).body["data"]
    copy = {"title": "Copy", "slug": "copy", "lengthInMinutes": 30, "description": "Short"}
    second = ask("createEventType", body=copy).body["data"]
    own = {"id", "title", "slug", "bookingUrl"}
    assert {k: v for k, v in first.items() if k not in own} == {
        k: v for k, v in second.items() if k not in own
    }


def test_nobody_creates_nothing(refusal: Refusal, store: Store) -> None:
    error = refusal("createEventType", by=None, body=COFFEE)
    assert (error.status, error.message) == (401, "Invalid Access Token.")
    assert store.count("event-types") == 0
