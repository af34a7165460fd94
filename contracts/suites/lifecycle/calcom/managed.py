"""Managed event types of a team: a child in the list of each host, which goes with its parent."""

from typing import Final

from contracts.stops import NotJudged
from contracts.suites import provisions
from contracts.suites.lifecycle.acts import look, make
from contracts.suites.lifecycle.calcom.world import World, WorldRules
from contracts.suites.lifecycle.rules import REMOVED, promise
from contracts.suites.lifecycle.things import Thing, things_of
from contracts.suites.provisions import Item, text_of
from contracts.suites.session import answer_text
from mockserver.model import Document, Json

RULES = WorldRules("event_types", of_users=False)

CHILDREN: Final = (
    "reference event-types.md section 8.2 (one child event type per host in the host's own list, "
    "removed when hosts shrink)"
)


@RULES.on("delete", "managed-children-go-with-their-parent")
def managed_children_go_with_their_parent(world: World) -> None:
    """The children of a managed event type go with it.

    Source: RFC 9110 section 9.3.5; reference event-types section 8.2.
    """
    own = _event_types_of_users(world)
    parent, child = _managed(world, own)
    _is_there(world, own, child, True, CHILDREN)
    if not world.event_type("delete", parent).is_success:
        raise NotJudged("a managed event type cannot be deleted")
    _is_there(world, own, child, False, REMOVED)


@RULES.on("create", "managed-children-tell-their-team")
def managed_children_tell_their_team(world: World) -> None:
    """A managed child shows the team of its parent, and that it is managed.

    Source: document (teamId and schedulingType are required, and not null); reference event-types
    section 8.3 (documented profile).
    """
    parent, child = _managed(world, _event_types_of_users(world))
    team, own = (one.get("team") or {} for one in (parent, child.document))
    wrong = [
        name
        for name in ("teamId", "schedulingType")
        if child.document.get(name) != parent.get(name)
    ]
    wrong += ["team.id"] if own.get("id") != team.get("id") else []
    promise(
        world.session,
        not wrong,
        "managed-children-tell-their-team",
        child.exchange,
        message=f"a managed child shows another {' and '.join(wrong)} than its parent",
        expected=", ".join(f"{name}: {parent.get(name)}" for name in ("teamId", "schedulingType")),
        source="document TeamEventTypeOutput; reference event-types.md section 8.3",
        came=", ".join(
            f"{name}: {child.document.get(name)}" for name in ("teamId", "schedulingType", "team")
        )[:200],
        cause=", ".join(wrong),
    )


@RULES.on("update", "managed-children-go-with-their-host")
def managed_children_go_with_their_host(world: World) -> None:
    """Who is no longer a host has no child of the managed event type any more.

    Source: reference event-types section 8.2.
    """
    own = _event_types_of_users(world)
    parent, child = _managed(world, own)
    _is_there(world, own, child, True, CHILDREN)
    if not world.event_type("update", parent, body={"hosts": []}).is_success:
        raise NotJudged("the hosts of a managed event type cannot be taken away")
    _is_there(world, own, child, False, CHILDREN)


def _event_types_of_users(world: World) -> Thing:
    for thing in things_of(world.session.yardstick):
        if thing.resource.name == "event-types" and thing.has("create", "read"):
            return thing
    raise NotJudged("the document has no event types of users")


def _managed(world: World, own: Thing) -> tuple[Document, Item]:
    """A managed event type, and its child with the owner of the run as host. Raises NotJudged."""
    session = world.session
    host = make(session, own).document.get("ownerId")
    exchange = world.create_event_type(schedulingType="managed", hosts=[{"userId": host}])
    shown: Json = provisions.payload(session, exchange) if exchange.is_success else None
    rows = [row for row in shown if isinstance(row, dict)] if isinstance(shown, list) else []
    parents = [row for row in rows if row.get("parentEventTypeId") is None]
    for row in rows:
        if parents and row.get("parentEventTypeId") == parents[0].get("id"):
            path = {own.resource.id_name: text_of(row["id"])}
            return parents[0], Item(own.resource, text_of(row["id"]), path, row, exchange)
    raise NotJudged(f"a managed event type showed no child: {answer_text(exchange)}")


def _is_there(world: World, own: Thing, child: Item, is_right: bool, source: str) -> None:
    sight = look(world.session, own, child)
    promise(
        world.session,
        (sight.document is not None) == is_right,
        "managed-children-follow-their-parent",
        sight.exchange,
        message="a child of a managed event type is not in its host's own list"
        if is_right
        else "a child is still there without the managed event type, or without being its host's",
        expected="200" if is_right else "404",
        source=source,
        cause="missing" if is_right else "left",
    )
