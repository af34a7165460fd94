"""Event types as the API answers them: the shape of a user's, and the shape of a team's."""

from mockserver.domains.calcom import world
from mockserver.domains.calcom.event_types.records import children_of, event_type
from mockserver.domains.calcom.settings import shown_settings, shown_team_settings
from mockserver.model import Document
from mockserver.openapi.quirks import Quirks
from mockserver.store.protocol import Store, View

USER_FACE = (
    "id",
    "name",
    "username",
    "avatarUrl",
    "brandColor",
    "darkBrandColor",
    "weekStart",
    "metadata",
)
"""Source: docs Get an event type (`users`); observed setup.jsonl."""

TEAM_FACE = (
    "name",
    "slug",
    "bannerUrl",
    "logoUrl",
    "weekStart",
    "brandColor",
    "darkBrandColor",
    "theme",
)
"""Beside the id. Source: spec EventTypeTeam; observed team-private-links.jsonl 263."""


def event_type_output(store: Store, document: View, quirks: Quirks) -> Document:
    """One stored event type in the shape of whose it is.

    Source: reference event-types section 6.3: the single read of a team event type gives the
    team's shape.
    """
    answers = EventTypeAnswers(store, quirks)
    if document["teamId"] is None:
        return answers.of_user(document)
    return answers.of_team(document)


def user_event_type(
    document: View, owner: View | None, site: str, quirks: Quirks, *, in_list: bool = False
) -> Document:
    """The shape `EventTypeOutput_2024_06_14`, also of a managed child in its owner's list.

    *site* is the `booking_site` of *owner*. What it holds is shared with the views.

    Source: reference event-types section 7; observed setup.jsonl.
    """
    answer: Document = {
        "id": document["id"],
        "ownerId": document["ownerId"],
        **shown_settings(document, quirks, in_list=in_list),
        "users": [] if owner is None else [user_face(owner)],
    }
    if not quirks.has("event-type-answers-as-of-2025"):
        answer["bookingUrl"] = _booking_url(site, owner, document["slug"], quirks)
    return answer


def booking_site(store: Store, owner: View | None, quirks: Quirks) -> str:
    """Where the event types of *owner* are booked.

    The organization's site for a member of one, the plain one for others and for members of a
    platform organization. The real server has none, an empty text, for managed users and for
    users without a name.

    Source: reference event-types section 7 (S, T).
    """
    if quirks.has("event-type-booking-url-is-raw") and (
        owner is None or not owner["username"] or _is_managed(store, owner["id"])
    ):
        return ""
    organization = None if owner is None else world.organization_of(store, owner["id"])
    if organization is None or organization["isPlatform"] or not organization["slug"]:
        return world.WEBSITE
    return world.organization_site(organization["slug"])


def _is_managed(store: Store, user_id: int) -> bool:
    return bool(store.views("access-tokens", {"userId": user_id, "kind": "managed"}))


def _booking_url(site: str, owner: View | None, slug: str, quirks: Quirks) -> str:
    """`<site>/<username>/<slug>`: the document promises a URI; the real server escapes nothing,
    and gives an empty text where there is no site.

    Source: spec EventTypeOutput_2024_06_14/bookingUrl; reference event-types section 7 (S, T).
    """
    username = owner["username"] if owner else None
    if quirks.has("event-type-booking-url-is-raw"):
        return f"{site}/{username}/{slug}" if site else ""
    return "/".join([site, *[world.escaped(part) for part in (username, slug) if part]])


