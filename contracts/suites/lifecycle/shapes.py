"""What schemas say of things: which properties they show, take, and keep for themselves."""

from collections.abc import Iterator, Mapping
from typing import Final

from contracts.suites.lifecycle.things import Thing
from contracts.yardstick import Yardstick
from mockserver.model import Document, Json
from mockserver.openapi import follow

Schemas = dict[str, Mapping[str, Json]]

_OWNERS: Final = ("owner", "user", "account", "tenant", "creator", "author")
_BIRTHS: Final = frozenset(
    ["createdat", "created", "createdon", "creationdate", "datecreated", "addedat"]
)


def properties_of(
    document: Document, schema: Mapping[str, Json], *, of_any_branch: bool = False
) -> Schemas:
    """The properties of an object schema, `$ref` and `allOf` resolved; of a oneOf or anyOf those
    that all branches share, or those of any."""
    return dict(_properties(document, schema, of_any_branch, ()))


def shown_always(yardstick: Yardstick, thing: Thing) -> Schemas:
    """What every item of *thing* may show, whichever variant it is."""
    return properties_of(yardstick.effective, thing.resource.item_schema)


def shown_ever(yardstick: Yardstick, thing: Thing) -> Schemas:
    """What an item of some variant may show."""
    return properties_of(yardstick.effective, thing.resource.item_schema, of_any_branch=True)


def taken(yardstick: Yardstick, thing: Thing, kind: str) -> Schemas:
    """The properties that the body of the operation *kind* may set."""
    if not thing.has(kind):
        return {}
    schema = yardstick.request_schema(thing.operation(kind))
    if schema is None:
        return {}
    declared = properties_of(yardstick.document, schema, of_any_branch=True)
    return {name: one for name, one in declared.items() if one.get("readOnly") is not True}


def lasting(yardstick: Yardstick, thing: Thing) -> list[str]:
    """Properties that never change in a thing's life: id, parents, owner, time of creation; as
    far as no body may set them."""
    settable = {**taken(yardstick, thing, "update"), **taken(yardstick, thing, "replace")}
    parents = {parent.field for parent in thing.resource.parents}
    return [
        name
        for name in shown_always(yardstick, thing)
        if name not in settable
        and (
            name == thing.resource.id_field
            or name in parents
            or is_owner(name)
            or _plain(name) in _BIRTHS
        )
    ]


def is_owner(name: str) -> bool:
    """Whether a property so named tells whose a thing is: `ownerId`, `owner`, `createdBy`."""
    plain = _plain(name)
    return plain == "createdby" or any(plain in (word, f"{word}id") for word in _OWNERS)


def owner_field(yardstick: Yardstick, thing: Thing) -> str:
    """The property that tells whose an item is; `` where none does."""
    return next((name for name in lasting(yardstick, thing) if is_owner(name)), "")


def is_nullable(yardstick: Yardstick, schema: Mapping[str, Json]) -> bool:
    return yardstick.validator(schema, "request").is_valid(None)


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _properties(
    document: Document, schema: Mapping[str, Json], of_any: bool, within: tuple[int, ...]
) -> Iterator[tuple[str, Mapping[str, Json]]]:
    schema = follow(document, schema)
    if id(schema) in within:
        return
    within = (*within, id(schema))
    for part in schema.get("allOf", ()):
        yield from _properties(document, part, of_any, within)
    for key in ("oneOf", "anyOf"):
        branches = [dict(_properties(document, one, of_any, within)) for one in schema.get(key, ())]
        for name, inner in (pair for branch in branches for pair in branch.items()):
            if of_any or all(name in branch for branch in branches):
                yield name, inner
    for name, inner in schema.get("properties", {}).items():
        yield name, follow(document, inner)
