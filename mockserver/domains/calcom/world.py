"""The people, teams and memberships of the simulated world, to be read."""

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote

from mockserver.store.protocol import Store, View

WEBSITE = "https://cal.com"
"""Where personal booking pages live. Source: reference private-links section 6 (S)."""

ADMIN_ROLES = frozenset({"OWNER", "ADMIN"})


def user(store: Store, user_id: int) -> View | None:
    return store.view("users", str(user_id))


def team(store: Store, team_id: int) -> View | None:
    """A team or an organization: an organization is a team with `isOrganization`."""
    return store.view("teams", str(team_id))


def membership(store: Store, user_id: int, team_id: int) -> View | None:
    return store.view("memberships", f"{user_id}-{team_id}")


def members(store: Store, team_id: int) -> Sequence[View]:
    """The memberships of a team or an organization, open invitations included, oldest first."""
    return store.views("memberships", {"teamId": team_id})


def is_admin(membership: View | None) -> bool:
    """Tell whether *membership* lets its user administer the team.

    Source: reference teams-orgs section 2.3: OWNER above ADMIN above MEMBER; `accepted` is not
    looked at.
    """
    return membership is not None and membership["role"] in ADMIN_ROLES


def organization_of(store: Store, user_id: int) -> View | None:
    """The first organization that the user is a member of."""
    for held in store.views("memberships", {"userId": user_id}):
        group = team(store, held["teamId"])
        if group is not None and group["isOrganization"]:
            return group
    return None


def organization_site(slug: str) -> str:
    """Where the booking pages of an organization live: `https://acme.cal.com`.

    Source: reference private-links section 6 (S `orgDomains.ts`).
    """
    return f"https://{slug}.cal.com"


@lru_cache(1024)
def escaped(name: str) -> str:
    """A username or a slug as one part of a booking address."""
    return quote(name, safe="")
