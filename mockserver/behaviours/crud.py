"""What the operations of a stored resource do when an API has no rules of its own for them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from urllib.parse import quote

from mockserver.behaviours.collection import key_text
from mockserver.behaviours.existing import References, check_references, with_existing
from mockserver.behaviours.items import Items, items_of
from mockserver.behaviours.listing import Listing, listed, listing_of, told_beside
from mockserver.behaviours.registry import Behaviour, Call
from mockserver.behaviours.shape import Schema, shape_of
from mockserver.errors import ApiError
from mockserver.model import MISSING, Document, Json, Reply
from mockserver.openapi.operations import Operation
from mockserver.openapi.pointers import follow
from mockserver.openapi.resources import Resource, ResourceAction
from mockserver.openapi.sample import Sampler
from mockserver.store.protocol import DuplicateKey, Store


@dataclass(frozen=True, slots=True)
class Crud:
    """One operation on a resource, with all that is known about it before the first request.

    *family* are all resources of the document; *items* and *listing* serve the kinds that need
    them.
    """

    operation: Operation
    action: ResourceAction
    family: tuple[Resource, ...]
    items: Items
    listing: Listing
    has_location: bool
    references: References

    @property
    def resource(self) -> Resource:
        return self.action.resource


def crud_behaviour(
    operation: Operation,
    action: ResourceAction,
    resources: Mapping[str, ResourceAction],
    sampler: Sampler,
    references: References = MappingProxyType({}),
) -> Behaviour:
    """The behaviour of *operation*, whose *action* is one of the document's *resources*."""
    resource = action.resource
    every = [one.resource for one in resources.values()]
    family = {(one.name, one.collection_path): one for one in every}
    crud = Crud(
        operation=operation,
        action=action,
        family=tuple(family.values()),
        items=items_of(resource, _request_schema(operation, action), sampler),
        listing=listing_of(
            operation.parameters, shape_of(resource.item_schema, sampler.document).properties
        ),
        has_location=_declares_location(operation, action.status),
        references=references,
    )
    return partial(_BY_KIND[action.kind], crud)


def list_items(crud: Crud, call: Call) -> Reply:
    """Those below the parents in the path; filtered, sorted and paged as declared."""
    where = _parents(crud, call)
    page = listed(call.store.find(crud.resource.name, where), crud.listing, call.query)
    reply = _reply(crud, [crud.items.shown(one) for one in page.items])
    path = crud.action.envelope.path if crud.action.envelope else None
    if isinstance(reply.body, dict) and path:
        rest = {name: value for name, value in reply.body.items() if name != path[0]}
        reply.body.update(told_beside(rest, page, crud.listing, call.query))
    return reply


def create_item(crud: Crud, call: Call) -> Reply:
    """A new document at the end of its collection; 409 where the sent id is taken."""
    fixed = _parents(crud, call)
    body = _body(crud, call)
    item_id = _new_id(crud, call, body)
    document = crud.items.created(body, {**fixed, crud.resource.id_field: item_id}, call.now)
    document = _referring(crud, call, document, {*fixed, *crud.items.accepted(body)})
    try:
        call.store.insert(crud.resource.name, key_text(item_id), document)
    except DuplicateKey:
        raise ApiError(409, f"{crud.resource.name} already holds {key_text(item_id)!r}") from None
    headers = (("Location", _location(crud, call, item_id)),) if crud.has_location else ()
    return _reply(crud, crud.items.shown(document), headers)


def read_item(crud: Crud, call: Call) -> Reply:
    return _reply(crud, crud.items.shown(_stored(crud, call)))


def replace_item(crud: Crud, call: Call) -> Reply:
    """The whole document anew, but for its id, its parents and what is read-only."""
    stored = _stored(crud, call)
    document = crud.items.replaced(stored, _body(crud, call), call.now)
    document = _referring(crud, call, document, {*crud.items.accepted(_body(crud, call))})
    call.store.replace(crud.resource.name, _key(crud, call), document)
    return _reply(crud, crud.items.shown(document))


def update_item(crud: Crud, call: Call) -> Reply:
    """What was sent, merged into the document at its top level."""
    document = crud.items.updated(_stored(crud, call), _body(crud, call), call.now)
    document = _referring(crud, call, document, {*crud.items.accepted(_body(crud, call))})
    call.store.replace(crud.resource.name, _key(crud, call), document)
    return _reply(crud, crud.items.shown(document))


def delete_item(crud: Crud, call: Call) -> Reply:
    """The document leaves, and everything that is stored below it."""
    document = _stored(crud, call)
    _delete(call.store, crud.resource, document, crud.family)
    return _reply(crud, crud.items.shown(document))


_BY_KIND: Mapping[str, Callable[[Crud, Call], Reply]] = {
    "list": list_items,
    "create": create_item,
    "read": read_item,
    "replace": replace_item,
    "update": update_item,
    "delete": delete_item,
}


