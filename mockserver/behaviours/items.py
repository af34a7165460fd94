"""How a resource's documents are made from what clients send, and what of them is shown.

Source: OpenAPI 3.0.3 "Schema Object" (`readOnly`, `writeOnly`, `default`); RFC 7396 for null in an
update; assumed (what most APIs do) for timestamps and for what clients may not set.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mockserver.behaviours.collection import key_text
from mockserver.behaviours.shape import Schema, Shape, shape_of
from mockserver.clock import iso_text
from mockserver.model import Document, Json
from mockserver.openapi.copies import copied
from mockserver.openapi.resources import Resource
from mockserver.openapi.sample import Sampler

_MADE = re.compile(r"(date|time)?_?(created|creation|inserted|added)", re.IGNORECASE)
_CHANGED = re.compile(r"(date|time|last)?_?(updated|update|modified|changed|edited)", re.IGNORECASE)
_INSTANTS: Mapping[Json, Callable[[datetime], str]] = {
    "date-time": iso_text,
    "date": lambda instant: iso_text(instant)[:10],
}


@dataclass(frozen=True, slots=True)
class Items:
    """What one operation may do to a resource's documents.

    *sent* is the shape of the request. *fixed* are the properties that no client sets: the id,
    the parents' ids, what is read-only, and what the request does not know.
    """

    resource: Resource
    item: Shape
    sent: Shape
    sampler: Sampler
    fixed: frozenset[str]
    takes_id: bool

    def accepted(self, body: Json) -> Document:
        """What of a request's body is written."""
        if not isinstance(body, dict):
            return {}
        is_open = self.sent.is_free or not self.sent.properties
        return {
            name: value
            for name, value in body.items()
            if name not in self.fixed and (is_open or name in self.sent.properties)
        }

    def created(self, body: Json, fixed: Document, now: datetime) -> Document:
        """A new document; *fixed* holds its id and its parents' ids."""
        document = {**self._defaults(), **self.accepted(body), **fixed}
        return self._completed({**document, **self._stamps(now, _MADE, _CHANGED)})

    def replaced(self, stored: Document, body: Json, now: datetime) -> Document:
        """*stored* with everything that clients may set replaced."""
        kept = {name: value for name, value in stored.items() if name in self.fixed}
        document = {**self._defaults(), **self.accepted(body), **kept}
        return self._completed({**document, **self._stamps(now, _CHANGED)})

    def updated(self, stored: Document, body: Json, now: datetime) -> Document:
        """*stored* with what was sent merged in, property by property.

        Null is kept where the property may be null, and removes the property elsewhere.
        """
        document = dict(stored)
        nullable = self.item.having("nullable")
        for name, value in self.accepted(body).items():
            if value is None and name not in nullable:
                document.pop(name, None)
            else:
                document[name] = value
        return self._completed({**document, **self._stamps(now, _CHANGED)})

    def shown(self, stored: Document) -> Document:
        """What of a stored document an answer holds."""
        hidden = {parent.field for parent in self.resource.parents if not parent.is_shown}
        return {
            name: value
            for name, value in stored.items()
            if name not in hidden and self.item.is_shown(name)
        }

    def _defaults(self) -> Document:
        return {
            name: copied(schema["default"])
            for name, schema in self.item.properties.items()
            if "default" in schema
        }

    def _stamps(self, now: datetime, *kinds: re.Pattern[str]) -> Document:
        """The date properties that the server sets, those of *kinds*, to the present instant."""
        return {
            name: _INSTANTS[schema["format"]](now)
            for name, schema in self.item.properties.items()
            if name in self.fixed
            and schema.get("format") in _INSTANTS
            and any(kind.match(name) for kind in kinds)
        }

    def _completed(self, document: Document) -> Document:
        """*document* with samples for what an answer must hold and nobody gave."""
        resource = self.resource
        place = f"/{resource.name}/{key_text(document[resource.id_field])}"
        for name in sorted(self.item.required - document.keys()):
            if name in self.item.properties and self.item.is_shown(name):
                schema = self.item.properties[name]
                document[name] = self.sampler.sample(schema, pointer=f"{place}/{name}")
        if self._fits(document):
            return document
        whole = self.sampler.sample(resource.item_schema, pointer=place)
        mended = {**whole, **document} if isinstance(whole, dict) else document
        return mended if self._fits(mended) else document

    def _fits(self, document: Document) -> bool:
        return self.sampler.fits(self.resource.item_schema, self.shown(document), "response")


def items_of(resource: Resource, request: Schema | None, sampler: Sampler) -> Items:
    """What an operation whose request has the schema *request* does to *resource*."""
    document = sampler.document
    item, sent = shape_of(resource.item_schema, document), shape_of(request, document)
    unknown = item.properties.keys() - sent.properties.keys() if sent.properties else set()
    read_only = item.having("readOnly") | sent.having("readOnly")
    parents = {parent.field for parent in resource.parents}
    return Items(
        resource=resource,
        item=item,
        sent=sent,
        sampler=sampler,
        fixed=frozenset({resource.id_field} | parents | read_only | unknown),
        takes_id=resource.id_field in sent.properties and resource.id_field not in read_only,
    )
