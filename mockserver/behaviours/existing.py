"""What a stored document refers to must exist, or the mock's own state could not be read back."""

from collections.abc import Mapping

from mockserver.behaviours.collection import EXTENSION, key_text
from mockserver.behaviours.registry import Call
from mockserver.errors import ApiError
from mockserver.model import Document, Json
from mockserver.openapi.resources import ResourceAction

References = Mapping[str, str]
"""Collections by the field that holds a key of theirs."""


def references_of(
    document: Document, resources: Mapping[str, ResourceAction]
) -> dict[str, References]:
    """The references of every resource, by its name; those that the document tells itself win."""
    names = {action.resource.name for action in resources.values()}
    found: dict[str, dict[str, str]] = {name: {} for name in names}
    for action in resources.values():
        for parent in action.resource.parents:
            if parent.resource in names:
                found[action.resource.name][parent.field] = parent.resource
    told = document.get(EXTENSION, {})
    return {name: told.get(name, {}).get("references", one) for name, one in found.items()}


def check_references(call: Call, document: Document, references: References) -> None:
    """Raises ApiError where a top-level field of *document* refers to nothing."""
    broken = [
        (field, target, held)
        for field, target in references.items()
        for held in _held(document.get(field))
        if call.store.get(target, key_text(held)) is None
    ]
    if not broken:
        return
    entries = [
        {
            "location": f"body.{field}",
            "severity": "error",
            "code": "reference",
            "message": f"refers to no stored document: {target} holds no {key_text(held)!r}",
        }
        for field, target, held in broken
    ]
    first = f"{entries[0]['location']} {entries[0]['message']}"
    raise ApiError(_status(call), first, details=entries)


def _held(value: Json) -> list[Json]:
    several = value if isinstance(value, list) else [value]
    return [one for one in several if one is not None and not isinstance(one, dict | list)]


def _status(call: Call) -> int:
    """422 where the operation documents it, else 400 where it does, else 404."""
    if "422" in call.operation.responses:
        return 422
    return 404 if call.operation.response_key(400) is None else 400


def with_existing(
    call: Call, document: Document, references: References, id_fields: Mapping[str, str]
) -> Document:
    """*document*, whose made-up references lead to the first that there is.

    *references* are those that nobody sent, *id_fields* the ids' names by collection.
    """
    mended = dict(document)
    for field, target in references.items():
        held = document.get(field)
        if held is None or call.store.get(target, key_text(held)) is not None:
            continue
        first = next(iter(call.store.find(target)), {})
        mended[field] = first.get(id_fields.get(target, ""), held)
    return mended
