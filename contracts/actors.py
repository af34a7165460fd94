"""Who sends requests: names of actors, and the credential that each has."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from contracts.exchange import Headers
from contracts.secrets import Secrets
from mockserver.model import Document
from mockserver.openapi import Operation

OWNER: Final = "owner"
OTHER: Final = "other"
READER: Final = "reader"
"""The owner, with a credential that may only read."""
ANONYMOUS: Final = "anonymous"
"""Sends no credential; always there."""
STRANGER: Final = "stranger"
"""Sends a credential of the right form that nobody was given; always there."""


@dataclass(frozen=True, slots=True)
class Actor:
    """One who has a credential. *variable* is the environment variable that it came from, `` for
    one that is no secret: the keys of the mock's own people.

    *secret* is a key or a token; `id:secret` where the document asks for a pair.
    """

    name: str
    secret: str = field(repr=False)
    variable: str = ""


class Actors:
    """The actors of a run, and how the document wants each to show who they are."""

    def __init__(self, actors: Iterable[Actor], schemes: Mapping[str, Document]) -> None:
        self._actors = {actor.name: actor for actor in actors}
        self._schemes = schemes

    @property
    def names(self) -> tuple[str, ...]:
        """Those with a credential of their own, in the order given."""
        return tuple(self._actors)

    def __contains__(self, name: str) -> bool:
        return name in self._actors or name in (ANONYMOUS, STRANGER)

    @property
    def secrets(self) -> Secrets:
        values: dict[str, str] = {}
        for actor in self._actors.values():
            if not actor.variable:
                continue
            shown = f"${actor.variable}"
            values[actor.secret] = shown
            client, colon, secret = actor.secret.partition(":")
            if colon and client and secret:
                values[secret] = shown
        return Secrets(values)

    def headers(self, operation: Operation | None, name: str) -> Headers:
        """The headers that carry *name*'s credential to *operation*; none for the anonymous.

        The first of the operation's security requirements that this actor's secret can fill is
        used: a pair `id:secret` fills two API keys in headers, anything else a single scheme.
        Without schemes in the document a bearer token is sent. Raises KeyError.
        """
        if name == ANONYMOUS or not name:
            return ()
        secret = self._stranger(operation) if name == STRANGER else self._actors[name].secret
        return self._shown(operation, secret)

    def _stranger(self, operation: Operation | None) -> str:
        """The owner's secret with its letters turned, so that form and length are right."""
        model = next(iter(self._actors.values()), None)
        if model is None:
            return "nobody-was-given-this-key"
        head, tail = model.secret[:4], model.secret[4:]
        turned = "".join(chr(219 - ord(c)) if c.isascii() and c.islower() else c for c in tail)
        return head + (turned if turned != tail else turned + "x")

    def _shown(self, operation: Operation | None, secret: str) -> Headers:
        security = operation.security if operation is not None else ()
        for requirement in security:
            schemes = [self._schemes.get(name, {}) for name in requirement]
            if len(schemes) == 1 and (shown := _single(schemes[0], secret)):
                return (shown,)
            if len(schemes) == 2 and ":" in secret and all(map(_is_header_key, schemes)):
                parts = secret.partition(":")
                return ((schemes[0]["name"], parts[0]), (schemes[1]["name"], parts[2]))
        return (("Authorization", f"Bearer {secret}"),)


def _is_header_key(scheme: Document) -> bool:
    return scheme.get("type") == "apiKey" and scheme.get("in") == "header"


def _single(scheme: Document, secret: str) -> tuple[str, str] | None:
    if _is_header_key(scheme):
        return scheme["name"], secret
    if scheme.get("type") == "http" and str(scheme.get("scheme", "")).lower() == "basic":
        pair = secret if ":" in secret else f"{secret}:"
        return "Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"
    if scheme.get("type") in ("http", "oauth2", "openIdConnect") and ":" not in secret:
        return "Authorization", f"Bearer {secret}"
    return None
