"""How stored documents hang together, as far as the document tells."""

from collections.abc import Iterable

from mockserver.behaviours.collection import EXTENSION, key_text
from mockserver.behaviours.faults import Place
from mockserver.behaviours.registry import Call
from mockserver.model import Document


def item_key(call: Call, place: Place) -> str:
    """The key of the item that the path names; `` where it names none."""
    if place.action is None:
        return ""
    value = call.path.get(place.action.resource.id_name)
    return "" if value is None else key_text(value)


def reference_fields(place: Place, collection: str) -> tuple[str, ...]:
    """The fields by which documents of the collection belong to others."""
    told = place.operation.document.get(EXTENSION, {}).get(collection, {}).get("references", {})
    if told:
        return tuple(field for field in told if "." not in field)
    parents = place.action.resource.parents if place.action else ()
    return tuple(parent.field for parent in parents)


def target_of(place: Place, collection: str, field: str) -> str | None:
    """The collection to which a field leads."""
    told = place.operation.document.get(EXTENSION, {}).get(collection, {}).get("references", {})
    parents = place.action.resource.parents if place.action else ()
    found = {parent.field: parent.resource for parent in parents}
    return told.get(field) or found.get(field)


def unique_sets(document: Document) -> list[frozenset[str]]:
    """Fields of which several documents of one collection may not share the values."""
    told = document.get(EXTENSION, {})
    return [frozenset(fields) for one in told.values() for fields in one.get("unique", ())]


def unique_names(document: Document) -> frozenset[str]:
    """Every field that has its part in something unique, but for what names something else."""
    names = frozenset[str]().union(*unique_sets(document))
    return frozenset(name for name in names if not name.lower().endswith("id"))


def fixed_names(place: Place) -> frozenset[str]:
    """The id, what leads to parents, and what must be unique: nothing to be played with."""
    if place.action is None:
        return frozenset()
    resource = place.action.resource
    parents = [parent.field for parent in resource.parents]
    return unique_names(place.operation.document) | {resource.id_field, *parents}


def siblings(
    call: Call, place: Place, collection: str, key: str, document: Document
) -> Iterable[tuple[str, Document]]:
    """Other documents that belong to the same ones, with their keys, oldest first."""
    if place.action is None:
        return
    id_field = place.action.resource.id_field
    shared = {
        field: document[field] for field in reference_fields(place, collection) if field in document
    }
    for other in call.store.find(collection, shared):
        if id_field in other and (other_key := key_text(other[id_field])) != key:
            yield other_key, other
