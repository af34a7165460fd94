"""Dated or counted: a link is one of them, and an update may make it the other."""

from datetime import timedelta
from typing import Final

from contracts.exchange import Exchange
from contracts.suites.lifecycle.calcom.uses import shows
from contracts.suites.lifecycle.calcom.world import (
    World,
    WorldRules,
    document_in,
    iso_text,
    rows_of,
    whole_ms,
)
from contracts.suites.lifecycle.rules import promise
from contracts.suites.lifecycle.values import differing, instant_of
from mockserver.model import Document

RULES = WorldRules("links")

ONE_OF_TWO: Final = "reference private-links.md section 5 (both given: 400)"
UPDATES: Final = "reference private-links.md section 8 (documented profile)"


@RULES.on("create", "both-limits-are-refused")
def both_limits_are_refused(world: World) -> None:
    """A create with a date and a maximum is refused, and makes nothing.

    Source: reference private-links section 5.
    """
    event_type = world.new_event_type()
    exchange = world.create_link(event_type, {"expiresAt": _later(world, 1), "maxUsageCount": 3})
    _is_refused(world, exchange)
    listing = world.list_links(event_type)
    promise(
        world.session,
        not rows_of(world.session, listing),
        "both-limits-are-refused",
        listing,
        message="a refused create made a private link all the same",
        expected="no link",
        source=ONE_OF_TWO,
        cause="made",
    )


@RULES.on("update", "both-limits-are-refused-in-updates")
def both_limits_are_refused_in_updates(world: World) -> None:
    """An update with both is refused like a create, and changes nothing.

    Source: reference private-links section 8 (documented profile).
    """
    event_type = world.new_event_type()
    link = world.new_link(event_type, {"maxUsageCount": 3})
    body = {"expiresAt": _later(world, 1), "maxUsageCount": 5}
    _is_refused(world, world.change_link(event_type, link, body))
    now, listing = world.link_now(event_type, link)
    shows(world, now, listing, maximum=3, used=0, source=UPDATES)


@RULES.on("update", "links-change-their-kind-and-back")
def links_change_their_kind_and_back(world: World) -> None:
    """The limit that an update gives decides the kind; what belongs to the other kind is not shown.

    Source: reference private-links section 8 (documented profile).
    """
    event_type = world.new_event_type()
    first, second = _later(world, 1), _later(world, 2)
    link = world.new_link(event_type, {"maxUsageCount": 3})
    for expires_at, maximum in ((first, 0), (second, 0), ("", 4), (first, 0), ("", 2)):
        body = {"expiresAt": expires_at} if expires_at else {"maxUsageCount": maximum}
        exchange = world.change_link(event_type, link, body)
        answer = document_in(world.session, exchange)
        now, listing = world.link_now(event_type, link)
        for document, where in ((answer, exchange), (now, listing)):
            if expires_at:
                _is_dated(world, document, where, expires_at)
            else:
                shows(world, document, where, maximum=maximum, used=0, source=UPDATES)


@RULES.on("update", "empty-updates-change-nothing")
def empty_updates_change_nothing(world: World) -> None:
    """`{}` answers the link as it is, dated or counted.

    Source: reference private-links section 8 (documented profile).
    """
    event_type = world.new_event_type()
    for body in ({"maxUsageCount": 4}, {"expiresAt": _later(world, 1)}):
        link = world.new_link(event_type, body)
        exchange = world.change_link(event_type, link, {})
        now, listing = world.link_now(event_type, link)
        answer = document_in(world.session, exchange) if exchange.is_success else {}
        promise(
            world.session,
            exchange.is_success and not _moved(link, answer) and not _moved(link, now),
            "empty-updates-change-nothing",
            listing if exchange.is_success else exchange,
            message="an update of a private link with nothing in it is refused, or changes it",
            expected="200, and the link as it was",
            source=UPDATES,
            cause=next(iter(body)),
        )


@RULES.on("update", "uses-outlive-a-change-of-kind")
def uses_outlive_a_change_of_kind(world: World) -> None:
    """A used link that was made dated and counted again has its uses still.

    Source: reference private-links section 8 (the hidden usageCount).
    """
    event_type = world.new_event_type()
    link = world.new_link(event_type, {"maxUsageCount": 3})
    for _ in range(2):
        world.count_use(link)
    world.change_link(event_type, link, {"expiresAt": _later(world, 1)})
    exchange = world.change_link(event_type, link, {"maxUsageCount": 3})
    shows(world, document_in(world.session, exchange), exchange, maximum=3, used=2, source=UPDATES)


@RULES.on("delete", "deleted-links-are-told-by-id")
def deleted_links_are_told_by_id(world: World) -> None:
    """Deleting answers the id of the link; a second time, or an update after it, is 404.

    Source: reference private-links section 9.
    """
    event_type = world.new_event_type()
    link = world.new_link(event_type, {"maxUsageCount": 1})
    exchange = world.delete_link(event_type, link)
    answer = document_in(world.session, exchange)
    promise(
        world.session,
        answer.get("linkId") == link["linkId"],
        "deleted-links-are-told-by-id",
        exchange,
        message="the answer to deleting a private link names another link, or none",
        expected=f"linkId: {link['linkId']}",
        source="reference private-links.md section 9",
    )
    for again in (
        world.delete_link(event_type, link),
        world.change_link(event_type, link, {"maxUsageCount": 2}),
    ):
        promise(
            world.session,
            again.response.status == 404,
            "deleted-links-are-404",
            again,
            message="a deleted private link is not 404",
            expected="404",
            source="reference private-links.md sections 8 and 9",
        )


def _is_dated(world: World, link: Document, exchange: Exchange, expires_at: str) -> None:
    promise(
        world.session,
        instant_of(link.get("expiresAt")) == instant_of(expires_at)
        and link.get("isExpired") is False
        and not {"maxUsageCount", "usageCount"} & set(link),
        "links-change-their-kind",
        exchange,
        message="an update with `expiresAt` did not make the private link a dated one",
        expected=f"expiresAt: {expires_at}, isExpired: false, and no numbers of uses",
        source=UPDATES,
    )


def _is_refused(world: World, exchange: Exchange) -> None:
    promise(
        world.session,
        exchange.response.status == 400,
        "both-limits-are-refused",
        exchange,
        message="a date and a maximum together were not refused with 400",
        expected="400",
        source=ONE_OF_TWO,
    )


def _moved(before: Document, after: Document) -> bool:
    return before.keys() != after.keys() or bool(differing(before, after))


def _later(world: World, days: int) -> str:
    return iso_text(whole_ms(world.session.now()) + timedelta(days=days))
