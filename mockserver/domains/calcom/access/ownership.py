"""Who may touch the private links of a personal event type: its owner, and nobody else.

Source: reference private-links section 10 (S `event-type-ownership.guard.ts`).
"""

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.conventions.errors import bad_request, not_found
from mockserver.domains.calcom.conventions.numbers import refuse_huge, whole_number


def require_owned_event_type(call: Call) -> None:
    """Leave the event type of the path in `call.seen["event-type"]`, where the caller owns it.

    Raises ApiError: 400 for an id that is no positive number, 404 for any event type that is
    absent, somebody else's or a team's (which has no owner).
    """
    event_type_id = whole_number(call.path["eventTypeId"])
    if event_type_id is None or event_type_id < 1:
        raise bad_request("Invalid eventTypeId param.")
    refuse_huge(call, event_type_id)
    found = call.store.view("event-types", str(event_type_id))
    if found is None or found["ownerId"] != call.actor.user_id:
        raise not_found(f"Event type with id {event_type_id} not found")
    call.seen["event-type"] = found
