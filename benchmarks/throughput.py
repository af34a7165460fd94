"""Requests a second, start-up and memory of the stub on one core, with Prism beside it.

    .venv/bin/python benchmarks/throughput.py [--seconds 4] [--rounds 3]

Each server runs alone, pinned to the first core; the load generator (autocannon) has the second.
The rounds alternate between the servers, and ratios are made within a round, because machines are
noisy. Prism and autocannon come from the npm registry into `benchmarks/.peers`. Writes
`benchmarks/RESULTS.md`.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
PEERS = HERE / ".peers"
PACKAGES = ("@stoplight/prism-cli@5", "autocannon@8")
KEY = "cal_test_demo"
SERVER_CORE, LOAD_CORE = "0", "1"
CONNECTIONS = 16
START_LIMIT_S = 60


@dataclass(frozen=True)
class Scenario:
    """One kind of request; `#` in the body is another number in each request."""

    name: str
    method: str
    path: str
    api_version: str
    expected: int
    body: str | None = None


@dataclass
class Peer:
    """A server under test and what was measured of it."""

    name: str
    command: list[str]
    start_s: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    rate: dict[str, list[float]] = field(default_factory=dict)
    p99_ms: dict[str, list[float]] = field(default_factory=dict)


def main() -> int:
    """Measure, print and write the table."""
    options = _options()
    _install_peers()
    document = _effective_document()
    peers = _peers(document)
    for number in range(options.rounds):
        for peer in peers:
            print(f"round {number + 1}: {peer.name}", file=sys.stderr)
            _measure(peer, options.seconds)
    report = _report(peers, options)
    (HERE / "RESULTS.md").write_text(report, "utf-8")
    print(report)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=4, help="load time of one scenario")
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is measured")
    return parser.parse_args()


def _install_peers() -> None:
    if shutil.which("npm") is None:
        sys.exit("npm is needed: Prism and the load generator come from its registry")
    if not (PEERS / "node_modules" / ".bin" / "prism").exists():
        PEERS.mkdir(exist_ok=True)
        install = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(PEERS)]
        subprocess.run([*install, *PACKAGES], check=True)


def _effective_document() -> Path:
    """The effective document as a file that Prism can load."""
    path = PEERS / "effective.json"
    command = [_program("mockserver"), "spec", "--effective", "--format", "json"]
    path.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
    return path


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _peers(document: Path) -> list[Peer]:
    prism = [str(PEERS / "node_modules" / ".bin" / "prism"), "mock", str(document)]
    return [
        Peer("Understudy", [_program("mockserver"), "serve", "--port", "{port}"]),
        Peer("Prism", [*prism, "--port", "{port}"]),
        Peer("Prism, log silenced", [*prism, "--port", "{port}", "--verboseLevel", "silent"]),
    ]


SCENARIOS = (
    Scenario(
        "GET list of links", "GET", "/v2/event-types/{links}/private-links", "2024-09-04", 200
    ),
    Scenario("GET event type", "GET", "/v2/event-types/{links}", "2024-06-14", 200),
    Scenario(
        "POST private link",
        "POST",
        "/v2/event-types/{target}/private-links",
        "2024-09-04",
        201,
        '{"maxUsageCount": 5}',
    ),
    Scenario(
        "POST event type",
        "POST",
        "/v2/event-types",
        "2024-06-14",
        201,
        '{"title": "Bench", "slug": "bench-#", "lengthInMinutes": 30}',
    ),
    Scenario(
        "POST invalid event type",
        "POST",
        "/v2/event-types",
        "2024-06-14",
        400,
        '{"title": 1, "slug": "x", "lengthInMinutes": "long"}',
    ),
)


def _measure(peer: Peer, seconds: int) -> None:
    with _running(peer) as (base, process):
        places = _places(base)
        for scenario in SCENARIOS:
            result = _load(base, scenario, places, seconds)
            peer.rate.setdefault(scenario.name, []).append(result["requests"]["average"])
            peer.p99_ms.setdefault(scenario.name, []).append(result["latency"]["p99"])
        peer.memory_mb.append(_memory_mb(process.pid))


@contextmanager
def _running(peer: Peer) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    port = _free_port()
    command = ["taskset", "-c", SERVER_CORE, *(part.format(port=port) for part in peer.command)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(base, process, started)
        peer.start_s.append(time.perf_counter() - started)
        yield base, process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_for(base: str, process: "subprocess.Popen[bytes]", started: float) -> None:
    while time.perf_counter() - started < START_LIMIT_S:
        if process.poll() is not None:
            raise SystemExit(f"{process.args!r} ended with {process.returncode}")
        try:
            _get(f"{base}/v2/me")
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.005)
        else:
            return
    raise SystemExit(f"{process.args!r} gave no answer in {START_LIMIT_S} s")


def _get(url: str, api_version: str = "2024-06-14") -> bytes:
    headers = {"Authorization": f"Bearer {KEY}", "cal-api-version": api_version}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
        body: bytes = answer.read()
        return body


def _places(base: str) -> dict[str, int]:
    """Event types to ask for: the showcase's, where there is state; any other id else."""
    try:
        listed = json.loads(_get(f"{base}/v2/event-types"))["data"]
        ids = [one["id"] for one in listed]
        counts = {
            one: len(json.loads(_get(_links(base, one), "2024-09-04"))["data"]) for one in ids
        }
    except (OSError, KeyError, ValueError):
        return {"links": 1, "target": 1}
    fullest = max(counts, key=lambda one: counts[one])
    return {"links": fullest, "target": next((one for one in ids if one != fullest), fullest)}


