"""Several processes that serve one socket, and the one above them that sees to it that they do.

The mock is built once and forked: a worker begins in milliseconds and shares what was built.
Whatever is connected to a database must have let go of it before.
"""

import asyncio
import gc
import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, NoReturn

from mockserver.serving import GRACE_S, Beside

SHORT_LIFE_S: Final = 1.0
"""Who dies sooner is not started again at once."""

_READY = b"r"
_SIGNALS = (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
logger = logging.getLogger("mockserver")

Work = Callable[[int, int, Callable[[], None], Beside], None]
"""What worker number N (never given twice) does at a seat (that of the one it replaces) until it is
told to end: it calls the function once it serves, and runs the coroutine beside."""
Say = Callable[[str], None]


@dataclass(slots=True)
class Worker:
    """One process; *line* tells it that its parent is there, and the parent that it serves."""

    pid: int
    seat: int
    line: socket.socket
    started: float


class Workers:
    """*count* processes that do *work*; one that dies is told of by *complain*, and replaced.

    *on_ending* is called as soon as they are told to end.
    """

    def __init__(
        self, count: int, work: Work, complain: Say, on_ending: Callable[[], None]
    ) -> None:
        self._count = count
        self._work = work
        self._complain = complain
        self._on_ending = on_ending
        self._number = 0
        self._alive: dict[int, Worker] = {}
        self._ended_by: int | None = None

    def run(self, on_serving: Callable[[], None]) -> None:
        """Return when SIGINT or SIGTERM has come and all workers have finished what they did.

        *on_serving* is called once all of them serve. Raises KeyboardInterrupt after a SIGINT; a
        SIGTERM is raised again.
        """
        gc.freeze()  # what was built stays shared: nobody writes into it to count references
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        child_handler = signal.signal(signal.SIGCHLD, lambda number, frame: None)
        try:
            for seat in range(self._count):
                self._start(seat)
            for worker in list(self._alive.values()):
                worker.line.recv(1)
            on_serving()
            while self._alive:
                self._handle(signal.sigwait(_SIGNALS))
        finally:
            signal.alarm(0)
            self._kill()
            signal.signal(signal.SIGCHLD, child_handler)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if self._ended_by is not None:
            signal.raise_signal(self._ended_by)

    def _handle(self, number: int) -> None:
        if number == signal.SIGCHLD:
            self._replace_the_dead()
        elif number == signal.SIGALRM:
            self._kill()
        elif self._ended_by is None:
            self._ended_by = number
            self._on_ending()
            self._send(signal.SIGTERM)
            signal.alarm(2 * GRACE_S)
        else:
            self._send(signal.SIGINT)  # asked twice: what is still under way is given up

    def _replace_the_dead(self) -> None:
        for worker in list(self._alive.values()):
            pid, status = os.waitpid(worker.pid, os.WNOHANG)
            if not pid:
                continue
            worker.line.close()
            del self._alive[pid]
            if self._ended_by is None:
                if time.monotonic() - worker.started < SHORT_LIFE_S:
                    time.sleep(SHORT_LIFE_S)
                successor = self._start(worker.seat)
                self._complain(f"worker {pid} {_end(status)}; {successor} has taken its place")

    def _start(self, seat: int) -> int:
        """Fork a worker; gives its process id."""
        self._number += 1
        ours, its = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            self._be_worker(seat, its)
        its.close()
        self._alive[pid] = Worker(pid, seat, ours, time.monotonic())
        return pid

    def _be_worker(self, seat: int, line: socket.socket) -> NoReturn:
        """The life of a worker; nothing of the parent's is left to it but the mock."""
        status = 1
        try:
            for sibling in self._alive.values():
                sibling.line.close()
            self._alive.clear()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            line.setblocking(False)
            beside = partial(_end_with_parent, line)
            self._work(self._number, seat, partial(_tell, line), beside)
            status = 0
        except KeyboardInterrupt:
            status = 0
        except BaseException:
            logger.exception("a worker cannot go on")
        finally:
            os._exit(status)

    def _send(self, number: int) -> None:
        for pid in self._alive:
            os.kill(pid, number)

    def _kill(self) -> None:
        """End whoever is still there, at once."""
        for worker in self._alive.values():
            os.kill(worker.pid, signal.SIGKILL)
            os.waitpid(worker.pid, 0)
            worker.line.close()
        self._alive.clear()


def _tell(line: socket.socket) -> None:
    line.send(_READY)


async def _end_with_parent(line: socket.socket) -> None:
    """Ends this process in good order when its parent is no more."""
    with suppress(ConnectionResetError):  # so it ends where the parent had not read `_READY`
        await asyncio.get_running_loop().sock_recv(line, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _end(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"died of {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
