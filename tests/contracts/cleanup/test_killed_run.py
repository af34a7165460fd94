"""The promise of the ledger, kept against a real server and a real kill."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contracts.actors import Actor, Actors
from contracts.cleanup.clean import clean_up
from contracts.door.safety import Rules
from contracts.door.targets import Target, open_http
from contracts.ledger import read_ledger
from contracts.suites.session import Bench
from contracts.yardstick import Yardstick
from mockserver.model import Json
from tests.contracts import endless_run
from tests.contracts.ledgered import session_on
from tests.end_to_end.servers import serving


@contextmanager
def endless(file: Path) -> Iterator["subprocess.Popen[str]"]:
    """An `endless_run` that waits for its base URL; killed at the latest when it is left."""
    script = Path(endless_run.__file__)
    with subprocess.Popen(
        [sys.executable, str(script), str(file)],
        env={**os.environ, "PYTHONPATH": str(script.parents[2])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def kill_in_the_middle(process: "subprocess.Popen[str]", base_url: str, made: int) -> None:
    """Let it run against *base_url*, and kill it when it has told so many event types."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{base_url}\n")
    process.stdin.flush()
    for _ in range(made):
        assert process.stdout.readline()
    process.kill()
    process.wait()


def all_event_types(bench: Bench) -> Json:
    operation = next(one for one in bench.yardstick.operations if one.path == "/v2/event-types")
    exchange = session_on(bench).call(operation, {})
    assert exchange.response.status == 200
    return exchange.response.json["data"]


def test_a_killed_run_is_cleaned_up(tmp_path: Path, yardstick: Yardstick) -> None:
    file = tmp_path / "ledger.jsonl"
    actors = Actors([Actor("owner", "cal_test_demo")], yardstick.schemes)
    with endless(file) as process, serving() as server:  # both take a second to start
        target: Target = open_http(server.base_url, yardstick, rules=Rules(allow_writes=True))
        bench = Bench(target, yardstick, actors)
        before = all_event_types(bench)
        kill_in_the_middle(process, server.base_url, made=4)
        assert len(all_event_types(bench)) >= len(before) + 4
        ledger = read_ledger(file, yardstick)
        cleaned = clean_up(ledger, target, bench)
        ledger.close()
        assert cleaned.left == ()
        assert cleaned.created >= 12
        assert all_event_types(bench) == before
        target.close()
