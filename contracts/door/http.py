"""Carries requests over HTTP/1.1, as they are: no redirects followed, no cookies, no proxies.

Nothing but what a request holds is sent, beside Host, Content-Length and User-Agent. Proxies of
the environment (`HTTPS_PROXY`) are not used: what is judged is the target, not what stands before
it; certificates of `SSL_CERT_FILE` are.
"""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from copy import copy
from dataclasses import replace
from typing import Final

import httpcore2
import httpx2

from contracts.door.base_url import read_base_url
from contracts.door.deadlines import Deadline, TimedBackend
from contracts.door.decoding import decoded
from contracts.door.network_faults import connect_sentence, drop_sentence
from contracts.door.wire import RawHeaders, read_headers, wire_headers, wire_target
from contracts.exchange import READING, Request, Response
from contracts.stops import NoAnswer, NotJudged, Unreachable
from mockserver.version import VERSION

MAX_BODY_BYTES: Final = 10 * 1024 * 1024

_PAUSE_S: Final = 0.3
_UNANSWERED: Final = 3
"""After so many requests in a row without an answer the target counts as gone."""
_CONNECTIONS: Final = 16
_IDLE_S: Final = 4.0
"""Below what servers keep idle connections for, so that they seldom close one in use."""

_NO_CONNECTION: Final = (httpcore2.ConnectError, httpcore2.ConnectTimeout)
_TIMEOUTS: Final = (httpcore2.ReadTimeout, httpcore2.WriteTimeout)
_DROPS: Final = (httpcore2.ReadError, httpcore2.WriteError, httpcore2.RemoteProtocolError)


class Http:
    """A target at *base_url*, see `BaseUrl.joined` for how paths go below it.

    One request, its whole answer included, takes at most *timeout_s*; of a body *max_body_bytes*
    are read. What is longer, or does not end in time, is a `Response` that is cut. Where no
    connection comes about, or one is dropped in a reading request, it is tried *retries* times
    more. A write that left is never repeated, for it may have been applied. Raises SetupError.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout_s: float = 30.0,
        max_body_bytes: int = MAX_BODY_BYTES,
        retries: int = 2,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base_url = read_base_url(base_url)
        self.name = str(self.base_url)
        self._timeout_s = timeout_s
        self._max_body_bytes = max_body_bytes
        self._retries = retries
        self._sleep = sleep
        self._deadline = Deadline()
        self._unanswered = 0
        self._lock = threading.Lock()
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(),
            max_connections=_CONNECTIONS,
            keepalive_expiry=_IDLE_S,
            network_backend=TimedBackend(self._deadline),
        )

    def send(self, request: Request) -> Response:
        """Raises Unreachable where no connection comes about, or several requests in a row went
        unanswered; NoAnswer for one of these; NotJudged for what HTTP cannot carry."""
        wire = self._wire_request(request)
        try:
            response = self._repeated(request, wire)
        except NoAnswer as silence:
            self._count_silence(silence)
            raise
        with self._lock:
            self._unanswered = 0
        return response

    def at_root(self) -> "Http":
        """The same server without the base path, on the same connections."""
        root = copy(self)
        root.base_url = replace(self.base_url, path="")
        return root

    def close(self) -> None:
        self._pool.close()

    def _repeated(self, request: Request, wire: httpcore2.Request) -> Response:
        for attempt in range(self._retries + 1):
            is_last = attempt == self._retries
            if attempt:
                self._sleep(_PAUSE_S * 2 ** (attempt - 1))
            try:
                return self._once(wire, takes_part=is_last or request.method not in READING)
            except httpcore2.LocalProtocolError as error:
                raise NotJudged(f"HTTP cannot carry this request: {error}") from None
            except _NO_CONNECTION as error:
                sentence, is_lasting = connect_sentence(error, self.base_url)
                if is_last or is_lasting:
                    raise Unreachable(sentence) from None
            except _TIMEOUTS:
                raise NoAnswer(f"no answer came within {self._timeout_s:g} s") from None
            except _DROPS as error:
                if is_last or request.method not in READING:
                    raise NoAnswer(drop_sentence(error)) from None
        raise AssertionError("the last attempt ends one way or the other")

    def _once(self, wire: httpcore2.Request, *, takes_part: bool) -> Response:
        """One attempt. *takes_part*: what came of a body that broke off is an answer too."""
        self._deadline.start(self._timeout_s)
        answer = self._pool.handle_request(wire)
        with closing(answer):
            raw, is_cut = self._body(answer, takes_part)
        body, flaw = decoded(raw, answer.headers, self._max_body_bytes)
        is_cut = is_cut or len(body) > self._max_body_bytes
        return Response(
            status=answer.status,
            headers=read_headers(answer.headers),
            body=body[: self._max_body_bytes],
            is_cut=is_cut,
            coding_flaw="" if is_cut else flaw,
            host=self.base_url.host,
            is_secure=self.base_url.scheme == "https",
        )

    def _body(self, answer: httpcore2.Response, takes_part: bool) -> tuple[bytes, bool]:
        """What came of the body, and whether there would have been more."""
        body = bytearray()
        try:
            for chunk in answer.iter_stream():
                body += chunk
                if len(body) > self._max_body_bytes:
                    return bytes(body), True
        except _TIMEOUTS:
            return bytes(body), True
        except _DROPS:
            if not takes_part:
                raise
            return bytes(body), True
        return bytes(body), False

    def _wire_request(self, request: Request) -> httpcore2.Request:
        base = self.base_url
        url = httpcore2.URL(
            scheme=base.scheme,
            host=base.host,
            port=base.port,
            target=wire_target(base.joined(request.target)),
        )
        try:
            method = request.method.encode("ascii")
        except UnicodeEncodeError:
            raise NotJudged(f"HTTP cannot carry the method {request.method!r}") from None
        headers = self._headers(request)
        return httpcore2.Request(method, url, headers=headers, content=request.body)

    def _headers(self, request: Request) -> RawHeaders:
        headers = wire_headers(request.headers)
        given = {name.lower(): value for name, value in headers}
        length = str(len(request.body or b"")).encode()
        if given.get(b"content-length", length) != length:
            raise NotJudged("HTTP cannot carry a Content-Length that is not the body's")
        standing: Mapping[bytes, str | None] = {
            b"Host": self.base_url.authority,
            b"User-Agent": f"understudy/{VERSION}",
            b"Content-Length": None if b"transfer-encoding" in given else _length(request),
        }
        for name, value in standing.items():
            if value is not None and name.lower() not in given:
                headers.append((name, value.encode("ascii")))
        return headers

    def _count_silence(self, silence: NoAnswer) -> None:
        with self._lock:
            self._unanswered += 1
            is_gone = self._unanswered >= _UNANSWERED
        if is_gone:
            raise Unreachable(
                f"{self.name} left {_UNANSWERED} requests in a row unanswered; the last: {silence}"
            ) from None


def _length(request: Request) -> str | None:
    """Source: RFC 9110 section 8.6 (methods that usually have a body tell that it is empty)."""
    if request.body is not None:
        return str(len(request.body))
    return "0" if request.method in ("POST", "PUT", "PATCH") else None
