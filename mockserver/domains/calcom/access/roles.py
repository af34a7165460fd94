"""Who may act for an organization and its teams: the organization guards, one by one.

Each needs the path's `orgId` or `teamId`, and runs before the path's numbers are validated.

Source: reference conventions section 3.6, teams-orgs section 2 (S guards); recordings of
team-private-links.
"""

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.conventions.errors import forbidden, not_found
from mockserver.domains.calcom.conventions.numbers import path_id
from mockserver.domains.calcom.world import is_admin, membership, team
from mockserver.errors import ApiError
from mockserver.model import Document

PLANS = ("FREE", "STARTER", "ESSENTIALS", "SCALE", "PER_ACTIVE_USER", "ENTERPRISE")
MINIMUM_PLAN = "ESSENTIALS"
ROLE = "TEAM_ADMIN"


def _organization(call: Call) -> Document | None:
    """The organization of the path, read once."""
    if "organization" not in call.seen:
        call.seen["organization"] = team(call.store, path_id(call, "orgId"))
    found: Document | None = call.seen["organization"]
    return found


def require_organization(call: Call) -> None:
    org_id = path_id(call, "orgId")
    organization = _organization(call)
    if organization is None or not organization["isOrganization"]:
        raise forbidden(
            f"IsOrgGuard - provided organization id={org_id} does not represent any existing "
            "organization."
        )


def require_team_role(call: Call) -> None:
    """TEAM_ADMIN where the path names organization and team.

    An administrator of the organization need not be in the team. `accepted` is not looked at. A
    third-party token that holds the scope passes as any member.
    """
    org_id = path_id(call, "orgId")
    user_id = _caller(call)
    in_organization = membership(call.store, user_id, org_id)
    if call.actor.is_system_admin or is_admin(in_organization):
        return
    if in_organization is None:
        raise forbidden(f"RolesGuard - User is not part of the organization with id={org_id}.")
    team_id = path_id(call, "teamId")
    in_team = membership(call.store, user_id, team_id)
    if in_team is None:
        raise forbidden(
            f"RolesGuard - User is not part of the team with id={team_id} and/or, is not an "
            f"admin nor an owner of the organization with id={org_id}."
        )
    if not is_admin(in_team) and call.actor.scopes is None:
        raise _role_too_low(call, f"within organization with id={org_id} team with id={team_id}.")


def require_organization_role(call: Call) -> None:
    """The role for a path that names the organization only.

    The server asks for a team's role there, which only system administrators pass (quirk
    `org-event-types-need-system-admin`); without the quirk the organization's administrators do.

    Source: reference teams-orgs section 2.3 (derived).
    """
    org_id = path_id(call, "orgId")
    in_organization = membership(call.store, _caller(call), org_id)
    if call.actor.is_system_admin:
        return
    if in_organization is None:
        raise forbidden(f"RolesGuard - User is not a member of the organization with id={org_id}.")
    if call.actor.scopes is not None:
        return
    if call.quirks.has("org-event-types-need-system-admin") or not is_admin(in_organization):
        raise _role_too_low(call, f"within organization with id={org_id}.")


def _caller(call: Call) -> int:
    assert call.actor.user_id is not None, "a role guard runs after authentication"
    return call.actor.user_id


def _role_too_low(call: Call, where: str) -> ApiError:
    return forbidden(
        f"RolesGuard - user with id={call.actor.user_id} does not have the minimum required "
        f"role={ROLE} {where}"
    )


def require_team_in_organization(call: Call) -> None:
    """A team of another organization counts as not found."""
    team_id = path_id(call, "teamId")
    found = team(call.store, team_id)
    if found is None or found["parentId"] != path_id(call, "orgId"):
        raise not_found(f"IsTeamInOrg - Team ({team_id}) not found.")


def require_plan(call: Call) -> None:
    """Platform organizations need a plan; the others pass."""
    organization = _organization(call)
    if organization is None or not organization["isPlatform"]:
        return
    org_id, plan = organization["id"], organization["plan"]
    if plan not in PLANS:
        raise forbidden(
            f"PlatformPlanGuard - No platform subscription found for organization with id={org_id}."
        )
    if PLANS.index(plan) < PLANS.index(MINIMUM_PLAN):
        raise forbidden(
            f"PlatformPlanGuard - organization with id={org_id} does not have required plan for "
            f"this operation. Minimum plan is {MINIMUM_PLAN} while the organization has {plan}."
        )


def require_admin_api(call: Call) -> None:
    """Organizations without a settings row are refused; platform organizations pass.

    `hasAdminApi` is null where the organization has no settings row. A row that says the admin
    API is off passes all the same.

    Source: recordings team-private-links 340, 341 (above S, which reads the value).
    """
    organization = _organization(call)
    if organization is None or organization["isPlatform"]:
        return
    if organization["hasAdminApi"] is None:
        raise forbidden(
            "IsAdminAPIEnabledGuard - Organization does not have Admin API access, please "
            "contact https://cal.com/sales to upgrade"
        )
