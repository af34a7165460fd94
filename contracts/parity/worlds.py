"""Two servers that did not begin with the same things: tells what of an answer the run made."""

import json
from dataclasses import replace
from typing import Final

from contracts.exchange import Exchange, Response
from contracts.items import action_of, id_text
from contracts.parity.names import TEXT
from contracts.parity.renaming import Renaming
from contracts.yardstick import Yardstick
from mockserver.model import Document, Json

_SHORTEST: Final = 3


class Worlds:
    """What the run made on each side (0 left, 1 right), and who each side's owner is.

    *profiles* are answers of both sides to requests that ask who is asking.
    """

    def __init__(self, yardstick: Yardstick, profiles: list[tuple[Json, Json]]) -> None:
        self._yardstick = yardstick
        self._profiles = profiles
        self._made: tuple[set[str], set[str]] = set(), set()

    def introduce(self, renaming: Renaming) -> None:
        """Teach *renaming* what each side calls its owner."""
        for left, right in self._profiles:
            _pair(left, right, renaming)

    def own(self, side: int, exchange: Exchange) -> Response:
        """The answer of *exchange*, of a list only what the run made."""
        action = action_of(self._yardstick, exchange.operation) if exchange.operation else None
        if action is None or action.envelope is None or not exchange.is_success:
            return exchange.response
        shown = action.envelope.unwrap(exchange.response.json)
        if action.kind == "create" and isinstance(shown, dict):
            self._made[side].add(id_text(shown.get(action.resource.id_field)))
        if action.kind != "list" or not isinstance(shown, list):
            return exchange.response
        field = action.resource.id_field
        foreign = [row for row in shown if not self._is_made(side, row, field)]
        body = _without(exchange.response.json, shown, foreign)
        return replace(exchange.response, body=json.dumps(body).encode())

    def _is_made(self, side: int, row: Json, field: str) -> bool:
        return isinstance(row, dict) and id_text(row.get(field)) in self._made[side]


def _without(value: Json, rows: list[Json], foreign: list[Json]) -> Json:
    """*value* with *rows*, wherever they stand in it, but for the *foreign* ones."""
    if value == rows:
        return [row for row in rows if row not in foreign]
    if isinstance(value, dict):
        return {key: _without(inner, rows, foreign) for key, inner in value.items()}
    return value


def _pair(left: Json, right: Json, renaming: Renaming) -> None:
    if isinstance(left, dict) and isinstance(right, dict):
        shared: Document = {key: right[key] for key in left if key in right}
        for key, other in shared.items():
            _pair(left[key], other, renaming)
    elif _is_telling(left) and _is_telling(right):
        renaming.agrees(TEXT, left, right)


def _is_telling(value: Json) -> bool:
    return isinstance(value, str) and len(value) >= _SHORTEST