class EventTypeAnswers:
    """Writes event types for one answer, and looks each user and team up only once."""

    def __init__(self, store: Store, quirks: Quirks) -> None:
        self._store = store
        self._quirks = quirks
        self._users: dict[int, View | None] = {}
        self._teams: dict[int, View | None] = {}
        self._sites: dict[int, str] = {}

    def of_user(self, document: View, *, in_list: bool = False) -> Document:
        """One in the shape of a user's."""
        owner_id = document["ownerId"]
        owner = self._user(owner_id)
        if owner_id not in self._sites:
            self._sites[owner_id] = booking_site(self._store, owner, self._quirks)
        site = self._sites[owner_id]
        return user_event_type(document, owner, site, self._quirks, in_list=in_list)

    def of_team(self, document: View, *, in_team_list: bool = False) -> Document:
        """The shape `TeamEventTypeOutput_2024_06_14`; *in_team_list* is the team's own list.

        A managed child has neither team nor kind in the real answer; the document requires both,
        and gets its parent's.

        Source: reference event-types section 8.3; observed team-private-links.jsonl.
        """
        source = self._bearer(document)
        answer: Document = {
            "id": document["id"],
            **shown_settings(document, self._quirks),
            "hosts": self._hosts(document),
            "teamId": source["teamId"],
            "ownerId": document["ownerId"],
            "parentEventTypeId": document["parentEventTypeId"],
            "schedulingType": source["schedulingType"],
        }
        if document["teamId"] is not None:
            answer["assignAllTeamMembers"] = document["assignAllTeamMembers"]
        answer["team"] = self._team(source["teamId"], in_team_list=in_team_list)
        return {**answer, **shown_team_settings(document)}

    def booking_url(self, owner: View | None, slug: str) -> str:
        """Where an event type of *owner* with this slug is booked."""
        site = booking_site(self._store, owner, self._quirks)
        return _booking_url(site, owner, slug, self._quirks)

    def _bearer(self, document: View) -> View:
        """Who bears the team and the kind that are shown for *document*."""
        if self._quirks.has("team-event-type-children-are-bare"):
            return document
        parent_id = document["parentEventTypeId"]
        parent = None if parent_id is None else event_type(self._store, parent_id)
        return document if parent is None else parent

    def _hosts(self, document: View) -> list[Document]:
        """The hosts; those of a managed event type are the owners of its children.

        Source: reference event-types section 8.3 (T): `mandatory` and `priority` are shown for
        roundRobin only, and `lowest` reads back as `medium` (S).
        """
        kind = document["schedulingType"]
        if kind == "managed":
            children = children_of(self._store, document["id"])
            return [self._host_face(child["ownerId"]) for child in children]
        if kind != "roundRobin":
            return [self._host_face(host["userId"]) for host in document["hosts"]]
        return [
            {
                "mandatory": host["mandatory"],
                "priority": self._shown_priority(host["priority"]),
                **self._host_face(host["userId"]),
            }
            for host in document["hosts"]
        ]

    def _shown_priority(self, priority: str) -> str:
        reads_as_medium = self._quirks.has("team-host-lowest-reads-as-medium")
        return "medium" if priority == "lowest" and reads_as_medium else priority

    def _host_face(self, user_id: int) -> Document:
        user = self._user(user_id) or {}
        return {
            "userId": user_id,
            "name": user.get("name") or "",
            "username": user.get("username") or "",
            "avatarUrl": user.get("avatarUrl"),
        }

    def _team(self, team_id: int | None, *, in_team_list: bool) -> Document:
        """The team of an answer: nine fields, or its id alone outside the team's own list.

        Source: spec EventTypeTeam requires all nine as texts; reference event-types section 8.3
        and observed team-private-links.jsonl: only the id, and nulls.
        """
        if team_id is None or (
            self._quirks.has("team-event-type-team-is-reduced") and not in_team_list
        ):
            return {"id": team_id}
        if team_id not in self._teams:
            self._teams[team_id] = world.team(self._store, team_id)
        team = self._teams[team_id] or {}
        empty = None if self._quirks.has("team-event-type-team-has-nulls") else ""
        return {"id": team_id} | {
            name: empty if team.get(name) is None else team[name] for name in TEAM_FACE
        }

    def _user(self, user_id: int) -> View | None:
        if user_id not in self._users:
            self._users[user_id] = world.user(self._store, user_id)
        return self._users[user_id]


def user_face(user: View) -> Document:
    """What an event type shows of a user."""
    return {name: user[name] for name in USER_FACE}
