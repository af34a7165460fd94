"""Which texts count as URLs and as telephone numbers.

Source: reference event-types sections 2 and 3.1 (S `IsUrl`, `IsPhoneNumber` of class-validator
0.14 with their defaults): a scheme may be absent, the host must have a dot and a top-level name.
"""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from mockserver.model import Json

LONGEST_URL = 2083
# compiled (and kept by `re`) when first used: so many letters take a hundredth of a second
_LABEL = r"[a-z0-9\u00a1-\uffff](?:[a-z0-9\u00a1-\uffff-]{0,61}[a-z0-9\u00a1-\uffff])?"
_TOP_LEVEL = r"[a-z\u00a1-\uffff]{2,}|xn[a-z0-9-]{2,}"
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


def is_web_address(value: Json) -> bool:
    """Tell whether *value* is a URL: `https://a.example/x` and `a.example` are, `localhost` not."""
    if not isinstance(value, str) or not value or len(value) > LONGEST_URL:
        return False
    if re.search(r"[\s<>]", value) or value.startswith("mailto:"):
        return False
    scheme, separator, rest = value.partition("://")
    if not separator:
        rest = value
    elif scheme.lower() not in {"http", "https", "ftp"}:
        return False
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    return _is_authority(authority.rpartition("@")[2])


def _is_authority(text: str) -> bool:
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        return _is_address(IPv6Address, host) and _is_port(port.removeprefix(":"))
    host, colon, port = text.partition(":")
    if colon and not port:
        return False
    return _is_port(port) and (_is_address(IPv4Address, host) or _is_host_name(host))


def _is_port(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and 0 < int(text) <= 65535)


def _is_address(kind: type[IPv4Address] | type[IPv6Address], text: str) -> bool:
    try:
        kind(text)
    except AddressValueError:
        return False
    return True


def _is_host_name(text: str) -> bool:
    labels = text.lower().split(".")
    return (
        len(labels) > 1
        and all(re.fullmatch(_LABEL, label) for label in labels)
        and re.fullmatch(_TOP_LEVEL, labels[-1]) is not None
    )


def is_phone_number(value: Json) -> bool:
    """Tell whether *value* is an international number: `+37120993151`.

    Source: assumed (the real check knows every country's numbering plan; this one the shape).
    """
    if not isinstance(value, str):
        return False
    return _PHONE.fullmatch(re.sub(r"[\s().-]", "", value)) is not None
