"""Random walks through the lives of any things, beside a model of what was sent."""

from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from contracts.exchange import Exchange
from contracts.stops import NotJudged
from contracts.suites import provisions
from contracts.suites.lifecycle.acts import (
    Rows,
    act,
    item_in,
    make,
    parents_of,
    rows_beside,
    seen,
)
from contracts.suites.lifecycle.bodies import changes, new_values
from contracts.suites.lifecycle.rules import CHANGED, CREATED, NOT_FOUND, Rules
from contracts.suites.lifecycle.shapes import shown_always
from contracts.suites.lifecycle.things import Thing
from contracts.suites.lifecycle.values import comes_back
from contracts.suites.lifecycle.walks import Walker, Walks, ends_all_walks, walk
from contracts.suites.provisions import Item
from contracts.suites.session import Session
from mockserver.model import MISSING, Document, Json

RULES = Rules()

_RULE: Final = "things-live-as-promised"
_PLACES: Final = st.sampled_from(range(6))
_CHOICES: Final = st.sampled_from(range(8))
_PROPERTIES: Final = 4


class ThingWalker(Walker):
    """Items below one parent. *pool* are changes that the target takes: a property and a value."""

    def __init__(self, walks: Walks, thing: Thing, home: Item, pool: list[Document]) -> None:
        super().__init__(walks)
        self.thing = thing
        self.home = home
        self.pool = pool
        self.items: dict[str, Item] = {}
        self.sent: dict[str, Document] = {}
        self.gone: list[Item] = []

    @rule()
    def create(self) -> None:
        operation = self.thing.operation("create")
        with ends_all_walks():
            path = provisions.path_values(self.session, operation, parents_of(self.home))
            body = provisions.new_body(self.session, operation)
        exchange = self.session.call(operation, path, body=body)
        self._is(exchange.is_success, exchange, "an item was refused", "201", CREATED)
        with ends_all_walks():
            item = item_in(self.session, exchange)
        before = [*self.items, *(one.id for one in self.gone)]
        self._is(item.id not in before, exchange, "a new item has an old id", "a new id", CREATED)
        self.items[item.id] = item
        self.sent[item.id] = {}

    @precondition(lambda self: self.items and self.pool)
    @rule(place=_PLACES, choice=_CHOICES)
    def update(self, place: int, choice: int) -> None:
        item, body = self._item(place), self.pool[choice % len(self.pool)]
        exchange = act(self.session, self.thing, "update", item, body=body)
        if exchange.is_success:
            self.sent[item.id] = {**self.sent[item.id], **body}

    @precondition(lambda self: self.items and self.thing.has("delete"))
    @rule(place=_PLACES)
    def delete(self, place: int) -> None:
        item = self._item(place)
        exchange = act(self.session, self.thing, "delete", item)
        self._is(exchange.is_success, exchange, "an item was not deleted", "2xx", NOT_FOUND)
        del self.items[item.id]
        self.gone.append(item)

    @precondition(lambda self: self.gone and self.thing.has("read"))
    @rule(place=_PLACES)
    def read_what_is_gone(self, place: int) -> None:
        item = self.gone[place % len(self.gone)]
        exchange = act(self.session, self.thing, "read", item)
        self._is(not exchange.is_success, exchange, "a deleted item can be read", "404", NOT_FOUND)

    @invariant()
    def list_is_the_model(self) -> None:
        if not self.items and not self.gone:
            return
        with ends_all_walks():
            rows = rows_beside(self.session, self.thing, self.home)
        for id, sent in self.sent.items():
            found = rows.of(self.thing, id)
            wanted = 1 if id in self.items else 0
            message = "the list has other items than were made and not deleted"
            self._is(
                len(found) == wanted or not rows.is_whole,
                rows.exchange,
                message,
                f"{wanted} times in the list",
                CREATED,
            )
            if found and wanted:
                self._shows(sent, found[0], rows)

    def _shows(self, sent: Document, row: Document, rows: Rows) -> None:
        wrong = [name for name in sent if not comes_back(sent[name], row.get(name, MISSING))]
        self._is(
            not wrong,
            rows.exchange,
            "an item shows other values than the last that were sent: " + ", ".join(wrong),
            ", ".join(f"{name}: {sent[name]!r}" for name in wrong),
            CHANGED,
        )

    def _is(
        self, holds: bool, exchange: Exchange, message: str, expected: str, source: str
    ) -> None:
        self.hold(
            holds,
            _RULE,
            exchange,
            message=message,
            expected=expected,
            source=source,
            cause=message,
        )

    def _item(self, place: int) -> Item:
        return list(self.items.values())[place % len(self.items)]


@RULES.on("create", "model-of-things", needs=("list",), is_slow=True)
def model_of_things(session: Session, thing: Thing) -> None:
    """Items live as the model says, whatever is done to them in whatever order.

    Source: RFC 9110 sections 9.3.5 and 15.3.2, RFC 5789 section 2.
    """
    home = make(session, thing)
    if not rows_beside(session, thing, home).of(thing, home.id):
        raise NotJudged("a created item is not in the list (another case judges that)")
    pool = _pool(session, thing, home) if thing.has("update") else []
    walk(session, lambda walks: ThingWalker(walks, thing, home, pool), examples=6)


def _pool(session: Session, thing: Thing, item: Item) -> list[Document]:
    """Two values for each of the first few properties that every item shows; no slugs, which
    must not be given twice."""
    pool: list[Document] = []
    shown = seen(session, thing, item)
    values = new_values(session, thing, "update", shown)
    second = new_values(session, thing, "update", shown, values)
    always = shown_always(session.yardstick, thing)
    for name in [one for one in values if one in second and one in always and "slug" not in one]:
        if len(pool) == 2 * _PROPERTIES:
            break
        for value in (values[name], second[name]):
            pool += _kept(session, thing, item, name, value)
    return pool


def _kept(session: Session, thing: Thing, item: Item, name: str, value: Json) -> list[Document]:
    """The change, where the target takes it and shows it afterwards."""
    for body, _ in changes(session, thing, item, {name: value}, 1):
        if comes_back(value, seen(session, thing, item).get(name, MISSING)):
            return [body]
    return []
