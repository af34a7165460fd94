"""Stored resources, read from the shape of paths and schemas.

`/books` beside `/books/{bookId}` is a collection and its item; what their operations do follows
from the method. Whatever this gets wrong is said in the document, by `x-understudy-resources`
(see `resource_facts`); nothing is guessed beyond it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mockserver.model import Document, Json
from mockserver.openapi.envelopes import Envelope, properties_of
from mockserver.openapi.operations import Operation
from mockserver.openapi.payloads import Payloads, spellings, success
from mockserver.openapi.pointers import follow
from mockserver.openapi.resource_facts import Facts, FactsOfOne, facts_of
from mockserver.openapi.schema import SchemaCompiler

KINDS = ("list", "create", "read", "replace", "update", "delete")
_KIND_OF_COLLECTION = {"GET": "list", "POST": "create"}
_KIND_OF_ITEM = {"GET": "read", "PUT": "replace", "PATCH": "update", "DELETE": "delete"}
_STATUS_OF_RANGE = {"create": 201}
_TEMPLATE = re.compile(r"\{([^{}]+)\}")
_VERSION = re.compile(r"v\d+|api")


@dataclass(frozen=True, slots=True)
class Parent:
    """A path parameter of the collection that names another resource's item.

    *resource* is the parent's name, None where the document has no such resource; *field* holds
    the parent's id in the stored child; *is_shown* tells whether the item schema has that field.
    """

    parameter: str
    resource: str | None
    field: str
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class Resource:
    """Documents of one kind, stored in the collection *name* under the text of their id.

    Paths are templates of the document. *id_name* is the path parameter, *id_field* the property
    that holds the id, *id_kind* one of `integer`, `uuid`, `string`.
    """

    name: str
    collection_path: str
    item_path: str
    id_name: str
    id_field: str
    id_kind: str
    parents: tuple[Parent, ...]
    item_schema: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class ResourceAction:
    """What one operation does to a resource, and how its answer looks.

    *status* is the documented success. *envelope* is None where the answer has no body,
    *body_envelope* where the request has none. The *resource* of a nested operation on a
    collection that also stands alone has the same name, and the parents of this operation's path.
    """

    resource: Resource
    kind: str
    status: int
    envelope: Envelope | None
    body_envelope: Envelope | None


def infer_resources(
    document: Document,
    operations: Sequence[Operation],
    schemas: SchemaCompiler | None = None,
) -> dict[str, ResourceAction]:
    """What each operation does to which resource, by operationId; others are left out.

    A resource of which one operation cannot be understood has none, so that nobody writes what
    another operation does not show; `unstored` tells why. Raises SetupError where
    `x-understudy-resources` says something impossible.
    """
    return _Inference(document, operations, schemas).actions()


def apparent_resources(
    document: Document, operations: Sequence[Operation]
) -> dict[str, ResourceAction]:
    """What each operation seems to do, for those who call an API and do not store anything.

    Like `infer_resources`, but no operation is left out because another one is not understood; one
    whose answer may be no item at times has the envelope that the document tells.
    """
    return _Inference(document, operations).apparent()


def unstored(document: Document, operations: Sequence[Operation]) -> dict[str, str]:
    """Why an operation that looks like one of a stored resource is none, by operationId."""
    return _Inference(document, operations).reasons()


class _Inference:
    """Reads one document."""

    def __init__(
        self,
        document: Document,
        operations: Sequence[Operation],
        schemas: SchemaCompiler | None = None,
    ) -> None:
        self._document = document
        self._operations = operations
        self._payloads = Payloads(document, schemas)
        self._by_place = {(o.template, o.method): o for o in operations}
        self._templates = list(dict.fromkeys(o.template for o in operations))
        self._facts: Facts = facts_of(document, operations)
        self._shapeless: set[str] = set()
        self._resources = self._found()

    def actions(self) -> dict[str, ResourceAction]:
        unclear = self._unclear()
        return {
            operation.id: action
            for operation in self._operations
            if (action := self._action_of(operation)) and action.resource.name not in unclear
        }

    def apparent(self) -> dict[str, ResourceAction]:
        found = {}
        for operation in self._operations:
            if meant := self._meant(operation):
                action = self._action(operation, *meant) or self._told_action(operation, *meant)
                if action is not None:
                    found[operation.id] = action
        return found

    def reasons(self) -> dict[str, str]:
        unclear = self._unclear()
        reasons = {}
        for operation in self._operations:
            resource = self._resource_of(operation)
            if resource is not None and resource.name in unclear:
                reasons[operation.id] = unclear[resource.name]
            elif resource is None and operation.template in self._shapeless:
                reasons[operation.id] = "no answer of its paths shows an item with an id"
        return reasons

    def _unclear(self) -> dict[str, str]:
        """Resources with an operation whose answer is no item and no list of items, and why."""
        return {
            resource.name: f"the answer of {operation.label} shows no {resource.name}"
            for operation in self._operations
            if (resource := self._resource_of(operation)) is not None
            and any(key.startswith("2") or key == "default" for key in operation.responses)
            and self._action_of(operation) is None
        }

    def _resource_of(self, operation: Operation) -> Resource | None:
        """The resource whose documents the operation should list, write or show."""
        found = self._meant(operation)
        return found[0] if found else None

    def _action_of(self, operation: Operation) -> ResourceAction | None:
        found = self._meant(operation)
        return self._action(operation, *found) if found else None

    def _meant(self, operation: Operation) -> tuple[Resource, str] | None:
        """The resource of an operation and the kind of its action."""
        told = self._facts.told_of(operation.id)
        return self._told_resource(operation, *told) if told else self._place_of(operation)

    def _place_of(self, operation: Operation) -> tuple[Resource, str] | None:
        for resource in self._resources:
            kind = None
            if operation.template == resource.collection_path:
                kind = _KIND_OF_COLLECTION.get(operation.method)
            elif operation.template == resource.item_path:
                kind = _KIND_OF_ITEM.get(operation.method)
            if kind:
                return resource, kind
        return None

    def _told_resource(
        self, operation: Operation, name: str, kind: str
    ) -> tuple[Resource, str] | None:
        """What the document says itself; elsewhere than below the resource's own paths, the
        parents are those of the operation's path."""
        resource = next((one for one in self._resources if one.name == name), None)
        if resource is None or kind == "none":
            return None
        if operation.template not in (resource.collection_path, resource.item_path):
            above = operation.template.removesuffix(f"/{{{resource.id_name}}}")
            resource = self._with_parents(replace(resource, collection_path=above))
        return resource, kind

    def _found(self) -> list[Resource]:
        found: list[Resource] = []
        for collection, item in self._places():
            resource = self._resource(collection, item, found)
            if resource is not None:
                found.append(resource)
            else:
                self._shapeless |= {collection, item}
        nested = [self._as_nested(template, found) for template in self._templates]
        self._resources = found + [resource for resource in nested if resource is not None]
        return [self._with_parents(resource) for resource in self._resources]

    def _places(self) -> list[tuple[str, str]]:
        """Collection and item templates: those told, then those found, shortest first."""
        told = [(one.collection, one.item) for one in self._facts.resources.values()]
        places = [(collection, item) for collection, item in told if collection and item]
        for item in sorted(self._templates, key=lambda template: template.count("/")):
            collection, _, last = item.rpartition("/")
            is_pair = _TEMPLATE.fullmatch(last) and collection in self._templates
            if is_pair and not collection.endswith("}") and item not in [i for _, i in places]:
                places.append((collection, item))
        return places

    def _resource(self, collection: str, item: str, found: list[Resource]) -> Resource | None:
        told = self._facts.at(collection)
        id_name = item.rpartition("{")[2].rstrip("}")
        shown = self._item(collection, item, id_name, told)
        if shown is None:
            return None
        schema, id_field = shown
        declared = follow(self._document, properties_of(self._document, schema).get(id_field, {}))
        return Resource(
            name=told.name or self._name(collection, schema, found),
            collection_path=collection,
            item_path=item,
            id_name=id_name,
            id_field=id_field,
            id_kind=_id_kind(declared or self._parameter_schema(item, id_name)),
            parents=(),
            item_schema=schema,
        )

    def _name(self, collection: str, schema: Mapping[str, Json], found: list[Resource]) -> str:
        """The last literal segment; with its forerunners where another resource has that name.

        A collection that also stands alone, with the same items, is the same resource.
        """
        literals = [part for part in collection.split("/") if part and "{" not in part]
        for resource in found:
            is_alone = "{" not in resource.collection_path
            if resource.name == literals[-1] and not (is_alone and resource.item_schema == schema):
                return "-".join(part for part in literals if not _VERSION.fullmatch(part))
        return literals[-1]

    def _item(
        self, collection: str, item: str, id_name: str, told: FactsOfOne
    ) -> tuple[Mapping[str, Json], str] | None:
        """The schema of an item and its id field: of what is read, created, changed or listed."""
        places = ((item, "GET"), (collection, "POST"), (item, "PATCH"), (item, "PUT"))
        shown = [
            schema
            for place in places
            for _, schema in self._payloads.objects(self._success_schema(*place), told.envelope)
        ]
        listing = self._success_schema(collection, "GET")
        shown += [schema for _, schema in self._payloads.lists(listing, told.envelope)]
        for schema in shown:
            id_field = told.id_field or self._payloads.id_field(schema, id_name)
            if id_field is not None:
                return schema, id_field
        return None

    def _success_schema(self, template: str, method: str) -> Mapping[str, Json] | None:
        operation = self._by_place.get((template, method))
        return success(operation)[1] if operation else None

    def _parameter_schema(self, template: str, name: str) -> Mapping[str, Json]:
        for (path, _), operation in self._by_place.items():
            for parameter in operation.parameters if path == template else ():
                if parameter.name == name and parameter.where == "path":
                    schema: Mapping[str, Json] = follow(self._document, parameter.schema)
                    return schema
        return {}

    def _as_nested(self, template: str, found: list[Resource]) -> Resource | None:
        """A collection below an item that lists or creates what another collection holds."""
        if template.endswith("}") or "{" not in template:
            return None
        if any(template == resource.collection_path for resource in found):
            return None
        last = template.rpartition("/")[2]
        for resource in found:
            if resource.collection_path.rpartition("/")[2] == last:
                told = self._facts.named(resource.name)
                if self._shows(template, resource, told.envelope):
                    return replace(resource, collection_path=template)
        return None

    def _shows(self, template: str, resource: Resource, envelope: Envelope | None) -> bool:
        listed = self._payloads.lists(self._success_schema(template, "GET"), envelope)
        created = self._payloads.objects(self._success_schema(template, "POST"), envelope)
        return any(schema == resource.item_schema for _, schema in [*listed, *created])

    def _with_parents(self, resource: Resource) -> Resource:
        told = self._facts.named(resource.name).parents
        names = properties_of(self._document, resource.item_schema)
        parents = []
        for match in _TEMPLATE.finditer(resource.collection_path):
            parameter = match[1]
            prefix = resource.collection_path[: match.end()]
            above = next((one.name for one in self._resources if one.item_path == prefix), None)
            field = next(spellings(names, parameter), parameter)
            if parameter in told:
                above, field = told[parameter].resource or above, told[parameter].field or field
            parents.append(Parent(parameter, above, field, field in names))
        return replace(resource, parents=tuple(parents))

    def _action(self, operation: Operation, resource: Resource, kind: str) -> ResourceAction | None:
        status, schema = success(operation)
        if status is None or (schema is None and kind in ("list", "read")):
            return None
        envelope = None
        if schema is not None:
            told = self._facts.named(resource.name).envelope
            envelope = self._payloads.envelope(
                schema, kind, (resource.item_schema, resource.id_field), told
            )
            if envelope is None:
                return None
        body_envelope = self._payloads.body_envelope(operation, envelope)
        return ResourceAction(resource, kind, _number(status, kind), envelope, body_envelope)

    def _told_action(
        self, operation: Operation, resource: Resource, kind: str
    ) -> ResourceAction | None:
        status, schema = success(operation)
        told = self._facts.named(resource.name).envelope
        if status is None or schema is None or told is None:
            return None
        body_envelope = self._payloads.body_envelope(operation, told)
        return ResourceAction(resource, kind, _number(status, kind), told, body_envelope)


def _number(status: str, kind: str) -> int:
    return int(status) if status.isdecimal() else _STATUS_OF_RANGE.get(kind, 200)


def _id_kind(schema: Mapping[str, Json]) -> str:
    if schema.get("type") in ("integer", "number"):
        return "integer"
    return "uuid" if schema.get("format") == "uuid" else "string"
