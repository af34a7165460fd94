"""What can be done with a thing: make, look at, list, change, replace, delete."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contracts.actors import OWNER
from contracts.exchange import Exchange, Request
from contracts.stops import NotJudged
from contracts.suites import provisions
from contracts.suites.lifecycle.paging import Query, pages_of
from contracts.suites.lifecycle.things import Thing
from contracts.suites.provisions import Item
from contracts.suites.session import Session, answer_text
from mockserver.model import MISSING, Document, Json

_MOST_PAGES = 30


@dataclass(frozen=True, slots=True)
class Sight:
    """What a thing looked like: its *document*, None where it was not there."""

    document: Document | None
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Rows:
    """A list as it was shown. *is_whole* is false where it is cut in a way that the kit cannot
    walk. *exchanges* are those that showed it, at least one."""

    rows: tuple[Document, ...]
    is_whole: bool
    exchanges: tuple[Exchange, ...]

    @property
    def exchange(self) -> Exchange:
        return self.exchanges[-1]

    def of(self, thing: Thing, id: str) -> list[Document]:
        """The rows with this id."""
        return [row for row in self.rows if id_of(thing, row) == id]

    def ids(self, thing: Thing) -> list[str]:
        return [id_of(thing, row) for row in self.rows]


def id_of(thing: Thing, document: Document) -> str:
    return provisions.text_of(document.get(thing.resource.id_field))


def make(session: Session, thing: Thing, given: Mapping[str, str] | None = None) -> Item:
    """A new item of *thing*, with the least that it needs. Raises NotJudged."""
    if thing.maker is None:
        raise NotJudged(f"needs an item of {thing.resource.name}, and no operation creates one")
    operation = thing.maker.operation("create")
    path = provisions.path_values(session, operation, given)
    body = provisions.new_body(session, operation)
    exchange = session.call(operation, path, body=body)
    return item_in(session, exchange)


def item_in(session: Session, exchange: Exchange) -> Item:
    """The item that a create's answer shows. Raises NotJudged where it shows none."""
    item = provisions.item_of(session, exchange)
    if item is None:
        raise NotJudged(f"a create showed no item: {answer_text(exchange)}")
    return item


def parents_of(item: Item) -> dict[str, str]:
    """The values of the path above an item."""
    return {name: text for name, text in item.path.items() if name != item.resource.id_name}


def path_of(session: Session, thing: Thing, kind: str, item: Item) -> dict[str, str]:
    """The path values for *kind* of an item; what its own path lacks is read from its document or
    found like everything else."""
    given = dict(item.path)
    for parent in thing.resource.parents:
        if parent.parameter not in given and parent.field in item.document:
            given[parent.parameter] = provisions.text_of(item.document[parent.field])
    return provisions.path_values(session, thing.operation(kind), given)


def request(
    session: Session,
    thing: Thing,
    kind: str,
    item: Item,
    *,
    body: Json = MISSING,
    actor: str = OWNER,
    given: Mapping[str, str] | None = None,
) -> Request:
    """The request that does *kind* to *item*; *given* path values replace the item's own."""
    path = {**path_of(session, thing, kind, item), **(given or {})}
    return session.request(thing.operation(kind), path, body=body, actor=actor)


def act(
    session: Session,
    thing: Thing,
    kind: str,
    item: Item,
    *,
    body: Json = MISSING,
    actor: str = OWNER,
    given: Mapping[str, str] | None = None,
) -> Exchange:
    """Send what `request` makes of the same arguments."""
    return session.send(request(session, thing, kind, item, body=body, actor=actor, given=given))


def look(session: Session, thing: Thing, item: Item, *, actor: str = OWNER) -> Sight:
    """The item as it is now: read by its id, or found in the list."""
    if thing.has("read"):
        exchange = act(session, thing, "read", item, actor=actor)
        shown = provisions.payload(session, exchange) if exchange.is_success else None
        return Sight(shown if isinstance(shown, dict) else None, exchange)
    found = rows_beside(session, thing, item, actor=actor)
    return Sight(next(iter(found.of(thing, item.id)), None), found.exchange)


def seen(session: Session, thing: Thing, item: Item) -> Document:
    """The item as it is now. Raises NotJudged where it is not there (another case judges that)."""
    sight = look(session, thing, item)
    if sight.document is None:
        raise NotJudged(f"a new {thing.resource.name} was not there: {answer_text(sight.exchange)}")
    return sight.document


def rows_beside(
    session: Session, thing: Thing, item: Item, *, actor: str = OWNER, query: Query = ()
) -> Rows:
    """The list that *item* belongs to."""
    return rows_at(session, thing, path_of(session, thing, "list", item), actor=actor, query=query)


def rows_at(
    session: Session,
    thing: Thing,
    path: Mapping[str, str],
    *,
    actor: str = OWNER,
    query: Query = (),
) -> Rows:
    """Everything that a list shows, page by page where it has pages; no rows where it refuses."""
    operation = thing.operation("list")
    pages = pages_of(operation)
    if not pages.can_walk:
        exchange = session.call(operation, path, query=query, actor=actor)
        return Rows(_shown(session, exchange), not pages.is_cut, (exchange,))
    rows: list[Document] = []
    exchanges: list[Exchange] = []
    for number in range(_MOST_PAGES):
        paged = (*query, *pages.query(pages.size, number))
        exchanges.append(session.call(operation, path, query=paged, actor=actor))
        shown = _shown(session, exchanges[-1])
        rows += shown
        if len(shown) < pages.size:
            return Rows(tuple(rows), True, tuple(exchanges))
    return Rows(tuple(rows), False, tuple(exchanges))


def page_at(
    session: Session, thing: Thing, path: Mapping[str, str], query: Query
) -> tuple[Exchange, tuple[Document, ...]]:
    """One page, just as asked for."""
    exchange = session.call(thing.operation("list"), path, query=query)
    return exchange, _shown(session, exchange)


def list_path(session: Session, thing: Thing) -> dict[str, str]:
    """Path values for a list to look at as it is, without making anything for it if possible."""
    return provisions.path_values(session, thing.operation("list"))


def accepted(names: Sequence[str], limit: int) -> Iterator[tuple[list[str], "Verdicts"]]:
    """Groups of *names* to try: all, and where the caller refuses a group, its halves; at most
    *limit* groups."""
    pending = [list(names)] if names else []
    while pending and limit:
        limit -= 1
        group = pending.pop(0)
        verdict = Verdicts()
        yield group, verdict
        if verdict.is_refused and len(group) > 1:
            middle = len(group) // 2
            pending += [group[:middle], group[middle:]]


class Verdicts:
    """What became of a group: set *is_refused* to have its halves tried."""

    is_refused = False


def _shown(session: Session, exchange: Exchange) -> tuple[Document, ...]:
    if not exchange.is_success:
        return ()
    shown = provisions.payload(session, exchange)
    if not isinstance(shown, list):
        return ()
    return tuple(row for row in shown if isinstance(row, dict))
