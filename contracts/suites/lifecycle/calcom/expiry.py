"""Dated links: alive until their instant and in it, ended after it."""

from datetime import datetime, timedelta, timezone
from typing import Final

from contracts.exchange import Exchange
from contracts.stops import NotJudged
from contracts.suites.lifecycle.acts import item_in
from contracts.suites.lifecycle.calcom.world import (
    World,
    WorldRules,
    document_in,
    iso_text,
    whole_ms,
)
from contracts.suites.lifecycle.rules import promise
from contracts.suites.lifecycle.values import instant_of
from mockserver.model import Document

RULES = WorldRules("links")

ALIVE: Final = "reference private-links.md section 6 (expired when expiresAt lies before now)"
HELP: Final = "seed Private Links help page (`it will expire after the set date`)"
ECHO: Final = "document #/components/schemas/TimeBasedPrivateLinkOutput (expiresAt of this link)"
SHORTEST: Final = timedelta(seconds=3)
"""The lifetime that a live target is waited for."""
_MS: Final = timedelta(milliseconds=1)


@RULES.on("create", "expiry-is-the-instant-that-was-sent")
def expiry_is_the_instant_that_was_sent(world: World) -> None:
    """`expiresAt` comes back as the same instant, whatever its offset, to the millisecond.

    Source: reference private-links sections 3 and 4 (printed in UTC, whatever offset was sent).
    """
    event_type = world.new_event_type()
    later = whole_ms(world.session.now()) + timedelta(days=2, milliseconds=123)
    for sent in (iso_text(later), _with_offset(later, 2), _with_offset(later, -7)):
        exchange = world.create_link(event_type, {"expiresAt": sent})
        link = item_in(world.session, exchange).document
        shown, listing = world.link_now(event_type, link)
        for document, where in ((link, exchange), (shown, listing)):
            promise(
                world.session,
                instant_of(document.get("expiresAt")) == instant_of(sent),
                "expiry-is-the-instant-that-was-sent",
                where,
                message="`expiresAt` of a private link is another instant than was sent",
                expected=f"the instant {sent}",
                source=ECHO,
                came=str(document.get("expiresAt")),
            )


@RULES.on("list", "links-end-at-their-instant")
def links_end_at_their_instant(world: World) -> None:
    """A dated link is alive before `expiresAt` and in that millisecond, and ended after it.

    Where the target's clock can be moved, the instants just before and after are tried as well.

    Source: reference private-links section 6 (equal is not expired).
    """
    session, target = world.session, world.session.bench.target
    event_type = world.new_event_type()
    end = whole_ms(session.now()) + (timedelta(hours=1) if target.can_move_time else SHORTEST)
    exchange = world.create_link(event_type, {"expiresAt": iso_text(end)})
    link = item_in(session, exchange).document
    if whole_ms(session.now()) < end:
        is_alive(world, link, exchange, "before")
    if target.can_move_time:
        target.wait_until(end - _MS)
        is_as_the_clock_says(world, event_type, link, end)
        target.wait_until(end)
        is_as_the_clock_says(world, event_type, link, end)
        target.wait_until(end + _MS)
        is_as_the_clock_says(world, event_type, link, end)
    target.wait_until(end + timedelta(seconds=1))
    shown, listing = world.link_now(event_type, link)
    is_ended(world, shown, listing, "after")


@RULES.on("create", "past-links-are-born-expired")
def past_links_are_born_expired(world: World) -> None:
    """An instant in the past is taken, and the link has ended from the first.

    Source: reference private-links section 4.
    """
    event_type = world.new_event_type()
    past = whole_ms(world.session.now()) - timedelta(days=1)
    exchange = world.create_link(event_type, {"expiresAt": iso_text(past)})
    promise(
        world.session,
        exchange.is_success,
        "past-expiry-is-taken",
        exchange,
        message="a private link with an instant in the past was refused",
        expected="201, with isExpired true",
        source="reference private-links.md section 4",
    )
    if exchange.is_success:
        link = item_in(world.session, exchange).document
        is_ended(world, link, exchange, "born")
        shown, listing = world.link_now(event_type, link)
        is_ended(world, shown, listing, "born")


@RULES.on("update", "later-dates-revive-links")
def later_dates_revive_links(world: World) -> None:
    """An ended link with a later `expiresAt` is alive again; with an earlier one it ends.

    Source: reference private-links sections 6 and 8 (computed on every answer).
    """
    event_type = world.new_event_type()
    now = whole_ms(world.session.now())
    link = world.new_link(event_type, {"expiresAt": iso_text(now - timedelta(days=1))})
    later = world.change_link(event_type, link, {"expiresAt": iso_text(now + timedelta(days=1))})
    is_alive(world, document_in(world.session, later), later, "revived")
    sooner = world.change_link(event_type, link, {"expiresAt": iso_text(now - timedelta(hours=1))})
    is_ended(world, document_in(world.session, sooner), sooner, "ended by hand")


@RULES.on("list", "ended-links-take-no-use")
def ended_links_take_no_use(world: World) -> None:
    """A link after its date takes no booking; one before it takes any number.

    Source: help page Private Links (no longer accessible once expired); reference private-links
    section 11.
    """
    event_type = world.new_event_type()
    now = whole_ms(world.session.now())
    alive = world.new_link(event_type, {"expiresAt": iso_text(now + timedelta(days=1))})
    ended = world.new_link(event_type, {"expiresAt": iso_text(now - timedelta(days=1))})
    for link, is_taken in ((alive, True), (alive, True), (ended, False)):
        came = world.count_use(link)
        _, listing = world.link_now(event_type, link)
        promise(
            world.session,
            came == is_taken,
            "ended-links-take-no-use",
            listing,
            message="a booking through a dated link is taken after its date, or refused before it",
            expected="taken before the date" if is_taken else "refused after the date",
            source="reference private-links.md section 11; " + HELP,
            came="taken" if came else "refused",
            cause="before" if is_taken else "after",
        )


def is_alive(world: World, link: Document, exchange: Exchange, when: str) -> None:
    _has_ended(world, link, exchange, when, False)


def is_ended(world: World, link: Document, exchange: Exchange, when: str) -> None:
    _has_ended(world, link, exchange, when, True)


def is_as_the_clock_says(world: World, event_type: Document, link: Document, end: datetime) -> None:
    """Judge a link at the instant of the target's clock, unless that moved on meanwhile."""
    shown, listing = world.link_now(event_type, link)
    before, after = whole_ms(listing.sent_at), whole_ms(world.session.now())
    if before != after and before <= end < after:
        raise NotJudged("the target's clock runs: the very instant cannot be met")
    when = "in the instant" if before == end else "just before" if before < end else "just after"
    _has_ended(world, shown, listing, when, before > end)


def _has_ended(
    world: World, link: Document, exchange: Exchange, when: str, has_ended: bool
) -> None:
    promise(
        world.session,
        link.get("isExpired") is has_ended,
        "links-end-at-their-instant",
        exchange,
        message=f"a dated link is told {'alive' if has_ended else 'ended'} ({when})",
        expected=f"isExpired: {str(has_ended).lower()}, for expiresAt {link.get('expiresAt')}"
        f" at {iso_text(exchange.sent_at)}",
        source=f"{ALIVE}; {HELP}",
        came=f"isExpired: {str(link.get('isExpired')).lower()}",
        cause=when,
    )


def _with_offset(instant: datetime, hours: int) -> str:
    """The same instant as clocks show it *hours* east of Greenwich."""
    moved = instant.astimezone(timezone(timedelta(hours=hours)))
    return moved.isoformat(timespec="milliseconds")
