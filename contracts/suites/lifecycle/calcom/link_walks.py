"""Random walks through the lives of private links, beside a model of them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from contracts.exchange import Exchange
from contracts.suites.lifecycle.acts import item_in
from contracts.suites.lifecycle.calcom.world import (
    World,
    WorldRules,
    document_in,
    iso_text,
    rows_of,
    whole_ms,
)
from contracts.suites.lifecycle.values import instant_of
from contracts.suites.lifecycle.walks import Walker, Walks, ends_all_walks, walk
from mockserver.model import Document, Json

RULES = WorldRules("links")

MODEL: Final = "reference private-links.md sections 5, 6, 8, 9, 11 (documented profile)"
_FIELDS: Final = ("linkId", "isExpired", "expiresAt", "maxUsageCount", "usageCount")
_MAXIMA: Final = st.sampled_from([1, 2, 3])
_SPANS: Final = st.sampled_from([-3600, 60, 3600, 86_400])
_STEPS: Final = st.sampled_from([1, 60, 3600])
_PLACES: Final = st.sampled_from(range(6))


@dataclass(frozen=True, slots=True)
class Link:
    """What a link must be. *expires_at* is None for a counted one."""

    id: str
    expires_at: datetime | None
    maximum: int
    used: int = 0

    def is_expired(self, now: datetime) -> bool:
        if self.expires_at is not None:
            return whole_ms(now) > self.expires_at
        return self.used >= self.maximum

    def shown(self, now: datetime) -> Document:
        """What answers must show of it at *now*."""
        common = {"linkId": self.id, "isExpired": self.is_expired(now)}
        if self.expires_at is not None:
            return {**common, "expiresAt": self.expires_at}
        return {**common, "maxUsageCount": self.maximum, "usageCount": self.used}


class LinkWalker(Walker):
    """Links of one event type."""

    def __init__(self, walks: Walks, world: World) -> None:
        super().__init__(walks)
        self.world = replace(world, session=self.session)
        self.target = self.session.bench.target
        self.links: dict[str, Link] = {}
        self.gone: list[str] = []
        self.event_type: Document = {}

    @initialize()
    def begin(self) -> None:
        with ends_all_walks():
            self.event_type = self.world.new_event_type()

    @rule(maximum=_MAXIMA)
    def create_counted(self, maximum: int) -> None:
        self._created({"maxUsageCount": maximum}, None, maximum)

    @rule(span_s=_SPANS)
    def create_dated(self, span_s: int) -> None:
        expires_at = self._at(span_s)
        self._created({"expiresAt": iso_text(expires_at)}, expires_at, 1)

    @rule()
    def create_plain(self) -> None:
        self._created({}, None, 1)

    @precondition(lambda self: self.links)
    @rule(place=_PLACES, maximum=_MAXIMA)
    def make_counted(self, place: int, maximum: int) -> None:
        link = self._link(place)
        self._changed(
            link, {"maxUsageCount": maximum}, replace(link, expires_at=None, maximum=maximum)
        )

    @precondition(lambda self: self.links)
    @rule(place=_PLACES, span_s=_SPANS)
    def make_dated(self, place: int, span_s: int) -> None:
        link, expires_at = self._link(place), self._at(span_s)
        body = {"expiresAt": iso_text(expires_at)}
        self._changed(link, body, replace(link, expires_at=expires_at))

    @precondition(lambda self: self.links)
    @rule(place=_PLACES)
    def change_nothing(self, place: int) -> None:
        link = self._link(place)
        self._changed(link, {}, link)

    @precondition(lambda self: self.links)
    @rule(place=_PLACES)
    def delete(self, place: int) -> None:
        link = self._link(place)
        exchange = self.world.delete_link(self.event_type, {"linkId": link.id})
        self._is(exchange.is_success, exchange, "a private link could not be deleted", "200")
        del self.links[link.id]
        self.gone.append(link.id)

    @precondition(lambda self: self.gone)
    @rule(place=_PLACES)
    def touch_what_is_gone(self, place: int) -> None:
        link = {"linkId": self.gone[place % len(self.gone)]}
        for exchange in (
            self.world.change_link(self.event_type, link, {"maxUsageCount": 2}),
            self.world.delete_link(self.event_type, link),
        ):
            is_gone = exchange.response.status == 404
            self._is(is_gone, exchange, "a deleted private link is not 404", "404")

    @precondition(lambda self: self.links and self.target.can_count_uses)
    @rule(place=_PLACES)
    def use(self, place: int) -> None:
        link = self._link(place)
        is_alive = not link.is_expired(self.session.now())
        with ends_all_walks():
            is_taken = self.world.count_use({"linkId": link.id})
        self._is(
            is_taken == is_alive,
            self.session.exchanges[-1],
            f"a use of {'a living' if is_alive else 'an ended'} private link was "
            f"{'taken' if is_taken else 'refused'}",
            "taken" if is_alive else "refused",
        )
        if is_taken and link.expires_at is None:
            self.links[link.id] = replace(link, used=link.used + 1)

    @precondition(lambda self: self.target.can_move_time)
    @rule(span_s=_STEPS)
    def let_time_pass(self, span_s: int) -> None:
        with ends_all_walks():
            self.target.wait_until(self.session.now() + timedelta(seconds=span_s))

    @invariant()
    def list_is_the_model(self) -> None:
        if not self.event_type:
            return
        exchange = self.world.list_links(self.event_type)
        rows = {row.get("linkId"): row for row in rows_of(self.session, exchange)}
        self._is(
            exchange.is_success and sorted(map(str, rows)) == sorted(self.links),
            exchange,
            "the list of private links has other links than were made and not deleted",
            f"{len(self.links)} links",
        )
        for link in self.links.values():
            self._shows(link, rows[link.id], exchange)

    def _created(self, body: Document, expires_at: datetime | None, maximum: int) -> None:
        exchange = self.world.create_link(self.event_type, body)
        self._is(exchange.is_success, exchange, "a private link was refused", "201")
        with ends_all_walks():
            item = item_in(self.session, exchange)
        is_new = item.id not in self.links and item.id not in self.gone
        self._is(is_new, exchange, "a new private link has an id that was there before", "a new id")
        self.links[item.id] = Link(item.id, expires_at, maximum)
        self._shows(self.links[item.id], item.document, exchange)

    def _changed(self, link: Link, body: Document, after: Link) -> None:
        exchange = self.world.change_link(self.event_type, {"linkId": link.id}, body)
        self._is(exchange.is_success, exchange, "an update of a private link was refused", "200")
        self.links[link.id] = after
        with ends_all_walks():
            self._shows(after, document_in(self.session, exchange), exchange)

    def _shows(self, link: Link, document: Document, exchange: Exchange) -> None:
        """Two instants are right while the target's clock runs between sending and now."""
        wanted = [link.shown(exchange.sent_at), link.shown(self.session.now())]
        shown = {name: _value(name, document[name]) for name in _FIELDS if name in document}
        self.hold(
            shown in wanted,
            "links-live-as-promised",
            exchange,
            message="a private link shows something else than follows from its story",
            expected=str({name: str(value) for name, value in wanted[0].items()}),
            source=MODEL,
            came=str({name: str(value) for name, value in shown.items()}),
        )

    def _is(self, holds: bool, exchange: Exchange, message: str, expected: str) -> None:
        self.hold(
            holds,
            "links-live-as-promised",
            exchange,
            message=message,
            expected=expected,
            source=MODEL,
            cause=message,
        )

    def _link(self, place: int) -> Link:
        return list(self.links.values())[place % len(self.links)]

    def _at(self, span_s: int) -> datetime:
        return whole_ms(self.session.now()) + timedelta(seconds=span_s)


@RULES.on("list", "model-private-links", is_slow=True)
def model_private_links(world: World) -> None:
    """Links live as the model says, whatever is done to them in whatever order.

    Source: reference private-links sections 5, 6, 8, 9, 11 (documented profile).
    """
    walk(world.session, lambda walks: LinkWalker(walks, world))


def _value(name: str, value: Json) -> Json:
    return instant_of(value) if name == "expiresAt" else value
