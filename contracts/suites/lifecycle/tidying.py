"""Taking away what a case made, so that the lists of later cases stay short."""

from collections.abc import Callable, Iterator
from contextlib import suppress

from contracts.exchange import Exchange
from contracts.stops import NotJudged, RunStopped
from contracts.suites import provisions
from contracts.suites.lifecycle.things import Thing, action_of, parent_of, things_of
from contracts.suites.provisions import Item
from contracts.suites.session import Session


def tidied(run: Callable[[Session], None]) -> Callable[[Session], None]:
    """*run*, and after it `tidy`; not where the run has been stopped."""

    def run_and_tidy(session: Session) -> None:
        try:
            run(session)
        except RunStopped:
            raise
        except Exception:
            tidy(session)
            raise
        tidy(session)

    return run_and_tidy


def tidy(session: Session) -> None:
    """Delete what this session made at the top of the tree, last first; what is below goes with it.

    What other cases stand on stays. Nothing is judged by whether this succeeds; the ledger knows
    what is left.
    """
    things = {_place(thing): thing for thing in things_of(session.yardstick)}
    for item, exchange in reversed(list(_left(session))):
        thing = things.get((item.resource.collection_path, item.resource.item_path))
        if thing is None or not thing.has("delete"):
            continue
        if parent_of(thing, things.values()) is not None:
            continue
        with suppress(NotJudged):
            session.call(thing.operation("delete"), item.path, actor=exchange.request.actor)


def _left(session: Session) -> Iterator[tuple[Item, Exchange]]:
    """Items that were created and not deleted, in the order of their creation."""
    deleted = {
        tuple(exchange.path_values.values())
        for exchange in session.exchanges
        if exchange.request.method == "DELETE" and exchange.is_success
    }
    for exchange in list(session.exchanges):
        item = _created(session, exchange)
        if item is None or item.id in session.bench.shared.values():
            continue
        if tuple(item.path.values()) not in deleted:
            yield item, exchange


def _created(session: Session, exchange: Exchange) -> Item | None:
    if exchange.request.method != "POST" or exchange.operation is None:
        return None
    action = action_of(session.yardstick, exchange.operation)
    if action is None or action.kind != "create":
        return None
    return provisions.item_of(session, exchange)


def _place(thing: Thing) -> tuple[str, str]:
    return thing.resource.collection_path, thing.resource.item_path
