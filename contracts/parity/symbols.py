"""Turns the requests of a rehearsal into steps: finds what in them came from earlier answers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import unquote

from contracts.actors import ANONYMOUS, STRANGER, Actor, Actors
from contracts.exchange import Exchange
from contracts.parity.steps import Bound, Call, Credential, Moment, Seen, Text
from mockserver.model import MISSING, Json

_SHORTEST: Final = 4
"""Texts in a query that are shorter are not taken for something that an answer told."""
_NEAR: Final = timedelta(days=400)


class Reader:
    """Reads the requests of one episode, in the order of sending.

    *actors* and *bindings* are those of the rehearsal, *secrets* its actors with their secrets.
    """

    def __init__(
        self, actors: Actors, secrets: Sequence[Actor], bindings: Mapping[str, str]
    ) -> None:
        self._actors = actors
        self._secrets = sorted(secrets, key=lambda actor: -len(actor.secret))
        self._bound = {value: name for name, value in bindings.items()}
        self._ids: dict[str, Seen] = {}
        self._texts: dict[str, Seen] = {}
        self._sent: set[str] = set()

    def call(self, key: int, exchange: Exchange) -> Call:
        """The step that sends the request of *exchange* anew; its answer is not learned yet."""
        request, now = exchange.request, exchange.sent_at
        body: Json = MISSING
        if request.body is not None:
            body = request.body if request.json is MISSING else self._json(request.json, "", now)
        call = Call(
            key=key,
            method=request.method,
            operation=exchange.operation,
            segments=tuple(self._segments(exchange)),
            query=tuple((name, self._queried(value, now)) for name, value in request.query),
            headers=tuple(self._headers(exchange)),
            body=body,
            actor=request.actor,
            sent_at=now,
        )
        self._sent.update(value for _, value in request.query)
        self._sent.update(text for _, _, text in _leaves(request.json) if isinstance(text, str))
        return call

    def learn(self, key: int, exchange: Exchange) -> None:
        """Remember what the answer to the step *key* tells."""
        for place, name, value in _leaves(exchange.response.json):
            if name.lower().endswith("id") and (text := _id_text(value)):
                self._ids.setdefault(text, Seen(key, place))
            if isinstance(value, str):
                self._texts.setdefault(value, Seen(key, place))

    def id(self, value: str) -> Text:
        """An id as the answer that told it first has it."""
        return self._ids.get(value, value)

    def _segments(self, exchange: Exchange) -> Iterator[Text]:
        template = exchange.operation.path.split("/")[1:] if exchange.operation else ()
        parts = exchange.request.path.split("/")[1:]
        for index, part in enumerate(parts):
            value = unquote(part)
            named = template[index][1:-1] if index < len(template) else ""
            yield self._segment(value, named if template and template[index][:1] == "{" else "")

    def _segment(self, value: str, name: str) -> Text:
        if value in self._bound and name in ("", self._bound[value]):
            return Bound(self._bound[value])
        return self._ids.get(value, value)

    def _queried(self, value: str, now: datetime) -> Text:
        if len(value) >= _SHORTEST and value not in self._sent and value in self._texts:
            return self._texts[value]
        return _moment(value, now) or value

    def _headers(self, exchange: Exchange) -> Iterator[tuple[str, str | Credential]]:
        for name, value in exchange.request.headers:
            yield name, self._header(exchange, name, value)

    def _header(self, exchange: Exchange, name: str, value: str) -> str | Credential:
        for actor in (*self._actors.names, STRANGER):
            if (name, value) in self._actors.headers(exchange.operation, actor):
                return Credential(actor)
        for one in self._secrets:
            if one.secret in value:
                before, _, after = value.partition(one.secret)
                return Credential(one.name, before, after)
        return value

    def _json(self, value: Json, name: str, now: datetime) -> Json:
        if isinstance(value, dict):
            return {key: self._json(inner, key, now) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._json(inner, name, now) for inner in value]
        if name.lower().endswith("id") and (seen := self._ids.get(_id_text(value))):
            return seen
        return (_moment(value, now) if isinstance(value, str) else None) or value


def shifted(text: str, span: timedelta) -> str:
    """The instant *text* so much later, written in the same way."""
    found = datetime.fromisoformat(text)
    moved = (found + span).isoformat(timespec=_precision(text))
    return moved.replace("+00:00", "Z") if text.endswith("Z") else moved


def is_credential_of(actor: str) -> bool:
    """Whether *actor* has a credential at all."""
    return bool(actor) and actor != ANONYMOUS


def _precision(text: str) -> str:
    fraction = text.partition(".")[2]
    if not fraction:
        return "seconds"
    return "milliseconds" if not fraction[3:4].isdigit() else "microseconds"


def _moment(text: str, now: datetime) -> Moment | None:
    if "T" not in text or len(text) < len("2030-01-01T08:00:00Z"):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    is_near = found.tzinfo is not None and abs(found - now) < _NEAR
    is_plain = is_near and shifted(text, timedelta()) == text
    return Moment(text) if is_plain else None


def _leaves(
    value: Json, place: tuple[str | int, ...] = (), name: str = ""
) -> Iterator[tuple[tuple[str | int, ...], str, Json]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*place, key), key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*place, index), name)
    elif value is not MISSING:
        yield place, name, value


def _id_text(value: Json) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)
