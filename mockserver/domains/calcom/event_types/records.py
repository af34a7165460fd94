"""Event types as they are stored: what they hold beside their settings, who is found by what."""

from collections.abc import Sequence

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.conventions.errors import not_found
from mockserver.domains.calcom.links.operations import delete_links
from mockserver.model import Document
from mockserver.store.protocol import Store, View

COLLECTION = "event-types"

PLACE = frozenset(
    {
        "id",
        "ownerId",
        "teamId",
        "parentEventTypeId",
        "schedulingType",
        "assignAllTeamMembers",
        "hosts",
    }
)
"""What a stored event type holds beside its settings."""


def insert_event_type(
    store: Store,
    settings: Document,
    *,
    owner_id: int | None = None,
    team_id: int | None = None,
    parent_id: int | None = None,
    scheduling_type: str | None = None,
    assigns_all: bool = False,
    hosts: Sequence[Document] = (),
) -> Document:
    """Store a new event type of a user or of a team; gives it as stored."""
    number = store.next_id(COLLECTION)
    document = {
        "id": number,
        "ownerId": owner_id,
        "teamId": team_id,
        "parentEventTypeId": parent_id,
        "schedulingType": scheduling_type,
        "assignAllTeamMembers": assigns_all,
        "hosts": list(hosts),
        **settings,
    }
    store.insert(COLLECTION, str(number), document)
    return document


def replace_event_type(store: Store, document: Document) -> None:
    store.replace(COLLECTION, str(document["id"]), document)


def delete_event_type(store: Store, document: View) -> None:
    """Delete an event type with its private links, and with the children that it manages.

    Source: reference private-links section 12 (S, cascade of the schema).
    """
    for child in children_of(store, document["id"]):
        delete_event_type(store, child)
    delete_links(store, document["id"])
    store.delete(COLLECTION, str(document["id"]))


def event_type(store: Store, event_type_id: int) -> View | None:
    return store.view(COLLECTION, str(event_type_id))


def event_types_of_user(store: Store, user_id: int) -> Sequence[View]:
    """A user's own, managed children among them.

    Source: reference event-types section 6.2 (T).
    """
    return store.views(COLLECTION, {"ownerId": user_id})


def event_types_of_team(store: Store, team_id: int) -> Sequence[View]:
    return store.views(COLLECTION, {"teamId": team_id})


def children_of(store: Store, event_type_id: int) -> Sequence[View]:
    """The event types that a managed one keeps in its hosts' own lists."""
    return store.views(COLLECTION, {"parentEventTypeId": event_type_id})


def of_user_by_slug(store: Store, user_id: int, slug: str) -> View | None:
    found = store.views(COLLECTION, {"ownerId": user_id, "slug": slug})
    return found[0] if found else None


def of_team_by_slug(store: Store, team_id: int, slug: str) -> View | None:
    found = store.views(COLLECTION, {"teamId": team_id, "slug": slug})
    return found[0] if found else None


def require_own_schedule(call: Call, user_id: int) -> None:
    """404 when the body names a schedule that is not the user's; 0 and null name none.

    Source: reference event-types section 2, `scheduleId` (S).
    """
    schedule_id = call.body.get("scheduleId")
    if not schedule_id:
        return
    schedule = call.store.view("schedules", str(int(schedule_id)))
    if schedule is None or schedule["ownerId"] != user_id:
        raise not_found(f"User with ID={user_id} does not own schedule with ID={int(schedule_id)}")
