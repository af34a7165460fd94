"""The answer about one event type is remembered, and never out of date."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import cast

import pytest

from mockserver.behaviours.faults import Plant
from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.event_types.output import event_type_output
from mockserver.domains.calcom.event_types.replies import reply_about
from mockserver.model import MISSING, Document, Reply
from mockserver.openapi.quirks import Quirks
from mockserver.store.memory import MemoryStore
from mockserver.store.protocol import Store

Make = Callable[..., Document]
Read = Callable[..., Reply]
Change = Callable[..., None]

OLDER = "event-type-answers-as-of-2025"
RAW = "event-type-booking-url-is-raw"


@pytest.fixture
def call(new_call: Callable[..., Call]) -> Call:
    return new_call("read", body=MISSING)


@pytest.fixture
def read(call: Call) -> Read:
    """Reads an event type by its id: (id, quirks..., store=)."""

    def read(event_type_id: int, *quirks: str, store: Store = call.store) -> Reply:
        asked = replace(call, store=store, quirks=Quirks(quirks))
        view = store.view("event-types", str(event_type_id))
        assert view is not None
        reply_about(asked, view)  # what is read once is not remembered
        told = reply_about(asked, view)
        assert told.body["data"] == event_type_output(store, view, asked.quirks)
        return told

    return read


@pytest.fixture
def change(store: Store, kept: Make) -> Change:
    """Change fields of a stored document: (collection, key, fields)."""

    def change(collection: str, key: int | str, **fields: object) -> None:
        store.replace(collection, str(key), {**kept(key, collection), **fields})

    return change


def test_the_answer_is_the_same_object_while_nothing_changes(read: Read, own: Make) -> None:
    number = own(1, "coffee")["id"]
    assert read(number) is read(number)


def test_an_answer_that_is_read_once_is_not_kept(call: Call, own: Make, store: Store) -> None:
    view = store.view("event-types", str(own(1, "coffee")["id"]))
    assert view is not None
    assert not reply_about(call, view).is_kept
    assert reply_about(call, view).is_kept


def test_another_event_type_of_the_same_user_has_its_own_answer(read: Read, own: Make) -> None:
    first, second = own(1, "coffee")["id"], own(1, "tea")["id"]
    assert read(first).body["data"]["slug"] == "coffee"
    assert read(second).body["data"]["slug"] == "tea"


def test_a_changed_event_type_is_answered_anew(read: Read, own: Make, change: Change) -> None:
    number = own(1, "coffee")["id"]
    read(number)
    change("event-types", number, slug="tea")
    assert read(number).body["data"]["slug"] == "tea"


def test_an_undone_change_is_not_answered(read: Read, own: Make, store: Store) -> None:
    stored = own(1, "coffee")
    with suppress(KeyError), store.transaction():
        store.replace("event-types", str(stored["id"]), {**stored, "slug": "tea"})
        assert read(stored["id"]).body["data"]["slug"] == "tea"
        raise KeyError
    assert read(stored["id"]).body["data"]["slug"] == "coffee"


def test_a_renamed_owner_is_answered_anew(read: Read, own: Make, change: Change) -> None:
    number = own(1, "coffee")["id"]
    read(number)
    change("users", 1, username="alicia", metadata={"a": [1]})
    shown = read(number).body["data"]
    assert shown["users"][0]["metadata"] == {"a": [1]}
    assert shown["bookingUrl"] == "https://cal.com/alicia/coffee"


def test_an_owner_who_joins_or_leaves_an_organization_is_booked_elsewhere(
    read: Read, own: Make, store: Store, invite: Change
) -> None:
    number = own(1, "coffee")["id"]
    read(number)
    invite(1, 1, "MEMBER")
    assert read(number).body["data"]["bookingUrl"] == "https://acme.cal.com/alice/coffee"
    store.delete("memberships", "1-1")
    assert read(number).body["data"]["bookingUrl"] == "https://cal.com/alice/coffee"


def test_a_renamed_organization_is_answered_anew(read: Read, own: Make, change: Change) -> None:
    number = own(5, "coffee")["id"]
    read(number)
    change("teams", 1, slug="acme-two")
    assert read(number).body["data"]["bookingUrl"] == "https://acme-two.cal.com/mia/coffee"
    change("teams", 1, isPlatform=True)
    assert read(number).body["data"]["bookingUrl"] == "https://cal.com/mia/coffee"


def test_another_quirk_is_another_answer(read: Read, own: Make) -> None:
    number = own(1, "coffee break")["id"]
    assert read(number).body["data"]["bookingUrl"].endswith("/coffee%20break")
    assert read(number, RAW).body["data"]["bookingUrl"].endswith("/coffee break")
    assert "bookingUrl" not in read(number, OLDER).body["data"]
    assert read(number).body["data"]["bookingUrl"].endswith("/coffee%20break")


def test_an_owner_who_becomes_a_managed_user_loses_the_raw_address(
    read: Read, own: Make, store: Store
) -> None:
    number = own(1, "coffee")["id"]
    assert read(number, RAW).body["data"]["bookingUrl"]
    store.insert("access-tokens", "t", {"userId": 1, "kind": "managed"})
    assert read(number, RAW).body["data"]["bookingUrl"] == ""


def test_another_store_and_a_loaded_one_have_their_own_answers(
    read: Read, own: Make, store: Store, change: Change
) -> None:
    number = own(1, "coffee")["id"]
    before = store.dump()
    other = MemoryStore()
    other.load(before)
    change("event-types", number, slug="tea")
    assert read(number).body["data"]["slug"] == "tea"
    assert read(number, store=other).body["data"]["slug"] == "coffee"
    store.load(before)
    assert read(number).body["data"]["slug"] == "coffee"


def test_what_a_fault_does_to_its_answer_is_seen_by_nobody_else(
    read: Read, call: Call, own: Make, store: Store
) -> None:
    number = own(1, "coffee")["id"]
    view = store.view("event-types", str(number))
    assert view is not None
    struck = replace(call, faults=(cast(Plant, object()),))
    spoilt = reply_about(struck, view).body["data"]
    spoilt["users"][0]["name"] = spoilt["bookingFields"][0]["slug"] = "spoilt"
    spoilt["metadata"]["spoilt"] = True
    assert "spoilt" not in repr(read(number).body)
    assert "spoilt" not in repr(store.get("event-types", str(number)))
    assert "spoilt" not in repr(store.view("event-types", str(number)))


def test_a_teams_event_type_follows_the_names_of_its_hosts(
    read: Read, of_team: Make, change: Change
) -> None:
    number = of_team(2, "support", hosts=(4,))["id"]
    read(number)
    change("users", 4, name="Thomas")
    assert read(number).body["data"]["hosts"][0]["name"] == "Thomas"
