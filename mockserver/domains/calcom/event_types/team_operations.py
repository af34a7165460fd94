"""The event types of a team in an organization."""

from collections.abc import Mapping
from dataclasses import replace

from mockserver.behaviours.registry import Behaviours, Call, Reader
from mockserver.domains.calcom import world
from mockserver.domains.calcom.conventions.envelope import success
from mockserver.domains.calcom.conventions.errors import bad_request, not_found
from mockserver.domains.calcom.event_types.hosts import named_hosts, named_user_ids, require_members
from mockserver.domains.calcom.event_types.managed import set_children
from mockserver.domains.calcom.event_types.output import EventTypeAnswers
from mockserver.domains.calcom.event_types.records import (
    children_of,
    delete_event_type,
    event_type,
    insert_event_type,
    of_team_by_slug,
    replace_event_type,
)
from mockserver.domains.calcom.event_types.replies import reply
from mockserver.domains.calcom.event_types.team_lists import TEAM_LISTS
from mockserver.domains.calcom.links.operations import delete_links
from mockserver.domains.calcom.settings import (
    changed_settings,
    check_connected_apps,
    check_second_write,
    check_settings,
    lenient_slug,
    new_settings,
    read_settings,
)
from mockserver.errors import ApiError
from mockserver.model import Document, Json, Reply
from mockserver.store.protocol import View

TEAM_EVENT_TYPES = Behaviours()
TEAM_EVENT_TYPES.include(TEAM_LISTS)

CONTROLLER = "OrganizationsEventTypesController_"
CREATE = CONTROLLER + "createTeamEventType"
UPDATE = CONTROLLER + "updateTeamEventType"

KINDS = {"COLLECTIVE": "collective", "ROUND_ROBIN": "roundRobin", "MANAGED": "managed"}
"""The scheduling types by the names that the real server has for them inside."""


def read_team_event_type_body(call: Call) -> Json:
    """The body to validate; the real server also takes its own spelling of `schedulingType`.

    Source: spec CreateTeamEventTypeInput_2024_06_14/schedulingType; reference event-types
    section 8.1 (T).
    """
    body = call.body
    if isinstance(body, dict) and call.quirks.has("team-event-type-inner-scheduling-names"):
        kind = body.get("schedulingType")
        if isinstance(kind, str) and kind in KINDS:
            call = replace(call, body={**body, "schedulingType": KINDS[kind]})
    return read_settings(call)


READERS: Mapping[str, Reader] = {
    operation_id: read_team_event_type_body for operation_id in (CREATE, UPDATE)
}


@TEAM_EVENT_TYPES.on(CREATE)
def create_team_event_type(call: Call) -> Reply:
    """Create an event type of a team; a managed one is answered with its children.

    Source: reference event-types section 8.2; observed team-private-links.jsonl 259 to 262.
    """
    team, team_id, body = _team(call), call.path["teamId"], call.body
    check_connected_apps(body, team, of_team=True)
    require_members(call.store, team_id, body.get("hosts"))
    settings = new_settings(body, of_team=True, quirks=call.quirks, now=call.now)
    if of_team_by_slug(call.store, team_id, settings["slug"]):
        raise _slug_is_taken()
    check_settings(call, settings, body, of_team=True, owner=team)
    check_second_write(settings, body)
    kind = body["schedulingType"]
    stored = insert_event_type(
        call.store,
        settings,
        team_id=team_id,
        scheduling_type=kind,
        assigns_all=bool(body.get("assignAllTeamMembers")),
        hosts=named_hosts(call.store, team_id, body, kind) or (),
    )
    if kind == "managed":
        owners = named_user_ids(call.store, team_id, body) or []
        set_children(call.store, stored, owners, call.quirks)
    return reply(call, 201, _family(call, stored))


@TEAM_EVENT_TYPES.on(CONTROLLER + "getTeamEventType")
def read_team_event_type(call: Call) -> Reply:
    """One event type of the team; 404 for those of others.

    Source: reference event-types section 8.2; observed team-private-links.jsonl 264.
    """
    stored = _of_team(call)
    if stored is None:
        raise not_found(f"Event type with id {call.path['eventTypeId']} not found")
    return reply(call, 200, EventTypeAnswers(call.store, call.quirks).of_team(stored))


