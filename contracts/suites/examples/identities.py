"""The id of an item has one type, whichever operation shows it."""

from collections.abc import Iterator
from functools import partial

from contracts.checks.places import source_of
from contracts.exchange import Exchange
from contracts.stops import NotJudged
from contracts.suites.examples.trials import case
from contracts.suites.provisions import Item, action_of, create, operation_of, payload, text_of
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.model import MISSING, Json
from mockserver.openapi import Operation


def identity_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """`id-type` for each operation that reads or lists what another creates."""
    for operation in yardstick.operations:
        action = yardstick.resources.get(yardstick.driving(operation).id)
        if action is not None and action.kind in ("read", "list"):
            yield case(operation, "id-type", partial(_try, operation))


def _try(operation: Operation, session: Session) -> None:
    action = action_of(session, operation)
    assert action is not None
    if operation_of(session, action.resource, "create") is None:
        raise NotJudged(f"no operation creates {action.resource.name}")
    item = create(session, action.resource)
    path = {name: item.path[name] for name in item.path if f"{{{name}}}" in operation.path}
    if operation.path.count("{") != len(path):
        raise NotJudged("the path of this operation names what is not of the item")
    exchange = session.call(operation, path)
    came = _id_in(session, exchange, item)
    if came is MISSING:
        raise NotJudged("the item is not in the answer")
    made = item.document[item.resource.id_field]
    session.expect(
        _kind(came) == _kind(made),
        "id-type-differs",
        exchange,
        message=f"The id of an item is {_kind(came)} here and {_kind(made)} where it was created",
        expected=f"{item.resource.id_field} as {_kind(made)} everywhere",
        source=f"{source_of(operation, 'responses')}; one item, one id",
        came=f"{item.resource.id_field}: {came!r}",
        story=(item.exchange,),
    )


def _id_in(session: Session, exchange: Exchange, item: Item) -> Json:
    """The id as it is shown; MISSING where this item is not."""
    shown, field = payload(session, exchange), item.resource.id_field
    for one in shown if isinstance(shown, list) else [shown]:
        if isinstance(one, dict) and text_of(one.get(field)) == item.id:
            return one[field]
    return MISSING


def _kind(id: Json) -> str:
    return "a text" if isinstance(id, str) else "a number"
