"""Where things of the benchmark stand, and which cores are whose."""

import os
import shutil
import sys
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
SERVERS: Final = HERE / "servers"
BENCHMARKS: Final = HERE.parent
PEERS: Final = BENCHMARKS / ".peers"
SPEC: Final = BENCHMARKS.parent / "spec"

CONNECTIONS: Final = 16
SERVER_CORE: Final = 0
LOAD_CORE: Final = 1


def program(name: str) -> str:
    """A command of this environment."""
    return str(Path(sys.executable).with_name(name))


def pinned(core: int, command: list[str]) -> list[str]:
    """*command* on one core, where the system can do that."""
    return ["taskset", "-c", str(core), *command] if is_pinning() else command


def is_pinning() -> bool:
    return shutil.which("taskset") is not None


def stay_on_load_core() -> None:
    """Leave the server's core to the server, where the system can do that."""
    if is_pinning():
        os.sched_setaffinity(0, {LOAD_CORE})
