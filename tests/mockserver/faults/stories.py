"""Short conversations with the bundled API, and what an observer of each would notice."""

import json
from typing import Any

from tests.mockserver.faults.conftest import Answer, Caller

NEW = {"title": "Chess lesson", "slug": "chess-lesson", "lengthInMinutes": 45}
PERSONAL = "/v2/event-types"
TEAM = "/v2/organizations/101/teams/102/event-types"
LINKS = "/v2/event-types/101/private-links"
OTHER_LINKS = "/v2/event-types/102/private-links"


def made(c: Caller, slug: str = "chess-lesson", **more: Any) -> Answer:
    """A new event type of the caller's own."""
    return c("POST", PERSONAL, {**NEW, "slug": slug, **more})


def made_id(c: Caller, slug: str = "chess-lesson", **more: Any) -> int:
    found: int = made(c, slug, **more).data["id"]
    return found


def read(c: Caller, event_type_id: int) -> Any:
    answer = c("GET", f"{PERSONAL}/{event_type_id}")
    return answer.data if answer.is_good else None


def listed(c: Caller, query: str = "") -> list[Any]:
    items: list[Any] = c("GET", PERSONAL + query).data
    return items


def listed_ids(c: Caller, query: str = "") -> list[int]:
    return [item["id"] for item in listed(c, query)]


def link(c: Caller, **limits: Any) -> Any:
    """A new link of the event type 101."""
    return c("POST", LINKS, limits or {"maxUsageCount": 3}).data


def links(c: Caller) -> list[Any]:
    items: list[Any] = c("GET", LINKS).data
    return items


def is_json(answer: Answer) -> bool:
    try:
        json.loads(answer.raw)
    except ValueError:
        return False
    return True
