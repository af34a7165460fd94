"""Who hosts a team event type."""

from collections.abc import Sequence

from mockserver.domains.calcom import world
from mockserver.domains.calcom.conventions.errors import not_found
from mockserver.model import Document
from mockserver.store.protocol import Store

PLAIN_PRIORITY = "medium"


def require_members(store: Store, team_id: int, hosts: Sequence[Document] | None) -> None:
    """404 when a host is no member of the team; an open invitation is enough.

    Source: reference event-types section 8.2 (T); S for the invitations.
    """
    if not hosts:
        return
    known = set(member_ids(store, team_id))
    strangers = [str(host["userId"]) for host in hosts if host["userId"] not in known]
    if strangers:
        raise not_found(
            f"Invalid hosts: {', '.join(strangers)} are not members of team with id {team_id}."
        )


def member_ids(store: Store, team_id: int) -> list[int]:
    """Everybody in the team, oldest membership first."""
    return [held["userId"] for held in world.members(store, team_id)]


def named_user_ids(store: Store, team_id: int, body: Document) -> list[int] | None:
    """The users that *body* makes hosts, each once; None when it says nothing about hosts.

    Source: reference event-types section 8.1: `assignAllTeamMembers` wins over `hosts`.
    """
    if body.get("assignAllTeamMembers"):
        return member_ids(store, team_id)
    hosts = body.get("hosts")
    return None if hosts is None else list(dict.fromkeys(host["userId"] for host in hosts))


def named_hosts(
    store: Store, team_id: int, body: Document, scheduling_type: str
) -> list[Document] | None:
    """The hosts that *body* asks for, in stored form; None when it says nothing about them.

    Everybody is mandatory in a collective event type, whatever was sent. Hosts of a managed one
    are the owners of its children and are not stored here.

    Source: reference event-types section 8.2; observed team-private-links.jsonl.
    """
    user_ids = named_user_ids(store, team_id, body)
    if user_ids is None:
        return None
    if scheduling_type == "managed":
        return []
    sent = {} if body.get("assignAllTeamMembers") else _first_by_user(body["hosts"])
    return [_stored_host(user_id, sent.get(user_id, {}), scheduling_type) for user_id in user_ids]


def _first_by_user(hosts: Sequence[Document]) -> dict[int, Document]:
    return {host["userId"]: host for host in reversed(hosts)}


def _stored_host(user_id: int, sent: Document, scheduling_type: str) -> Document:
    if scheduling_type == "collective":
        return {"userId": user_id, "mandatory": True, "priority": PLAIN_PRIORITY}
    return {
        "userId": user_id,
        "mandatory": bool(sent.get("mandatory")),
        "priority": sent.get("priority") or PLAIN_PRIORITY,
    }
