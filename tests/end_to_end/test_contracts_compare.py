"""`contracts compare` and `contracts record` as people type them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contracts.cli import main
from mockserver.openapi import load_quirks
from tests.end_to_end.servers import Running, serving

FIXTURES = Path(__file__).parents[2] / "spec" / "fixtures"
KEY = "cal_test_demo"
FAULT = "wrong-success-code:EventTypesPrivateLinksController_2024_09_04_createPrivateLink"


@pytest.fixture(scope="module")
def faulty() -> Iterator[Running]:
    """A server whose private links are created with 200, of the same kind as the stub else."""
    with serving("--fault", FAULT) as running:
        yield running


@pytest.fixture
def contracts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEMO_KEY", KEY)
    return CliRunner()


def run(contracts: CliRunner, *words: str) -> Result:
    result = contracts.invoke(main, [*words, "--quiet"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def test_a_server_is_compared_with_the_stub_and_left_clean(
    contracts: CliRunner, faulty: Running, tmp_path: Path
) -> None:
    keys = ("--as", "right.owner=DEMO_KEY", "--path", "right.orgId=101,right.teamId=102")
    files = ("--json", "twin.json", "--adopt", "proposed.yaml")
    words = ("compare", "stub", faulty.base_url, *keys, *files, "--allow-writes")
    result = run(contracts, *words, "--steps", "40", "--no-explain")
    assert result.exit_code == 1, result.output
    report = json.loads((tmp_path / "twin.json").read_text())
    assert (report["format"], report["steps"]) == ("understudy-twin/1", 40)
    divergences = report["differences"]
    found = {(one["kind"], one["place"], one["left"], one["right"]) for one in divergences}
    assert found == {("status", "", "201", "200")}, divergences
    assert report["leftBehind"] == []
    assert len(load_quirks(tmp_path / "proposed.yaml").by_name) == 1
    assert KEY not in (tmp_path / "twin.json").read_text() + result.output
    assert sorted(file.name for file in tmp_path.iterdir()) == ["proposed.yaml", "twin.json"]


def test_a_server_is_only_read_from_unless_told_otherwise(
    contracts: CliRunner, faulty: Running, tmp_path: Path
) -> None:
    keys = ("--as", "owner=DEMO_KEY", "--path", "orgId=101,teamId=102")
    result = run(contracts, "record", faulty.base_url, "read.jsonl", *keys, "--steps", "12")
    assert result.exit_code == 0, result.output
    lines = (tmp_path / "read.jsonl").read_text()
    assert {json.loads(line)["request"]["method"] for line in lines.splitlines()} == {"GET"}
    assert "Bearer <key:owner>" in lines
    assert KEY not in lines


def test_a_recording_agrees_with_an_equal_target(contracts: CliRunner, tmp_path: Path) -> None:
    result = run(contracts, "record", "stub", "stub.jsonl", "--steps", "130")
    assert result.exit_code == 0, result.output
    worlds = [word for name in ("world", "showcase") for word in world(name)]
    again = ("replay", "stub.jsonl", "stub", "--profile", "documented", *worlds, "--no-explain")
    replayed = run(contracts, *again)
    assert replayed.exit_code == 0, replayed.output
    assert "130 of 130 exchanges agree wholly" in replayed.output
    refused = run(contracts, "record", "stub", "stub.jsonl")
    assert refused.exit_code == 2
    assert "--force" in refused.stderr


def world(name: str) -> tuple[str, str]:
    return "--world", str(FIXTURES / f"{name}.yaml")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("compare", "stub"), "RIGHT"),
        (("compare", "stub", "stub:strange"), "strange"),
        (("compare", "stub", "http://127.0.0.1:9", "--as", "owner=NO_SUCH_KEY"), "NO_SUCH_KEY"),
        (("compare", "stub", "stub", "--steps", "0"), "--steps"),
        (("record", "nothing", "out.jsonl"), "nothing"),
    ],
)
def test_wrong_use_is_told_in_a_line(
    contracts: CliRunner, words: tuple[str, ...], told: str
) -> None:
    result = run(contracts, *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_server_that_is_not_there_ends_the_run(contracts: CliRunner) -> None:
    result = run(contracts, "compare", "stub", "http://127.0.0.1:9", "--as", "owner=DEMO_KEY")
    assert result.exit_code == 3
    assert "127.0.0.1:9" in result.stderr
