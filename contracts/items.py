"""Where the items of a resource stand on a server, and which operations list and delete them."""

from collections.abc import Mapping
from urllib.parse import quote

from contracts.yardstick import Yardstick
from mockserver.model import Json
from mockserver.openapi import Operation, Resource, ResourceAction


def action_of(yardstick: Yardstick, operation: Operation) -> ResourceAction | None:
    """What *operation* does to which resource."""
    return yardstick.resources.get(yardstick.driving(operation).id)


def deletion_of(yardstick: Yardstick, resource: Resource) -> Operation | None:
    """The operation that deletes one item of *resource*."""
    for operation in yardstick.operations:
        action = action_of(yardstick, operation)
        if action and action.kind == "delete" and action.resource.item_path == resource.item_path:
            return operation
    return None


def listing_of(yardstick: Yardstick, creation: Operation) -> Operation | None:
    """The operation that lists what *creation* creates: the one at the same path, else one of the
    same items that needs no other path values."""
    made = action_of(yardstick, creation)
    found = []
    for operation in yardstick.operations:
        action = action_of(yardstick, operation)
        if action is None or made is None or action.kind != "list":
            continue
        if action.resource.item_path == made.resource.item_path:
            found.append(operation)
    at_home = [one for one in found if one.template == creation.template]
    known = set(path_names(creation))
    return next(iter([*at_home, *(one for one in found if set(path_names(one)) <= known)]), None)


def path_names(operation: Operation) -> list[str]:
    """The names of its path parameters, in their order."""
    pieces = operation.path.split("{")[1:]
    return [piece.partition("}")[0] for piece in pieces]


def item_path(operation: Operation, resource: Resource, path_values: Mapping[str, str]) -> str:
    """The path of an item on the server. *operation* is one of the resource's: it tells the base
    path; *path_values* hold the values of its parameters and the item's id."""
    base = operation.path.removesuffix(operation.template)
    return filled(base + resource.item_path, path_values)


def filled(template: str, path_values: Mapping[str, str]) -> str:
    """A path, percent-encoded, from a template and decoded values."""
    for name, value in path_values.items():
        template = template.replace(f"{{{name}}}", quote(value, safe=""))
    return template


def id_text(value: Json) -> str:
    """An id as it stands in a path; `` for what can be none."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
