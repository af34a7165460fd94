"""Who sees which event types: hidden ones, those of named users, those of one slug."""

from typing import Final

from contracts.actors import ANONYMOUS, OTHER, OWNER
from contracts.exchange import Exchange
from contracts.stops import NotJudged
from contracts.suites.lifecycle.calcom.world import World, WorldRules, document_in, rows_of
from contracts.suites.lifecycle.paging import Query
from contracts.suites.lifecycle.rules import promise
from contracts.suites.lifecycle.values import parted
from contracts.suites.provisions import unique_name
from mockserver.model import Document

RULES = WorldRules("event_types", of_team=False)

HIDDEN: Final = "seed Event Types guide (hidden ones are only returned to their owner)"
FILTERS: Final = (
    "seed Event Types guide (usernames, eventSlug); reference event-types.md section 6.2"
)
OWNERS: Final = "reference event-types.md section 6.3 (others get 404)"


@RULES.on("list", "hidden-ones-are-the-owners-to-see", actors=(OTHER,))
def hidden_ones_are_the_owners_to_see(world: World) -> None:
    """A hidden event type is listed for its owner alone; shown and hidden again it follows.

    Source: seed Event Types guide.
    """
    hidden = world.new_event_type(hidden=True)
    shown = world.new_event_type()
    query = (("username", username_of(hidden)),)
    _sees(world, OWNER, (), hidden, True)
    _sees(world, OWNER, query, hidden, True)
    for actor in (OTHER, ANONYMOUS):
        _sees(world, actor, query, hidden, False)
        _sees(world, actor, (*query, ("eventSlug", hidden["slug"])), hidden, False)
        _sees(world, actor, query, shown, True)
    for is_hidden in (False, True):
        world.event_type("update", hidden, body={"hidden": is_hidden})
        _sees(world, OTHER, query, hidden, not is_hidden)


@RULES.on("list", "lists-of-users-are-theirs", actors=(OTHER,))
def lists_of_users_are_theirs(world: World) -> None:
    """A list without names is the caller's own; with names it is those users', and only theirs.

    Source: seed Event Types guide; reference event-types section 6.2.
    """
    mine = world.new_event_type()
    theirs = world.new_event_type(actor=OTHER)
    me, them = username_of(mine), username_of(theirs)
    for actor, query, own in (
        (OWNER, (), (mine,)),
        (OTHER, (), (theirs,)),
        (ANONYMOUS, (("username", me),), (mine,)),
        (OTHER, (("usernames", me),), (mine,)),
        (ANONYMOUS, (("usernames", f"{me},{them}"),), (mine, theirs)),
        (ANONYMOUS, (("username", "nobody-has-this-name"),), ()),
    ):
        exchange = _list(world, actor, query)
        rows = rows_of(world.session, exchange)
        owners = {one["ownerId"] for one in own}
        ids = [row.get("id") for row in rows]
        promise(
            world.session,
            all(row.get("ownerId") in owners for row in rows),
            "lists-of-users-are-theirs",
            exchange,
            message="a list of event types shows those of somebody else",
            expected=f"event types of the owners {sorted(owners)}",
            source=FILTERS,
            cause="others",
        )
        promise(
            world.session,
            exchange.is_success and all(one["id"] in ids for one in own),
            "lists-of-users-are-whole",
            exchange,
            message="a list of a user's event types lacks one that was just made",
            expected="every event type of the users that are named",
            source=FILTERS,
            cause=", ".join(name for name, _ in query),
        )


@RULES.on("list", "slugs-find-their-event-type")
def slugs_find_their_event_type(world: World) -> None:
    """`eventSlug` finds the one event type with that slug: the new one after a change of slug,
    none after its deletion.

    Source: seed Event Types guide; reference event-types section 6.2.
    """
    event_type = world.new_event_type()
    world.new_event_type()
    name, old = username_of(event_type), event_type["slug"]
    _finds(world, name, old, event_type)
    new = unique_name(world.session, is_slug=True)
    world.event_type("update", event_type, body={"slug": new})
    _finds(world, name, new, event_type)
    _finds(world, name, old, None)
    lone = _list(world, OWNER, (("eventSlug", new),))
    promise(
        world.session,
        [row.get("id") for row in rows_of(world.session, lone)] == [event_type["id"]],
        "slugs-find-their-event-type",
        lone,
        message="`eventSlug` alone does not filter the caller's event types",
        expected=f"the event type {event_type['id']} alone",
        source=FILTERS,
        cause="alone",
    )
    world.event_type("delete", event_type)
    _finds(world, name, new, None)


