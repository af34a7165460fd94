"""Names of the places that findings speak of: operations, statuses, pointers."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus

from contracts.exchange import Exchange
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation


def addressed(exchange: Exchange) -> Operation | None:
    """The operation that a request surely goes to.

    None where a path value is empty: `/books/` is the list for most servers, and `/books/{id}` for
    the letter of the document.
    """
    return exchange.operation if all(exchange.path_values.values()) else None


def methods_at(exchange: Exchange, yardstick: Yardstick) -> Sequence[str]:
    """The methods that the path of a request surely has; none where one of its parts is empty."""
    path = exchange.request.path
    return () if path.endswith("/") or "//" in path else yardstick.methods(path)


def source_of(operation: Operation, *keys: str) -> str:
    """`document #/paths/~1books/get/responses/200`."""
    parts = ("paths", operation.template, operation.method.lower(), *keys)
    return "document #" + "".join(f"/{_escaped(part)}" for part in parts)


def named(status: int) -> str:
    """`404 Not Found`; the number alone where it has no name."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def label_of(exchange: Exchange, yardstick: Yardstick) -> str:
    """`PUT /books/{bookId}` for a request that fits no operation, but a documented path."""
    if exchange.operation is None:
        for method in yardstick.methods(exchange.request.path):
            if match := yardstick.match(method, exchange.request.path):
                return f"{exchange.request.method} {match.operation.path}"
    return exchange.label


def pointer(place: Iterable[str | int]) -> str:
    """`/items/0/name`, or `` for the whole value."""
    return "".join(f"/{_escaped(str(key))}" for key in place)


def general(place: Iterable[str | int]) -> str:
    """`/items/*/name`: the same for every item of a list."""
    return pointer("*" if isinstance(key, int) else key for key in place)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
