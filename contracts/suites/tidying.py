"""Taking away what a case made, so that the lists of later cases stay short."""

from collections.abc import Iterator
from contextlib import suppress

from contracts.exchange import Exchange
from contracts.items import deletion_of, item_path
from contracts.stops import NotJudged
from contracts.suites.provisions import Item, action_of, item_of
from contracts.suites.session import Session


def tidy(session: Session) -> None:
    """Delete what this session made and did not delete, last first; what stands below something
    that goes is left to go with it.

    What other cases stand on stays. Nothing is judged by whether this succeeds; the ledger knows
    what is left. Raises RunStopped.
    """
    left = dict(_left(session))
    for path, (item, exchange) in reversed(left.items()):
        operation = deletion_of(session.yardstick, item.resource)
        if operation is None or any(path.startswith(f"{above}/") for above in left):
            continue
        with suppress(NotJudged):
            session.call(operation, item.path, actor=exchange.request.actor)


def _left(session: Session) -> Iterator[tuple[str, tuple[Item, Exchange]]]:
    """Items that were created and not deleted, by their path, in the order of creation."""
    deleted = {
        exchange.request.path
        for exchange in session.exchanges
        if exchange.request.method == "DELETE" and exchange.is_success
    }
    for exchange in list(session.exchanges):
        item = _created(session, exchange)
        if item is None or exchange.operation is None or item.id in session.bench.shared.values():
            continue
        path = item_path(exchange.operation, item.resource, item.path)
        if path not in deleted:
            yield path, (item, exchange)


def _created(session: Session, exchange: Exchange) -> Item | None:
    if exchange.request.method != "POST" or exchange.operation is None:
        return None
    action = action_of(session, exchange.operation)
    if action is None or action.kind != "create":
        return None
    return item_of(session, exchange)
