"""Secrets: known to the door that sends them, to nobody who prints."""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import quote, quote_plus

from contracts.exchange import Exchange, Headers, Request, Response
from contracts.findings import Finding

_ESCAPE: Final = re.compile("%[0-9A-F]{2}")


class Secrets:
    """Replaces every secret in texts and bodies by a name: `$OWNER_KEY`.

    *values* maps each secret to what is shown instead. A secret is also found URL-encoded, in
    JSON escapes and in the base64 of basic authentication.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        spellings: dict[str, str] = {}
        for secret, shown in values.items():
            for spelling in _spellings(secret):
                spellings[spelling] = shown
        self._spellings = sorted(spellings.items(), key=lambda pair: -len(pair[0]))

    def text(self, text: str) -> str:
        """*text* without secrets."""
        for secret, shown in self._spellings:
            if secret in text:
                text = text.replace(secret, shown)
        return text

    def body(self, body: bytes) -> bytes:
        """*body* without secrets."""
        for secret, shown in self._spellings:
            if (encoded := secret.encode()) in body:
                body = body.replace(encoded, shown.encode())
        return body

    def request(self, request: Request) -> Request:
        return replace(
            request,
            target=self.text(request.target),
            headers=self._headers(request.headers),
            body=None if request.body is None else self.body(request.body),
        )

    def exchange(self, exchange: Exchange) -> Exchange:
        response = exchange.response
        return replace(
            exchange,
            request=self.request(exchange.request),
            response=Response(
                response.status,
                self._headers(response.headers),
                self.body(response.body),
                response.is_cut,
            ),
            path_values={name: self.text(text) for name, text in exchange.path_values.items()},
        )

    def finding(self, finding: Finding) -> Finding:
        return replace(
            finding,
            message=self.text(finding.message),
            expected=self.text(finding.expected),
            came=self.text(finding.came),
            cause=self.text(finding.cause),
            operation=self.text(finding.operation),
            exchange=None if finding.exchange is None else self.exchange(finding.exchange),
            story=tuple(self.exchange(one) for one in finding.story),
        )

    def _headers(self, headers: Headers) -> Headers:
        return tuple((name, self.text(value)) for name, value in headers)


def _spellings(secret: str) -> Iterable[str]:
    if not secret:
        return
    yield secret
    for encoded in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        yield encoded
        yield _ESCAPE.sub(lambda found: found[0].lower(), encoded)
    yield json.dumps(secret)[1:-1]
    for pair in (secret, f"{secret}:", f":{secret}"):
        yield base64.b64encode(pair.encode()).decode()
