"""Each fault of a body's shape: nothing of it on the healthy mock, all of it on the faulty one."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.mockserver.faults.conftest import Caller, Mock, Story, check_story
from tests.mockserver.faults.stories import (
    LINKS,
    OTHER_LINKS,
    PERSONAL,
    link,
    listed,
    made,
)


def _shown(c: Caller) -> Any:
    return c("GET", f"{PERSONAL}/101").data


def _lost_something(c: Caller) -> bool:
    return not {"id", "title", "slug", "users", "ownerId", "bookingUrl"} <= _shown(c).keys()


def _list_is_null(c: Caller) -> bool:
    return c("GET", OTHER_LINKS).data is None


def _hit_is_bare(c: Caller) -> bool:
    return isinstance(c("GET", f"{PERSONAL}?eventSlug=intro-call").data, dict)


def _both_limits(item: Mapping[str, Any]) -> bool:
    return "expiresAt" in item and "maxUsageCount" in item


def _no_limit(c: Caller) -> bool:
    return not {"expiresAt", "maxUsageCount"} & link(c).keys()


def _tags_of_parts(c: Caller) -> list[Any]:
    return [part.get("type") for part in _shown(c)["locations"]]


def _list_differs(c: Caller) -> bool:
    by_id = {item["id"]: item for item in listed(c)}
    return bool(by_id[101]["lengthInMinutes"] != _shown(c)["lengthInMinutes"]) or any(
        by_id[101][name] != _shown(c)[name] for name in ("title", "price", "offsetStart", "hidden")
    )


STORIES: Mapping[str, Story] = {
    "required-property-dropped": _lost_something,
    "wrong-type": lambda c: isinstance(_shown(c)["id"], str),
    "null-not-nullable": lambda c: None in (_shown(c)["bookingUrl"], _shown(c)["id"]),
    "format-violation": lambda c: "://" not in link(c)["bookingUrl"],
    "constraint-violation-in-response": lambda c: (
        link(c)["usageCount"] < 0 or link(c)["maxUsageCount"] < 0
    ),
    "renamed-property": lambda c: "ownerId" not in _shown(c),
    "empty-list-null": _list_is_null,
    "scalar-instead-of-array": _hit_is_bare,
    "oneof-both-variants": lambda c: _both_limits(link(c)),
    "nested-oneof-both-variants": lambda c: any(map(_both_limits, c("GET", LINKS).data)),
    "oneof-neither-variant": _no_limit,
    "nested-oneof-neither-variant": lambda c: None in _tags_of_parts(c),
    "discriminator-mismatch": lambda c: "somethingElse" in _tags_of_parts(c),
    "extra-property-leaked": lambda c: "passwordHash" in _shown(c),
    "id-type-differs-between-endpoints": lambda c: isinstance(listed(c)[0]["id"], str),
    "list-item-differs-from-detail": _list_differs,
    "item-without-any-property": lambda c: "data" not in made(c).body,
}


@pytest.mark.parametrize("name", STORIES)
def test_a_fault_is_seen_where_it_is_planted_and_only_there(name: str, calcom: Mock) -> None:
    check_story(calcom, name, STORIES[name])
