"""Which operations a fault can touch."""

import re
from collections.abc import Callable

from mockserver.behaviours.faults import Place, Reaches


def anything(place: Place) -> bool:
    return True


def nothing(place: Place) -> bool:
    """No operation: for faults of requests that no operation takes."""
    return False


def kinds(*names: str) -> Reaches:
    """Operations that do one of these things to a resource: `list`, `create`, `read`, ..."""
    return lambda place: place.kind in names


def methods(*names: str) -> Reaches:
    return lambda place: place.operation.method in names


def documents(*statuses: str) -> Reaches:
    """Operations of which the document tells these statuses."""
    return lambda place: all(status in place.operation.responses for status in statuses)


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


def has_stored_parent(place: Place) -> bool:
    """Operations on what belongs to another resource of the document."""
    return place.action is not None and any(
        parent.resource is not None for parent in place.action.resource.parents
    )


def has_children(place: Place) -> bool:
    """Operations on items below whose path something else is."""
    if place.action is None:
        return False
    below = place.action.resource.item_path + "/"
    return any(path.startswith(below) for path in place.operation.document.get("paths", {}))


def has_numeric_path(place: Place) -> bool:
    return bool(numeric_path_names(place))


def numeric_path_names(place: Place) -> list[str]:
    return [
        one.name
        for one in place.operation.parameters
        if one.where == "path" and one.schema.get("type") in ("integer", "number")
    ]


def is_path_of(place: Place, path: str, *, flags: int = 0) -> bool:
    """Whether *path* is one of the operation's."""
    pieces = re.split(r"\{[^{}]+\}", place.operation.path)
    pattern = "[^/]+".join(re.escape(piece) for piece in pieces)
    return re.fullmatch(pattern, path, flags) is not None
