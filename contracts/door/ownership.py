"""Keeps a run from changing what was there before it: who made the item that a write goes to?"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from contracts.actors import OWNER
from contracts.exchange import JSON_TYPE, READING, Exchange, Headers, Request
from contracts.items import action_of, filled
from contracts.ledger import Ledger
from contracts.yardstick import Match, Yardstick
from mockserver.openapi import Operation

_ABSENT: Final = frozenset(
    {HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}
)
"""Answers to reading an item by which a server says that there is none."""


class Ownership:
    """Knows from *ledger* what the run created, and from looking what is not there at all."""

    def __init__(self, yardstick: Yardstick, ledger: Ledger) -> None:
        self._yardstick = yardstick
        self._ledger = ledger
        self._absent: set[str] = set()
        self._made = {
            action.resource.item_path
            for action in yardstick.resources.values()
            if action.kind == "create"
        }

    def foreign(self, request: Request, match: Match | None) -> str:
        """The path of the item that *request* would change and that the run did not create; ``
        where there is none. Only things that can be created are items here, and creating below
        somebody's item is not changing it: what is created is removed again."""
        if match is None or request.method in READING:
            return ""
        action = action_of(self._yardstick, match.operation)
        if action is not None and action.kind == "create":
            return ""
        template = self._item_template(match.operation)
        if not template:
            return ""
        base = match.operation.path.removesuffix(match.operation.template)
        path = filled(base + template, match.path_values)
        is_known = path in self._absent or self._ledger.has_created(path)
        return "" if is_known else path

    def look_at(self, request: Request, match: Match) -> Request | None:
        """The request by which the owner reads the item that *request* would change; None where
        nobody can tell whether it is there."""
        template = self._item_template(match.operation)
        reading = next(
            (
                one
                for one in self._yardstick.operations
                if one.method == "GET" and one.template == template
            ),
            None,
        )
        if reading is None or request.actor != OWNER:
            return None
        target = filled(reading.path, match.path_values)
        return Request("GET", target, tuple(self._headers(request, reading)), None, request.actor)

    def saw(self, path: str, exchange: Exchange) -> bool:
        """Whether *exchange*, made from `look_at`, tells that there is nothing at *path*."""
        if exchange.response.status not in _ABSENT:
            return False
        self._absent.add(path)
        return True

    def _item_template(self, operation: Operation) -> str:
        """The longest beginning of the operation's path that stands for one item."""
        parts = operation.template.split("/")
        beginnings = ("/".join(parts[:count]) for count in range(len(parts), 0, -1))
        return next((one for one in beginnings if one in self._made), "")

    def _headers(self, request: Request, reading: Operation) -> Iterator[tuple[str, str]]:
        """Those of the write that are not about its body, with what *reading* requires."""
        required = dict(self._required(reading))
        yield "Accept", JSON_TYPE
        yield from required.items()
        known = {"accept", "content-type", "content-length", *(name.lower() for name in required)}
        for name, value in request.headers:
            if name.lower() not in known:
                yield name, value

    def _required(self, reading: Operation) -> Headers:
        sample = self._yardstick.sampler.sample
        return tuple(
            (one.name, str(sample(one.schema, pointer=f"{reading.id}/{one.name}")))
            for one in reading.parameters
            if one.where == "header" and one.required
        )
