"""Credentials, kept out of everything that is shown."""

import re
from collections.abc import Mapping, Set
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, unquote_plus

from mockserver.model import Document, Json
from mockserver.openapi.pointers import follow

MASK = "***"
_LONGEST_USUAL_NAME = 64
_SHORTEST_SECRET = 6
"""Shorter values are not looked for elsewhere: they would black out innocent text."""

_NAME = (
    r"(?:authorization|cookie|secret|token|password|passwd|passphrase"
    r"|(?:api|access|private)[-_]?key)"
)
_SECRET_NAME = re.compile(_NAME, re.IGNORECASE)
_MEMBER = re.compile(
    rf'("[^"\\]{{0,64}}{_NAME}[^"\\]{{0,64}}"\s*:\s*")(?:[^"\\]|\\.)*("|\\?$)', re.IGNORECASE
)
_FIELD = re.compile(r"((?:^|[?&])([^=&?#]+)=)[^&#]*")
_PUBLIC_NAME = re.compile(r"client[-_]?id$", re.IGNORECASE)
"""Source: RFC 6749 section 2.2 (a client's identifier is not a secret)."""


def credential_names(document: Document) -> frozenset[str]:
    """The headers, fields and cookies in which *document* has its keys sent, in lower case."""
    schemes = document.get("components", {}).get("securitySchemes", {}).values()
    known = [follow(document, scheme) for scheme in schemes]
    names = {str(scheme["name"]).lower() for scheme in known if scheme["type"] == "apiKey"}
    return frozenset(name for name in names if not _PUBLIC_NAME.search(name))


class Masker:
    """Hides the credentials of one request wherever they appear in it and in its answer.

    *secret_names* are names, in lower case, that are secret beside the usual ones.
    """

    def __init__(self, headers: Mapping[str, str], secret_names: Set[str] = frozenset()) -> None:
        self._also_secret = secret_names
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
            target = _FIELD.sub(self._field, target)
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

    def _field(self, found: re.Match[str]) -> str:
        return f"{found[1]}{MASK}" if self.is_secret(unquote_plus(found[2])) else found[0]

    def _secrets_in(self, headers: Mapping[str, str]) -> set[str]:
        """What is looked for elsewhere, also as a URL would have it."""
        values = [value for name, value in headers.items() if self.is_secret(name)]
        found = {value.rpartition(" ")[2] for value in values} | set(values)
        found |= self._cookies_in(headers.get("cookie", ""))
        found |= {quote(secret, safe="") for secret in found}
        return {secret for secret in found if len(secret) >= _SHORTEST_SECRET}

    def _cookies_in(self, header: str) -> set[str]:
        """The values of those that hold a credential; what a site's others say is no secret."""
        try:
            return {one.value for one in SimpleCookie(header).values() if self.is_secret(one.key)}
        except CookieError:
            return set()

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
