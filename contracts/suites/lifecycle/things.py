"""Things that come and go: one resource at its own paths, and the operations that handle it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from contracts.yardstick import Yardstick
from mockserver.openapi import Operation, Resource, ResourceAction


@dataclass(frozen=True, slots=True)
class Thing:
    """A resource, and its operations by kind (`list`, `create`, `read`, `replace`, `update`,
    `delete`). *maker* is the thing whose create makes what is listed here: itself, or the same
    resource at other paths; None where nothing does."""

    resource: Resource
    operations: Mapping[str, Operation]
    maker: "Thing | None" = None

    def has(self, *kinds: str) -> bool:
        return all(kind in self.operations for kind in kinds)

    def operation(self, kind: str) -> Operation:
        return self.operations[kind]

    @property
    def is_shown(self) -> bool:
        """Whether one of them can be looked at: by itself, or in a list."""
        return self.has("read") or self.has("list")


def things_of(yardstick: Yardstick) -> list[Thing]:
    """Everything that the document's operations handle, in the order of the document."""
    found: dict[tuple[str, str], dict[str, Operation]] = {}
    resources: dict[tuple[str, str], Resource] = {}
    for operation in yardstick.operations:
        action = action_of(yardstick, operation)
        if action is not None:
            place = action.resource.collection_path, action.resource.item_path
            resources.setdefault(place, action.resource)
            found.setdefault(place, {}).setdefault(action.kind, operation)
    plain = [Thing(resources[place], found[place]) for place in found]
    return [replace(thing, maker=_maker(thing, plain)) for thing in plain]


def action_of(yardstick: Yardstick, operation: Operation) -> ResourceAction | None:
    """What *operation* does to which resource."""
    return yardstick.resources.get(yardstick.driving(operation).id)


def parent_of(thing: Thing, things: Iterable[Thing]) -> Thing | None:
    """The thing whose item stands right above the collection, where one can be made."""
    above = thing.resource.collection_path.rpartition("/")[0]
    for one in things:
        if one.resource.item_path == above and one.has("create"):
            return one
    return None


def _maker(thing: Thing, things: Iterable[Thing]) -> Thing | None:
    if thing.has("create"):
        return thing
    same = (one for one in things if one.resource.name == thing.resource.name)
    return next((one for one in same if one.has("create")), None)
