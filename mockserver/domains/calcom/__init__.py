"""Cal.com API v2: everything that the bundled API has of its own."""

from mockserver.behaviours.registry import Behaviours, Domain, Reader
from mockserver.domains.calcom import me
from mockserver.domains.calcom.access.accounts import accounts
from mockserver.domains.calcom.access.guards import guards_for
from mockserver.domains.calcom.completion import (
    complete_access_token,
    complete_api_key,
    complete_client,
    complete_membership,
    complete_private_link,
    complete_schedule,
    complete_team,
    complete_user,
)
from mockserver.domains.calcom.conventions.bodies import parsed
from mockserver.domains.calcom.conventions.errors import render
from mockserver.domains.calcom.conventions.explain import explain
from mockserver.domains.calcom.conventions.routes import PAGE_HEADERS, rewrite, unmatched
from mockserver.domains.calcom.conventions.security_headers import standing_headers
from mockserver.domains.calcom.event_types import operations as event_types
from mockserver.domains.calcom.event_types import team_operations as team_event_types
from mockserver.domains.calcom.links import operations as private_links
from mockserver.domains.calcom.links.bodies import (
    read_link_change,
    read_new_link,
    read_team_link_change,
)
from mockserver.domains.calcom.links.state import USE_PRIVATE_LINK
from mockserver.domains.calcom.settings import complete_event_type

__all__ = ["CALCOM"]


def _behaviours() -> Behaviours:
    behaviours = Behaviours()
    behaviours.include(event_types.EVENT_TYPES)
    behaviours.include(team_event_types.TEAM_EVENT_TYPES)
    behaviours.include(private_links.behaviours)
    behaviours.include(me.behaviours)
    return behaviours


def _readers() -> dict[str, Reader]:
    """What each operation makes of a body, with the API's parser in front of all."""
    readers: dict[str, Reader] = {
        **event_types.READERS,
        **team_event_types.READERS,
        **dict.fromkeys(private_links.CREATE, read_new_link),
        private_links.OF_USERS + "updatePrivateLink": read_link_change,
        private_links.OF_TEAMS + "updatePrivateLink": read_team_link_change,
    }
    return {operation_id: parsed(read) for operation_id, read in readers.items()}


CALCOM = Domain(
    name="calcom",
    behaviours=_behaviours(),
    guards=guards_for,
    readers=_readers(),
    invalid=explain,
    unmatched=unmatched,
    render=render,
    page_headers=PAGE_HEADERS,
    rewrite=rewrite,
    complete={
        "users": complete_user,
        "teams": complete_team,
        "memberships": complete_membership,
        "api-keys": complete_api_key,
        "oauth-clients": complete_client,
        "access-tokens": complete_access_token,
        "schedules": complete_schedule,
        "event-types": complete_event_type,
        "private-links": complete_private_link,
    },
    actions={"use-private-link": USE_PRIVATE_LINK},
    accounts=accounts,
    standing_headers=standing_headers,
)
