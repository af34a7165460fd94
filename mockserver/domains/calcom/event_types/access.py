"""Who may read an event type by its id."""

from mockserver.domains.calcom import world
from mockserver.domains.calcom.event_types.records import children_of
from mockserver.model import Actor
from mockserver.store.protocol import Store, View


def can_read(store: Store, event_type: View, actor: Actor) -> bool:
    """Tell whether *actor* may read a stored event type.

    The system's admins; the owner; hosts and assigned users; admins and owners of its team, of
    that team's organization, and of an organization that the owner belongs to. An open
    invitation makes nobody an admin.

    Source: docs Get an event type (Access control); reference event-types section 6.3 (T) and
    teams-orgs section 5.
    """
    if actor.is_system_admin:
        return True
    user_id = actor.user_id
    if user_id is None:
        return False
    if user_id == event_type["ownerId"] or _is_assigned(store, event_type, user_id):
        return True
    if event_type["teamId"] is not None:
        return _administers_team(store, user_id, event_type["teamId"])
    owner_id = event_type["ownerId"]
    return owner_id is not None and _administers_organization_of(store, user_id, owner_id)


def _is_assigned(store: Store, event_type: View, user_id: int) -> bool:
    if any(host["userId"] == user_id for host in event_type["hosts"]):
        return True
    if event_type["schedulingType"] != "managed":
        return False
    return any(child["ownerId"] == user_id for child in children_of(store, event_type["id"]))


def _administers(store: Store, user_id: int, group_id: int) -> bool:
    held = world.membership(store, user_id, group_id)
    return held is not None and held["accepted"] and world.is_admin(held)


def _administers_team(store: Store, user_id: int, team_id: int) -> bool:
    if _administers(store, user_id, team_id):
        return True
    team = world.team(store, team_id)
    parent_id = team["parentId"] if team else None
    return parent_id is not None and _administers(store, user_id, parent_id)


def _administers_organization_of(store: Store, user_id: int, owner_id: int) -> bool:
    for held in store.views("memberships", {"userId": owner_id}):
        group = world.team(store, held["teamId"])
        if group and group["isOrganization"] and _administers(store, user_id, group["id"]):
            return True
    return False
