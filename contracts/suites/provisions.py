"""Things for cases to stand on: path values for an operation, and items made for one case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from contracts.actors import OWNER
from contracts.exchange import Exchange
from contracts.stops import NotJudged, Refused
from contracts.suites.bodies import optional, with_property
from contracts.suites.session import Session, answer_text
from mockserver.model import MISSING, Document, Json
from mockserver.openapi import Operation, Resource, ResourceAction

_NAMES: Final = ("title", "name", "slug", "label", "subject")
"""Properties that can carry a text that tells whose work a created thing is."""
_ENOUGH: Final = "enough for a create"
_ADDED: Final = 4


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
    """A new item of *resource*, with the least that a body needs and *properties*; where there
    are none of these and it is refused, with one more property.

    Raises NotJudged where it cannot be made (no such operation, refused).
    """
    operation = operation_of(session, resource, "create")
    if operation is None:
        raise NotJudged(f"needs an item of {resource.name}, and no operation creates one")
    path = path_values(session, operation, given)
    for more in [properties] if properties else _additions(session, operation):
        body = new_body(session, operation, **more)
        exchange = session.call(operation, path, body=body, actor=actor)
        if (item := item_of(session, exchange)) is not None:
            if not properties:
                session.bench.shared[(_ENOUGH, operation.id)] = next(iter(more), "")
            return item
        if exchange.response.status not in (400, 422):
            break
    raise NotJudged(f"needs a new item of {resource.name}: {answer_text(exchange)}")


def _additions(session: Session, operation: Operation) -> Iterator[Document]:
    """What to add to a body: nothing, then one optional property after another, for some servers
    want more than their schema says. What was enough once is enough again."""
    schema = session.yardstick.request_schema(operation)
    base = new_body(session, operation)
    if schema is None or not isinstance(base, dict):
        yield {}
        return
    enough = session.bench.shared.get((_ENOUGH, operation.id))
    names = ["", *optional(session.yardstick, schema)[:_ADDED]] if enough is None else [enough]
    for name in names:
        body = with_property(session.yardstick, schema, base, name) if name else base
        if body is not None:
            yield {name: body[name]} if name else {}


def item_of(session: Session, exchange: Exchange) -> Item | None:
    """The item that a create's answer shows, of several the first; None where it shows none."""
    if exchange.operation is None or not exchange.is_success:
        return None
    action = action_of(session, exchange.operation)
    if action is None or action.envelope is None:
        return None
    shown = action.envelope.unwrap(exchange.response.json)
    if isinstance(shown, list) and shown:
        shown = shown[0]
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
    return {**body, **_references(session, operation, body), **properties}


def _references(session: Session, operation: Operation, body: Document) -> Document:
    """Properties that are named like the id of another resource (`authorId`), with the id of an
    item that exists."""
    own = action_of(session, operation)
    found: Document = {}
    for name, value in body.items():
        resource = _named(session, name)
        if resource is None or (own is not None and is_same(own.resource, resource)):
            continue
        try:
            id = _existing(session, resource)
        except NotJudged:
            continue
        found[name] = int(id) if isinstance(value, int) and id.isdecimal() else id
    return found


def _named(session: Session, name: str) -> Resource | None:
    """The resource without parents whose items are named by a parameter *name*."""
    return next(
        (
            action.resource
            for action in session.yardstick.resources.values()
            if action.resource.id_name == name
            and not action.resource.parents
            and action.resource.item_path == f"{action.resource.collection_path}/{{{name}}}"
        ),
        None,
    )


def _existing(session: Session, resource: Resource) -> str:
    key = (resource.item_path,)
    if key not in session.bench.shared:
        session.bench.shared[key] = _found(session, resource.item_path, resource.id_name, {})
    return session.bench.shared[key]


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
