"""The headers that say something about an API, and when two values of one say the same.

Left out are those that change with every answer (`Date`, `ETag`, `X-Request-Id`, counters of rate
limits), those of the connection, and `Access-Control-Expose-Headers`: a mock lets pages read its
own headers too.
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from contracts.exchange import Response
from contracts.parity.texts import Texts

SUBSTANCE: Final = (
    "content-type",
    "location",
    "www-authenticate",
    "retry-after",
    "allow",
    "cache-control",
    "content-disposition",
    "content-language",
    "content-range",
    "accept-ranges",
    "link",
    "deprecation",
    "sunset",
    "access-control-allow-origin",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-allow-credentials",
    "content-security-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "origin-agent-cluster",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-dns-prefetch-control",
    "x-download-options",
    "x-frame-options",
    "x-permitted-cross-domain-policies",
    "x-xss-protection",
)
_MEMBERS: Final = frozenset(
    {"allow", "cache-control", "access-control-allow-methods", "access-control-allow-headers"}
)
"""Lists whose order and capitals mean nothing."""


def header_differences(
    expected: Response, actual: Response, texts: Texts
) -> Iterator[tuple[str, str | None, str | None]]:
    """Name, expected and actual value (None for none) of each header that does not agree."""
    for name in SUBSTANCE:
        left, right = expected.header(name), actual.header(name)
        if left == right:
            continue
        if left is None or right is None or not _agree(name, left, right, texts):
            yield name, left, right


def _agree(name: str, left: str, right: str, texts: Texts) -> bool:
    if name == "retry-after":
        return True  # how long it is yet to be waited depends on when one asks
    if name == "location":
        return texts.agree(_path(left), _path(right))
    if name in _MEMBERS:
        return _members(left, ",") == _members(right, ",")
    if name == "content-type":
        return _media_type(left) == _media_type(right)
    return texts.agree(left, right)


def _path(location: str) -> str:
    """Where it leads, without the server: each has its own."""
    parts = urlsplit(location)
    return f"{parts.path}?{parts.query}"


def _media_type(value: str) -> set[str]:
    """Type and parameters; JSON is UTF-8 whether it says so or not.

    Source: RFC 8259 sections 8.1 and 11.
    """
    members = _members(value, ";")
    return members - {"charset=utf-8"} if any("json" in one for one in members) else members


def _members(value: str, separator: str) -> set[str]:
    return {member.strip().lower().replace('"', "") for member in value.split(separator)}
