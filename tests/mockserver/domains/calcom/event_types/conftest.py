"""A small world, and one way to call a behaviour in it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mockserver.behaviours.registry import Behaviours, Call
from mockserver.chance import Ids
from mockserver.domains.calcom.event_types.operations import EVENT_TYPES
from mockserver.domains.calcom.event_types.records import insert_event_type
from mockserver.domains.calcom.event_types.team_operations import TEAM_EVENT_TYPES
from mockserver.domains.calcom.settings import new_settings
from mockserver.errors import ApiError
from mockserver.model import ANONYMOUS, MISSING, Actor, Document, Json, Reply
from mockserver.openapi.operations import NO_OPERATION, Operation
from mockserver.openapi.quirks import Quirks
from mockserver.store.memory import MemoryStore
from mockserver.store.protocol import Store

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

NAMES = ("alice", "bob", "olga", "tom", "mia", "nora", "ned", "root")
"""Users 1 to 8: alice and bob alone; the rest as in `TEAMS`; root is a system admin."""

TEAMS = (
    # id, name, parent, is organization, members with their roles
    (1, "Acme", None, True, {3: "OWNER", 6: "ADMIN", 4: "MEMBER", 5: "MEMBER"}),
    (2, "Support", 1, False, {4: "ADMIN", 5: "MEMBER"}),
    (3, "Other", None, True, {7: "OWNER"}),
    (4, "Others", 3, False, {7: "OWNER"}),
    (5, "Standalone", None, False, {1: "OWNER"}),
    (6, "Sales", 1, False, {5: "ADMIN"}),
)


Ask = Callable[..., Reply]
"""(operation, by=, path=, query=, body=, quirks=): calls its behaviour.

The operation is named by its whole id, or for a user's by what follows the controller.
"""

Refusal = Callable[..., ApiError]
"""The same arguments; gives the error that the behaviour must raise."""

Make = Callable[..., Document]
"""Stores an event type of a user or of a team, and gives it as stored."""


@pytest.fixture
def store() -> Store:
    store = MemoryStore()
    for number, name in enumerate(NAMES, start=1):
        store.insert("users", str(number), _user(number, name))
        store.insert(
            "schedules",
            str(number),
            {"id": number, "ownerId": number, "name": "Working hours", "timeZone": "UTC"},
        )
    for team_id, name, parent_id, is_organization, members in TEAMS:
        store.insert("teams", str(team_id), _team(team_id, name, parent_id, is_organization))
        for user_id, role in members.items():
            add_member(store, user_id, team_id, role)
    return store


@pytest.fixture
def invite(store: Store) -> Callable[..., None]:
    """Add a membership: (user id, team id, role, accepted)."""

    def invite(user_id: int, team_id: int, role: str, accepted: bool = True) -> None:
        add_member(store, user_id, team_id, role, accepted=accepted)

    return invite


@pytest.fixture
def new_call(store: Store) -> Callable[..., Call]:
    """A call as a reader gets it: (operation id, body=, quirks=)."""

    def new_call(operation_id: str, *, body: Json, quirks: Iterable[str] = ()) -> Call:
        path = {"orgId": "1", "teamId": "2"}
        return _call(store, operation_id, "olga", path, {}, body, quirks)

    return new_call


@pytest.fixture
def ask(store: Store) -> Ask:
    def ask(
        operation_id: str,
        *,
        by: str | None = "alice",
        path: Mapping[str, Json] | None = None,
        query: Mapping[str, Json] | None = None,
        body: Json = MISSING,
        quirks: Iterable[str] = (),
    ) -> Reply:
        registry, full_id = _registered(operation_id)
        behaviour = registry.get(full_id)
        assert behaviour is not None, full_id
        return behaviour(_call(store, full_id, by, path or {}, query or {}, body, quirks))

    return ask


@pytest.fixture
def refusal(ask: Ask) -> Refusal:
    def refusal(
        operation_id: str,
        *,
        by: str | None = "alice",
        path: Mapping[str, Json] | None = None,
        query: Mapping[str, Json] | None = None,
        body: Json = MISSING,
        quirks: Iterable[str] = (),
    ) -> ApiError:
        with pytest.raises(ApiError) as caught:
            ask(operation_id, by=by, path=path, query=query, body=body, quirks=quirks)
        return caught.value

    return refusal


@pytest.fixture
def own(store: Store) -> Make:
    def own(
        owner_id: int, slug: str, *, parent_id: int | None = None, **settings: Json
    ) -> Document:
        body = {"title": slug.title(), "slug": slug, "lengthInMinutes": 30, **settings}
        stored = new_settings(body, of_team=False, quirks=Quirks())
        return insert_event_type(store, stored, owner_id=owner_id, parent_id=parent_id)

    return own


@pytest.fixture
def of_team(store: Store) -> Make:
    def of_team(
        team_id: int,
        slug: str,
        kind: str = "collective",
        hosts: Iterable[int] = (),
        **settings: Json,
    ) -> Document:
        body = {"title": slug.title(), "slug": slug, "lengthInMinutes": 30, **settings}
        stored = new_settings(body, of_team=True, quirks=Quirks())
        return insert_event_type(
            store,
            stored,
            team_id=team_id,
            scheduling_type=kind,
            hosts=[
                {"userId": user_id, "mandatory": kind == "collective", "priority": "medium"}
                for user_id in hosts
            ],
        )

    return of_team


@pytest.fixture
def kept(store: Store) -> Callable[..., Document]:
    """What is stored now: (key, collection)."""

    def kept(key: int, collection: str = "event-types") -> Document:
        document = store.get(collection, str(key))
        assert document is not None, (collection, key)
        return document

    return kept


@pytest.fixture
def add_link(store: Store) -> Callable[[int], str]:
    """Give an event type a private link; gives the link's id."""

    def add_link(event_type_id: int) -> str:
        link_id = f"link{store.next_id('links of this test')}"
        store.insert(
            "private-links",
            link_id,
            {
                "linkId": link_id,
                "eventTypeId": event_type_id,
                "expiresAt": None,
                "maxUsageCount": 1,
                "usageCount": 0,
            },
        )
        return link_id

    return add_link


