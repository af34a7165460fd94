"""Documents and their values as JSON has them: packed, compared, and equal or not."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from mockserver.errors import SetupError
from mockserver.model import Document, Json, fitted
from mockserver.store.protocol import FrozenDocument, View

VIEWS_KEPT: Final = 1024
"""How many parsed documents a store keeps for those who only read."""
LONGEST_LIST: Final = 50
"""How many documents a list may hold that is kept."""


def packed(document: Document) -> bytes:
    """The document as JSON; dates and the like are refused, they would come back as text.

    Raises TypeError.
    """
    return fitted(orjson.dumps(document, option=orjson.OPT_PASSTHROUGH_DATETIME))


def unpacked(text: str | bytes) -> Document:
    """The document that `packed` has written."""
    document: Document = orjson.loads(text)
    return document


def unpacked_all(texts: Sequence[str] | Sequence[bytes]) -> list[Document]:
    """As `unpacked` for each of *texts*: many short ones are parsed sooner as one."""
    if len(texts) < 2:
        return [unpacked(text) for text in texts]
    parts: Any = texts
    documents: list[Document] = orjson.loads(
        f"[{','.join(parts)}]" if isinstance(texts[0], str) else b"[%b]" % b",".join(parts)
    )
    return documents


def viewed(text: str | bytes) -> View:
    """The document that `packed` has written, for those who only read."""
    return FrozenDocument(unpacked(text))


def checked_pack(collection: str, key: str, document: Document) -> bytes:
    """As `packed`, for a document of a loaded state. Raises SetupError with its place."""
    try:
        return packed(document)
    except orjson.JSONEncodeError as error:
        place = f"/collections/{collection}/{key}"
        raise SetupError(f"cannot be kept as JSON: {error}", place=place) from error


_SCALARS = (str, int, float, type(None))


def is_scalar(value: Json) -> bool:
    return isinstance(value, _SCALARS)


def holds(document: Document, where: Mapping[str, Json]) -> bool:
    """Whether the top-level fields of *document* equal *where*; one that it lacks is null."""
    return all(is_equal(document.get(name), value) for name, value in where.items())


def is_equal(one: Json, other: Json) -> bool:
    """Equality of JSON: true is not 1, and the order of an object's members is nothing."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_equal(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_equal, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
