"""Things for cases to stand on: path values for an operation, and items made for one case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.actors import OWNER
from contracts.exchange import Exchange
from contracts.stops import NotJudged, Refused
from contracts.suites.session import Session, answer_text
from mockserver.model import MISSING, Document, Json
from mockserver.openapi import Operation, Resource, ResourceAction

_NAMES: Final = ("title", "name", "slug", "label", "subject")
"""Properties that can carry a text that tells whose work a created thing is."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a resource. *path* has the values of its path parameters, its own id among
    them; *document* is what the answer showed; *exchange* the one that created it."""

    resource: Resource
    id: str
    path: Mapping[str, str]
    document: Document
    exchange: Exchange


def path_values(
    session: Session, operation: Operation, given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """A value for every path parameter of *operation* that leads to something that exists.

    What is *given* goes first, then what the user told, then items of the document's resources:
    one that this run made for all cases to share, else the first of a list. An operation that
    deletes gets an item of its own. Items are made only where writing is allowed. Raises NotJudged
    where nothing is found.
    """
    values: dict[str, str] = {}
    action = action_of(session, operation)
    for name in _parameters(operation):
        if given and name in given:
            values[name] = given[name]
        elif action is not None and action.kind == "delete" and name == action.resource.id_name:
            values[name] = create(session, action.resource, values).id
        elif name in session.bench.bindings:
            values[name] = session.bench.bindings[name]
        else:
            values[name] = _shared(session, operation, name, dict(values))
    return values


def create(
    session: Session,
    resource: Resource,
    given: Mapping[str, str] | None = None,
    *,
    actor: str = OWNER,
    **properties: Json,
) -> Item:
    """A new item of *resource*, with the least that a body needs and *properties*.

    Raises NotJudged where it cannot be made (no such operation, refused).
    """
    operation = operation_of(session, resource, "create")
    if operation is None:
        raise NotJudged(f"needs an item of {resource.name}, and no operation creates one")
    path = path_values(session, operation, given)
    body = new_body(session, operation, **properties)
    exchange = session.call(operation, path, body=body, actor=actor)
    item = item_of(session, exchange)
    if item is None:
        raise NotJudged(f"needs a new item of {resource.name}: {answer_text(exchange)}")
    return item


def item_of(session: Session, exchange: Exchange) -> Item | None:
    """The item that a create's answer shows; None where it shows none."""
    if exchange.operation is None or not exchange.is_success:
        return None
    action = action_of(session, exchange.operation)
    if action is None or action.envelope is None:
        return None
    shown = action.envelope.unwrap(exchange.response.json)
    resource = action.resource
    if not isinstance(shown, dict) or resource.id_field not in shown:
        return None
    id = text_of(shown[resource.id_field])
    return Item(resource, id, {**exchange.path_values, resource.id_name: id}, shown, exchange)


def payload(session: Session, exchange: Exchange) -> Json:
    """What an answer is about, without its envelope; MISSING where it is not there."""
    action = action_of(session, exchange.operation) if exchange.operation else None
    if action is None or action.envelope is None:
        return exchange.response.json
    return action.envelope.unwrap(exchange.response.json)


def action_of(session: Session, operation: Operation) -> ResourceAction | None:
    """What *operation* does to which resource."""
    return session.yardstick.resources.get(session.yardstick.driving(operation).id)


def operation_of(session: Session, resource: Resource, kind: str) -> Operation | None:
    """The operation that does *kind* (`list`, `create`, `read`, `update`, `delete`) to exactly
    this resource at its own paths."""
    for operation in session.yardstick.operations:
        action = action_of(session, operation)
        if action is not None and action.kind == kind and is_same(action.resource, resource):
            return operation
    return None


def is_same(one: Resource, other: Resource) -> bool:
    return (one.collection_path, one.item_path) == (other.collection_path, other.item_path)


def new_body(session: Session, operation: Operation, **properties: Json) -> Json:
    """A body for *operation* with no more than its schema requires, names that tell the run, and
    *properties*; MISSING where the operation has none."""
    schema = session.yardstick.request_schema(operation)
    if schema is None:
        return MISSING
    sampler = session.yardstick.sampler
    body = sampler.sample(schema, pointer=operation.id, direction="request")
    if not isinstance(body, dict):
        return body
    validator = session.yardstick.validator(schema, "request")
    for name in list(body):
        if validator.is_valid({key: body[key] for key in body if key != name}):
            del body[name]
    for name in _NAMES:
        if isinstance(body.get(name), str):
            marked = {**body, name: unique_name(session, is_slug=name == "slug")}
            body = marked if validator.is_valid(marked) else body
    return {**body, **properties}


def unique_name(session: Session, *, is_slug: bool = False) -> str:
    """A name that no other thing of this run has, and that tells the run."""
    number = len(session.bench.target.exchanges) + 1
    name = f"understudy {session.options.run_id} {number}"
    return name.replace(" ", "-").lower() if is_slug else name


def text_of(id: Json) -> str:
    """An id as it stands in a path."""
    return str(int(id)) if isinstance(id, float) and id.is_integer() else str(id)


def _parameters(operation: Operation) -> list[str]:
    return [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]


def _shared(session: Session, operation: Operation, name: str, path: dict[str, str]) -> str:
    template = operation.template.partition(f"{{{name}}}")[0] + f"{{{name}}}"
    key = (template, *path.values())
    if key not in session.bench.shared:
        session.bench.shared[key] = _found(session, template, name, path)
    return session.bench.shared[key]


def _found(session: Session, template: str, name: str, path: dict[str, str]) -> str:
    resource = _resource_at(session, template)
    if resource is None:
        raise NotJudged(f"needs a value for {{{name}}}: give --path {name}=VALUE")
    try:
        return create(session, resource, path).id
    except Refused:
        return _first(session, resource, path)


def _first(session: Session, resource: Resource, path: dict[str, str]) -> str:
    operation = operation_of(session, resource, "list")
    if operation is not None:
        exchange = session.call(operation, path_values(session, operation, path))
        items = payload(session, exchange)
        if isinstance(items, list) and items and resource.id_field in items[0]:
            return text_of(items[0][resource.id_field])
    name = resource.id_name
    raise NotJudged(
        f"needs one of {resource.name}, there is none, and this run may not make one: "
        f"give --path {name}=VALUE, or --allow-writes"
    )


def _resource_at(session: Session, template: str) -> Resource | None:
    """The resource whose items stand at *template*, with its own collection right above."""
    at = [a.resource for a in session.yardstick.resources.values()]
    at = [one for one in at if one.item_path == template]
    own = (one for one in at if template.startswith(f"{one.collection_path}/{{"))
    return next(own, at[0] if at else None)
