"""Which operations a fault can touch."""

from collections.abc import Callable

from mockserver.behaviours.faults import Place, Reaches
from mockserver.openapi import follow


def anything(place: Place) -> bool:
    return True


def kinds(*names: str) -> Reaches:
    """Operations that do one of these things to a resource: `list`, `create`, `read`, ..."""
    return lambda place: place.kind in names


def methods(*names: str) -> Reaches:
    return lambda place: place.operation.method in names


def answers_json(place: Place) -> bool:
    """Operations with a JSON success."""
    return place.schema is not None


def takes_body(place: Place) -> bool:
    return place.body is not None


def both(*conditions: Callable[[Place], bool]) -> Reaches:
    return lambda place: all(condition(place) for condition in conditions)


def shows_item(place: Place) -> bool:
    """Operations whose answer shows one item, or a list of them."""
    return place.kind in ("list", "create", "read", "replace", "update") and (
        place.action is not None and place.action.envelope is not None
    )


def item_properties(place: Place) -> dict[str, dict[str, object]]:
    """The declared properties of the items that an answer shows, by name."""
    if place.action is None:
        return {}
    document = place.operation.document
    schema = follow(document, place.action.resource.item_schema)
    branches = [
        schema,
        *(
            follow(document, part)
            for key in ("oneOf", "anyOf", "allOf")
            for part in schema.get(key, ())
        ),
    ]
    return {
        name: follow(document, declared)
        for branch in branches
        for name, declared in branch.get("properties", {}).items()
    }
