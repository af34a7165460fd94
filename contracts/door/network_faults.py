"""What went wrong with a connection, in one sentence each."""

import socket
import ssl
from collections.abc import Iterator

import httpcore2

from contracts.door.base_url import BaseUrl
from contracts.door.deadlines import CONNECT_S


def connect_sentence(error: Exception, url: BaseUrl) -> tuple[str, bool]:
    """Why no connection to *url* came about, and whether trying again is of no use."""
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return f"there is no host named {url.host}: is {url} right?", True
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = cause.verify_message.rstrip(".")
            return f"TLS: the certificate of {url.authority} is not trusted: {reason}", True
        if isinstance(cause, ssl.SSLError):
            reason = (cause.reason or str(cause)).replace("_", " ").lower()
            return f"TLS with {url.authority} failed ({reason}): does it speak https?", True
        if isinstance(cause, ConnectionRefusedError):
            return f"nothing listens at {url.origin} (connection refused): is it running?", False
    if isinstance(error, httpcore2.ConnectTimeout):
        return f"{url.origin} takes no connection within {CONNECT_S:g} s", True
    return f"no connection to {url.origin}: {error}", False


def drop_sentence(error: Exception) -> str:
    """What became of a request on a connection that broke."""
    if isinstance(error, httpcore2.RemoteProtocolError) and "disconnected" not in str(error):
        return f"what came back is no HTTP answer: {error}"
    return "the connection was dropped before an answer came"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
