"""The command: what it takes, and what it says when that is wrong."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contracts.prove.command import prove
from contracts.prove.settings import ProveSettings, shown
from contracts.settings import Settings
from mockserver.command_line import Commands


def run(*arguments: str) -> Result:
    program = Commands("contracts")
    program.add_command(prove)
    return CliRunner().invoke(program, ["prove", *arguments])


def test_the_help_tells_the_exit_codes() -> None:
    told = run("--help").output
    for line in ("0  every deviation was found", "1  deviations survived", "3  incomplete"):
        assert line in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--kind", "fault"], "is not one of 'faults', 'quirks', 'all'"),
        (["--limit", "0"], "0.0 is not in the range 0<x<=3600"),
        (["--workers", "0"], "0 is not in the range 1<=x<=256"),
        (["--examples", "0"], "must be a whole number from 1"),
        (["--json", "."], "it is a folder"),
    ],
)
def test_wrong_use_is_told_before_anything_starts(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_what_is_meant_for_other_targets_does_not_count() -> None:
    run = Settings(target="http://127.0.0.1:9", fault=("wrong-type",), quick=True, seed=7)
    assert ProveSettings(run=run).of_stub == Settings(seed=7)


def test_the_report_names_what_changes_the_proof() -> None:
    run = Settings(json=Path("x.json"), quiet=True, examples=3)
    settings = ProveSettings(run=run, names=("a*", "b"), is_full=True, limit_s=20.0)
    assert shown(settings) == {
        "--examples": "3",
        "names": "a*, b",
        "--limit": "20",
        "--full": "on",
    }
