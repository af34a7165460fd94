"""What a private link is at a moment, and what a use does to it."""

from datetime import datetime

from mockserver.behaviours.registry import Action
from mockserver.errors import ApiError
from mockserver.model import Document, Json
from mockserver.store.protocol import Store, View

COLLECTION = "private-links"


def is_expired(link: View, now: datetime) -> bool:
    """Tell whether *link* has ended by *now* (aware, UTC).

    A dated link ends strictly after `expiresAt`, to the millisecond; its counters are ignored. A
    counted link ends when `usageCount` reaches `maxUsageCount`, and with a maximum of 0 or below
    never.

    Source: reference private-links section 6 (S `hashedLinksUtils.ts`).
    """
    end = expiry(link)
    if end is not None:
        return end < to_the_millisecond(now)
    maximum = link["maxUsageCount"] or 0
    return bool(maximum > 0 and (link["usageCount"] or 0) >= maximum)


def expiry(link: View) -> datetime | None:
    """The last moment of a dated link (aware, UTC); None for a counted one."""
    text = link["expiresAt"]
    return None if text is None else datetime.fromisoformat(text)


def to_the_millisecond(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def use_private_link(store: Store, now: datetime, arguments: Document) -> Json:
    """Count bookings made through a link, all or none. Raises ApiError 404, 409.

    Dated links are used without counting. A counted one takes a use only while its count is below
    its maximum, so with a maximum of 0 none.

    Source: reference private-links section 11 (S `HashedLinkService.ts`); refusing a used-up link
    is what the public help page promises.
    """
    link_id, times = arguments["linkId"], arguments.get("times", 1)
    link = store.get(COLLECTION, link_id)
    if link is None:
        raise ApiError(404, f"There is no private link {link_id}")
    if link["expiresAt"] is not None:
        if is_expired(link, now):
            raise ApiError(409, f"Private link {link_id} expired at {link['expiresAt']}")
        return _summary(link, now)
    left = max(0, link["maxUsageCount"] - link["usageCount"])
    if times > left:
        raise ApiError(409, f"Private link {link_id} has {left} uses left, not {times}")
    link["usageCount"] += times
    store.replace(COLLECTION, link_id, link)
    return _summary(link, now)


def _summary(link: View, now: datetime) -> Document:
    return {**link, "isExpired": is_expired(link, now)}


USE_PRIVATE_LINK = Action(
    about="Count bookings made through a private link, as the booking page would.",
    arguments={
        "type": "object",
        "required": ["linkId"],
        "additionalProperties": False,
        "properties": {
            "linkId": {"type": "string"},
            "times": {"type": "integer", "minimum": 1, "default": 1},
        },
    },
    run=use_private_link,
)
