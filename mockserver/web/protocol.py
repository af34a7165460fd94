"""uvicorn's HTTP, less what a request that comes as a whole can do without.

uvicorn makes an exchange and a task for every request as soon as its head has come, sets a timer
after every answer, and looks at every header that is sent. A request that has come as a whole, to
an application that has a door for such ones, is answered here on the spot, in one piece.
"""

from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from mockserver.web.plain_protocol import NOWHERE, PlainProtocol
from mockserver.web.whole import AnswerWhole, Head, Header, Written, lines_of

PROMPT_IN_A_ROW: Final = 16
"""So many requests that come in one piece are answered before others have their turn."""


class PromptProtocol(PlainProtocol):
    """Asks *answer* where it can; whoever has it looks after idle connections.

    A request that may be answered so is held until its body has come, or *data* is at its end.
    Between two that were answered so, and before the first, `scope` is None.
    """

    def __init__(self, answer: AnswerWhole | None, **given: Any) -> None:
        super().__init__(**given)
        self._answer = answer
        self._prompt_left = 0
        self._prompt_count = 0
        self._held: Head | None = None
        self._held_body = b""
        self._begun: RequestResponseCycle | None = None
        self._default_headers: list[Header] = []
        self._default_lines = b""

    def data_received(self, data: bytes) -> None:
        self._prompt_left = 0 if self._answer is None else PROMPT_IN_A_ROW
        super().data_received(data)
        self._prompt_left = 0
        if self._held is not None:  # its body is still to come
            self._let_go(self._held)

    def on_message_begin(self) -> None:
        """As uvicorn's, with a scope that is only told from those of other requests."""
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self.scope = {}  # type: ignore[typeddict-item]

    def on_headers_complete(self) -> None:
        if self._prompt_left and self._may_be_prompt():
            self._prompt_left -= 1
            self._hold()
        else:
            self._begin_exchange()

    def on_body(self, body: bytes) -> None:
        if self._held is None:
            super().on_body(body)
        else:
            self._held_body += body

    def on_message_complete(self) -> None:
        if self._held is not None:
            if self._is_answered_on_the_spot(self._held):
                return
            self._let_go(self._held)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """As uvicorn's, without its timer."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())

    def connection_lost(self, exc: Exception | None) -> None:
        """As uvicorn's, which forgets who is being answered while others wait behind."""
        super().connection_lost(exc)
        begun = self._begun
        if begun is not None and not begun.response_complete:
            begun.disconnected = True
            begun.message_event.set()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._begun = cycle
        super()._start_asgi_task(cycle, app)

    def _may_be_prompt(self) -> bool:
        """Whether the request is its client's only one, and as plain as most are."""
        cycle, parser, url = self.cycle, self.parser, self.url
        return (
            (cycle is None or cycle.response_complete)
            and parser.should_keep_alive()
            and parser.get_http_version() == "1.1"
            and not parser.should_upgrade()
            and url[:1] == b"/"
            and b"#" not in url
            and url.isascii()
            and not self.flow.write_paused
            and not self.transport.is_closing()
        )

    def _hold(self) -> None:
        method, client = self.parser.get_method().decode("ascii"), self.client
        self._held = Head(method, self.url, self.headers, client[0] if client else "")
        self._held_body = b""
        self.headers = NOWHERE
        self._beside_body_bytes = 0

    def _is_answered_on_the_spot(self, head: Head) -> bool:
        assert self._answer is not None
        written = self._answer(head, self._held_body)
        if written is None:
            return False
        self._held = None
        self._prompt_count += 1
        self.server_state.total_requests += 1
        self.scope = None  # type: ignore[assignment]
        self._write(written)
        return True

    def _write(self, written: Written) -> None:
        headers = self.server_state.default_headers
        if headers is not self._default_headers:  # uvicorn makes a new list every second
            self._default_headers, self._default_lines = headers, lines_of(headers)
        status, lines, body = written
        first = STATUS_LINE[status], self._default_lines
        self.transport.write(b"".join([*first, lines, b"\r\n", body]))

    def _let_go(self, head: Head) -> None:
        """Go on as uvicorn does with the request that was held."""
        self._held = None
        self.headers = [*head.headers]
        self._begin_exchange()
        if self._held_body:
            super().on_body(self._held_body)

    def _begin_exchange(self) -> None:
        """What uvicorn does when a head has come, and what it has done when that began."""
        url, headers, is_expecting = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        scope: Any = self.scope
        self.url, self.expect_100_continue = url, is_expecting
        self.headers = scope["headers"] = headers
        super().on_headers_complete()
