"""Changing an event type of one's own."""

from collections.abc import Callable

import pytest

from mockserver.errors import ApiError
from mockserver.model import Document, Reply
from mockserver.store.protocol import Store

Ask = Callable[..., Reply]
Refusal = Callable[..., ApiError]
Make = Callable[..., Document]
AddLink = Callable[[int], str]

DROPS_LINKS = ["event-type-update-drops-links"]


def test_only_what_is_sent_changes(ask: Ask, own: Make, store: Store) -> None:
    event_type = own(1, "coffee-chat", description="Short", minimumBookingNotice=5)
    path = {"eventTypeId": event_type["id"]}
    reply = ask("updateEventType", path=path, body={"title": "Tea"})
    data = reply.body["data"]
    assert reply.status == 200
    assert (data["title"], data["slug"], data["description"]) == ("Tea", "coffee-chat", "Short")
    assert store.get("event-types", "1") == {**event_type, "title": "Tea"}


def test_an_empty_body_changes_nothing(ask: Ask, own: Make, store: Store) -> None:
    event_type = own(1, "coffee-chat")
    ask("updateEventType", path={"eventTypeId": event_type["id"]}, body={})
    assert store.get("event-types", str(event_type["id"])) == event_type


@pytest.mark.parametrize("by", ["bob", "root"])
def test_others_do_not_find_it(refusal: Refusal, own: Make, by: str) -> None:
    event_type = own(1, "coffee-chat")
    path = {"eventTypeId": event_type["id"]}
    error = refusal("updateEventType", by=by, path=path, body={"title": "Mine"})
    assert (error.status, error.message) == (404, "Event type with id 1 not found")


def test_an_absent_one_is_not_found(refusal: Refusal) -> None:
    error = refusal("updateEventType", path={"eventTypeId": 9}, body={})
    assert (error.status, error.message) == (404, "Event type with id 9 not found")


def test_a_team_event_type_is_not_found_even_by_its_hosts(refusal: Refusal, of_team: Make) -> None:
    event_type = of_team(2, "team-call", hosts=[4])
    path = {"eventTypeId": event_type["id"]}
    assert refusal("updateEventType", by="tom", path=path, body={}).status == 404


def test_the_owner_is_looked_at_before_the_schedule(refusal: Refusal, own: Make) -> None:
    own(1, "coffee-chat")
    body = {"scheduleId": 999}
    assert (
        "Event type"
        in refusal("updateEventType", by="bob", path={"eventTypeId": 1}, body=body).message
    )


def test_a_schedule_of_others_is_not_found(refusal: Refusal, own: Make, store: Store) -> None:
    event_type = own(1, "coffee-chat")
    error = refusal("updateEventType", path={"eventTypeId": 1}, body={"scheduleId": 2})
    assert error.status == 404
    assert error.message == "User with ID=1 does not own schedule with ID=2"
    assert store.get("event-types", "1") == event_type


def test_the_slug_of_another_own_event_type_is_refused_in_other_words(
    refusal: Refusal, own: Make, kept: Make
) -> None:
    own(1, "coffee-chat")
    own(1, "tea")
    error = refusal("updateEventType", path={"eventTypeId": 2}, body={"slug": "-coffee-chat"})
    assert (error.status, error.code) == (400, "TRPCError")
    assert error.message == "error_event_type_url_duplicate"
    assert kept(2)["slug"] == "tea"


def test_the_own_slug_is_no_clash(ask: Ask, own: Make) -> None:
    own(1, "coffee-chat")
    assert (
        ask("updateEventType", path={"eventTypeId": 1}, body={"slug": "coffee-chat"}).status == 200
    )


def test_the_slug_of_another_user_is_free(ask: Ask, own: Make) -> None:
    own(1, "coffee-chat")
    own(2, "tea")
    reply = ask("updateEventType", path={"eventTypeId": 1}, body={"slug": "tea"})
    assert reply.body["data"]["bookingUrl"] == "https://cal.com/alice/tea"


def test_the_rules_across_fields_hold_for_what_will_be_stored(refusal: Refusal, own: Make) -> None:
    own(1, "coffee-chat", locations=[_address("1 Main St"), _address("2 Main St")])
    seats = {"seatsPerTimeSlot": 4, "showAttendeeInfo": True, "showAvailabilityCount": True}
    error = refusal("updateEventType", path={"eventTypeId": 1}, body={"seats": seats})
    assert error.message.startswith("Seats Validation failed")


def test_the_rules_of_the_second_write_hold_for_what_will_be_stored(
    refusal: Refusal, own: Make
) -> None:
    own(1, "coffee-chat", recurrence={"interval": 1, "occurrences": 3, "frequency": "weekly"})
    seats = {"seatsPerTimeSlot": 4, "showAttendeeInfo": True, "showAvailabilityCount": True}
    error = refusal("updateEventType", path={"eventTypeId": 1}, body={"seats": seats})
    assert error.code == "TRPCError"


def test_settings_kept_in_the_metadata_are_merged(ask: Ask, own: Make) -> None:
    layouts = {"defaultLayout": "week", "enabledLayouts": ["week"]}
    own(1, "coffee-chat", bookerLayouts=layouts, lengthInMinutesOptions=[15, 30])
    policy = {
        "type": "time",
        "noticeThreshold": {"unit": "minutes", "count": 30},
        "blockUnconfirmedBookingsInBooker": True,
    }
    body = {"confirmationPolicy": policy}
    data = ask("updateEventType", path={"eventTypeId": 1}, body=body).body["data"]
    assert (data["bookerLayouts"], data["lengthInMinutesOptions"]) == (layouts, [15, 30])
    assert data["confirmationPolicy"] == policy


def test_links_stay_when_the_event_type_changes(
    ask: Ask, own: Make, add_link: AddLink, store: Store
) -> None:
    own(1, "coffee-chat")
    link_id = add_link(1)
    ask("updateEventType", path={"eventTypeId": 1}, body={"title": "Tea"})
    assert store.get("private-links", link_id) is not None


def test_the_real_server_drops_the_links_of_this_event_type(
    ask: Ask, own: Make, add_link: AddLink, store: Store
) -> None:
    own(1, "coffee-chat")
    own(1, "tea")
    dropped, other = add_link(1), add_link(2)
    ask("updateEventType", path={"eventTypeId": 1}, body={}, quirks=DROPS_LINKS)
    assert store.get("private-links", dropped) is None
    assert store.get("private-links", other) is not None


def test_a_refused_update_drops_no_links(
    refusal: Refusal, own: Make, add_link: AddLink, store: Store
) -> None:
    own(1, "coffee-chat")
    link_id = add_link(1)
    refusal("updateEventType", path={"eventTypeId": 1}, body={"scheduleId": 2}, quirks=DROPS_LINKS)
    assert store.get("private-links", link_id) is not None


def _address(text: str) -> Document:
    return {"type": "address", "address": text, "public": True}
