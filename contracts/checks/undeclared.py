"""Properties of an answer that the document does not have: schemas are open, so they pass."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from contracts.checks.misplaced import misplaced
from contracts.checks.places import general, pointer
from contracts.checks.promises import promise_of
from contracts.checks.shapes import Branch, Choice, Shape, shapes_of
from contracts.checks.walk import Place, walk
from contracts.exchange import Exchange
from contracts.findings import Finding, Severity
from contracts.yardstick import Yardstick
from mockserver.model import MISSING, Json

_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# fmt: off
_SECRET: Final = frozenset([
    "password", "passwd", "passphrase", "pwd", "secret", "secrets", "token", "tokens", "hash",
    "hashed", "salt", "key", "keys", "credential", "credentials", "otp", "totp", "pin", "ssn",
    "iban", "cvv",
])
# fmt: on
_PROBLEM: Final = "application/problem+json"
_PROBLEM_MEMBERS: Final = frozenset(["type", "title", "status", "detail", "instance"])
"""What any problem document may have. Source: RFC 9457 section 3.1."""


def properties_are_declared(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """Every property of a JSON answer is declared, by its schema or a branch that it fits; a
    problem document may have what all of them may."""
    body, promise = exchange.response.json, promise_of(exchange, yardstick)
    schema = promise.schema(exchange.response.content_type) if promise else None
    operation = exchange.operation
    if body is MISSING or promise is None or schema is None or operation is None:
        return
    shape = shapes_of(yardstick, "response").of_response(operation, promise.key, schema)
    seen = hash(exchange.response.body)
    if seen in shape.clean_bodies:
        return
    found = _Undeclared()
    walk(body, shape, found, is_sound=True)
    if not found.places:
        shape.clean_bodies.add(seen)
        return
    if not yardstick.validator(schema, "response").is_valid(body):
        if misplaced(exchange, yardstick, fits=False) is not None:
            return
        found = _Undeclared()
        walk(body, shape, found, is_sound=False)
    is_problem = exchange.response.content_type == _PROBLEM
    for cause, (place, value) in found.places.items():
        if is_problem and len(place) == 1 and place[0] in _PROBLEM_MEMBERS:
            continue
        yield _finding(exchange, f"{promise.source}/content", cause, place, value)


class _Undeclared:
    """Keeps the first place of each undeclared property."""

    def __init__(self) -> None:
        self.places: dict[str, tuple[Place, Json]] = {}

    def undeclared(self, place: Place, name: str, value: Json) -> None:
        self.places.setdefault(general((*place, name)), ((*place, name), value))

    def declared(self, shape: Shape, name: str) -> None: ...

    def member(self, shape: Shape, value: Json) -> None: ...

    def chosen(self, choice: Choice, fitting: Sequence[Branch], value: Json) -> None: ...


def _finding(exchange: Exchange, source: str, cause: str, place: Place, value: Json) -> Finding:
    is_secret = looks_secret(str(place[-1]))
    advice = "make sure that it is meant to be seen" if is_secret else "take it out, or declare it"
    return Finding(
        rule="undeclared-property",
        operation=exchange.label,
        severity=Severity.HIGH if is_secret else Severity.MEDIUM,
        message=f"{pointer(place)} is in the answer, and the document does not have it: {advice}.",
        expected="declared properties only",
        source=source,
        came=f"{pointer(place)}: {_kind(value)}",
        exchange=exchange,
        cause=cause,
    )


def looks_secret(name: str) -> bool:
    """Whether a property so named may hold a secret: `passwordHash`, `api_key`."""
    return any(word.lower() in _SECRET for word in _WORD.findall(name))


def _kind(value: Json) -> str:
    kinds = {bool: "a boolean", str: "a string", list: "an array", dict: "an object"}
    return "null" if value is None else kinds.get(type(value), "a number")
