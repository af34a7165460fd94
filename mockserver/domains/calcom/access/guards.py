"""Which guards an operation has, in the order in which they run, before any validation.

Source: reference conventions sections 2 and 3.5 (S controllers).
"""

from mockserver.behaviours.registry import Guard
from mockserver.domains.calcom.access.credentials import authenticate, authenticate_if_able
from mockserver.domains.calcom.access.ownership import require_owned_event_type
from mockserver.domains.calcom.access.permissions import permission_guard, scope_guard
from mockserver.domains.calcom.access.roles import (
    require_admin_api,
    require_organization,
    require_organization_role,
    require_plan,
    require_team_in_organization,
    require_team_role,
)
from mockserver.domains.calcom.access.scopes import needed_scope
from mockserver.domains.calcom.access.throttle import limit_requests
from mockserver.domains.calcom.access.versions import version_guard
from mockserver.domains.calcom.conventions.bodies import refuse_scalars
from mockserver.openapi.operations import Operation

EVENT_TYPES = "/v2/event-types"
ORGANIZATION = "/v2/organizations/{orgId}/"
TEAM_OF_ORGANIZATION = "/v2/organizations/{orgId}/teams/{teamId}/event-types"


def guards_for(operation: Operation) -> tuple[Guard, ...]:
    """An operation's guards: parser, handler, limiter and scope for all, then those of its
    family."""
    first: list[Guard] = [refuse_scalars] if operation.has_body else []
    if choose := version_guard(operation):
        first.append(choose)
    scope = needed_scope(operation)
    return (*first, limit_requests, scope_guard(scope), *_of_family(operation, scope))


def _of_family(operation: Operation, scope: str | None) -> tuple[Guard, ...]:
    path = operation.path
    if path.startswith(EVENT_TYPES) and scope is not None:
        return _of_users(operation, scope)
    if path.startswith(ORGANIZATION):
        return _of_organizations(operation)
    return (authenticate,)


def _of_users(operation: Operation, scope: str) -> tuple[Guard, ...]:
    if operation.path == EVENT_TYPES and operation.method == "GET":
        return (authenticate_if_able,)
    if "/private-links" in operation.path:
        return (permission_guard(scope), authenticate, require_owned_event_type)
    return (permission_guard(scope), authenticate)


def _of_organizations(operation: Operation) -> tuple[Guard, ...]:
    """The list of a team's event types asks nobody who is calling."""
    if operation.path == TEAM_OF_ORGANIZATION and operation.method == "GET":
        return (require_organization, require_team_in_organization, require_admin_api)
    if "{teamId}" not in operation.path:
        return (
            authenticate,
            require_organization,
            require_organization_role,
            require_plan,
            require_admin_api,
        )
    return (
        authenticate,
        require_organization,
        require_team_role,
        require_team_in_organization,
        require_plan,
        require_admin_api,
    )
