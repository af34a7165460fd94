"""Who may use the admin API.

Without a token: only clients on this machine, who call it by a name of this machine. A web page
elsewhere can make a browser on this machine send requests, either by its own name pointed at
127.0.0.1 (so the Host header is checked) or blindly (so the Origin header is).
With a token: everybody who has it, and nobody else.
"""

from hmac import compare_digest
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from mockserver.web.admin.problems import Refusal
from mockserver.web.asgi import Scope


def check_access(scope: Scope, token: str | None) -> None:
    """Raises Refusal where the client may not use the admin API."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if token:
        _check_token(headers, token)
        return
    client = scope.get("client")
    if client and client[0] and not is_loopback(client[0]):
        raise Refusal(403, "the admin API is open to this machine only; others need --admin-token")
    server = scope.get("server")
    bound = server[0] if server else ""
    host = headers.get(b"host")
    if host is not None and not _is_own_name(host_name(host), bound):
        raise Refusal(403, f"the admin API is not served under the name {host!r}")
    origin = headers.get(b"origin")
    if origin is not None and not _is_own_name(host_name(origin.partition("://")[2]), bound):
        raise Refusal(403, f"pages of {origin} may not use the admin API without --admin-token")


def is_loopback(address: str) -> bool:
    """Whether a client's address is one of this machine's own."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return parsed.ipv4_mapped.is_loopback
    return parsed.is_loopback


def host_name(host: str) -> str:
    """The name in a Host header, without its port, in lower case."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_own_name(name: str, bound: str) -> bool:
    local = name == "localhost" or name.endswith(".localhost") or is_loopback(name)
    return local or (bool(bound) and name == bound.lower())


def _check_token(headers: dict[bytes, str], token: str) -> None:
    given = headers.get(b"x-admin-token")
    if given is None:
        scheme, _, credential = headers.get(b"authorization", "").partition(" ")
        given = credential.strip() if scheme.lower() == "bearer" else None
    if given is None:
        detail = "the admin API needs its token: Authorization: Bearer <token>, or X-Admin-Token"
        raise Refusal(401, detail, headers=[("WWW-Authenticate", "Bearer")])
    if not compare_digest(given.encode("latin-1"), token.encode()):
        detail = "this is not the admin token"
        raise Refusal(401, detail, headers=[("WWW-Authenticate", 'Bearer error="invalid_token"')])
