"""What the documents of a stored collection must look like, and which of them hang together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mockserver.behaviours.credentials import API_KEYS
from mockserver.behaviours.shape import shape_of
from mockserver.errors import SetupError
from mockserver.model import Document, Json
from mockserver.openapi.resources import ResourceAction
from mockserver.openapi.schema import SchemaCompiler, Validator

EXTENSION = "x-understudy-collections"
"""Root extension of a document that describes collections, and corrects inferred ones:
`{name: {idField, schema, references: {field: collection}, unique: [[field, ...], ...]}}`.
*idField* may be a list: its values joined by `-` are the key. A field of *references* may be a
path through objects and lists, `hosts.userId`."""

_PARTS = ("idField", "schema", "references", "unique")


@dataclass(frozen=True, slots=True)
class Collection:
    """The rules of one collection.

    *id_fields* make the key (none: any key will do). *references* map a field, or a dotted path,
    to the collection in which its value must be a key. The values of a set of *unique* fields
    occur once. *hidden* names what is stored and not shown, so *schema* does not know it.
    """

    name: str
    id_fields: tuple[str, ...]
    schema: Mapping[str, Json]
    references: Mapping[str, str]
    unique: tuple[tuple[str, ...], ...]
    hidden: frozenset[str]
    validator: Validator

    def shown_part(self, document: Document) -> Document:
        """What of *document* the schema speaks of."""
        if self.hidden.isdisjoint(document):
            return document
        return {name: value for name, value in document.items() if name not in self.hidden}

    def key_of(self, document: Document) -> str | None:
        """The key that *document* belongs under; None where a part of it is missing."""
        values = [document.get(field) for field in self.id_fields]
        return None if None in values else "-".join(map(key_text, values))

    @property
    def lookups(self) -> tuple[tuple[str, ...], ...]:
        """Sets of fields that documents are looked for by: each reference, and what is unique."""
        references = [(field,) for field in self.references if "." not in field]
        return (*references, *self.unique)

    def references_in(self, document: Document) -> Iterator[tuple[str, str, str]]:
        """Pointer, collection and key of everything that *document* refers to."""
        for field, target in self.references.items():
            if field in document:
                value = document[field]
                if not isinstance(value, list | dict | None):
                    yield f"/{field}", target, key_text(value)
                    continue
            for pointer, value in _values(document, field.split("."), ""):
                yield pointer, target, key_text(value)


def key_text(value: Json) -> str:
    """An id as the key of a document: `12` for 12 and for 12.0."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def collections_of(
    document: Document,
    resources: Mapping[str, ResourceAction],
    schemas: SchemaCompiler | None = None,
) -> dict[str, Collection]:
    """The collections of *document*: those of its resources, and those it describes itself.

    *resources* are its actions by operationId. What the document describes wins, part by part;
    one with security schemes always has `api-keys`. Raises SetupError on a wrong description.
    """
    declared = document.get(EXTENSION, {})
    inferred = _inferred(document, resources)
    if document.get("components", {}).get("securitySchemes"):
        inferred.setdefault(API_KEYS, {"idField": "key"})
    known = [*inferred, *declared]
    schemas = schemas or SchemaCompiler(document)
    return {
        name: _collection(
            name, {**inferred.get(name, {}), **declared.get(name, {})}, known, schemas
        )
        for name in dict.fromkeys(known)
    }


def _inferred(document: Document, resources: Mapping[str, ResourceAction]) -> dict[str, Document]:
    """Descriptions of the resources' collections, as an overlay would write them.

    A resource that is reached by several paths has the parents of all of them.
    """
    inferred: dict[str, Document] = {}
    names = {action.resource.name for action in resources.values()}
    every = [action.resource for action in resources.values()]
    for resource in {(one.name, one.collection_path): one for one in every}.values():
        shape = shape_of(resource.item_schema, document)
        described = inferred.setdefault(
            resource.name,
            {
                "idField": resource.id_field,
                "schema": resource.item_schema,
                "references": {},
                "hidden": sorted(shape.having("writeOnly")),
            },
        )
        for parent in resource.parents:
            if parent.resource in names:
                described["references"][parent.field] = parent.resource
            if not parent.is_shown:
                described["hidden"].append(parent.field)
    return inferred


def _collection(
    name: str, described: Document, known: Iterable[str], compiler: SchemaCompiler
) -> Collection:
    place = f"#/{EXTENSION}/{name}"
    for part in described:
        if part not in _PARTS and part != "hidden":
            raise SetupError("a collection has no such part", place=place, value=part, known=_PARTS)
    references = described.get("references", {})
    for field, target in references.items():
        if target not in known:
            where = f"{place}/references/{field}"
            raise SetupError("unknown collection", place=where, value=target, known=known)
    id_field = described.get("idField")
    schema = described.get("schema") or {}
    return Collection(
        name=name,
        id_fields=tuple([id_field] if isinstance(id_field, str) else id_field or ()),
        schema=schema,
        references=references,
        unique=tuple(tuple(fields) for fields in described.get("unique", ())),
        hidden=frozenset(described.get("hidden", ())),
        validator=compiler.compile(schema, "response", place=f"{place}/schema"),
    )


def _values(value: Json, path: list[str], pointer: str) -> Iterator[tuple[str, Json]]:
    """What stands at *path*, in every entry of every list on the way; nulls are nothing."""
    if isinstance(value, list):
        for index, held in enumerate(value):
            yield from _values(held, path, f"{pointer}/{index}")
    elif not path:
        if value is not None:
            yield pointer, value
    elif isinstance(value, dict) and path[0] in value:
        yield from _values(value[path[0]], path[1:], f"{pointer}/{path[0]}")
