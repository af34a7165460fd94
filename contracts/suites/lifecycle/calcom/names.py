"""Slugs: one of a kind for their owner, free for everybody else."""

from typing import Final

from contracts.actors import OTHER
from contracts.exchange import Exchange
from contracts.suites.lifecycle.acts import item_in
from contracts.suites.lifecycle.calcom.world import World, WorldRules, document_in
from contracts.suites.lifecycle.rules import promise
from contracts.suites.provisions import unique_name

RULES = WorldRules("event_types")

UNIQUE: Final = "seed Event Types guide, Notes (slugs must be unique within a user's profile)"
_CLASH: Final = (400, 409)


@RULES.on("create", "slugs-are-unique-for-an-owner")
def slugs_are_unique_for_an_owner(world: World) -> None:
    """A second event type with a slug in use is refused; after a deletion the slug is free.

    Source: seed Event Types guide; reference event-types sections 6.1 and 8.2.
    """
    slug = unique_name(world.session, is_slug=True)
    first = world.new_event_type(slug=slug)
    _is_clash(world, world.create_event_type(slug=slug))
    world.event_type("delete", first)
    again = world.create_event_type(slug=slug)
    promise(
        world.session,
        again.is_success,
        "slugs-of-deleted-ones-are-free",
        again,
        message="the slug of a deleted event type cannot be used again",
        expected="201",
        source=UNIQUE,
    )


@RULES.on("update", "slugs-stay-unique")
def slugs_stay_unique(world: World) -> None:
    """An update may repeat the own slug, and may not take one in use.

    Source: seed Event Types guide; reference event-types section 6.3.
    """
    taken = unique_name(world.session, is_slug=True)
    first = world.new_event_type(slug=taken)
    own = unique_name(world.session, is_slug=True)
    second = world.new_event_type(slug=own)
    _is_clash(world, world.event_type("update", second, body={"slug": taken}))
    same = world.event_type("update", second, body={"slug": own})
    promise(
        world.session,
        same.is_success,
        "own-slug-may-be-repeated",
        same,
        message="an update that repeats the event type's own slug is refused",
        expected="200",
        source="reference event-types.md section 6.3 (the own slug is fine)",
    )
    for event_type, slug in ((first, taken), (second, own)):
        exchange = world.event_type("read", event_type)
        promise(
            world.session,
            document_in(world.session, exchange).get("slug") == slug,
            "slugs-stay-unique",
            exchange,
            message="a refused change of slug changed it all the same",
            expected=f"slug: {slug}",
            source=UNIQUE,
            cause="changed",
        )


@RULES.on("create", "slugs-are-free-for-others", actors=(OTHER,), of_team=False)
def slugs_are_free_for_others(world: World) -> None:
    """Two owners may have the same slug, each an event type of their own.

    Source: seed Event Types guide (within a user's profile).
    """
    slug = unique_name(world.session, is_slug=True)
    mine = world.new_event_type(slug=slug)
    exchange = world.create_event_type(actor=OTHER, slug=slug)
    promise(
        world.session,
        exchange.is_success,
        "slugs-are-free-for-others",
        exchange,
        message="a slug that one owner uses is refused to another",
        expected="201",
        source=UNIQUE,
    )
    if exchange.is_success:
        theirs = item_in(world.session, exchange).document
        promise(
            world.session,
            theirs["id"] != mine["id"] and theirs.get("ownerId") != mine.get("ownerId"),
            "slugs-are-free-for-others",
            exchange,
            message="an event type with another owner's slug is that owner's",
            expected="an event type of its own, with its own owner",
            source=UNIQUE,
            cause="owner",
        )


def _is_clash(world: World, exchange: Exchange) -> None:
    promise(
        world.session,
        exchange.response.status in _CLASH,
        "slugs-are-unique-for-an-owner",
        exchange,
        message="an event type may have a slug that another one of its owner has",
        expected="400 or 409",
        source=UNIQUE,
        cause=exchange.request.method,
    )
