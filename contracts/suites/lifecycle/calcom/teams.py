"""What event types of a team show of the team and of its hosts."""

from collections.abc import Iterator
from typing import Final

from contracts.exchange import Exchange
from contracts.stops import NotJudged
from contracts.suites import provisions
from contracts.suites.lifecycle.calcom.world import World, WorldRules, document_in, rows_of
from contracts.suites.lifecycle.rules import promise
from mockserver.model import Document, Json

RULES = WorldRules("event_types", of_users=False)

TEAM: Final = "document EventTypeTeam (nine properties are required, none may be null)"
PRIORITY: Final = "document: the priorities of a host; what was accepted is shown as it was sent"
_TEXTS: Final = (
    "slug",
    "name",
    "bannerUrl",
    "logoUrl",
    "weekStart",
    "brandColor",
    "darkBrandColor",
    "theme",
)


@RULES.on("read", "teams-are-shown-whole")
def teams_are_shown_whole(world: World) -> None:
    """`team` of an event type has its id and eight texts, wherever the event type is shown.

    Source: document EventTypeTeam; reference event-types section 8.3 (real answers leave it out).
    """
    created = world.create_event_type()
    event_type = document_in(world.session, created)
    for exchange, shown in _sights(world, created, event_type):
        team = shown.get("team")
        wrong = [
            name
            for name in _TEXTS
            if not isinstance(team, dict) or not isinstance(team.get(name), str)
        ]
        promise(
            world.session,
            isinstance(team, dict) and team.get("id") == event_type.get("teamId") and not wrong,
            "teams-are-shown-whole",
            exchange,
            message="the team of an event type is not shown whole: "
            f"{', '.join(wrong) or 'another id'}",
            expected=f"the id of the team, and texts for {', '.join(_TEXTS)}",
            source=TEAM,
            came=f"team: {team!r}"[:200],
            cause=", ".join(wrong),
        )


@RULES.on("create", "priorities-of-hosts-come-back")
def priorities_of_hosts_come_back(world: World) -> None:
    """The priority of a host is shown as it was sent, the lowest too.

    Source: document; reference event-types section 8.3 (documented profile).
    """
    host = _a_host(world)
    for priority in ("lowest", "low", "highest"):
        exchange = world.create_event_type(
            schedulingType="roundRobin", hosts=[{"userId": host, "priority": priority}]
        )
        hosts = document_in(world.session, exchange).get("hosts")
        shown = [one.get("priority") for one in hosts or () if one.get("userId") == host]
        promise(
            world.session,
            shown == [priority],
            "priorities-of-hosts-come-back",
            exchange,
            message=f"a host with the priority {priority} is shown with another one",
            expected=f"priority: {priority}",
            source=PRIORITY,
            came=f"priority: {', '.join(map(str, shown)) or 'no host'}",
            cause=priority,
        )


def _sights(
    world: World, created: Exchange, event_type: Document
) -> Iterator[tuple[Exchange, Document]]:
    """The event type as it was created, by itself and in the list of the team."""
    yield created, event_type
    read = world.event_type("read", event_type)
    yield read, document_in(world.session, read)
    operation = world.event_types.operation("list")
    listed = world.session.call(operation, provisions.path_values(world.session, operation))
    for row in rows_of(world.session, listed):
        if row.get("id") == event_type["id"]:
            yield listed, row


def _a_host(world: World) -> Json:
    """A member of the team: the host of an event type that all members hold. Raises NotJudged."""
    exchange = world.create_event_type(assignAllTeamMembers=True)
    hosts = document_in(world.session, exchange).get("hosts")
    if not isinstance(hosts, list) or not hosts:
        raise NotJudged("an event type for all members of the team showed no host")
    return hosts[0].get("userId")
