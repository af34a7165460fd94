"""What a document says about its resources itself, in extensions at its root.

`x-understudy: {domain: name, envelope: {path: [data], rest: {status: success}}}` and
`x-understudy-resources`, by resource name:

    books:
      collection: /books                # with item: the two templates
      item: /books/{bookId}
      idField: isbn                     # the property that holds the id
      parents: {authorId: {resource: authors, field: writtenBy}}
      envelope: {path: [], rest: {}}    # this one is bare
      operations: {searchBooks: list, archiveBook: none}
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mockserver.errors import SetupError
from mockserver.model import Document, Json
from mockserver.openapi.envelopes import Envelope
from mockserver.openapi.operations import Operation
from mockserver.openapi.pointers import pointer_to

_ROOT = "x-understudy"
_RESOURCES = "x-understudy-resources"
_ROOT_KEYS = ("domain", "envelope")
_RESOURCE_KEYS = ("collection", "item", "idField", "parents", "envelope", "operations")
_PARENT_KEYS = ("resource", "field")
_ENVELOPE_KEYS = ("path", "rest")
_KINDS = ("list", "create", "read", "replace", "update", "delete", "none")


@dataclass(frozen=True, slots=True)
class ToldParent:
    resource: str | None
    field: str | None


@dataclass(frozen=True, slots=True)
class FactsOfOne:
    """What is told about one resource; None and empty where nothing is."""

    name: str | None = None
    collection: str | None = None
    item: str | None = None
    id_field: str | None = None
    envelope: Envelope | None = None
    parents: Mapping[str, ToldParent] = field(default_factory=dict)
    operations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything told, with *envelope* for whatever has none of its own."""

    resources: Mapping[str, FactsOfOne]
    envelope: Envelope | None

    def at(self, collection: str) -> FactsOfOne:
        """What is told of the resource with this collection, by its path or else its name."""
        last = collection.rpartition("/")[2]
        for one in self.resources.values():
            if one.collection == collection or (one.collection is None and one.name == last):
                return one
        return FactsOfOne(envelope=self.envelope)

    def told_of(self, operation_id: str) -> tuple[str, str] | None:
        """The resource and the kind of action told for one operation."""
        for name, one in self.resources.items():
            if operation_id in one.operations:
                return name, one.operations[operation_id]
        return None

    def named(self, name: str) -> FactsOfOne:
        return self.resources.get(name, FactsOfOne(envelope=self.envelope))


def facts_of(document: Document, operations: Sequence[Operation]) -> Facts:
    """Read and check the extensions. Raises SetupError that offers the nearest known word."""
    root = _object(document.get(_ROOT, {}), (_ROOT,))
    _check_keys(root, _ROOT_KEYS, (_ROOT,))
    common = _envelope(root, (_ROOT,))
    told = _object(document.get(_RESOURCES, {}), (_RESOURCES,))
    templates = {operation.template: None for operation in operations}
    ids = {operation.id: None for operation in operations}
    resources = {
        name: _facts_of_one(name, entry, common, templates, ids) for name, entry in told.items()
    }
    return Facts(resources, common)


def _facts_of_one(
    name: str,
    entry: Json,
    common: Envelope | None,
    templates: Mapping[str, None],
    ids: Mapping[str, None],
) -> FactsOfOne:
    place = (_RESOURCES, name)
    entry = _object(entry, place)
    _check_keys(entry, _RESOURCE_KEYS, place)
    for key in ("collection", "item"):
        if key in entry:
            _check_known(entry[key], templates, "no such path", (*place, key))
    if ("collection" in entry) != ("item" in entry):
        raise SetupError("`collection` and `item` belong together", place=pointer_to(*place))
    parents = _object(entry.get("parents", {}), (*place, "parents"))
    operations = _object(entry.get("operations", {}), (*place, "operations"))
    for operation_id, kind in operations.items():
        where = (*place, "operations", operation_id)
        _check_known(operation_id, ids, "no such operation", where)
        _check_known(kind, dict.fromkeys(_KINDS), "no such kind", where)
    return FactsOfOne(
        name=name,
        collection=entry.get("collection"),
        item=entry.get("item"),
        id_field=entry.get("idField"),
        envelope=_envelope(entry, place) or common,
        parents={
            parameter: _parent(parent, (*place, "parents", parameter))
            for parameter, parent in parents.items()
        },
        operations=operations,
    )


def _parent(parent: Json, place: tuple[str, ...]) -> ToldParent:
    _check_keys(_object(parent, place), _PARENT_KEYS, place)
    return ToldParent(parent.get("resource"), parent.get("field"))


def _envelope(holder: Document, place: tuple[str, ...]) -> Envelope | None:
    if "envelope" not in holder:
        return None
    place = (*place, "envelope")
    envelope = _object(holder["envelope"], place)
    _check_keys(envelope, _ENVELOPE_KEYS, place)
    path = envelope.get("path", [])
    if not isinstance(path, list):
        raise SetupError("`path` must be a list", place=pointer_to(*place), value=path)
    rest = _object(envelope.get("rest", {}), (*place, "rest"))
    return Envelope(tuple(str(key) for key in path), rest or None)


def _object(value: Json, place: tuple[str, ...]) -> Document:
    if not isinstance(value, dict):
        raise SetupError("must be an object", place=pointer_to(*place), value=value)
    return value


def _check_keys(value: Document, known: Sequence[str], place: tuple[str, ...]) -> None:
    for key in value:
        _check_known(key, dict.fromkeys(known), "unknown key", place)


def _check_known(
    value: Json, known: Mapping[str, None], reason: str, place: tuple[str, ...]
) -> None:
    if value not in known:
        raise SetupError(reason, place=pointer_to(*place), value=value, known=known)
