"""What stands for a recording's variables now, and the requests that follow from it."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from contracts.exchange import Exchange, Request
from contracts.parity.recorded import RAW, Recorded
from contracts.stops import NotJudged
from mockserver.model import MISSING, Json

_VARIABLE: Final = re.compile(r"<<([^<>]+)>>")
_KEY: Final = re.compile(r"<key:([^<>]+)>")

SecretOf = Callable[[str], str]
"""The key of an actor. Raises NotJudged where nobody gave it."""


class Variables:
    """Fills templates with what earlier answers gave.

    *given* are values that the user tells. A variable that no answer gives belongs to the world in
    which the recording began: where *is_guessing*, it has the value that it was recorded with.
    """

    def __init__(
        self, recorded: Sequence[Recorded], given: Mapping[str, str], *, is_guessing: bool
    ) -> None:
        self._present: dict[str, str] = dict(given)
        self._given = frozenset(given)
        self._is_guessing = is_guessing
        self._recorded = _recorded_values(recorded) if is_guessing else {}
        self._sources = {name: one.seq for one in recorded for name in one.capture}

    def request(self, recorded: Recorded, secret_of: SecretOf) -> Request:
        """The request of *recorded* for the present target. Raises NotJudged with what is
        missing."""
        sent = recorded.request
        target, body = sent.target, sent.body
        if recorded.is_template:
            target = _VARIABLE.sub(lambda found: self._value(found[1]), recorded.path_template)
            body = self._body(recorded)
        names: list[str] = []

        def secret(found: re.Match[str]) -> str:
            names.append(found[1])
            return secret_of(found[1])

        headers = tuple((name, _KEY.sub(secret, value)) for name, value in sent.headers)
        target = _KEY.sub(secret, target)
        actor = next(iter(names), sent.actor)
        return replace(sent, target=target, headers=headers, body=body, actor=actor)

    def learn(self, recorded: Recorded, exchange: Exchange | None) -> None:
        """Take the variables that *recorded* captures from the present answer."""
        for name, place in recorded.capture.items():
            if name in self._given:
                continue
            is_answered = exchange is not None and exchange.is_success
            found = value_at(exchange.response.json, place) if exchange and is_answered else MISSING
            self._present.pop(name, None)
            if found is not MISSING:
                self._present[name] = _text(found)
            elif self._is_guessing:
                recorded_value = value_at(recorded.response.json, place)
                self._present[name] = _text(recorded_value)

    def _value(self, name: str) -> str:
        if name in self._present:
            return self._present[name]
        if name in self._recorded and name not in self._sources:
            return self._recorded[name]
        if name in self._recorded and self._is_guessing:
            return self._recorded[name]
        if name in self._sources:
            raise NotJudged(f"needs <<{name}>>, which exchange {self._sources[name]} did not give")
        raise NotJudged(f"needs <<{name}>>, a part of the recorded world: --let {name}=VALUE")

    def _body(self, recorded: Recorded) -> bytes | None:
        template = recorded.body_template
        if template is None or template is MISSING or _is_raw(template):
            return recorded.request.body
        filled = self._filled(template, recorded.request.json)
        return json.dumps(filled, ensure_ascii=False).encode()

    def _filled(self, template: Json, sent: Json) -> Json:
        """*template* with values; one that is a whole text has the type that was *sent*."""
        if isinstance(template, dict):
            was = sent if isinstance(sent, dict) else {}
            return {key: self._filled(one, was.get(key)) for key, one in template.items()}
        if isinstance(template, list):
            members = sent if isinstance(sent, list) else []
            padded = [*members, *[None] * (len(template) - len(members))]
            return [self._filled(one, was) for one, was in zip(template, padded, strict=False)]
        if not isinstance(template, str):
            return template
        text = _VARIABLE.sub(lambda found: self._value(found[1]), template)
        is_number = isinstance(sent, int) and not isinstance(sent, bool)
        return int(text) if is_number and text.isdecimal() else text


def value_at(body: Json, place: Iterable[str | int]) -> Json:
    """The value at a place such as `("data", "linkId")`; MISSING where there is none."""
    for key in place:
        try:
            body = body[int(key)] if isinstance(body, list) else body[key]
        except (KeyError, IndexError, TypeError, ValueError):
            return MISSING
    return body


def _recorded_values(recorded: Sequence[Recorded]) -> dict[str, str]:
    """What each variable was when it was recorded, as its first use tells."""
    values: dict[str, str] = {}
    for one in recorded:
        if one.is_template:
            for name, value in _matched(one.path_template, one.request.target):
                values.setdefault(name, value)
            for name, value in _in_body(one.body_template, one.request.json):
                values.setdefault(name, value)
    return values


def _in_body(template: Json, sent: Json) -> Iterable[tuple[str, str]]:
    if isinstance(template, dict) and isinstance(sent, dict):
        for key in template:
            yield from _in_body(template[key], sent.get(key))
    elif isinstance(template, list) and isinstance(sent, list):
        for one, was in zip(template, sent, strict=False):
            yield from _in_body(one, was)
    elif isinstance(template, str) and isinstance(sent, str | int):
        yield from _matched(template, _text(sent))


def _matched(template: str, text: str) -> list[tuple[str, str]]:
    """The values that variables have where *template* reads *text*."""
    parts = _VARIABLE.split(template)
    pattern = "".join(
        "([^/?&]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts)
    )
    found = re.fullmatch(pattern, text)
    return list(zip(parts[1::2], found.groups(), strict=True)) if found else []


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _is_raw(template: Json) -> bool:
    return isinstance(template, dict) and list(template) == [RAW]
