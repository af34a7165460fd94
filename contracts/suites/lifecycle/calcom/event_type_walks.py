"""Random walks through the lives of event types, beside a model of them."""

from dataclasses import replace
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from contracts.actors import ANONYMOUS, OWNER
from contracts.exchange import Exchange
from contracts.suites.lifecycle.acts import item_in
from contracts.suites.lifecycle.calcom.visibility import username_of
from contracts.suites.lifecycle.calcom.world import World, WorldRules, document_in, rows_of
from contracts.suites.lifecycle.paging import Query
from contracts.suites.lifecycle.walks import Walker, Walks, ends_all_walks, walk
from contracts.suites.provisions import text_of, unique_name
from mockserver.model import Document, Json

RULES = WorldRules("event_types", of_team=False)

MODEL: Final = "seed Event Types guide; reference event-types.md sections 6.1 to 6.3"
_PLACES: Final = st.sampled_from(range(6))
_LETTERS: Final = st.sampled_from("abcd")
_LENGTHS: Final = st.sampled_from([15, 30, 45])


class EventTypeWalker(Walker):
    """Event types of one owner, seen by the owner and by anybody."""

    def __init__(self, walks: Walks, world: World) -> None:
        super().__init__(walks)
        self.world = replace(world, session=self.session)
        self.stem = unique_name(self.session, is_slug=True)
        self.known: dict[int, Document] = {}
        self.gone: list[int] = []
        self.username = ""

    @rule(letter=_LETTERS, length=_LENGTHS, hidden=st.booleans())
    def create(self, letter: str, length: int, hidden: bool) -> None:
        wanted: Document = {"slug": self._slug(letter), "lengthInMinutes": length, "hidden": hidden}
        exchange = self.world.create_event_type(**wanted)
        if self._has_slug(wanted["slug"]):
            self._is_clash(exchange)
            return
        self._is(exchange.is_success, exchange, "an event type was refused", "201")
        with ends_all_walks():
            document = item_in(self.session, exchange).document
            self.username = self.username or username_of(document)
        is_new = document["id"] not in self.known and document["id"] not in self.gone
        self._is(is_new, exchange, "a new event type has an id that was there before", "a new id")
        self.known[document["id"]] = {**wanted, "title": document["title"]}

    @precondition(lambda self: self.known)
    @rule(place=_PLACES, letter=_LETTERS)
    def rename(self, place: int, letter: str) -> None:
        id, slug = self._id(place), self._slug(letter)
        exchange = self.world.event_type("update", {"id": id}, body={"slug": slug})
        if self._has_slug(slug) and self.known[id]["slug"] != slug:
            self._is_clash(exchange)
            return
        self._updated(id, exchange, slug=slug)

    @precondition(lambda self: self.known)
    @rule(place=_PLACES, length=_LENGTHS)
    def lengthen(self, place: int, length: int) -> None:
        id = self._id(place)
        exchange = self.world.event_type("update", {"id": id}, body={"lengthInMinutes": length})
        self._updated(id, exchange, lengthInMinutes=length)

    @precondition(lambda self: self.known)
    @rule(place=_PLACES, hidden=st.booleans())
    def hide(self, place: int, hidden: bool) -> None:
        id = self._id(place)
        exchange = self.world.event_type("update", {"id": id}, body={"hidden": hidden})
        self._updated(id, exchange, hidden=hidden)

    @precondition(lambda self: self.known)
    @rule(place=_PLACES)
    def delete(self, place: int) -> None:
        id = self._id(place)
        exchange = self.world.event_type("delete", {"id": id})
        self._is(exchange.is_success, exchange, "an event type could not be deleted", "200")
        del self.known[id]
        self.gone.append(id)

    @precondition(lambda self: self.gone)
    @rule(place=_PLACES)
    def read_what_is_gone(self, place: int) -> None:
        exchange = self.world.event_type("read", {"id": self.gone[place % len(self.gone)]})
        is_gone = exchange.response.status == 404
        self._is(is_gone, exchange, "a deleted event type is not 404", "404")

    @invariant()
    def list_is_the_model(self) -> None:
        if self.username:
            query = (("username", self.username),)
            self._lists((), OWNER, self.known)
            shown = {id: one for id, one in self.known.items() if not one["hidden"]}
            self._lists(query, ANONYMOUS, shown)

    def _lists(self, query: Query, actor: str, wanted: dict[int, Document]) -> None:
        operation = self.world.event_types.operation("list")
        exchange = self.session.call(operation, {}, query=query, actor=actor)
        rows = [
            row
            for row in rows_of(self.session, exchange)
            if str(row.get("slug", "")).startswith(self.stem)
        ]
        self._is(
            sorted(text_of(row.get("id")) for row in rows) == sorted(map(text_of, wanted)),
            exchange,
            f"the list of event types has others than were made and not deleted (for {actor})",
            f"{len(wanted)} of this walk",
        )
        for row in rows:
            self._shows(wanted[row["id"]], row, exchange)

    def _updated(self, id: int, exchange: Exchange, **changes: Json) -> None:
        self._is(exchange.is_success, exchange, "an update of an event type was refused", "200")
        self.known[id] = {**self.known[id], **changes}
        with ends_all_walks():
            self._shows(self.known[id], document_in(self.session, exchange), exchange)

    def _shows(self, wanted: Document, shown: Document, exchange: Exchange) -> None:
        wrong = [name for name, value in wanted.items() if shown.get(name) != value]
        self.hold(
            not wrong,
            "event-types-live-as-promised",
            exchange,
            message="an event type shows something else than follows from its story: "
            + ", ".join(f"`{name}`" for name in wrong),
            expected=", ".join(f"{name}: {wanted[name]!r}" for name in wrong),
            source=MODEL,
            came=", ".join(f"{name}: {shown.get(name)!r}" for name in wrong),
            cause=", ".join(wrong),
        )

    def _is_clash(self, exchange: Exchange) -> None:
        is_refused = exchange.response.status in (400, 409)
        self._is(is_refused, exchange, "a slug in use was taken", "400 or 409")

    def _is(self, holds: bool, exchange: Exchange, message: str, expected: str) -> None:
        self.hold(
            holds,
            "event-types-live-as-promised",
            exchange,
            message=message,
            expected=expected,
            source=MODEL,
            cause=message,
        )

    def _id(self, place: int) -> int:
        return list(self.known)[place % len(self.known)]

    def _slug(self, letter: str) -> str:
        return f"{self.stem}-{letter}"

    def _has_slug(self, slug: str) -> bool:
        return any(one["slug"] == slug for one in self.known.values())


@RULES.on("list", "model-event-types", is_slow=True)
def model_event_types(world: World) -> None:
    """Event types live as the model says, for their owner and for anybody.

    Source: seed Event Types guide; reference event-types sections 6.1 to 6.3.
    """
    walk(world.session, lambda walks: EventTypeWalker(walks, world), examples=10)
