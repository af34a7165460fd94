"""The headers that say something about an API, and when two values of one say the same."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from contracts.exchange import Response
from contracts.parity.instants import is_instant
from contracts.parity.names import UUID
from contracts.parity.texts import Texts
from contracts.rate_limits import overdrafts

Agree: TypeAlias = Callable[[str, str, Texts], bool]

_WORD: Final = re.compile(r"[^\s,;\"]+")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def _same_text(left: str, right: str, texts: Texts) -> bool:
    return texts.agree(left, right)


def _same_members(left: str, right: str, texts: Texts) -> bool:
    return _members(left, ",") == _members(right, ",")


def _same_type(left: str, right: str, texts: Texts) -> bool:
    return _media_type(left) == _media_type(right)


def _same_place(left: str, right: str, texts: Texts) -> bool:
    return texts.agree(_path(left), _path(right))


def _same_form(left: str, right: str, texts: Texts) -> bool:
    return _form(left) == _form(right)


def _both_there(left: str, right: str, texts: Texts) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Treatment:
    """How the header *name* is compared, where one side has it at all; a `*` at the end of a name
    stands for any rest."""

    name: str
    agree: Agree
    why: str


COMPARED: Final = (
    Treatment("content-type", _same_type, "JSON is UTF-8 whether it says so or not"),
    Treatment("location", _same_place, "each side has a server of its own before the path"),
    Treatment("www-authenticate", _same_text, "how a client is to show who it is"),
    Treatment("retry-after", _both_there, "how long is yet to be waited depends on when one asks"),
    Treatment("allow", _same_members, "a set of methods"),
    Treatment("cache-control", _same_members, "a set of directives"),
    Treatment("content-disposition", _same_text, "what a browser does with the body"),
    Treatment("content-language", _same_text, "what the body is written in"),
    Treatment("content-range", _same_text, "which part of the whole came"),
    Treatment("accept-ranges", _same_text, "whether a part can be asked for"),
    Treatment("link", _same_text, "where the next page is"),
    Treatment("deprecation", _same_text, "since when one should not call this"),
    Treatment("sunset", _same_text, "until when one can"),
    Treatment("x-request-id", _same_form, "each answer has its own; its form is the API's"),
    Treatment("x-ratelimit-*", _same_form, "counts go on by themselves, and limits are a plan's"),
    Treatment("ratelimit-*", _same_form, "counts go on by themselves, and limits are a plan's"),
    Treatment("access-control-allow-origin", _same_text, "which pages may read it"),
    Treatment("access-control-allow-methods", _same_members, "a set of methods"),
    Treatment("access-control-allow-headers", _same_members, "a set of headers"),
    Treatment("access-control-allow-credentials", _same_text, "whether cookies go along"),
    Treatment("content-security-policy", _same_text, "what a browser lets the page do"),
    Treatment("cross-origin-opener-policy", _same_text, "as above"),
    Treatment("cross-origin-resource-policy", _same_text, "as above"),
    Treatment("origin-agent-cluster", _same_text, "as above"),
    Treatment("referrer-policy", _same_text, "as above"),
    Treatment("strict-transport-security", _same_text, "as above"),
    Treatment("x-content-type-options", _same_text, "as above"),
    Treatment("x-dns-prefetch-control", _same_text, "as above"),
    Treatment("x-download-options", _same_text, "as above"),
    Treatment("x-frame-options", _same_text, "as above"),
    Treatment("x-permitted-cross-domain-policies", _same_text, "as above"),
    Treatment("x-xss-protection", _same_text, "as above"),
)

LEFT_OUT: Final = {
    "date": "when the answer was written",
    "age": "how long it lay in a cache",
    "etag": "made of the body, which is compared; a server may do without",
    "last-modified": "made of the item, which is compared; a server may do without",
    "expires": "when it was written, and what Cache-Control says",
    "vary": "what a cache between the two must know, which compression adds to",
    "content-length": "follows from the body, and from its coding",
    "content-encoding": "what both agreed on; whether the body can be read by it is compared",
    "transfer-encoding": "a matter of the connection",
    "connection": "a matter of the connection",
    "keep-alive": "a matter of the connection",
    "server": "whose software it is",
    "x-powered-by": "whose software it is",
    "via": "who carried it",
    "alt-svc": "how else the server can be reached",
    "set-cookie": "a session of its own",
    "access-control-expose-headers": "a mock lets pages read its own headers too",
    "access-control-max-age": "how long a browser may remember a preflight",
    "preference-applied": "a mock's own",
}
"""And every header in neither table: servers and networks on the way add them as they like."""


def header_differences(
    expected: Response, actual: Response, texts: Texts
) -> Iterator[tuple[str, str | None, str | None]]:
    """Name, expected and actual value (None for none) of each header that does not agree."""
    contradictory = _contradictory(expected) ^ _contradictory(actual)
    for one in COMPARED:
        for name in _named(one.name, expected, actual):
            left, right = expected.header(name), actual.header(name)
            agree = left == right or (
                left is not None and right is not None and one.agree(left, right, texts)
            )
            if not agree or name in contradictory:
                yield name, left, right


def _named(name: str, *responses: Response) -> list[str]:
    """*name*, or what begins like it in any of the answers."""
    if not name.endswith("*"):
        return [name]
    found = (key.lower() for one in responses for key, _ in one.headers)
    return sorted({key for key in found if key.startswith(name[:-1])})


def _contradictory(response: Response) -> set[str]:
    """The headers that promise more requests than the limit beside them."""
    return {said.remaining_name for said in overdrafts(response)}


def _form(value: str) -> str:
    """What sort of text it is."""
    if _NUMBER.fullmatch(value):
        return "a number"
    if re.fullmatch(UUID, value):
        return "a UUID"
    if is_instant(value):
        return "an instant"
    return "a word" if _WORD.fullmatch(value) else "words"


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
