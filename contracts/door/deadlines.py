"""Connections on which a whole request, however slowly its answer drips, ends by a deadline."""

import math
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any, Final

import httpcore2

CONNECT_S: Final = 10.0


class Deadline(threading.local):
    """By when the request of the present thread must be over, on the monotonic clock."""

    def __init__(self) -> None:
        self.at = math.inf

    def start(self, span_s: float) -> None:
        self.at = time.monotonic() + span_s

    @property
    def left_s(self) -> float:
        return self.at - time.monotonic()


class TimedBackend(httpcore2.NetworkBackend):
    """Opens sockets whose every read and write ends by the deadline of the thread that asks."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        limit = min(CONNECT_S, max(self._deadline.left_s, 0.001))
        stream = self._sockets.connect_tcp(host, port, limit, local_address, socket_options)
        return TimedStream(stream, self._deadline)


class TimedStream(httpcore2.NetworkStream):
    """A connection of a `TimedBackend`."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        limit = min(CONNECT_S, self._left(httpcore2.ConnectTimeout))
        stream = self._stream.start_tls(ssl_context, server_hostname, limit)
        return TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _left(self, over: type[Exception]) -> float:
        left_s = self._deadline.left_s
        if left_s <= 0:
            raise over("the deadline of the request has passed")
        return left_s