@TEAM_EVENT_TYPES.on(UPDATE)
def update_team_event_type(call: Call) -> Reply:
    """Change an event type of a team; hosts stay unless the body names some.

    An absent event type is a bad request here. The real server also deletes all private links.

    Source: reference event-types section 8.2; observed team-private-links.jsonl 355 to 357.
    """
    team, team_id, body = _team(call), call.path["teamId"], call.body
    check_connected_apps(body, team, of_team=True)
    require_members(call.store, team_id, body.get("hosts"))
    _require_free_slug(call, team_id, body.get("slug"))
    stored = _of_team(call)
    if stored is None:
        raise bad_request("Event type to update not found")
    _require_hosts_for_new_kind(stored, body)
    changed = changed_settings(stored, body, of_team=True, quirks=call.quirks, now=call.now)
    check_settings(call, changed, body, of_team=True, owner=team)
    check_second_write(changed, body, stored)
    changed = _placed(call, team_id, changed)
    replace_event_type(call.store, changed)
    _update_children(call, team_id, stored, changed)
    if call.quirks.has("event-type-update-drops-links"):
        delete_links(call.store, stored["id"])
    return reply(call, 200, _family(call, changed))


@TEAM_EVENT_TYPES.on(CONTROLLER + "deleteTeamEventType")
def delete_team_event_type(call: Call) -> Reply:
    """Delete an event type of a team, its links, and the children that it manages.

    Source: reference event-types section 8.2; observed team-private-links.jsonl 359.
    """
    stored = _of_team(call)
    if stored is None:
        raise not_found(f"Event type with ID={call.path['eventTypeId']} does not exist.")
    delete_event_type(call.store, stored)
    return success(200, {"id": stored["id"], "title": stored["title"]})


def _team(call: Call) -> View:
    team_id = call.path["teamId"]
    team = world.team(call.store, team_id)
    if team is None:  # only the system's admins come past the role guard with an unknown team
        raise not_found(f"Team with id {team_id} not found")
    return team


def _of_team(call: Call) -> View | None:
    stored = event_type(call.store, call.path["eventTypeId"])
    is_of_team = stored is not None and stored["teamId"] == call.path["teamId"]
    return stored if is_of_team else None


def _require_free_slug(call: Call, team_id: int, slug: str | None) -> None:
    """400 when another event type of the team has *slug*; to the real server also its own.

    Source: reference event-types section 8.2 (S).
    """
    namesake = of_team_by_slug(call.store, team_id, lenient_slug(slug)) if slug else None
    if namesake is None:
        return
    if namesake["id"] != call.path["eventTypeId"] or call.quirks.has(
        "team-event-type-own-slug-clashes"
    ):
        raise _slug_is_taken()


def _slug_is_taken() -> ApiError:
    return bad_request("Team event type with this slug already exists")


def _require_hosts_for_new_kind(stored: View, body: Document) -> None:
    """400 when the scheduling type changes and nobody is named to host it.

    Source: reference event-types section 8.2 (T).
    """
    kind = body.get("schedulingType")
    is_changing = kind is not None and kind != stored["schedulingType"]
    if is_changing and not body.get("assignAllTeamMembers") and body.get("hosts") is None:
        raise bad_request(
            "Hosts required when switching schedulingType. Please provide 'hosts' or set "
            "'assignAllTeamMembers: true' to specify how hosts should be configured for the "
            "new scheduling type."
        )


def _placed(call: Call, team_id: int, changed: Document) -> Document:
    """*changed* with the scheduling type and the hosts that the body asks for."""
    body = call.body
    kind = body.get("schedulingType") or changed["schedulingType"]
    hosts = named_hosts(call.store, team_id, body, kind)
    assigns_all = body.get("assignAllTeamMembers")
    return {
        **changed,
        "schedulingType": kind,
        "hosts": changed["hosts"] if hosts is None else hosts,
        "assignAllTeamMembers": (
            changed["assignAllTeamMembers"] if assigns_all is None else assigns_all
        ),
    }


def _update_children(call: Call, team_id: int, stored: View, changed: Document) -> None:
    """Bring the children of a managed event type in line; one that is managed no more has none.

    Source: reference event-types section 8.2 (T); assumed for the change of kind.
    """
    if stored["schedulingType"] != "managed":
        return
    owners: list[int] | None = []
    if changed["schedulingType"] == "managed":
        owners = named_user_ids(call.store, team_id, call.body)
    if owners is None:
        owners = [child["ownerId"] for child in children_of(call.store, stored["id"])]
    set_children(call.store, changed, owners, call.quirks)


def _family(call: Call, stored: View) -> Json:
    """The answer of a write: one event type, or a managed one followed by its children.

    Source: reference event-types section 8.2 (T).
    """
    answers = EventTypeAnswers(call.store, call.quirks)
    shown = answers.of_team(stored)
    if stored["schedulingType"] != "managed":
        return shown
    children = children_of(call.store, stored["id"])
    return [shown, *(answers.of_team(child) for child in children)]
