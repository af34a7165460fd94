"""Cross-origin headers: any web page may call the simulated API.

The admin API gets none of them; see `admin/access.py`.
"""

import re
from collections.abc import Iterable, Sequence

Header = tuple[bytes, bytes]

MAX_AGE_S = 86400
METHODS = ("GET", "PATCH", "DELETE", "HEAD", "POST", "PUT", "OPTIONS")
OWN_HEADERS = ("Prefer",)
"""What a page may send to the mock itself, beside the headers of the API."""

EXPOSED_HEADERS = (
    "Retry-After",
    "X-Request-Id",
    "X-RateLimit-Limit-Default",
    "X-RateLimit-Remaining-Default",
    "X-RateLimit-Reset-Default",
    "Preference-Applied",
    "X-Understudy-Error",
    "Allow",
    "Location",
    "WWW-Authenticate",
)

CORS_HEADERS: tuple[Header, ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", ", ".join(EXPOSED_HEADERS).encode()),
)
"""On every answer of the simulated API."""

_PREFLIGHT_HEADERS: tuple[Header, ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", ", ".join(METHODS).encode()),
    (b"access-control-max-age", str(MAX_AGE_S).encode()),
)
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def is_preflight(headers: Iterable[Header]) -> bool:
    """Tell whether an OPTIONS request is a browser asking for leave, by its ASGI headers."""
    names = {name for name, _ in headers}
    return b"origin" in names and b"access-control-request-method" in names


def preflight_headers(
    request_headers: Iterable[Header], allowed: Sequence[str] | None = None
) -> list[Header]:
    """The headers of the 204 that answers a preflight.

    *request_headers* are ASGI's, with lower-case names. *allowed* are the headers that the API
    lets pages send; None (an API of which nothing is known) allows
    whatever was asked for.
    """
    asked = dict(request_headers)
    wanted = _TOKEN.findall(asked.get(b"access-control-request-headers", b""))
    answer = list(_PREFLIGHT_HEADERS)
    if allowed is None:
        names = b", ".join(wanted)
        answer.append((b"vary", b"Access-Control-Request-Headers"))
    else:
        names = ", ".join((*allowed, *OWN_HEADERS)).encode()
    if names:
        answer.append((b"access-control-allow-headers", names))
    if asked.get(b"access-control-request-private-network") == b"true":
        # a page from the internet may call a mock on the developer's own machine
        answer.append((b"access-control-allow-private-network", b"true"))
    return answer
