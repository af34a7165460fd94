"""What makes two differences of a twin run the same one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from contracts.exchange import Exchange
from contracts.parity.difference import ABSENT, Difference, Kind
from contracts.parity.play import Meeting
from contracts.parity.steps import Call
from mockserver.model import Json

ANY: Final = "any operation"
_OF_ALL: Final = (Kind.WRITING, Kind.HEADER, Kind.TIME)
"""Seldom a matter of one operation: a difference in them is one cause for all."""
_OF_THE_REQUEST: Final = frozenset({"path", "timestamp", "instance", "requestId"})
_LONGEST: Final = 200
_OWN_VALUES: Final = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|[0-9]+")


@dataclass(frozen=True, slots=True)
class Cause:
    """What makes two differences the same one: the operation, and what differs where; of statuses
    and messages also what they say, without values that differ from run to run; of values what was
    asked for."""

    operation: str
    kind: Kind
    place: str
    said: str = ""


def cause_of(meeting: Meeting, difference: Difference) -> Cause:
    said = ""
    if difference.kind is Kind.STATUS:
        refusal = _refusal(meeting)
        said = f"{difference.expected} {difference.actual} {refusal}".strip()
    elif difference.kind is Kind.MESSAGE:
        said = f"{_plain(difference.expected)} / {_plain(difference.actual)}"
    elif difference.kind is Kind.VALUE and isinstance(meeting.step, Call):
        said = " ".join(sorted({name for name, _ in meeting.step.query}))
    elif difference.kind is Kind.SHAPE:
        is_gone = difference.actual == ABSENT
        said = "absent" if is_gone else "added" if difference.expected == ABSENT else "another type"
    label = ANY if difference.kind in _OF_ALL else meeting.step.label
    return Cause(label, difference.kind, difference.place, said)


def family_of(cause: Cause) -> tuple[str, ...]:
    """What causes have in common that are likely to have one reason: the same in another operation,
    or in a list."""
    return cause.kind, cause.place.replace("/*", ""), cause.said


def _refusal(meeting: Meeting) -> str:
    """What the side that refused says, without values."""
    exchanges = (one.exchange for one in (meeting.left, meeting.right) if one.exchange)
    return " / ".join(_plain(_said(one)) for one in exchanges if not one.is_success)


def _said(exchange: Exchange) -> str:
    """Every text of an error: the message is often the same for all, and details tell."""
    return " ".join(_texts(exchange.response.json))


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _OF_THE_REQUEST:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def _plain(text: str) -> str:
    return _OWN_VALUES.sub("*", text)[:_LONGEST]
