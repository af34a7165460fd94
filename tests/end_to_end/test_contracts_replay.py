"""`contracts replay` as people use it: files, a target, exit codes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contracts.cli import main
from mockserver.openapi import bundled_spec_dir
from tests.contracts.parity.recordings import SMALL, lines_of, written
from tests.end_to_end.servers import serving

WORLD = bundled_spec_dir() / "fixtures" / "world.yaml"


def run(*words: str | Path, **environ: str) -> Result:
    return CliRunner().invoke(main, ["replay", *map(str, words)], env=environ)


def test_a_recording_that_agrees_ends_with_0(tmp_path: Path) -> None:
    told = tmp_path / "parity.json"
    result = run(SMALL, "--json", told)
    assert result.exit_code == 0, result.output
    assert "10 of 10 exchanges agree wholly with stub in process" in result.stdout
    assert json.loads(told.read_text())["total"]["agreeWholly"] == 10


def test_a_difference_ends_with_1_unless_it_is_accepted(tmp_path: Path) -> None:
    [line] = [line for line in lines_of(SMALL) if line["name"] == "me"]
    line["response"]["body"]["data"]["colour"] = "red"
    changed = written(tmp_path / "changed.jsonl", [line])
    result = run(changed, "stub", "--no-explain")
    assert result.exit_code == 1
    assert "shape at /data/colour: 1 exchange (1)" in result.stdout
    accepted = tmp_path / "accepted.yaml"
    accepted.write_text("[{reason: we paint no more, seqs: [1]}]")
    result = run(changed, "--except", accepted)
    assert result.exit_code == 0
    assert "we paint no more" in result.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["stub"], "a file with a recording is missing"),
        (["none.jsonl"], "cannot be read"),
        ([SMALL, "--let", "et"], "NAME=VALUE"),
        ([SMALL, "--let", "es=3"], "did you mean 'et'"),
        ([SMALL, "--quirk", "late"], "unknown quirk"),
        ([SMALL, "--world", "none.yaml"], "no such file"),
    ],
)
def test_wrong_use_ends_with_2_and_one_line(words: list[str | Path], told: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_target_that_is_not_there_ends_with_3() -> None:
    result = run(SMALL, "http://127.0.0.1:9")
    assert result.exit_code == 3
    assert len(result.stderr.splitlines()) == 1


def test_a_url_is_only_read_from_unless_it_may_be_written_to(tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    keys = {"ALICE": "cal_test_alice", "BOB": "cal_test_bob"}
    actors = ("--as", "alice=ALICE", "--as", "bob=BOB")
    with serving("--profile", "observed", "--fixtures", str(WORLD)) as running:
        read = run(SMALL, running.base_url, *actors, **keys)
        assert "1 of 10 exchanges agree wholly" in read.stdout, read.output
        assert "--allow-writes" in read.stdout
        assert "needs <<et>>, which exchange 2 did not give" in read.stdout
        writing = (SMALL, running.base_url, *actors, "--allow-writes", "--ledger")
        whole = run(*writing, first, **keys)
        assert whole.exit_code == 0, whole.output
        assert "10 of 10 exchanges agree wholly" in whole.stdout
        again = run(*writing, second, **keys)
        assert again.exit_code == 0, again.output  # nothing was left behind, the slug is free
    assert "cal_test" not in read.output + whole.output
