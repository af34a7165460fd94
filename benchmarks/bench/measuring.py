"""One server, started, loaded with each scenario and stopped."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from benchmarks.bench.load import Load, loaded
from benchmarks.bench.peers import Peer
from benchmarks.bench.running import Server, free_port, running
from benchmarks.bench.scenarios import SESSION, Places, Scenario
from benchmarks.bench.world import made

WARM_UP_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Loaded:
    """One scenario on one server; *server_busy* is the server's share of its core."""

    load: Load
    server_busy: float


@dataclass(frozen=True, slots=True)
class Run:
    """One server in one round."""

    peer: str
    document: str
    started_s: float
    memory_start_mb: float
    memory_end_mb: float
    scenarios: Mapping[str, Loaded]


@dataclass(frozen=True, slots=True)
class Growth:
    """Memory in MB after a start, after a number of requests, and after as many again."""

    peer: str
    requests: int
    start_mb: float
    once_mb: float
    twice_mb: float


def measured(
    peer: Peer, document: str, scenarios: Sequence[Scenario], places: Places, seconds: float
) -> Run:
    """Start *peer* with *document* and load it. Raises NotStarted."""
    with _started(peer, document) as server:
        where = made(server.base) if peer.is_ours else places
        start_mb = server.memory_mb()
        asked = [one for one in scenarios if peer.is_refusing or not one.is_refused]
        loads = {one.name: _loaded(server, one, where, seconds) for one in asked}
        return Run(peer.name, document, server.started_s, start_mb, server.memory_mb(), loads)


def grown(peer: Peer, document: str, requests: int) -> Growth:
    """Memory of *peer* under sessions, which leave the state as it was. Raises NotStarted."""
    with _started(peer, document) as server:
        places = made(server.base)
        start_mb = server.memory_mb()
        loaded(server.base, SESSION, places, amount=requests)
        once_mb = server.memory_mb()
        loaded(server.base, SESSION, places, amount=requests)
        return Growth(peer.name, requests, start_mb, once_mb, server.memory_mb())


def _started(peer: Peer, document: str) -> AbstractContextManager[Server]:
    port = free_port()
    command = peer.command_for(document, port)
    return running(command, port, environment=peer.environment, copies=peer.copies)


def _loaded(server: Server, scenario: Scenario, places: Places, seconds: float) -> Loaded:
    """Load *server*, after a warm-up: some compile what runs often."""
    loaded(server.base, scenario, places, seconds=max(1.0, seconds * WARM_UP_SHARE))
    before_s = server.cpu_s()
    load = loaded(server.base, scenario, places, seconds=seconds)
    busy = (server.cpu_s() - before_s) / load.seconds if load.seconds else 0.0
    if load.wrong:
        print(f"    {scenario.name}: unexpected answers {dict(load.wrong)}", file=sys.stderr)
    return Loaded(load, busy)
