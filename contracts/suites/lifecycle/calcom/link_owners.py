"""Whose links: nobody but their owner sees, makes, changes or deletes them."""

from typing import Final

from contracts.actors import OTHER
from contracts.exchange import Exchange
from contracts.suites.lifecycle.calcom.uses import shows
from contracts.suites.lifecycle.calcom.world import World, WorldRules, rows_of
from contracts.suites.lifecycle.rules import promise
from mockserver.model import Document

RULES = WorldRules("links")

OWNERS: Final = "reference private-links.md section 10 (owned by somebody else: 404, never 403)"
TEAMS: Final = "reference teams-orgs.md section 2.4 (member of another organization: 403)"
SEPARATE: Final = "reference private-links.md section 8 (a link of another event type is missing)"


@RULES.on("list", "links-are-their-owners-only", actors=(OTHER,))
def links_are_their_owners_only(world: World) -> None:
    """Somebody else gets 404 for everything at a user's event type, 403 or 404 at a team's.

    Source: reference private-links section 10, teams-orgs section 2.4.
    """
    event_type = world.new_event_type()
    link = world.new_link(event_type, {"maxUsageCount": 2})
    for exchange in (
        world.list_links(event_type, actor=OTHER),
        world.create_link(event_type, {"maxUsageCount": 2}, actor=OTHER),
        world.change_link(event_type, link, {"maxUsageCount": 9}, actor=OTHER),
        world.delete_link(event_type, link, actor=OTHER),
    ):
        _is_kept_out(world, exchange)
    now, listing = world.link_now(event_type, link)
    shows(world, now, listing, maximum=2, used=0, source=OWNERS)
    promise(
        world.session,
        len(rows_of(world.session, listing)) == 1,
        "links-are-their-owners-only",
        listing,
        message="somebody else made a private link at an owner's event type",
        expected="one link",
        source=OWNERS,
        cause="made",
    )


@RULES.on("list", "links-of-event-types-are-separate")
def links_of_event_types_are_separate(world: World) -> None:
    """Each event type lists its own links; those of another are 404 there.

    Source: reference private-links section 8.
    """
    one, other = world.new_event_type(), world.new_event_type()
    mine = world.new_link(one, {"maxUsageCount": 2})
    theirs = world.new_link(other, {"maxUsageCount": 2})
    for event_type, link in ((one, mine), (other, theirs)):
        listing = world.list_links(event_type)
        ids = [row.get("linkId") for row in rows_of(world.session, listing)]
        promise(
            world.session,
            ids == [link["linkId"]],
            "links-of-event-types-are-separate",
            listing,
            message="an event type does not list its own private links, and only those",
            expected=f"{link['linkId']} alone",
            source=SEPARATE,
            came=", ".join(map(str, ids)),
        )
    for exchange in (
        world.change_link(one, theirs, {"maxUsageCount": 9}),
        world.delete_link(one, theirs),
    ):
        promise(
            world.session,
            exchange.response.status == 404,
            "links-of-event-types-are-separate",
            exchange,
            message="a private link can be reached through another event type",
            expected="404",
            source=SEPARATE,
            cause=exchange.request.method,
        )
    _is_there(world, other, theirs)


def _is_there(world: World, event_type: Document, link: Document) -> None:
    listing = world.list_links(event_type)
    promise(
        world.session,
        link["linkId"] in [row.get("linkId") for row in rows_of(world.session, listing)],
        "links-of-event-types-are-separate",
        listing,
        message="a private link was deleted through another event type",
        expected="it is there",
        source=SEPARATE,
        cause="gone",
    )


def _is_kept_out(world: World, exchange: Exchange) -> None:
    right = (403, 404) if world.is_of_team else (404,)
    promise(
        world.session,
        exchange.response.status in right,
        "links-are-their-owners-only",
        exchange,
        message="somebody else is not kept out of an owner's private links",
        expected=" or ".join(map(str, right)),
        source=TEAMS if world.is_of_team else OWNERS,
        cause=exchange.request.method,
    )
