"""The kit against a server over HTTP: what it plans, keeps secret, and leaves behind."""

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from contracts.cleanup.command import clean_ledger
from contracts.plan import plan
from contracts.reports.json_data import timeless
from contracts.reports.terminal import progress_for
from contracts.reports.write import KINDS, tell
from contracts.run import check
from contracts.settings import Settings
from mockserver.model import Json
from tests.contracts.http_servers import said_json
from tests.contracts.http_servers import serving as answering
from tests.end_to_end.servers import Running, serving

KEY = "cal_test_demo"
ENVIRON = {"OWNER": KEY, "OTHER": "cal_test_bob"}
ACTORS = (("owner", "OWNER"), ("other", "OTHER"))
PATH = (("orgId", "101"), ("teamId", "102"))
ROOT = Path(__file__).parents[2]
QUIET = progress_for(is_quiet=True)


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def live(server: Running, **settings: object) -> Settings:
    given = {"actors": ACTORS, "path": PATH, "allow_writes": True, "quick": True, **settings}
    return Settings(target=server.base_url, **given)  # type: ignore[arg-type]


def collections(server: Running) -> Json:
    with urllib.request.urlopen(f"{server.base_url}/__admin/state") as answer:
        return json.load(answer)["collections"]


def test_a_run_with_writes_leaves_everything_as_it_was(server: Running) -> None:
    before = collections(server)
    report = check(live(server, suite=("stateful",)), ENVIRON, QUIET)
    assert report.clean_up.created > 0
    assert report.clean_up.left == ()
    assert collections(server) == before
    assert not list(Path.cwd().iterdir())


def test_a_plan_tells_what_a_run_then_sends(server: Running) -> None:
    settings = live(server, suite=("auth", "examples"), only=("{eventTypeId}/status-40",))
    planned = plan(settings, ENVIRON)
    before = _requests(server)
    check(settings, ENVIRON, QUIET)
    assert _requests(server) - before == planned.requests


def _requests(server: Running) -> int:
    with urllib.request.urlopen(f"{server.base_url}/__admin/health") as answer:
        last: int = json.load(answer)["journal"]["last"]
        return last


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_nothing(server: Running, sign: signal.Signals) -> None:
    before = collections(server)
    process = _begun(server)
    process.send_signal(sign)
    out, err = process.communicate(timeout=30)
    assert "Traceback" not in err
    if sign is not signal.SIGKILL:
        assert process.returncode == 3
        assert out.startswith("incomplete: stopped by hand")
        assert json.loads(Path("report.json").read_text())["exitCode"] == 3
    else:
        [ledger] = Path.cwd().glob("understudy-ledger-*.jsonl")
        settings = Settings(actors=ACTORS)
        assert clean_ledger(ledger, settings, ENVIRON).left == ()
        assert clean_ledger(ledger, settings, ENVIRON).removed == ()
        ledger.unlink()
    assert collections(server) == before
    assert not list(Path.cwd().glob("*.jsonl"))


def _begun(server: Running) -> "subprocess.Popen[str]":
    """A run that has created something by now and goes on for long."""
    words = ["check", server.base_url, "--as", "owner=OWNER", "--allow-writes", "--rate", "600"]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "contracts",
            *words,
            "--suite",
            "lifecycle",
            "--json",
            "report.json",
        ],
        env={**ENVIRON, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(600):
        ledgers = list(Path.cwd().glob("*.jsonl"))
        if ledgers and '"created"' in ledgers[0].read_text():
            return process
        time.sleep(0.05)
    process.kill()
    raise AssertionError(process.communicate()[1])


def test_no_report_holds_the_key_though_the_server_says_it_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "cal_test_demo/+ 5ecret"
    echo = said_json(500, {"error": f"bad key {key}", "url": f"/x?{quote(key)}"}, X_Key=key)
    paths = {kind: Path(f"report.{kind}") for kind in KINDS}
    summary = Path("summary.md")
    with answering(said_json(200, {"key": key}), echo) as server:
        settings = Settings(
            target=server.url, actors=(("owner", "OWNER"),), suite=("examples",), **paths,  # type: ignore[arg-type]
            only=("GET /v2/me/", "GET /v2/event-types/"), ledger=Path("ledger.jsonl"),
        )  # fmt: skip
        report = check(settings, {"OWNER": key}, QUIET)
    tell(report, settings, {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)})
    shown = {"terminal": capsys.readouterr().out}
    shown |= {path.name: path.read_text() for path in Path.cwd().iterdir()}
    assert len(shown) == 1 + len(paths) + 2
    assert report.open_findings
    for name, text in shown.items():
        assert "5ecret" not in text, name


def test_two_processes_tell_the_same() -> None:
    told = [_told(Path.cwd() / f"{number}.json") for number in range(2)]
    assert told[0] == told[1]


def _told(file: Path) -> Json:
    words = ["check", "--quiet", "--suite", "fuzz", "--suite", "examples", "--quick", "--json"]
    only = ["--only", "POST /v2/event-types/{eventTypeId}/private-links/"]
    har = file.with_suffix(".har")
    command = [sys.executable, "-m", "contracts", *words, str(file), "--har", str(har), *only]
    subprocess.run(command, env=ENVIRON, cwd=ROOT, capture_output=True, timeout=120)
    entries = json.loads(har.read_text())["log"]["entries"]
    sent = [(one["request"]["method"], one["request"]["url"]) for one in entries]
    report = timeless(json.loads(file.read_text()))
    report["run"]["settings"] = {}
    return [report, sent]
