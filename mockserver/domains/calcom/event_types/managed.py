"""Managed event types: a team's event type that stands in each host's own list."""

from collections.abc import Sequence

from mockserver.domains.calcom.conventions.errors import bad_request
from mockserver.domains.calcom.event_types.records import (
    PLACE,
    children_of,
    delete_event_type,
    insert_event_type,
    of_user_by_slug,
    replace_event_type,
)
from mockserver.domains.calcom.links.operations import delete_links
from mockserver.model import Document
from mockserver.openapi.quirks import Quirks
from mockserver.store.protocol import Store, View


def set_children(
    store: Store, parent: View, user_ids: Sequence[int], quirks: Quirks
) -> Sequence[View]:
    """Give each of *user_ids* a child of *parent*, and nobody else; gives the children.

    Children that stay take over every setting of the parent, as all of them are locked; those
    of users who are no longer hosts go, with their links.

    Source: reference event-types section 8.2 (T); assumed for the settings (S).
    """
    before = {child["ownerId"]: child for child in children_of(store, parent["id"])}
    for user_id, child in before.items():
        if user_id not in user_ids:
            delete_event_type(store, child)
    settings = {name: value for name, value in parent.items() if name not in PLACE}
    for user_id in user_ids:
        _free_slug(store, user_id, parent)
        if user_id in before:
            _update_child(store, before[user_id], settings, quirks)
        else:
            insert_event_type(store, settings, owner_id=user_id, parent_id=parent["id"])
    return children_of(store, parent["id"])


def _free_slug(store: Store, user_id: int, parent: View) -> None:
    """Make room for the parent's slug in a host's own list.

    An event type of the user's own gives way. That of another parent cannot: the user would
    hold one slug twice.

    Source: assumed (S `handleChildrenEventTypes`: the homonym is deleted; slugs of a user are
    unique).
    """
    homonym = of_user_by_slug(store, user_id, parent["slug"])
    if homonym is None or homonym["parentEventTypeId"] == parent["id"]:
        return
    if homonym["parentEventTypeId"] is not None:
        raise bad_request("User already has an event type with this slug.")
    delete_event_type(store, homonym)


def _update_child(store: Store, child: View, settings: Document, quirks: Quirks) -> None:
    replace_event_type(store, {**child, **settings})
    if quirks.has("event-type-update-drops-links"):
        delete_links(store, child["id"])
