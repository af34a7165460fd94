"""Plants one defect in a target from outside: its requests or its answers are changed."""

from collections.abc import Callable

from contracts.door.targets import Transport
from contracts.exchange import Request, Response

Change = Callable[[Request, Callable[[Request], Response]], Response]
"""Given a request and what sends it on, gives the answer: `lambda request, on: on(request)`."""


class Altered:
    """A transport whose traffic goes through *change*."""

    def __init__(self, transport: Transport, change: Change) -> None:
        self.name = transport.name
        self._transport = transport
        self._change = change

    def send(self, request: Request) -> Response:
        return self._change(request, self._transport.send)

    def close(self) -> None:
        self._transport.close()
