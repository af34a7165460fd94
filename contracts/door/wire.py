"""How requests are written on the wire, the same for every transport."""

import re
from typing import Final

from contracts.exchange import Headers
from contracts.stops import NotJudged

RawHeaders = list[tuple[bytes, bytes]]

_TARGET: Final = re.compile(r"[!-~]*")
_NAME: Final = re.compile(r"[!-9;-~]+")
_BROKEN: Final = re.compile(r"[\r\n\0]")


def wire_target(target: str) -> bytes:
    """*target* as bytes: what a request line cannot hold is percent-encoded as UTF-8, everything
    else, bare `%` among it, stays as it is."""
    if not _TARGET.fullmatch(target):
        target = "".join(c if "!" <= c <= "~" else _encoded(c) for c in target)
    return target.encode("ascii")


def wire_headers(headers: Headers) -> RawHeaders:
    """Names and values as bytes, Latin-1 where they fit, else UTF-8.

    Raises NotJudged where no header can carry them.
    """
    return [(_name(name), _value(name, value)) for name, value in headers]


def read_headers(headers: RawHeaders) -> Headers:
    """Headers of an answer as text; any byte can be read."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def _encoded(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))


def _name(name: str) -> bytes:
    if not _NAME.fullmatch(name):
        raise NotJudged(f"HTTP cannot carry a header named {name!r}")
    return name.encode()


def _value(name: str, value: str) -> bytes:
    if _BROKEN.search(value):
        raise NotJudged(f"HTTP cannot carry this value of {name}: it holds a line break or a NUL")
    value = value.strip(" \t")  # no part of it on the wire; source: RFC 9110 section 5.5
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace")
