from datetime import UTC, datetime
from typing import Any

from mockserver.domains.calcom.access.accounts import accounts

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_every_key_is_listed_with_its_person_and_roles(desk: Any) -> None:
    listed = {one.name: one for one in accounts(desk.store, NOW)}
    assert listed["tom"].key == "cal_test_tom"
    assert listed["tom"].about == "Tom Test, member of Acme, admin of Support"
    assert listed["bob"].about == "Bob Test"


def test_an_expired_key_says_so(desk: Any) -> None:
    listed = {one.name: one for one in accounts(desk.store, NOW)}
    assert listed["alice_expired"].about.endswith("(key expired on 2026-01-01)")


def test_somebody_without_a_name_is_listed_by_the_username(desk: Any) -> None:
    [bob] = desk.store.find("users", {"username": "bob"})
    desk.store.replace("users", str(bob["id"]), {**bob, "name": None})
    assert {one.name: one for one in accounts(desk.store, NOW)}["bob"].about == "bob"
