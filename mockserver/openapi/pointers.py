"""References inside one document: JSON pointers, and the objects they lead to."""

from collections.abc import Iterator
from urllib.parse import unquote

from mockserver.errors import SetupError
from mockserver.model import Document, Json

DATA_KEYS = frozenset({"example", "default", "enum", "value"})
"""Keys whose values are data: a `$ref` in there is not a reference."""

NAMED_KEYS = frozenset({"properties", "patternProperties"})
"""Keys whose values map names that somebody made up."""


def pointer_to(*keys: str | int) -> str:
    """`#/paths/~1books/get` from the keys that lead there."""
    return "#" + "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in keys)


def keys_of(pointer: str) -> list[str]:
    """The keys in `#/paths/~1books/get`."""
    parts = unquote(pointer.removeprefix("#")).split("/")[1:]
    return [part.replace("~1", "/").replace("~0", "~") for part in parts]


def resolve(document: Json, ref: str) -> Json:
    """What stands at *ref* (`#/...`). Raises SetupError that offers the nearest name."""
    node = document
    done: list[str | int] = []
    for key in keys_of(ref):
        if isinstance(node, dict) and key in node:
            node = node[key]
        elif isinstance(node, list) and key.isdecimal() and int(key) < len(node):
            node = node[int(key)]
        else:
            known = node if isinstance(node, dict) else ()
            reason = f"the reference {ref} leads nowhere: {pointer_to(*done)} has no such entry"
            raise SetupError(reason, value=key, known=known)
        done.append(key)
    return node


def follow(document: Document, node: Json) -> Json:
    """*node* itself, or what its `$ref` leads to in the end. Raises SetupError."""
    seen: list[str] = []
    while isinstance(node, dict) and isinstance(node.get("$ref"), str):
        ref = node["$ref"]
        if ref in seen:
            raise SetupError("these references lead to each other", value=" -> ".join([*seen, ref]))
        seen.append(ref)
        node = resolve(document, ref)
    return node


def references(node: Json, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every reference in *node*: the pointer to the object that holds it, and its text."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from references(item, (*place, index))
    elif isinstance(node, dict):
        has_names = bool(place) and place[-1] in NAMED_KEYS
        if isinstance(node.get("$ref"), str) and not has_names:
            yield pointer_to(*place), node["$ref"]
            return
        for key, value in node.items():
            if has_names or (key not in DATA_KEYS and not key.startswith("x-")):
                yield from references(value, (*place, key))
