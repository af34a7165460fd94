"""Counted links: they end with their last use, and not before."""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

from contracts.exchange import Exchange
from contracts.stops import NotJudged
from contracts.suites.lifecycle.acts import item_in
from contracts.suites.lifecycle.calcom.world import World, WorldRules, document_in
from contracts.suites.lifecycle.rules import promise
from mockserver.model import Document

RULES = WorldRules("links")

COUNTS: Final = "reference private-links.md section 11; seed Private Links help page"
ENDS: Final = "reference private-links.md section 6 (expired when usageCount reaches maxUsageCount)"
DEFAULT: Final = "document #/components/schemas/CreatePrivateLinkInput (one use when both omitted)"
UPDATES: Final = "reference private-links.md section 8"
_AT_ONCE: Final = 8


@RULES.on("create", "links-are-for-one-use-by-default")
def links_are_for_one_use_by_default(world: World) -> None:
    """Without a limit a link is counted, for one use.

    Source: document CreatePrivateLinkInput.
    """
    event_type = world.new_event_type()
    exchange = world.create_link(event_type, {})
    promise(
        world.session,
        exchange.is_success,
        "links-are-for-one-use-by-default",
        exchange,
        message="a private link without limits was refused",
        expected="201, with maxUsageCount 1",
        source=DEFAULT,
        cause="refused",
    )
    if exchange.is_success:
        link = item_in(world.session, exchange).document
        shows(world, link, exchange, maximum=1, used=0, source=DEFAULT)


@RULES.on("create", "maximum-is-the-one-that-was-sent")
def maximum_is_the_one_that_was_sent(world: World) -> None:
    """`maxUsageCount` comes back, with no use counted, in the answer and in the list.

    Source: reference private-links section 5.
    """
    event_type = world.new_event_type()
    for maximum in (1, 7, 1000):
        exchange = world.create_link(event_type, {"maxUsageCount": maximum})
        link = item_in(world.session, exchange).document
        shows(world, link, exchange, maximum=maximum, used=0, source=UPDATES)
        now, listing = world.link_now(event_type, link)
        shows(world, now, listing, maximum=maximum, used=0, source=UPDATES)


@RULES.on("list", "uses-are-counted-to-the-maximum")
def uses_are_counted_to_the_maximum(world: World) -> None:
    """Each use counts one; the last one ends the link; a use more is refused and not counted.

    Source: reference private-links sections 6 and 11; help page Private Links.
    """
    for maximum in (1, 3):
        event_type = world.new_event_type()
        link = world.new_link(event_type, {"maxUsageCount": maximum})
        other = world.new_link(event_type, {"maxUsageCount": maximum})
        for use in range(1, maximum + 2):
            is_taken = world.count_use(link)
            now, listing = world.link_now(event_type, link)
            used = min(use, maximum)
            _is_taken(world, listing, is_taken, use <= maximum)
            shows(world, now, listing, maximum=maximum, used=used, source=ENDS)
        untouched, listing = world.link_now(event_type, other)
        shows(world, untouched, listing, maximum=maximum, used=0, source=COUNTS)


@RULES.on("list", "looking-is-no-use")
def looking_is_no_use(world: World) -> None:
    """Listing links counts nothing.

    Source: reference private-links section 11.
    """
    event_type = world.new_event_type()
    link = world.new_link(event_type, {"maxUsageCount": 2})
    for _ in range(3):
        now, listing = world.link_now(event_type, link)
        shows(world, now, listing, maximum=2, used=0, source=COUNTS)


@RULES.on("list", "parallel-uses-keep-the-maximum", is_slow=True)
def parallel_uses_keep_the_maximum(world: World) -> None:
    """Of many uses at once as many are taken as the maximum allows, and all of those counted.

    Source: reference private-links section 11 (atomically, only while below the maximum).
    """
    if not world.session.bench.target.can_count_uses:
        raise NotJudged("needs a target that counts uses without a booking (--control)")
    event_type = world.new_event_type()
    for maximum in (1, 3):
        link = world.new_link(event_type, {"maxUsageCount": maximum})
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            taken = sum(pool.map(lambda _, one=link: world.count_use(one), range(_AT_ONCE)))
        now, listing = world.link_now(event_type, link)
        promise(
            world.session,
            taken == maximum,
            "parallel-uses-keep-the-maximum",
            listing,
            message=f"of {_AT_ONCE} uses at once {taken} were taken, of a link for {maximum}",
            expected=f"{maximum} taken",
            source=COUNTS,
        )
        shows(world, now, listing, maximum=maximum, used=maximum, source=ENDS)


