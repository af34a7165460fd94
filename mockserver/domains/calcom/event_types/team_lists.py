"""The lists of team event types: of one team, for everybody, and of all teams."""

from collections.abc import Sequence
from typing import Final

from mockserver.behaviours.registry import Behaviours, Call
from mockserver.domains.calcom.event_types.lists import sorted_by_creation
from mockserver.domains.calcom.event_types.output import EventTypeAnswers
from mockserver.domains.calcom.event_types.records import (
    event_types_of_team,
    of_team_by_slug,
)
from mockserver.domains.calcom.event_types.replies import reply
from mockserver.model import Reply
from mockserver.store.protocol import View

TEAM_LISTS = Behaviours()

PAGE_SIZE: Final = 250
"""Source: reference conventions section 7 (S, D)."""


@TEAM_LISTS.on("OrganizationsEventTypesController_getTeamEventTypes")
def list_team_event_types(call: Call) -> Reply:
    """All event types of a team, hidden ones too, for everybody; or the one of a slug.

    `hostsLimit` cuts the hosts only together with `eventSlug`.

    Source: reference event-types section 8.4; observed team-private-links.jsonl 263.
    """
    team_id = call.path["teamId"]
    answers = EventTypeAnswers(call.store, call.quirks)
    slug, limit = call.query.get("eventSlug"), None
    if slug:
        only = of_team_by_slug(call.store, team_id, slug)
        found: Sequence[View] = [] if only is None else [only]
        limit = call.query.get("hostsLimit") or None
    else:
        found = event_types_of_team(call.store, team_id)
    found = sorted_by_creation(found, call.query.get("sortCreatedAt"))
    shown = [answers.of_team(document, in_team_list=True) for document in found]
    for answer in shown:
        answer["hosts"] = answer["hosts"][:limit]
    return reply(call, 200, shown)


@TEAM_LISTS.on("OrganizationsEventTypesController_getTeamsEventTypes")
def list_event_types_of_all_teams(call: Call) -> Reply:
    """A page of the event types of all teams of an organization, oldest first.

    Source: reference event-types section 8.4, conventions section 7.
    """
    teams = call.store.views("teams", {"parentId": call.path["orgId"]})
    found = [document for team in teams for document in event_types_of_team(call.store, team["id"])]
    order = call.query.get("sortCreatedAt") or "asc"
    skip = int(call.query.get("skip") or 0)
    take = int(call.query.get("take") or PAGE_SIZE)
    page = sorted_by_creation(found, order)[skip : skip + take]
    answers = EventTypeAnswers(call.store, call.quirks)
    return reply(call, 200, [answers.of_team(document) for document in page])
