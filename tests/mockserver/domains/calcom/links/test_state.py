from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mockserver.domains.calcom.links.state import is_expired, use_private_link
from mockserver.errors import ApiError
from mockserver.model import Document
from mockserver.store.memory import MemoryStore

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def dated(text: str) -> Document:
    return {"linkId": "a", "expiresAt": text, "maxUsageCount": 1, "usageCount": 1}


def counted(maximum: int, used: int) -> Document:
    return {"linkId": "a", "expiresAt": None, "maxUsageCount": maximum, "usageCount": used}


def test_a_dated_link_is_alive_at_its_very_last_moment() -> None:
    link = dated("2030-01-01T00:00:00.000Z")
    assert not is_expired(link, NOW)
    assert not is_expired(link, NOW + timedelta(microseconds=999))
    assert is_expired(link, NOW + timedelta(milliseconds=1))


def test_a_dated_link_does_not_look_at_its_counters() -> None:
    assert not is_expired(dated("2031-01-01T00:00:00.000Z"), NOW)


@pytest.mark.parametrize(
    ("maximum", "used", "ended"),
    [(1, 0, False), (1, 1, True), (5, 4, False), (4, 5, True), (0, 0, False), (-5, 3, False)],
)
def test_a_counted_link_ends_when_it_is_used_up(maximum: int, used: int, ended: bool) -> None:
    assert is_expired(counted(maximum, used), NOW) is ended


def holding(link: Document) -> MemoryStore:
    store = MemoryStore()
    store.insert("private-links", "a", link)
    return store


def refusal(store: MemoryStore, **arguments: Any) -> ApiError:
    with pytest.raises(ApiError) as caught:
        use_private_link(store, NOW, {"linkId": "a", **arguments})
    return caught.value


def test_a_use_is_counted() -> None:
    store = holding(counted(3, 1))
    assert use_private_link(store, NOW, {"linkId": "a"})["isExpired"] is False
    assert use_private_link(store, NOW, {"linkId": "a"})["isExpired"] is True
    assert store.get("private-links", "a") == counted(3, 3)


def test_several_uses_count_together_or_not_at_all() -> None:
    store = holding(counted(3, 1))
    assert refusal(store, times=3).status == 409
    assert store.get("private-links", "a") == counted(3, 1)
    use_private_link(store, NOW, {"linkId": "a", "times": 2})
    assert store.get("private-links", "a") == counted(3, 3)


def test_a_used_up_link_takes_no_use() -> None:
    error = refusal(holding(counted(3, 3)))
    assert (error.status, error.message) == (409, "Private link a has 0 uses left, not 1")


def test_a_maximum_of_zero_never_expires_and_takes_no_use() -> None:
    assert refusal(holding(counted(0, 0))).status == 409


def test_using_a_dated_link_counts_nothing() -> None:
    link = dated("2031-01-01T00:00:00.000Z")
    store = holding(link)
    use_private_link(store, NOW, {"linkId": "a"})
    assert store.get("private-links", "a") == link


def test_an_ended_dated_link_takes_no_use() -> None:
    assert refusal(holding(dated("2029-12-31T23:59:59.999Z"))).status == 409


def test_an_unknown_link_is_404() -> None:
    assert refusal(MemoryStore()).status == 404
