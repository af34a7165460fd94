"""uvicorn's HTTP, less what an application that never waits can do without.

uvicorn makes a task for every request as soon as its head has come, sets a timer after every
answer, and looks at every header that is sent. A request that has come as a whole, to an
application that answers it without waiting, is answered here on the spot, in one piece.
"""

from collections.abc import Callable, Coroutine, Generator
from functools import partial
from types import coroutine
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from mockserver.web.asgi import Scope
from mockserver.web.at_once import EXTENSION, lines_of
from mockserver.web.plain_protocol import PlainProtocol

IsPrompt = Callable[[Scope], bool]
"""Tells whether a request is answered without waiting for anything, and without asking asyncio
which task it runs in: there is none yet."""


def never(scope: Scope) -> bool:
    """For an application of which nothing is known."""
    return False


PROMPT_IN_A_ROW: Final = 16
"""So many requests that come in one piece are answered before others have their turn."""


class PromptProtocol(PlainProtocol):
    """Answers on the spot what *is_prompt*; whoever has it looks after idle connections."""

    def __init__(self, is_prompt: IsPrompt, **given: Any) -> None:
        super().__init__(**given)
        self._is_prompt = is_prompt
        self._held: tuple[RequestResponseCycle, Any] | None = None
        self._prompt_left = 0
        self._running: RequestResponseCycle | None = None
        self._begun: RequestResponseCycle | None = None
        self._extensions = {EXTENSION: self._answer_at_once}

    def data_received(self, data: bytes) -> None:
        self._prompt_left = PROMPT_IN_A_ROW
        super().data_received(data)
        self._prompt_left = 0
        if self._held is not None:  # its body is still to come
            held, self._held = self._held, None
            super()._start_asgi_task(*held)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        if self._held is not None:
            held, self._held = self._held, None
            self._answer_now(*held)

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
        scope: Any = cycle.scope
        self._begun = cycle
        if self._prompt_left and self._is_prompt(scope):
            self._prompt_left -= 1
            scope["extensions"] = self._extensions
            self._held = cycle, app
        else:
            super()._start_asgi_task(cycle, app)

    def _answer_now(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Run the application as far as it goes without waiting, and the rest as a task."""
        running: Any = cycle.run_asgi(app)
        self._running = cycle
        try:
            awaited = running.send(None)
        except StopIteration:
            return
        finally:
            self._running = None
        task = self.loop.create_task(_finish(running, awaited))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    def _answer_at_once(self, status: int, lines: bytes, body: bytes) -> bool:
        """Implements `AnswerAtOnce`: what `RequestResponseCycle.send` does, for a whole answer."""
        cycle = self._running
        if cycle is None or cycle.response_started or cycle.disconnected or self.flow.write_paused:
            return False
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
        first = STATUS_LINE[status], lines_of(cycle.default_headers)
        self.transport.write(b"".join([*first, lines, end, body]))
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        return True


async def _finish(running: Coroutine[Any, Any, None], awaited: Any) -> None:
    await _rest_of(running, awaited)


@coroutine
def _rest_of(running: Coroutine[Any, Any, None], awaited: Any) -> Generator[Any, Any, None]:
    """What is left of a coroutine that was begun elsewhere, and waits for *awaited*."""
    while True:
        try:
            told = yield awaited
        except BaseException as error:  # whatever it is, it was meant for *running*
            step = partial(running.throw, error)
        else:
            step = partial(running.send, told)
        try:
            awaited = step()
        except StopIteration:
            return
