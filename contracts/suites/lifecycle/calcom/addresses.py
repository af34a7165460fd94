"""Booking addresses, and what happens to links when their event type changes."""

from typing import Final
from urllib.parse import quote

from contracts.exchange import Exchange
from contracts.suites.lifecycle.acts import item_in
from contracts.suites.lifecycle.calcom.world import World, WorldRules, rows_of
from contracts.suites.lifecycle.rules import promise
from contracts.suites.provisions import unique_name
from mockserver.model import Document

RULES = WorldRules("links")

URL: Final = "reference private-links.md section 6 (bookingUrl); document: full booking URL"
NEIGHBOURS: Final = "reference private-links.md section 12 and P18 (updates leave links alone)"


@RULES.on("create", "addresses-name-link-and-event-type")
def addresses_name_link_and_event_type(world: World) -> None:
    """`bookingUrl` has the link's id and the event type's slug, also after a change of slug.

    Source: reference private-links section 6 (the slug is read at answer time).
    """
    slug = unique_name(world.session, is_slug=True)
    event_type = world.new_event_type(slug=slug)
    exchange = world.create_link(event_type, {"maxUsageCount": 2})
    link = item_in(world.session, exchange).document
    _leads_to(world, link, exchange, slug)
    renamed = unique_name(world.session, is_slug=True)
    change = world.event_type("update", event_type, body={"slug": renamed})
    if change.is_success:
        now, listing = world.link_now(event_type, link)
        _leads_to(world, now, listing, renamed)


@RULES.on("list", "updates-of-event-types-keep-links")
def updates_of_event_types_keep_links(world: World) -> None:
    """An update of the event type leaves its links where they are.

    Source: reference private-links sections 12 and 13 (P18).
    """
    event_type = world.new_event_type()
    made = [world.new_link(event_type, {"maxUsageCount": 2})["linkId"] for _ in range(2)]
    world.event_type("update", event_type, body={"title": unique_name(world.session)})
    listing = world.list_links(event_type)
    ids = [str(row.get("linkId")) for row in rows_of(world.session, listing)]
    promise(
        world.session,
        sorted(ids) == sorted(made),
        "updates-of-event-types-keep-links",
        listing,
        message="an update of an event type removed its private links",
        expected="the links that were there",
        source=NEIGHBOURS,
        came=f"{len(ids)} of {len(made)} links",
    )


@RULES.on("list", "links-go-with-their-event-type")
def links_go_with_their_event_type(world: World) -> None:
    """Deleting an event type deletes its links, and no others.

    Source: reference private-links sections 1 and 12.
    """
    event_type, other = world.new_event_type(), world.new_event_type()
    link = world.new_link(event_type, {"maxUsageCount": 2})
    kept = world.new_link(other, {"maxUsageCount": 2})
    world.event_type("delete", event_type)
    for exchange in (
        world.list_links(event_type),
        world.change_link(event_type, link, {"maxUsageCount": 3}),
        world.change_link(other, link, {"maxUsageCount": 3}),
    ):
        promise(
            world.session,
            exchange.response.status == 404,
            "links-go-with-their-event-type",
            exchange,
            message="private links of a deleted event type are not 404",
            expected="404",
            source=NEIGHBOURS,
        )
    listing = world.list_links(other)
    promise(
        world.session,
        [row.get("linkId") for row in rows_of(world.session, listing)] == [kept["linkId"]],
        "links-of-other-event-types-stay",
        listing,
        message="deleting an event type touched the private links of another",
        expected="the link of the other event type is there",
        source=NEIGHBOURS,
    )


def _leads_to(world: World, link: Document, exchange: Exchange, slug: str) -> None:
    url = str(link.get("bookingUrl"))
    missing = [part for part in (link["linkId"], quote(slug, safe="")) if part not in url]
    promise(
        world.session,
        not missing,
        "addresses-name-link-and-event-type",
        exchange,
        message="`bookingUrl` of a private link does not name its id and its event type's slug",
        expected=f"an address with {link['linkId']} and {slug}",
        source=URL,
        came=url,
        cause="id" if link["linkId"] in missing else "slug",
    )