def _links(base: str, event_type_id: int) -> str:
    return f"{base}/v2/event-types/{event_type_id}/private-links"


def _load(base: str, scenario: Scenario, places: dict[str, int], seconds: int) -> dict:  # type: ignore[type-arg]
    headers = {"Authorization": f"Bearer {KEY}", "cal-api-version": scenario.api_version}
    options = {
        "url": base + scenario.path.format(**places),
        "method": scenario.method,
        "headers": {**headers, **({"Content-Type": "application/json"} if scenario.body else {})},
        "connections": CONNECTIONS,
        "duration": seconds,
        **({"body": scenario.body} if scenario.body else {}),
    }
    command = ["taskset", "-c", LOAD_CORE, "node", str(HERE / "load.mjs"), json.dumps(options)]
    done = subprocess.run(command, check=True, capture_output=True)
    result: dict[str, dict[str, float]] = json.loads(done.stdout)
    _check_answers(scenario, result)
    return result


def _check_answers(scenario: Scenario, result: dict) -> None:  # type: ignore[type-arg]
    """A server that answers something else has not done the work that is being timed."""
    statuses = result.get("statusCodeStats", {})
    family = str(scenario.expected)[0]
    wrong = {code: seen for code, seen in statuses.items() if not code.startswith(family)}
    if wrong:
        print(f"  {scenario.name}: unexpected answers {wrong}", file=sys.stderr)


def _memory_mb(pid: int) -> float:
    """Resident memory of a process and its children."""
    status = Path(f"/proc/{pid}/status").read_text()
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own / 1024 + sum(_memory_mb(int(child)) for child in children)


def _report(peers: Sequence[Peer], options: argparse.Namespace) -> str:
    ours = peers[0]
    lines = [
        "# Throughput on one core",
        "",
        f"`python benchmarks/throughput.py --rounds {options.rounds} --seconds {options.seconds}`",
        "",
        f"Python {platform.python_version()}, connexion {version('connexion')}, "
        f"uvicorn {version('uvicorn')}, {_prism_version()}; {os.cpu_count()} cores, "
        f"{platform.machine()}, {platform.system()}. Medians of {options.rounds} rounds; "
        "`x` is how many times Prism's rate in the same round, its median.",
        "",
        "| requests a second (p99 in ms) | " + " | ".join(peer.name for peer in peers) + " |",
        "| --- |" + " --- |" * len(peers),
    ]
    for scenario in SCENARIOS:
        cells = [_cell(peer, ours, scenario.name) for peer in peers]
        lines.append(f"| {scenario.name} | " + " | ".join(cells) + " |")
    starts = [f"{statistics.median(peer.start_s):.2f} s" for peer in peers]
    memory = [f"{statistics.median(peer.memory_mb):.0f} MB" for peer in peers]
    lines.append("| start to first answer | " + " | ".join(starts) + " |")
    lines.append("| memory afterwards | " + " | ".join(memory) + " |")
    return "\n".join(lines) + "\n"


def _cell(peer: Peer, ours: Peer, name: str) -> str:
    text = f"{statistics.median(peer.rate[name]):,.0f} ({statistics.median(peer.p99_ms[name]):.1f})"
    if peer is ours:
        return text
    ratios = [a / b for a, b in zip(ours.rate[name], peer.rate[name], strict=True) if b]
    return f"{text}, ours {statistics.median(ratios):.1f} x" if ratios else text


def _prism_version() -> str:
    package = PEERS / "node_modules" / "@stoplight" / "prism-cli" / "package.json"
    return f"Prism {json.loads(package.read_text())['version']}"


if __name__ == "__main__":
    raise SystemExit(main())
