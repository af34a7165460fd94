"""uvicorn's reading of HTTP/1.1, where it would lose or mix up what a client has sent.

Nobody is led to another protocol: who offers HTTP/2 or a WebSocket is answered in HTTP/1.1, as
anybody may be. The parser ends a request at the head of such an offer, so its body would be lost,
and whatever comes behind it.
"""

from collections import deque
from typing import Any, Final

from httptools import (
    HttpParserCallbackError,
    HttpParserError,
    HttpParserUpgrade,
    HttpRequestParser,
)
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

NOWHERE: Final[Any] = deque[tuple[bytes, bytes]](maxlen=0)
"""Where trailers go: a header behind the body is none of the request's headers."""


class PlainProtocol(HttpToolsProtocol):
    """Reads requests; `_beside_body_bytes` is how much came since a head or the last part of its
    body: trailers, and what is told of chunks. Nothing bounds that here."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._is_offer = False
        self._beside_body_bytes = 0

    def data_received(self, data: bytes) -> None:
        """As uvicorn's, which has nothing to do with an offer, and a timer to stop."""
        self._beside_body_bytes += len(data)
        while data:
            try:
                return self.parser.feed_data(data)
            except HttpParserUpgrade as offer:
                data = self._taken_back() + data[offer.args[0] :]
            except HttpParserError as error:
                return self._refuse_malformed(error)

    def on_headers_complete(self) -> None:
        self._is_offer = self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"
        if not self._is_offer:
            super().on_headers_complete()
            self.headers = NOWHERE
            self._beside_body_bytes = 0

    def on_body(self, body: bytes) -> None:
        self._beside_body_bytes = 0
        cycle = self.cycle
        if not cycle.response_complete:
            cycle.body += body
            if len(cycle.body) > HIGH_WATER_LIMIT:
                self.flow.pause_reading()
            cycle.message_event.set()

    def on_message_complete(self) -> None:
        cycle = self.cycle
        if not self._is_offer and not cycle.response_complete:
            cycle.more_body = False
            cycle.message_event.set()

    def _refuse_malformed(self, error: HttpParserError) -> None:
        is_ours = isinstance(error, HttpParserCallbackError)  # in uvicorn, which takes URLs apart
        reason = "its target is no URL" if is_ours else str(error)
        self.logger.warning("a malformed request: %s", reason)
        self.send_400_response(f"the request is malformed: {reason}")

    def _taken_back(self) -> bytes:
        """The head of a request without its offer, to be read once more, by a parser that has
        read nothing."""
        if not self._is_offer:
            return b""
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
        lines += [b"%b: %b" % header for header in self.headers if header[0] != b"upgrade"]
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return b"\r\n".join([*lines, b"", b""])
