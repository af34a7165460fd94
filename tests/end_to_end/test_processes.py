"""Several processes on one database, and processes that die."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from mockserver.app import create_app
from mockserver.errors import SetupError
from mockserver.settings import Settings
from mockserver.store import open_store
from tests.databases import NoPostgres, Postgres
from tests.end_to_end.crowds import (
    LINKS,
    Client,
    Ledger,
    Mock,
    ask,
    serving,
    use_up,
    write_until_killed,
)

PATIENCE_S = 30.0
STORE_CALLS = "understudy_store_seconds_count"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    try:
        server = Postgres()
    except NoPostgres as reason:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no PostgreSQL: {reason}")
    yield server
    server.remove()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def four(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mock]:
    """A mock of four processes, on each kind of database; SIGTERM ends it in good order."""
    folder = tmp_path_factory.mktemp("four")
    if request.param == "sqlite":
        url = "sqlite:///world.db"
    else:
        url = request.getfixturevalue("postgres").new_url()
    with serving("--store", url, "--workers", "4", "--metrics", cwd=folder) as mock:
        yield mock
        assert mock.stop() == -signal.SIGTERM
    left = [path.name for path in folder.iterdir()]
    assert left == (["world.db"] if request.param == "sqlite" else [])


@pytest.fixture
def client(four: Mock) -> Iterator[Client]:
    one = Client(four.port)
    yield one
    one.close()


def everybody(mock: Mock, method: str, path: str, body: object = None) -> list[tuple[int, Any]]:
    """The answers on so many connections that most processes have one."""
    return [ask(mock.port, method, path, body) for _ in range(12)]


def test_a_link_is_never_used_beyond_its_maximum_and_ids_are_unique(four: Mock) -> None:
    assert use_up(four.port, clients=16, maximum=24).is_right


def test_a_reset_and_the_clock_reach_all_processes(four: Mock, client: Client) -> None:
    client("PUT", "/__admin/clock", {"freeze": "2030-01-01T08:00:00Z"})
    told = {clock["now"] for _, clock in everybody(four, "GET", "/__admin/clock")}
    assert told == {"2030-01-01T08:00:00.000Z"}
    _, made = client("POST", LINKS, {"maxUsageCount": 1})
    assert made["status"] == "success"
    client("POST", "/__admin/reset")
    place = f"{LINKS}/{made['data']['linkId']}"
    answers = everybody(four, "PATCH", place, {"maxUsageCount": 2})
    assert {status for status, _ in answers} == {404}
    client("DELETE", "/__admin/clock")


def test_a_snapshot_of_one_process_all_can_restore(four: Mock, client: Client) -> None:
    client("POST", "/__admin/snapshots/before")
    again = "/__admin/snapshots/before/restore"
    assert {status for status, _ in everybody(four, "POST", again)} == {200}
    client("DELETE", "/__admin/snapshots/before")
    assert {status for status, _ in everybody(four, "POST", again)} == {404}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/requests", None),
        ("GET", "/requests/1", None),
        ("POST", "/requests/count", {"method": "GET"}),
        ("DELETE", "/requests", None),
        ("PUT", "/deviations", {"faults": ["slow-response"]}),
        ("PATCH", "/deviations", {"on": ["slow-response"]}),
        ("DELETE", "/deviations", None),
    ],
)
def test_what_one_process_knows_alone_is_refused(
    client: Client, method: str, path: str, body: object
) -> None:
    status, refusal = client(method, f"/__admin{path}", body)
    assert (status, "4 processes serve this mock" in refusal["detail"]) == (409, True)


def counted(port: int, sample: str) -> float:
    """The value of one sample, on a connection of its own."""
    url = f"http://127.0.0.1:{port}/__admin/metrics"
    lines = httpx.get(url, trust_env=False).text.splitlines()
    found = [line.rpartition(" ")[2] for line in lines if line.startswith(sample)]
    return sum(map(float, found))


def test_metrics_are_the_sums_of_all_processes(four: Mock) -> None:
    sample = 'understudy_requests_total{method="GET",operation="MeController_getMe",status="2xx"}'
    before, store_before = counted(four.port, sample), counted(four.port, STORE_CALLS)
    assert {status for status, _ in everybody(four, "GET", "/v2/me")} == {200}
    wait_until(lambda: counted(four.port, sample) == before + 12)  # counted once answered
    assert {counted(four.port, sample) for _ in range(6)} == {before + 12}
    assert counted(four.port, STORE_CALLS) >= store_before + 24
    assert counted(four.port, "understudy_processes") == 4
    assert counted(four.port, "process_") == counted(four.port, "understudy_journal") == 0


def test_request_ids_of_all_processes_differ(four: Mock) -> None:
    url = f"http://127.0.0.1:{four.port}/v2/me"
    ids = {httpx.get(url, trust_env=False).headers["X-Request-Id"] for _ in range(16)}
    assert len(ids) == 16


# ends


def children(mock: Mock) -> list[int]:
    folder = Path(f"/proc/{mock.process.pid}/task/{mock.process.pid}/children")
    return [int(pid) for pid in folder.read_text().split()]


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks into /proc")


@needs_proc
def test_a_worker_that_dies_is_replaced_and_all_end_with_the_one_above(tmp_path: Path) -> None:
    together = ("--store", "sqlite:///a.db", "--workers", "2", "--metrics")
    with serving(*together, cwd=tmp_path) as mock:
        before = children(mock)
        everybody(mock, "GET", "/v2/me")
        wait_until(lambda: counted(mock.port, "understudy_requests_total") == 12)
        for worker in before:
            os.kill(worker, signal.SIGKILL)
        wait_until(lambda: len(set(children(mock)) - set(before)) == 2)
        assert ask(mock.port, "GET", LINKS)[0] == 200
        wait_until(lambda: counted(mock.port, "understudy_requests_total") == 13)
        workers = children(mock)
        mock.kill()
        wait_until(lambda: not any(_is_running(pid) for pid in workers))


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def _is_running(pid: int) -> bool:
    """Whether it is there and no mere remainder that nobody has waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({}, "a state of its own in memory"),
        ({"store": "sqlite:///a.db", "rate_limit": True}, "leave --rate-limit out"),
        ({"store": "sqlite:///a.db", "watch": True}, "leave --watch out"),
        ({"store": "sqlite:///a.db", "fault": ("slow-response",)}, "leave --fault out"),
    ],
)
def test_what_several_processes_cannot_do_is_refused(settings: Any, reason: str) -> None:
    with pytest.raises(SetupError, match=reason):
        create_app(Settings(workers=2, **settings))


# killed under load


def test_everything_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """Twice; `benchmarks/kill.py` does it fifty times."""
    ledger, chance = Ledger(), Random(5)
    for _ in range(2):
        with serving("--store", "sqlite:///world.db", cwd=tmp_path) as mock:
            _, state = ask(mock.port, "GET", "/__admin/state")
            assert ledger.missing(state["collections"]["private-links"]) == []

            def kill(mock: Mock = mock) -> None:
                time.sleep(0.2 + chance.random() * 0.2)
                mock.kill()

            assert write_until_killed(mock.port, 4, ledger, kill) > 0
    store = open_store(f"sqlite:///{tmp_path}/world.db")
    assert len(ledger.acknowledged) > 10
    assert ledger.missing(store.dump()["collections"]["private-links"]) == []
