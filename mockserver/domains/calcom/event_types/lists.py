"""The list of event types by user: which filter wins, and what each of them finds."""

from collections.abc import Iterable, Sequence

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom import world
from mockserver.domains.calcom.event_types.records import event_types_of_user, of_user_by_slug
from mockserver.model import Json
from mockserver.store.protocol import View


def wanted_event_types(call: Call) -> Sequence[View]:
    """The stored event types that a list asks for, in its order.

    `username`, else `usernames`, else the caller; `eventSlug` leaves those of that slug. Hidden
    ones are the owner's alone to see, unknown users have none, and an anonymous caller who names
    nobody gets nothing. The real server ignores an `eventSlug` without `username`.

    Source: docs Event types API (Get all event types); reference event-types section 6.2.
    """
    slug = call.query.get("eventSlug")
    if not call.query.get("username") and call.quirks.has("event-type-lone-slug-ignored"):
        slug = None
    found = [
        event_type
        for user_id in _wanted_users(call)
        for event_type in _of_user(call, user_id, slug)
    ]
    return sorted_by_creation(found, call.query.get("sortCreatedAt"))


def sorted_by_creation(event_types: Sequence[View], order: Json) -> Sequence[View]:
    """By id for `asc` and `desc`, as they came without an order.

    Source: reference conventions section 7 (S, D).
    """
    if order not in ("asc", "desc"):
        return event_types
    return sorted(event_types, key=lambda found: found["id"], reverse=order == "desc")


def named_usernames(call: Call) -> list[str]:
    """The names of the `usernames` filter: separated by commas, blanks trimmed, each once."""
    names = str(call.query.get("usernames") or "").split(",")
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))


def users_by_name(call: Call, usernames: Iterable[str]) -> list[View]:
    """The users of these names, unknown ones left out.

    `orgSlug`, or else `orgId`, looks only among the members of that organization.

    Source: reference event-types section 6.2.
    """
    is_asked, organization_id = _wanted_organization(call)
    found: list[View] = []
    for username in usernames:
        for user in call.store.views("users", {"username": username}):
            if is_asked and not _is_member(call, user["id"], organization_id):
                continue
            found.append(user)
            break
    return found


def _wanted_users(call: Call) -> list[int]:
    if username := call.query.get("username"):
        return [user["id"] for user in users_by_name(call, [username])]
    if call.query.get("usernames"):
        return [user["id"] for user in users_by_name(call, named_usernames(call))]
    return [] if call.actor.user_id is None else [call.actor.user_id]


def _of_user(call: Call, user_id: int, slug: str | None) -> Sequence[View]:
    if slug:
        only = of_user_by_slug(call.store, user_id, slug)
        found: Sequence[View] = [] if only is None else [only]
    else:
        found = event_types_of_user(call.store, user_id)
    if call.actor.user_id == user_id:
        return found
    return [event_type for event_type in found if not event_type["hidden"]]


def _wanted_organization(call: Call) -> tuple[bool, int | None]:
    """Whether an organization is asked for, and the id of it (None: there is no such one)."""
    if slug := call.query.get("orgSlug"):
        found = call.store.views("teams", {"slug": slug, "isOrganization": True})
        return True, found[0]["id"] if found else None
    organization_id = call.query.get("orgId")
    return organization_id is not None, organization_id


def _is_member(call: Call, user_id: int, organization_id: int | None) -> bool:
    if organization_id is None:
        return False
    group = world.team(call.store, organization_id)
    if group is None or not group["isOrganization"]:
        return False
    return world.membership(call.store, user_id, organization_id) is not None
