"""The address of a live target, and where a request goes below it."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

import httpx2

from mockserver.errors import SetupError

_PORTS: Final = range(1, 65536)

LIVE_RATE: Final = 30
"""Requests a minute to hosts beyond this machine."""


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """A base URL in its parts; *path* has no slash at its end, *host* is as DNS knows it."""

    scheme: str
    host: str
    port: int | None
    path: str

    @property
    def origin(self) -> str:
        """`https://api.example.test:8443`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port is None else f":{self.port}")

    @property
    def authority(self) -> str:
        """What the Host header says."""
        return self.origin.partition("://")[2]

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine."""
        name = self.host.lower()
        if name == "localhost" or name.endswith(".localhost"):
            return True
        try:
            return ip_address(name).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        return self.origin + self.path

    def joined(self, target: str) -> str:
        """*target* (path and query) below the base path.

        Segments with which the base path ends and *target* begins are written once, for documents
        whose paths already hold them: `/v2/me` below `https://api.cal.com/v2` is `/v2/me`, below
        `https://example.test/proxy/v2` it is `/proxy/v2/me`.
        """
        base = self.path.split("/")[1:] if self.path else []
        segments = target.partition("?")[0].split("/")[1:]
        for count in range(min(len(base), len(segments)), 0, -1):
            if base[-count:] == segments[:count]:
                return "".join(f"/{part}" for part in base[:-count]) + target
        return self.path + target if target.startswith("/") else f"{self.path}/{target}"


def read_base_url(text: str) -> BaseUrl:
    """The base URL that *text* is. Raises SetupError."""
    try:
        url = httpx2.URL(text.strip())
        host = url.raw_host.decode("ascii")
    except (httpx2.InvalidURL, UnicodeError, TypeError) as error:
        raise SetupError(f"this is no URL: {error}", value=text) from None
    if url.scheme not in ("http", "https") or not host:
        reason = "a target is a URL that begins with http:// or https://"
        raise SetupError(reason, value=text)
    if "%" in host or (url.port is not None and url.port not in _PORTS):
        raise SetupError("this is no URL: look at its host and port", value=text)
    if url.userinfo:
        raise SetupError("a credential does not belong in a URL: give --as owner=ENV_VAR")
    if url.query or url.fragment:
        raise SetupError("the URL of a target has no ? and no #", value=text)
    path = url.raw_path.decode("ascii").rstrip("/")
    return BaseUrl(url.scheme, host, url.port, path)