@RULES.on("list", "event-types-are-the-same-however-found")
def event_types_are_the_same_however_found(world: World) -> None:
    """What `username` and `eventSlug` find shows the values that it has by its id.

    Source: seed Event Types guide; reference event-types section 6.2.
    """
    event_type = world.new_event_type()
    by_id = world.event_type("read", event_type)
    wanted = document_in(world.session, by_id)
    for query in (
        (("username", username_of(event_type)), ("eventSlug", event_type["slug"])),
        (("username", username_of(event_type)),),
        (("eventSlug", event_type["slug"]),),
    ):
        exchange = _list(world, OWNER, query)
        rows = [row for row in rows_of(world.session, exchange) if row.get("id") == wanted["id"]]
        wrong = [name for row in rows for name in parted(row, wanted)]
        names = " and ".join(f"`{name}`" for name, _ in query)
        promise(
            world.session,
            not wrong,
            "event-types-are-the-same-however-found",
            exchange,
            message=f"an event type found by {names} has other values than by its id: "
            f"{', '.join(wrong)}",
            expected=", ".join(f"{name}: {wanted.get(name)!r}" for name in wrong)[:200],
            source=FILTERS,
            cause=", ".join(wrong),
        )


@RULES.on("read", "others-cannot-read-event-types", actors=(OTHER,))
def others_cannot_read_event_types(world: World) -> None:
    """Somebody else's event type is 404, just as one that does not exist.

    Source: reference event-types section 6.3.
    """
    event_type = world.new_event_type()
    nothing = {"id": event_type["id"] + 1_000_000}
    for one in (event_type, nothing):
        for kind, body in (("read", None), ("update", {"title": "Mine now"})):
            exchange = (
                world.event_type(kind, one, body=body, actor=OTHER)
                if body
                else world.event_type(kind, one, actor=OTHER)
            )
            promise(
                world.session,
                exchange.response.status == 404,
                "others-cannot-read-event-types",
                exchange,
                message="an event type of somebody else, or none at all, is not 404",
                expected="404 for both, so that nobody learns which ids exist",
                source=OWNERS,
                cause=f"{kind} {'existing' if one is event_type else 'missing'}",
            )


def username_of(event_type: Document) -> str:
    """The name of the user whose event type it is. Raises NotJudged where it tells none."""
    users = event_type.get("users")
    first = users[0] if isinstance(users, list) and users else {}
    name = first.get("username") if isinstance(first, dict) else None
    if not isinstance(name, str):
        raise NotJudged("the event type does not tell its user's name")
    return name


def _list(world: World, actor: str, query: Query) -> Exchange:
    operation = world.event_types.operation("list")
    return world.session.call(operation, {}, query=query, actor=actor)


def _sees(world: World, actor: str, query: Query, event_type: Document, is_seen: bool) -> None:
    exchange = _list(world, actor, query)
    ids = [row.get("id") for row in rows_of(world.session, exchange)]
    promise(
        world.session,
        (event_type["id"] in ids) == is_seen,
        "hidden-ones-are-the-owners-to-see",
        exchange,
        message="an event type that is not hidden is missing in a list"
        if is_seen
        else "somebody who is not its owner is shown a hidden event type",
        expected=f"the event type {event_type['id']} is {'' if is_seen else 'not '}in the list",
        source=HIDDEN,
        cause=f"{'missing' if is_seen else 'shown'} for {actor}",
    )


def _finds(world: World, name: str, slug: str, event_type: Document | None) -> None:
    exchange = _list(world, ANONYMOUS, (("username", name), ("eventSlug", slug)))
    ids = [row.get("id") for row in rows_of(world.session, exchange)]
    wanted = [] if event_type is None else [event_type["id"]]
    promise(
        world.session,
        exchange.is_success and ids == wanted,
        "slugs-find-their-event-type",
        exchange,
        message="`username` with `eventSlug` does not find the one event type with that slug",
        expected=f"event types {wanted}",
        source=FILTERS,
        came=f"event types {ids}",
        cause="found" if event_type else "gone",
    )
