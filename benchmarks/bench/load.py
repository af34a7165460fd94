"""Sends a scenario with autocannon and reads what it says."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.bench.places import CONNECTIONS, HERE, LOAD_CORE, PEERS, pinned
from benchmarks.bench.scenarios import Places, Scenario


class LoadFailed(Exception):
    """The load generator ended without figures; says why."""


@dataclass(frozen=True, slots=True)
class Load:
    """What came back. The busy shares are of one core: the server's, and the generator's."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    wrong: Mapping[str, int]
    """Answers by status that were not what the scenario asks for; `error` is none at all."""
    load_busy: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds if self.seconds else 0.0


def loaded(
    base: str, scenario: Scenario, places: Places, *, seconds: float = 0, amount: int = 0
) -> Load:
    """Send *scenario* for *seconds*, or *amount* requests. Raises LoadFailed."""
    plan = {
        "url": base,
        "connections": CONNECTIONS,
        "steps": [step.at(places) for step in scenario.steps],
        **({"amount": amount} if amount else {"duration": seconds}),
    }
    command = ["node", str(HERE / "load.mjs"), str(PEERS / "autocannon"), json.dumps(plan)]
    done = subprocess.run(pinned(LOAD_CORE, command), capture_output=True, text=True)
    if done.returncode != 0:
        raise LoadFailed(f"{scenario.name}: {' '.join(done.stderr.strip().splitlines()[-3:])}")
    return _read(json.loads(done.stdout), scenario)


def _read(told: dict[str, Any], scenario: Scenario) -> Load:
    family = {status // 100 for status in scenario.statuses}
    wrong = {code: n for code, n in told["statuses"].items() if int(code) // 100 not in family}
    if told["errors"]:
        wrong["error"] = told["errors"]
    return Load(
        told["requests"],
        told["seconds"],
        told["p50_ms"] or 0.0,
        told["p99_ms"] or 0.0,
        wrong,
        told["load_busy"],
    )
