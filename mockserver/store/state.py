"""The JSON form of a whole state, checked before a store takes it over."""

from collections.abc import Iterable, Mapping

from mockserver.errors import SetupError
from mockserver.model import Document, Json
from mockserver.store.protocol import GREATEST_SEQUENCE

_PARTS = ("collections", "sequences")
_LONGEST_ID = 18
"""Decimal digits that surely fit 64 bits; longer keys are names, not counted ids."""


def parts_of(state: Json) -> tuple[Mapping[str, Mapping[str, Document]], dict[str, int]]:
    """Collections and sequences of *state*, each sequence at or beyond its integer keys.

    *state* is `{"collections": {name: {key: document}}, "sequences": {name: n}}`; sequences may
    be left out. Raises SetupError with the place of the first value of a wrong shape.
    """
    _require_object(state, "")
    for name in state:
        if name not in _PARTS:
            raise SetupError(
                "a state has no such part", place=f"/{_escaped(name)}", value=name, known=_PARTS
            )
    if "collections" not in state:
        raise SetupError("a state needs its collections", place="/collections")
    collections = state["collections"]
    _check_collections(collections)
    given = state.get("sequences", {})
    _check_sequences(given)
    return collections, _lifted(given, collections)


def integer_of(key: str) -> int:
    """The id that *key* spells (`42`), or 0 where it spells none (`042`, `abc`)."""
    if len(key) <= _LONGEST_ID and key.isascii() and key.isdigit() and key[0] != "0":
        return int(key)
    return 0


def _lifted(given: Mapping[str, int], collections: Mapping[str, Iterable[str]]) -> dict[str, int]:
    lifted = {name: number for name, number in given.items() if number}
    for name, keys in collections.items():
        highest = max(map(integer_of, keys), default=0)
        if highest > lifted.get(name, 0):
            lifted[name] = highest
    return lifted


def _check_collections(collections: Json) -> None:
    _require_object(collections, "/collections")
    for name, documents in collections.items():
        place = f"/collections/{_escaped(name)}"
        _require_object(documents, place)
        for key, document in documents.items():
            if not isinstance(document, dict):
                raise SetupError(
                    "must be an object", place=f"{place}/{_escaped(key)}", value=document
                )


def _check_sequences(sequences: Json) -> None:
    _require_object(sequences, "/sequences")
    for name, number in sequences.items():
        if type(number) is not int or not 0 <= number <= GREATEST_SEQUENCE:
            raise SetupError(
                "a sequence is a whole number from 0 to 2**62",
                place=f"/sequences/{_escaped(name)}",
                value=number,
            )


def _require_object(value: Json, place: str) -> None:
    if not isinstance(value, dict):
        raise SetupError("must be an object", place=place or "/", value=value)
    for key in value:
        if not isinstance(key, str):
            raise SetupError("a key must be text", place=place or "/", value=key)


def _escaped(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
