"""What faults read in schemas."""

from collections.abc import Mapping
from typing import Any

from mockserver.behaviours.faults import Place
from mockserver.model import Document
from mockserver.openapi import follow

Schema = Mapping[str, Any]


def item_schema_of(place: Place) -> Schema:
    """The schema of the items that an operation's answer shows; {} where it shows none."""
    if place.action is None or place.action.envelope is None or place.schema is None:
        return {}
    document = place.operation.document
    schema: Schema = follow(document, place.schema)
    for key in place.action.envelope.path or ():
        schema = follow(document, schema.get("properties", {}).get(key, {}))
    if place.kind == "list":
        schema = follow(document, schema.get("items", {}))
    return schema


def branches_of(document: Document, schema: Schema) -> list[Schema]:
    """The branches of a oneOf; none where there is no such choice."""
    return [follow(document, branch) for branch in schema.get("oneOf", ())]
