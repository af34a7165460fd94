"""Credentials, kept out of everything that is shown."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from mockserver.model import Json

MASK = "***"
_LONGEST_USUAL_NAME = 64
_SHORTEST_SECRET = 6
"""Shorter values are not looked for elsewhere: they would black out innocent text."""

_NAME = r"(?:authorization|cookie|secret|token|password|api[-_]?key)"
_SECRET_NAME = re.compile(_NAME, re.IGNORECASE)
_MEMBER = re.compile(
    rf'("[^"\\]{{0,64}}{_NAME}[^"\\]{{0,64}}"\s*:\s*")(?:[^"\\]|\\.)*("|\\?$)', re.IGNORECASE
)
_FIELD = re.compile(rf"((?:^|[?&])[^=&?]{{0,64}}{_NAME}[^=&?]{{0,64}}=)[^&#]*", re.IGNORECASE)
"""Names are bounded, so that no body takes more than linear time."""


class Masker:
    """Hides the credentials of one request wherever they appear in it and in its answer.

    *secret_headers* are names, in lower case, that are secret beside the usual ones.
    """

    def __init__(self, headers: Mapping[str, str], secret_headers: Iterable[str] = ()) -> None:
        self._also_secret = frozenset(secret_headers)
        self._secrets = sorted(self._secrets_in(headers), key=len, reverse=True)

    def header(self, name: str, value: str) -> str:
        """The value of a header as it may be shown; of a credential only its scheme."""
        if not self.is_secret(name):
            return self._without_secrets(value)
        scheme, _, credential = value.partition(" ")
        return f"{scheme} {MASK}" if credential and "=" not in scheme else MASK

    def target(self, target: str) -> str:
        """A path with its query as it may be shown."""
        if "=" in target:
            target = _FIELD.sub(rf"\1{MASK}", target)
        return self._without_secrets(target)

    def body(self, text: str) -> str:
        """A body as it may be shown; JSON stays JSON."""
        if text.lstrip()[:1] in ("{", "["):
            return self._without_secrets(_MEMBER.sub(rf"\1{MASK}\2", text))
        return self.target(text)

    def value(self, value: Json) -> Json:
        """A JSON value as it may be shown."""
        if isinstance(value, dict):
            return {
                name: MASK if self.is_secret(name) and isinstance(part, str) else self.value(part)
                for name, part in value.items()
            }
        if isinstance(value, list):
            return [self.value(part) for part in value]
        return self._without_secrets(value) if isinstance(value, str) else value

    def is_secret(self, name: str) -> bool:
        """Whether a header, member or field of this name holds a credential."""
        return name.lower() in self._also_secret or _is_secret_name(name)

    def _secrets_in(self, headers: Mapping[str, str]) -> set[str]:
        values = [value for name, value in headers.items() if self.is_secret(name)]
        found = {value.rpartition(" ")[2] for value in values} | set(values)
        return {secret for secret in found if len(secret) >= _SHORTEST_SECRET}

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text


def _is_secret_name(name: str) -> bool:
    return _is_secret_usually(name) if len(name) <= _LONGEST_USUAL_NAME else _has_secret_in(name)


def _has_secret_in(name: str) -> bool:
    return bool(_SECRET_NAME.search(name))


_is_secret_usually = lru_cache(1024)(_has_secret_in)
"""The same few names come with every request; long ones are not kept."""
