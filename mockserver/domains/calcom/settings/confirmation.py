"""Whether somebody must confirm a booking.

Source: reference event-types section 5.5; docs create event type guide (seed 004).
"""

from mockserver.domains.calcom.settings.constraints import is_number
from mockserver.model import Document, Json

STRUCTURE = (
    'Invalid requiresConfirmation structure. Use "type": "always" or provide a valid time and unit '
    'in "noticeThreshold" for "type": "time".'
)
ALWAYS: Document = {"type": "always", "blockUnconfirmedBookingsInBooker": False}


def is_policy(value: Json) -> bool:
    """Tell whether *value* has the structure of a confirmation policy, or says `disabled`.

    Source: reference event-types section 5.5 (R, T).
    """
    if not isinstance(value, dict):
        return False
    if value.get("disabled") or value.get("type") == "always":
        return True
    threshold = value.get("noticeThreshold")
    return (
        value.get("type") == "time"
        and isinstance(threshold, dict)
        and is_number(threshold.get("count"))
        and isinstance(threshold.get("unit"), str)
    )


def stored_policy(value: Document, before: Document | None) -> Document | None:
    """*value* as it is kept; None when disabled.

    A threshold stays only with the type `time`. A block flag that is not sent stays as it was
    *before*.

    Source: reference event-types section 5.5 (T; S `confirmation-policy.ts`).
    """
    if value.get("disabled"):
        return None
    blocks = value.get("blockUnconfirmedBookingsInBooker")
    if blocks is None:
        blocks = (before or ALWAYS)["blockUnconfirmedBookingsInBooker"]
    policy = {"type": value["type"], "blockUnconfirmedBookingsInBooker": bool(blocks)}
    if value["type"] == "time":
        threshold = value["noticeThreshold"]
        policy["noticeThreshold"] = {"unit": threshold["unit"], "count": threshold["count"]}
    return policy


def simple_policy(required: bool, before: Document | None) -> Document | None:
    """The policy behind the guide's `requiresConfirmation`: always, or none.

    Source: docs create event type guide (seed 004); the flag is assumed to be off.
    """
    if not required:
        return None
    return before if before and before["type"] == "always" else dict(ALWAYS)


def shown_policy(stored: Document | None) -> Document:
    return stored or {"disabled": True}
