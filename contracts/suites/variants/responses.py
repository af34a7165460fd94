"""The response side of a place: what it takes to see each variant is sent, wherever answers have
the place."""

from collections.abc import Iterable
from typing import Final

from contracts.actors import ANONYMOUS
from contracts.checks.variants_places import Occurrence, Place, Variants
from contracts.exchange import Exchange
from contracts.stops import NotJudged
from contracts.suites.provisions import (
    Item,
    action_of,
    create,
    item_of,
    new_body,
    operation_of,
    path_values,
    payload,
    text_of,
)
from contracts.suites.session import Session
from contracts.suites.variants.aims import Aim, aims, members, shown_name
from contracts.suites.variants.requests import CHANGING, standing_path
from contracts.suites.variants.watch import Watch, listed, watching
from mockserver.model import Json
from mockserver.openapi import Operation, Resource

_MOST_ITEMS: Final = 24
_NOBODY: Final = "999999999"


def see_responses(
    session: Session, variants: Variants, place: Place, occurrences: Iterable[Occurrence]
) -> None:
    """Make the API show every variant of *place* at the operations of *occurrences*."""
    wanted = list({one.operation.id: one.operation for one in occurrences}.values())
    reasons = []
    with watching(session, variants) as watch:
        showing = _Showing(session, variants, place, watch)
        for resource, operations in _groups(session, wanted):
            try:
                showing.group(resource, operations)
            except NotJudged as stop:
                reasons.append(str(stop))
        watch.catch_up()
        unseen = watch.unseen(place)
    if not watch.seen(place) and reasons:
        raise NotJudged("; ".join(dict.fromkeys(reasons)))
    if unseen:
        session.unseen = f"never seen: {listed(unseen)}"


def see_errors(
    session: Session, variants: Variants, place: Place, occurrences: Iterable[Occurrence]
) -> None:
    """Provoke refusals of the first operation that takes a body and the first that takes a path."""
    operations = list({one.operation.id: one.operation for one in occurrences}.values())
    with_body = [one for one in operations if one.body_required]
    with_path = [one for one in operations if "{" in one.path and one.method == "GET"]
    with watching(session, variants) as watch:
        for operation in with_body[:1]:
            path = path_values(session, operation)
            bodies: tuple[Json, ...] = ({}, [], 12.5)
            for body in bodies:
                session.call(operation, path, body=body)
        for operation in with_path[:1]:
            path = {**path_values(session, operation)}
            session.call(operation, {name: _NOBODY for name in path})
            session.call(operation, path, actor=ANONYMOUS)
        watch.catch_up()
        if unseen := watch.unseen(place):
            session.unseen = f"never seen: {listed(unseen)}"


class _Showing:
    """One place at work: items made, read, changed, listed and deleted until all is seen."""

    def __init__(self, session: Session, variants: Variants, place: Place, watch: Watch) -> None:
        self._session = session
        self._variants = variants
        self._place = place
        self._watch = watch

    def group(self, resource: Resource | None, operations: dict[str, Operation]) -> None:
        """Everything of one resource. Raises NotJudged."""
        if resource is None:
            for operation in operations.values():
                path = path_values(self._session, operation)
                body = new_body(self._session, operation)
                self._session.call(operation, path, body=body)
            return
        creating = operation_of(self._session, resource, "create")
        items = self._made(creating, "create" in operations) if creating else []
        for kind in ("read", "update", "replace", "list", "delete"):
            if kind in operations:
                self._shown(kind, operations[kind], items)
        if "read" in operations and not shown_name(self._session, self._place):
            self._read_others(operations["read"], resource)

    def _made(self, creating: Operation, is_judged: bool) -> list[Item]:
        """Items of every variant that can be made."""
        path = path_values(self._session, creating)
        items: list[Item] = []
        for aim in aims(self._session, self._variants, self._place, creating):
            if len(items) >= _MOST_ITEMS or (is_judged and self._is_done(creating)):
                break
            items += self._created(creating, path, aim)
        if not shown_name(self._session, self._place):
            for aim in members(self._session, creating):
                if is_judged and self._is_done(creating):
                    break
                items += self._created(creating, path, aim)
        return items

    def _created(self, creating: Operation, path: dict[str, str], aim: Aim) -> list[Item]:
        exchanges = self._sent(creating, path, aim)
        return [item for one in exchanges if (item := _item_in(self._session, one)) is not None]

    def _sent(self, operation: Operation, path: dict[str, str], aim: Aim) -> list[Exchange]:
        exchange = self._session.call(operation, path, body=aim.body)
        if exchange.is_success or not aim.instead:
            return [exchange]
        return [self._session.call(operation, path, body=body) for body in aim.instead]

    def _shown(self, kind: str, operation: Operation, items: list[Item]) -> None:
        session = self._session
        if kind == "list" or not items:
            if kind in CHANGING:
                path = dict(standing_path(session, operation))
            else:
                path = path_values(session, operation, items[-1].path if items else None)
            body = new_body(session, operation)
            session.call(operation, path, body=body)
        elif kind in ("update", "replace"):
            self._change(operation, items)
        else:
            for item in items:
                if kind == "read" and self._is_done(operation):
                    break
                session.call(operation, item.path)

    def _change(self, operation: Operation, items: list[Item]) -> None:
        """Every aim at the first item, then one at each other."""
        aimed = list(aims(self._session, self._variants, self._place, operation))
        pairs = [(items[0], aim) for aim in aimed] + [(item, aimed[0]) for item in items[1:]]
        for item, aim in pairs:
            if self._is_done(operation):
                return
            self._sent(operation, dict(item.path), aim)

    def _read_others(self, reading: Operation, own: Resource) -> None:
        """Items of other resources whose id goes by the same name may be read here as well."""
        for action in self._session.yardstick.resources.values():
            if self._is_done(reading):
                return
            other = action.resource
            if action.kind == "create" and other.id_name == own.id_name and other != own:
                try:
                    item = create(self._session, other)
                except NotJudged:
                    continue
                self._session.call(reading, path_values(self._session, reading, item.path))

    def _is_done(self, operation: Operation) -> bool:
        self._watch.catch_up()
        return len(self._watch.seen(self._place, operation.label)) == len(self._place.branches)


def _item_in(session: Session, exchange: Exchange) -> Item | None:
    """The item that an answer shows; the first, where it shows a list of them."""
    action = action_of(session, exchange.operation) if exchange.operation else None
    shown = payload(session, exchange)
    if action is None or not isinstance(shown, list) or not exchange.is_success:
        return item_of(session, exchange)
    resource = action.resource
    if not shown or not isinstance(shown[0], dict) or resource.id_field not in shown[0]:
        return None
    id = text_of(shown[0][resource.id_field])
    path = {**exchange.path_values, resource.id_name: id}
    return Item(resource, id, path, shown[0], exchange)


def _groups(
    session: Session, wanted: list[Operation]
) -> list[tuple[Resource | None, dict[str, Operation]]]:
    """Operations by resource and kind. A resource whose create does not have the place is left
    out where another's has it: its items are of another shape."""
    groups: dict[tuple[str, ...], tuple[Resource | None, dict[str, Operation]]] = {}
    for operation in wanted:
        action = action_of(session, operation)
        if action is None:
            groups[(operation.id,)] = None, {"call": operation}
            continue
        key = action.resource.collection_path, action.resource.item_path
        groups.setdefault(key, (action.resource, {}))[1][action.kind] = operation
    found = list(groups.values())
    making = [one for one in found if "create" in one[1]]
    return [one for one in found if not making or one in making or set(one[1]) != {"read"}]