def add_member(
    store: Store, user_id: int, team_id: int, role: str, *, accepted: bool = True
) -> None:
    document = {
        "id": store.next_id("memberships"),
        "userId": user_id,
        "teamId": team_id,
        "role": role,
        "accepted": accepted,
    }
    store.insert("memberships", f"{user_id}-{team_id}", document)


def _registered(operation_id: str) -> tuple[Behaviours, str]:
    if operation_id.startswith(("Organizations", "Teams")):
        return TEAM_EVENT_TYPES, operation_id
    return EVENT_TYPES, f"EventTypesController_2024_06_14_{operation_id}"


def _call(
    store: Store,
    operation_id: str,
    by: str | None,
    path: Mapping[str, Json],
    query: Mapping[str, Json],
    body: Json,
    quirks: Iterable[str],
) -> Call:
    user_id = None if by is None else NAMES.index(by) + 1
    actor = ANONYMOUS
    if by is not None:
        actor = Actor("api-key", user_id, by, is_system_admin=by == "root")
    return Call(
        operation=_operation(operation_id),
        store=store,
        now=NOW,
        ids=Ids(0),
        quirks=Quirks(quirks),
        method="POST" if "create" in operation_id else "PATCH",
        target="/v2/event-types",
        headers={},
        path=dict(path),
        query=dict(query),
        body=body,
        actor=actor,
    )


def _operation(operation_id: str) -> Operation:
    return replace(NO_OPERATION, id=operation_id, method="GET", path="/v2/event-types")


def _user(number: int, name: str) -> Document:
    return {
        "id": number,
        "username": name,
        "name": f"{name.title()} Test",
        "email": f"{name}@example.test",
        "avatarUrl": None,
        "bio": None,
        "timeFormat": 12,
        "weekStart": "Sunday",
        "timeZone": "UTC",
        "locale": "en",
        "defaultScheduleId": number,
        "brandColor": None,
        "darkBrandColor": None,
        "metadata": {},
        "isSystemAdmin": name == "root",
        "connectedApps": [],
        "calendars": [],
    }


def _team(number: int, name: str, parent_id: int | None, is_organization: bool) -> Document:
    return {
        "id": number,
        "name": name,
        "slug": name.lower(),
        "parentId": parent_id,
        "isOrganization": is_organization,
        "isPlatform": False,
        "plan": None,
        "hasAdminApi": True,
        "bannerUrl": None,
        "logoUrl": None,
        "weekStart": "Sunday",
        "brandColor": None,
        "darkBrandColor": None,
        "theme": None,
        "connectedApps": [],
    }
