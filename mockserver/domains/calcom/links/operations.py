"""Private links: secret booking addresses of one event type that end by date or by use.

A stored link has no kind: with an `expiresAt` it is dated, otherwise counted. Its counters are
kept in both cases and shown only in the second.

Source: reference private-links sections 1, 2, 5 to 10 (S, T, R), recordings of private-links and
team-private-links.
"""

from mockserver.behaviours.registry import Behaviours, Call
from mockserver.domains.calcom.conventions.envelope import success
from mockserver.domains.calcom.conventions.errors import not_found
from mockserver.domains.calcom.conventions.numbers import refuse_huge
from mockserver.domains.calcom.links.addresses import booking_address
from mockserver.domains.calcom.links.bodies import LinkLimits, changed_limits, new_limits
from mockserver.domains.calcom.links.listed import reply_with, shown_link
from mockserver.model import Document, Reply
from mockserver.store.protocol import Store, View

COLLECTION = "private-links"
OF_USERS = "EventTypesPrivateLinksController_2024_09_04_"
OF_TEAMS = "OrganizationsEventTypesPrivateLinksController_2024_09_04_"
NAMES = ("createPrivateLink", "getPrivateLinks", "updatePrivateLink", "deletePrivateLink")
CREATE, LIST, UPDATE, DELETE = ((OF_USERS + name, OF_TEAMS + name) for name in NAMES)

behaviours = Behaviours()


@behaviours.on(*CREATE)
def create_private_link(call: Call) -> Reply:
    """Create a link that ends by date or by use; 201."""
    event_type = _event_type(call)
    limits = new_limits(call)
    link: Document = {
        "linkId": call.new_short_id(),
        "eventTypeId": event_type["id"],
        "expiresAt": limits.expires_at,
        "maxUsageCount": limits.max_usage_count,
        "usageCount": 0,
    }
    call.store.insert(COLLECTION, link["linkId"], link)
    return success(201, shown_link(link, booking_address(call, event_type), call.now))


@behaviours.on(*LIST)
def list_private_links(call: Call) -> Reply:
    """Every link of the event type, ended ones too, oldest first, without pages."""
    event_type = _event_type(call)
    links = call.store.views(COLLECTION, {"eventTypeId": event_type["id"]})
    return reply_with(call, links, booking_address(call, event_type))


@behaviours.on(*UPDATE)
def update_private_link(call: Call) -> Reply:
    """Change a link's limits; `usageCount` cannot be set."""
    event_type = _event_type(call)
    before = LinkLimits(None, None)
    link = _link(call, event_type)
    if link is not None:
        before = LinkLimits(link["expiresAt"], link["maxUsageCount"])
    limits = changed_limits(call, before, event_type["id"])
    if link is None or limits is None:
        raise not_found("Updated link not found")
    changed = {
        **link,
        "expiresAt": limits.expires_at,
        "maxUsageCount": limits.max_usage_count,
    }
    call.store.replace(COLLECTION, link["linkId"], changed)
    return success(200, shown_link(changed, booking_address(call, event_type), call.now))


@behaviours.on(*DELETE)
def delete_private_link(call: Call) -> Reply:
    """Delete a link; a second time it is 404."""
    link = _link(call, _event_type(call))
    if link is None:
        raise not_found("Deleted link not found")
    call.store.delete(COLLECTION, link["linkId"])
    shown = {"linkId": link["linkId"], "message": "Private link deleted successfully"}
    return success(200, shown)


def delete_links(store: Store, event_type_id: int) -> None:
    """Delete every link of an event type.

    Source: reference private-links section 12: links go with their event type, and with the quirk
    `event-type-update-drops-links` at each update of it.
    """
    for link in store.views(COLLECTION, {"eventTypeId": event_type_id}):
        store.delete(COLLECTION, link["linkId"])


def _event_type(call: Call) -> View:
    """The event type of the path; a guard has found a user's, a team's must be the path's.

    Source: reference teams-orgs section 2.1 row 9.
    """
    owned: View | None = call.seen.get("event-type")
    if owned is not None:
        return owned
    event_type_id = call.path["eventTypeId"]
    refuse_huge(call, event_type_id)
    found = call.store.view("event-types", str(event_type_id))
    if found is None or found["teamId"] != call.path["teamId"]:
        raise not_found(f"Event type with id {event_type_id} not found")
    return found


def _link(call: Call, event_type: View) -> View | None:
    """The link of the path, where it belongs to the event type."""
    link = call.store.view(COLLECTION, call.path["linkId"])
    return link if link and link["eventTypeId"] == event_type["id"] else None
