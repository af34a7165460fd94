"""One step of a sequence, told so that it can be sent to any target: what it takes from earlier
answers, from the target's bindings and from its actors stands in it as a symbol.

A sequence is made once, by rehearsing it on the mock of the document, and then played on both
sides of a twin run, each with its own ids.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from urllib.parse import quote, urlencode

from mockserver.model import MISSING, Json
from mockserver.openapi import Operation


@dataclass(frozen=True, slots=True)
class Seen:
    """The value that the answer to the step *key* shows at *place*."""

    key: int
    place: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """The value that somebody told for a path parameter (`orgId`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant near the time of sending, as it was written in the rehearsal."""

    text: str


@dataclass(frozen=True, slots=True)
class Credential:
    """Text of a header with the secret of *actor* between *before* and *after*."""

    actor: str
    before: str = ""
    after: str = ""


Symbol: TypeAlias = Seen | Bound | Moment
Text: TypeAlias = str | Symbol
SYMBOLS: Final = (Seen, Bound, Moment)


@dataclass(frozen=True, slots=True)
class Call:
    """A request. *segments* are the parts of its path, decoded; *body* is JSON with symbols in it,
    bytes as they are, or MISSING. *operation* is None where the document has none."""

    key: int
    method: str
    operation: Operation | None
    segments: tuple[Text, ...]
    query: tuple[tuple[str, Text], ...]
    headers: tuple[tuple[str, str | Credential], ...]
    body: Json
    actor: str
    sent_at: datetime

    @property
    def label(self) -> str:
        if self.operation is not None:
            return self.operation.label
        return f"{self.method} /" + "/".join(shown(one) for one in self.segments)


@dataclass(frozen=True, slots=True)
class Wait:
    """Time passes."""

    key: int
    span: timedelta

    @property
    def label(self) -> str:
        return f"wait {self.span.total_seconds():g} s"


@dataclass(frozen=True, slots=True)
class Use:
    """A booking is made through a private link."""

    key: int
    link: Text

    @property
    def label(self) -> str:
        return "use a private link"


@dataclass(frozen=True, slots=True)
class Together:
    """Requests that are sent at once, in any order."""

    key: int
    calls: tuple[Call, ...]

    @property
    def label(self) -> str:
        return f"{len(self.calls)} at once: {self.calls[0].label}"


Step: TypeAlias = Call | Wait | Use | Together


@dataclass(frozen=True, slots=True)
class Episode:
    """A sequence that stands on nothing but the target's own world. *name* tells what it is."""

    name: str
    steps: tuple[Step, ...]


def needs_of(step: Step) -> frozenset[int]:
    """The keys of the steps that *step* takes something from."""
    return frozenset(one.key for one in symbols_of(step) if isinstance(one, Seen))


def calls_of(step: Step) -> tuple[Call, ...]:
    """The requests of *step*."""
    if isinstance(step, Together):
        return step.calls
    return (step,) if isinstance(step, Call) else ()


def keys_of(step: Step) -> frozenset[int]:
    """The key of *step*, and those of the requests in it."""
    return frozenset((step.key, *(call.key for call in calls_of(step))))


def symbols_of(step: Step) -> Iterator[Symbol]:
    if isinstance(step, Together):
        for call in step.calls:
            yield from symbols_of(call)
    elif isinstance(step, Use):
        yield from _symbols(step.link)
    elif isinstance(step, Call):
        for text in (*step.segments, *(value for _, value in step.query)):
            yield from _symbols(text)
        yield from _symbols(step.body)


def with_needs(steps: tuple[Step, ...], wanted: frozenset[int]) -> tuple[Step, ...]:
    """The steps with these keys and all that they stand on, in their order."""
    keys = set(wanted)
    for step in reversed(steps):
        if keys_of(step) & keys:
            keys |= needs_of(step)
    return tuple(step for step in steps if keys_of(step) & keys)


def without(steps: tuple[Step, ...], dropped: frozenset[int]) -> tuple[Step, ...]:
    """The steps but for these keys and all that stand on them."""
    gone = set(dropped)
    kept = []
    for step in steps:
        if step.key in gone or needs_of(step) & gone:
            gone |= keys_of(step)
        else:
            kept.append(step)
    return tuple(kept)


def shown(text: Text) -> str:
    """A text as people read it: `<<3.data.id>>` for what the third step showed."""
    if isinstance(text, Seen):
        return f"<<{text.key}.{'.'.join(map(str, text.place))}>>"
    if isinstance(text, Bound):
        return f"<<{text.name}>>"
    return text.text if isinstance(text, Moment) else text


def target_of(segments: list[str], query: list[tuple[str, str]]) -> str:
    """Path and query, percent-encoded."""
    path = "/" + "/".join(quote(one, safe="") for one in segments)
    return f"{path}?{urlencode(query)}" if query else path


def content_of(body: Json) -> bytes | None:
    """The bytes of a body; None for none."""
    if body is MISSING:
        return None
    if isinstance(body, bytes):
        return body
    return json.dumps(body, ensure_ascii=False).encode()


def _symbols(value: Json) -> Iterator[Symbol]:
    if isinstance(value, SYMBOLS):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _symbols(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _symbols(inner)
