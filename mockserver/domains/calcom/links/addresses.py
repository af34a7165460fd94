"""Where a private link leads: the address depends on version, organization and event type."""

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.access.versions import is_deprecated_form
from mockserver.domains.calcom.world import (
    WEBSITE,
    escaped,
    organization_of,
    organization_site,
    team,
)
from mockserver.store.protocol import Store, View

WEB_APP = WEBSITE
"""Host of the older form. Source: recordings private-links-versions (`https://cal.com/d/...`)."""


def booking_address(call: Call, event_type: View) -> str:
    """The address of the links of *event_type*, with `{}` in the place of the link's id.

    Read when the link is answered: a renamed event type changes the addresses of its links.

    Source: reference private-links section 6 (S, T).
    """
    if is_deprecated_form(call):
        return f"{WEB_APP}/d/{{}}"
    slug = organization_slug(call.store, event_type)
    site = organization_site(slug) if slug else WEBSITE
    return f"{site}/d/{{}}/{escaped(event_type['slug'])}"


def organization_slug(store: Store, event_type: View) -> str | None:
    """The slug that makes the host: of the team's parent, of the team if it is an organization,
    of the first organization of the owner; a team's own slug never shows."""
    group = team(store, event_type["teamId"]) if event_type["teamId"] is not None else None
    if group is not None:
        parent = team(store, group["parentId"]) if group["parentId"] is not None else None
        if parent is not None and parent["slug"]:
            return str(parent["slug"])
        if group["isOrganization"] and group["slug"]:
            return str(group["slug"])
    if event_type["ownerId"] is None:
        return None
    organization = organization_of(store, event_type["ownerId"])
    return organization["slug"] if organization else None