def _reply(crud: Crud, payload: Json, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    envelope = crud.action.envelope
    return Reply(
        crud.action.status,
        MISSING if envelope is None else envelope.wrap(payload),
        headers,
        _media_type(crud.operation, crud.action.status),
    )


def _stored(crud: Crud, call: Call) -> Document:
    """The document that the path names. Raises ApiError 404, also where its parents are others."""
    parents = _parents(crud, call)
    document = call.store.get(crud.resource.name, _key(crud, call))
    if document is None or any(document.get(name) != value for name, value in parents.items()):
        raise _not_found(crud.resource, _key(crud, call))
    return document


def _key(crud: Crud, call: Call) -> str:
    return key_text(call.path[crud.resource.id_name])


def _parents(crud: Crud, call: Call) -> Document:
    """The fields by which documents know the parents in the path; all of these must exist."""
    fields: Document = {}
    ids: Document = {}
    for parent in crud.resource.parents:
        ids[parent.parameter] = call.path[parent.parameter]
        above = next((one for one in crud.family if one.name == parent.resource), None)
        if above is not None:
            key = key_text(call.path[parent.parameter])
            document = call.store.get(above.name, key)
            if document is None or not _is_below(document, above, ids):
                raise _not_found(above, key)
            ids[parent.parameter] = document.get(above.id_field, ids[parent.parameter])
        fields[parent.field] = ids[parent.parameter]
    return fields


def _is_below(document: Document, resource: Resource, ids: Mapping[str, Json]) -> bool:
    """Whether *document* stands below the parents that the path names before it."""
    return all(
        document.get(parent.field) == ids[parent.parameter]
        for parent in resource.parents
        if parent.parameter in ids
    )


def _delete(
    store: Store, resource: Resource, document: Document, family: Iterable[Resource]
) -> None:
    item_id = document[resource.id_field]
    key = key_text(item_id)
    if store.get(resource.name, key) is None:
        return  # deleted by another way down already
    store.delete(resource.name, key)
    for child in family:
        for parent in child.parents:
            if parent.resource == resource.name:
                for below in store.find(child.name, {parent.field: item_id}):
                    _delete(store, child, below, family)


def _new_id(crud: Crud, call: Call, body: Json) -> Json:
    """The id that the client sent, where it may; else the next of its kind."""
    resource, items = crud.resource, crud.items
    if items.takes_id and isinstance(body, dict) and body.get(resource.id_field) is not None:
        return body[resource.id_field]
    if resource.id_kind == "integer":
        least = items.item.properties.get(resource.id_field, {}).get("minimum", 1)
        return max(call.store.next_id(resource.name), int(least))
    if resource.id_kind == "uuid":
        return call.new_uuid()
    return _fitting_id(crud, call.new_short_id())


def _fitting_id(crud: Crud, drawn: str) -> Json:
    """The *drawn* id, or one made from it where the schema wants another form."""
    schema = crud.items.item.properties.get(crud.resource.id_field, {})
    if crud.items.sampler.fits(schema, drawn, "response"):
        return drawn
    return crud.items.sampler.sample(schema, pointer=drawn, dynamic=True)


def _body(crud: Crud, call: Call) -> Json:
    envelope = crud.action.body_envelope
    return MISSING if envelope is None else envelope.unwrap(call.body)


def _referring(crud: Crud, call: Call, document: Document, sent: set[str]) -> Document:
    """*document* as it may be stored. Raises ApiError where it refers to what there is not."""
    made_up = {field: one for field, one in crud.references.items() if field not in sent}
    id_fields = {one.name: one.id_field for one in crud.family}
    mended = with_existing(call, document, made_up, id_fields)
    check_references(call, mended, crud.references)
    return mended


def _request_schema(operation: Operation, action: ResourceAction) -> Schema | None:
    """The schema of the document that a request holds."""
    schema = next((one for kind, one in operation.body_content.items() if "json" in kind), None)
    path = (action.body_envelope.path if action.body_envelope else None) or ()
    for key in path:
        schema = shape_of(schema, operation.document).properties.get(key)
    return schema


def _declares_location(operation: Operation, status: int) -> bool:
    responses = operation.raw.get("responses", {})
    answer = follow(operation.document, responses.get(str(status), responses.get("2XX", {})))
    return any(name.lower() == "location" for name in answer.get("headers", {}))


def _location(crud: Crud, call: Call, item_id: Json) -> str:
    """Where the new document is read: the item's path, with the base path of the request."""
    base = crud.operation.path.removesuffix(crud.operation.template)
    values = {**call.path, crud.resource.id_name: item_id}
    path = crud.resource.item_path
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", quote(key_text(value), safe=""))
    return base + path


def _media_type(operation: Operation, status: int) -> str:
    content = operation.responses.get(str(status)) or operation.responses.get("2XX") or {}
    return next((kind for kind in content if "json" in kind), "application/json")


def _not_found(resource: Resource, key: str) -> ApiError:
    return ApiError(404, f"{resource.name} holds no {key!r}")
