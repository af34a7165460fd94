"""The event types of a user: create, list, read, update, delete."""

from collections.abc import Mapping
from typing import Final

from mockserver.behaviours.registry import Behaviours, Call, Reader
from mockserver.domains.calcom import world
from mockserver.domains.calcom.conventions.errors import (
    bad_request,
    forbidden,
    not_found,
    render,
    trpc_error,
    unauthorized,
)
from mockserver.domains.calcom.event_types.access import can_read
from mockserver.domains.calcom.event_types.dynamic import dynamic_event_type
from mockserver.domains.calcom.event_types.lists import wanted_event_types
from mockserver.domains.calcom.event_types.output import EventTypeAnswers
from mockserver.domains.calcom.event_types.records import (
    delete_event_type,
    event_type,
    insert_event_type,
    of_user_by_slug,
    replace_event_type,
    require_own_schedule,
)
from mockserver.domains.calcom.event_types.replies import own_reply, reply, reply_about
from mockserver.domains.calcom.links.operations import delete_links
from mockserver.domains.calcom.settings import (
    changed_settings,
    check_second_write,
    check_settings,
    new_settings,
    read_settings,
    shown_fields,
    shown_locations,
)
from mockserver.errors import ApiError
from mockserver.model import Document, Reply
from mockserver.store.protocol import View

EVENT_TYPES = Behaviours()

CREATE: Final = "EventTypesController_2024_06_14_createEventType"
LIST: Final = "EventTypesController_2024_06_14_getEventTypes"
READ: Final = "EventTypesController_2024_06_14_getEventTypeById"
UPDATE: Final = "EventTypesController_2024_06_14_updateEventType"
DELETE: Final = "EventTypesController_2024_06_14_deleteEventType"

READERS: Mapping[str, Reader] = {CREATE: read_settings, UPDATE: read_settings}

FIRST_WRITE = (
    "title",
    "slug",
    "lengthInMinutes",
    "description",
    "locations",
    "hidden",
    "slotInterval",
    "minimumBookingNotice",
    "beforeEventBuffer",
    "afterEventBuffer",
    "scheduleId",
)
"""What the real server has stored of a create when its second write fails.

Source: assumed (S `create.schema.ts` of the shared handler).
"""


@EVENT_TYPES.on(CREATE)
def create_event_type(call: Call) -> Reply:
    """Create an event type of the caller's own.

    The rules across fields, then the slug, then the schedule, then the rules of the second
    write; the real server stores the event type before these last ones, and leaves it.

    Source: reference event-types section 6.1.
    """
    user_id, user = _caller(call)
    settings = new_settings(call.body, of_team=False, quirks=call.quirks, now=call.now)
    check_settings(call, settings, call.body, of_team=False, owner=user)
    if of_user_by_slug(call.store, user_id, settings["slug"]):
        raise bad_request("User already has an event type with this slug.")
    require_own_schedule(call, user_id)
    try:
        check_second_write(settings, call.body)
    except ApiError as refusal:
        if not call.quirks.has("event-type-create-leaves-behind"):
            raise
        return _leave_behind(call, user_id, refusal)
    stored = insert_event_type(call.store, settings, owner_id=user_id)
    return own_reply(call, 201, stored, user)


@EVENT_TYPES.on(LIST)
def list_event_types(call: Call) -> Reply:
    """The event types of the users who are asked for, without their hidden booking fields.

    Source: reference event-types sections 4.5 and 6.2; docs Event types API for `usernames`.
    """
    if _wants_dynamic(call):
        return reply(call, 200, [dynamic_event_type(call)])
    answers = EventTypeAnswers(call.store, call.quirks)
    found = wanted_event_types(call)
    return reply(call, 200, [answers.of_user(document, in_list=True) for document in found])


@EVENT_TYPES.on(READ)
def read_event_type(call: Call) -> Reply:
    """One event type of a user or a team; 404 also for those who may not see it.

    Source: reference event-types section 6.3.
    """
    event_type_id = call.path["eventTypeId"]
    found = event_type(call.store, event_type_id)
    if found is None or not can_read(call.store, found, call.actor):
        raise _unknown(event_type_id)
    return reply_about(call, found)


@EVENT_TYPES.on(UPDATE)
def update_event_type(call: Call) -> Reply:
    """Change an event type of the caller's own; others get 404, also for a team's.

    Metadata is merged, not replaced; the real server also deletes all private links.

    Source: reference event-types section 6.3; observed private-links.jsonl 253, 254.
    """
    user_id, user = _caller(call)
    event_type_id = call.path["eventTypeId"]
    stored = event_type(call.store, event_type_id)
    if stored is None or stored["ownerId"] != user_id:
        raise _unknown(event_type_id)
    require_own_schedule(call, user_id)
    changed = changed_settings(stored, call.body, of_team=False, quirks=call.quirks, now=call.now)
    check_settings(call, changed, call.body, of_team=False, owner=user)
    check_second_write(changed, call.body, stored)
    namesake = of_user_by_slug(call.store, user_id, changed["slug"])
    if namesake is not None and namesake["id"] != stored["id"]:
        raise trpc_error(400, "error_event_type_url_duplicate")
    replace_event_type(call.store, changed)
    if call.quirks.has("event-type-update-drops-links"):
        delete_links(call.store, stored["id"])
    return own_reply(call, 200, changed, user)


@EVENT_TYPES.on(DELETE)
def delete_own_event_type(call: Call) -> Reply:
    """Delete an event type of the caller's own, and its private links.

    Source: reference event-types section 6.3.
    """
    user_id, _ = _caller(call)
    event_type_id = call.path["eventTypeId"]
    stored = event_type(call.store, event_type_id)
    if stored is None:
        raise not_found(f"Event type with ID={event_type_id} does not exist.")
    if stored["ownerId"] != user_id:
        raise forbidden(f"User with ID={user_id} does not own event type with ID={event_type_id}")
    delete_event_type(call.store, stored)
    return reply(call, 200, _deleted(call, stored))


def _deleted(call: Call, stored: View) -> Document:
    """The last words about a deleted event type.

    Source: docs Event types API (example of the deletion's answer); observed
    private-links.jsonl 255: four fields.
    """
    summary = {name: stored[name] for name in ("id", "lengthInMinutes", "slug", "title")}
    if call.quirks.has("event-type-delete-answers-summary"):
        return summary
    return {
        **summary,
        "description": stored["description"] or "",
        "locations": shown_locations(stored["locations"] or ()),
        "hidden": stored["hidden"],
        "requiresConfirmation": stored["confirmationPolicy"] is not None,
        "bookingFields": shown_fields(stored["bookingFields"], without_hidden=False),
    }


def _leave_behind(call: Call, user_id: int, refusal: ApiError) -> Reply:
    """Store what the first write holds, and refuse all the same."""
    body = {name: call.body[name] for name in FIRST_WRITE if name in call.body}
    settings = new_settings(body, of_team=False, quirks=call.quirks, now=call.now)
    insert_event_type(call.store, settings, owner_id=user_id)
    return render(refusal, call)


def _wants_dynamic(call: Call) -> bool:
    asked = call.query.get("usernames") and not call.query.get("username")
    return bool(asked) and call.quirks.has("event-type-usernames-dynamic")


def _caller(call: Call) -> tuple[int, View]:
    user_id = call.actor.user_id
    user = None if user_id is None else world.user(call.store, user_id)
    if user_id is None or user is None:
        raise unauthorized("Invalid Access Token.")
    return user_id, user


def _unknown(event_type_id: int) -> ApiError:
    return not_found(f"Event type with id {event_type_id} not found")