@RULES.on("update", "maximum-decides-anew")
def maximum_decides_anew(world: World) -> None:
    """A used-up link with a greater maximum is alive; with the number used or less it has ended.

    Source: reference private-links section 8.
    """
    event_type = world.new_event_type()
    link = world.new_link(event_type, {"maxUsageCount": 2})
    for _ in range(2):
        world.count_use(link)
    for maximum in (5, 2, 1, 3):
        exchange = world.change_link(event_type, link, {"maxUsageCount": maximum})
        now = document_in(world.session, exchange)
        shows(world, now, exchange, maximum=maximum, used=2, source=UPDATES)
        if maximum < 2:
            _is_taken(world, exchange, world.count_use(link), False)
    _is_taken(world, world.list_links(event_type), world.count_use(link), True)
    now, listing = world.link_now(event_type, link)
    shows(world, now, listing, maximum=3, used=3, source=UPDATES)


@RULES.on("update", "uses-cannot-be-set")
def uses_cannot_be_set(world: World) -> None:
    """`usageCount`, `linkId` and `isExpired` in a body set nothing, in a create or an update.

    Source: reference private-links sections 4 and 8 (unknown properties are dropped; usageCount
    can never be set).
    """
    event_type = world.new_event_type()
    own = {"usageCount": 3, "linkId": "chosen-by-the-caller", "isExpired": True}
    created = world.create_link(event_type, {"maxUsageCount": 5, **own})
    if created.is_success:
        link = item_in(world.session, created).document
        shows(world, link, created, maximum=5, used=0, source=UPDATES)
        _has_own_id(world, link, created)
    link = world.new_link(event_type, {"maxUsageCount": 5})
    world.change_link(event_type, link, {"maxUsageCount": 6, **own})
    now, listing = world.link_now(event_type, link)
    promise(
        world.session,
        now.get("usageCount") == 0 and now.get("isExpired") is False,
        "uses-cannot-be-set",
        listing,
        message="an update may set the uses of a private link",
        expected="usageCount 0, whatever is sent",
        source=UPDATES,
        came=f"usageCount: {now.get('usageCount')!r}, isExpired: {now.get('isExpired')!r}",
    )


@RULES.on("update", "dated-links-do-not-count")
def dated_links_do_not_count(world: World) -> None:
    """Uses of a dated link are not counted: made a counted one, none of them shows.

    Source: reference private-links section 11 (time-based links never count).
    """
    event_type = world.new_event_type()
    link = world.new_link(event_type, {"expiresAt": "2099-01-01T00:00:00.000Z"})
    for _ in range(2):
        world.count_use(link)
    exchange = world.change_link(event_type, link, {"maxUsageCount": 2})
    now = document_in(world.session, exchange)
    shows(world, now, exchange, maximum=2, used=0, source=COUNTS)


def shows(
    world: World, link: Document, exchange: Exchange, *, maximum: int, used: int, source: str
) -> None:
    """Judge that *link* is a counted one with these numbers, ended or alive as they say."""
    wanted = {"maxUsageCount": maximum, "usageCount": used, "isExpired": used >= maximum}
    wrong = [name for name, value in wanted.items() if link.get(name) != value]
    told = ", ".join(wrong) or "a date"
    promise(
        world.session,
        not wrong and "expiresAt" not in link,
        "counted-links-tell-their-uses",
        exchange,
        message=f"a counted link tells other numbers than its story: {told}",
        expected=", ".join(f"{name}: {value}" for name, value in wanted.items()),
        source=source,
        came=", ".join(f"{name}: {link.get(name)}" for name in (*wanted, "expiresAt")),
        cause=", ".join(wrong),
    )


def _is_taken(world: World, listing: Exchange, came: bool, is_right: bool) -> None:
    promise(
        world.session,
        came == is_right,
        "uses-are-counted-to-the-maximum",
        listing,
        message="a use within the maximum was refused" if is_right else "a use too many was taken",
        expected="taken" if is_right else "refused",
        source=COUNTS,
        came="taken" if came else "refused",
        cause="within" if is_right else "beyond",
    )


def _has_own_id(world: World, link: Document, exchange: Exchange) -> None:
    promise(
        world.session,
        link.get("linkId") != "chosen-by-the-caller",
        "link-ids-cannot-be-chosen",
        exchange,
        message="a caller may choose the id of a private link, so it can be guessed",
        expected="an id of the server's own",
        source="reference private-links.md section 4 (unknown properties are dropped)",
    )
