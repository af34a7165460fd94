"""Worlds on their way: from a fresh mock, a database or a running mock into files, and back."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mockserver import commands
from mockserver.cli import main
from mockserver.setting_table import SettingTable
from mockserver.settings import SETTINGS
from mockserver.store import open_store
from mockserver.store.sql import SqlStore
from tests.end_to_end.crowds import ask, serving

DATA = Path(__file__).parents[1] / "data"
LIBRARY = ("--spec", DATA / "library.yaml", "--fixtures", DATA / "library-fixtures.yaml")
FROZEN = {"freeze": "2030-01-01T08:00:00+00:00"}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table: SettingTable[Any] = SETTINGS
    for row in table.rows:
        monkeypatch.delenv(row.environment, raising=False)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["state", *map(str, words)], prog_name="mockserver")


def exported(*words: str | Path) -> Any:
    return json.loads(run("export", *words).stdout)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    words = ("--spec", str(DATA / "library.yaml"))
    with serving(*words, "--fixtures", str(DATA / "library-fixtures.yaml")) as mock:
        yield mock.port


def test_a_world_goes_into_a_database_and_comes_back(tmp_path: Path) -> None:
    assert run("export", tmp_path / "a.json", *LIBRARY).exit_code == 0
    world = json.loads((tmp_path / "a.json").read_text())
    done = run("import", "a.json", "--store", "sqlite:///a.db", *LIBRARY[:2])
    assert done.stdout.startswith("now there: ")
    assert exported("--store", "sqlite:///a.db") == world


def test_a_file_is_written_as_it_is_named(tmp_path: Path) -> None:
    run("export", "a.yaml", *LIBRARY)
    assert (tmp_path / "a.yaml").read_text().startswith("collections:\n")
    run("export", "b.yaml", "--format", "json", *LIBRARY)
    assert json.loads((tmp_path / "b.yaml").read_text())["collections"]


def test_a_moved_clock_goes_with_its_world(tmp_path: Path, port: int) -> None:
    url = f"http://127.0.0.1:{port}"
    ask(port, "PUT", "/__admin/clock", {"freeze": "2030-01-01T08:00:00Z"})
    world = exported("--url", url)
    assert world["x-clock"] == {"freeze": "2030-01-01T08:00:00.000Z"}
    (tmp_path / "a.json").write_text(json.dumps(world))
    assert run("check", "a.json", *LIBRARY[:2]).stdout.startswith("fits: ")
    run("import", "a.json", "--store", "sqlite:///a.db", *LIBRARY[:2])
    assert exported("--store", "sqlite:///a.db")["x-clock"] == FROZEN
    ask(port, "DELETE", "/__admin/clock")
    assert run("import", "a.json", "--url", url).exit_code == 0
    assert ask(port, "GET", "/__admin/clock")[1]["now"] == "2030-01-01T08:00:00.000Z"
    ask(port, "DELETE", "/__admin/clock")


@pytest.mark.parametrize("clock", [5, {}, {"freeze": 5}, {"freeze": "soon"}, {"advance": 1e300}])
def test_a_clock_that_is_none_is_refused_and_changes_nothing(tmp_path: Path, clock: Any) -> None:
    open_store(f"sqlite:///{tmp_path}/a.db").load({"collections": {"books": {}}})
    (tmp_path / "a.json").write_text(json.dumps({"collections": {}, "x-clock": clock}))
    done = run("import", "a.json", "--store", "sqlite:///a.db", *LIBRARY[:2])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("mockserver: a.json: /x-clock: ")
    assert exported("--store", "sqlite:///a.db") == {"collections": {}, "sequences": {}}


@pytest.mark.parametrize("clock", [5, {}, {"freeze": "2030-01-01"}, {"advance": True}])
def test_a_clock_that_a_mock_would_refuse_leaves_its_world_as_it_was(
    tmp_path: Path, port: int, clock: Any
) -> None:
    url = f"http://127.0.0.1:{port}"
    before = exported("--url", url)
    (tmp_path / "a.json").write_text(json.dumps({"collections": {}, "x-clock": clock}))
    done = run("import", "a.json", "--url", url)
    assert (done.exit_code, done.stderr[:29]) == (2, "mockserver: a.json: /x-clock:")
    assert exported("--url", url) == before


def test_a_clock_may_be_told_as_the_admin_api_takes_it(tmp_path: Path, port: int) -> None:
    (tmp_path / "a.json").write_text('{"collections": {}, "x-clock": {"advance": "PT1H"}}')
    run("import", "a.json", "--store", "sqlite:///a.db", *LIBRARY[:2])
    assert exported("--store", "sqlite:///a.db")["x-clock"] == {"advance": 3600.0}


def test_world_and_clock_are_replaced_both_or_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world: Any = {"collections": {}, "sequences": {}}
    (tmp_path / "a.json").write_text(json.dumps({**world, "x-clock": FROZEN}))
    import_it = ("import", "a.json", "--store", "sqlite:///a.db", *LIBRARY[:2])
    (tmp_path / "b.json").write_text(json.dumps(world))
    run("import", "b.json", *import_it[2:])

    def interrupted(store: SqlStore, state: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(SqlStore, "load", interrupted)
        assert run(*import_it).exit_code == 130
    assert exported("--store", "sqlite:///a.db") == world


def test_a_file_that_cannot_be_written_wholly_is_what_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.json").write_text("before")
    write = Path.write_text

    def half(path: Path, text: str, encoding: str) -> int:
        write(path, text[:100], encoding)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", half)
    done = run("export", "a.json", *LIBRARY)
    assert (done.exit_code, done.stderr) == (2, "mockserver: a.json: No space left on device\n")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("a.json", "before")]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_where_nothing_can_be_printed_that_is_told_in_one_line() -> None:
    command = [sys.executable, "-m", "mockserver", "spec", "--spec", str(DATA / "library.yaml")]
    root = {**os.environ, "PYTHONPATH": str(DATA.parents[1])}
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=root, check=False)
    told = b"mockserver: stdout: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, told)


def test_a_world_that_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    world = exported(*LIBRARY)
    (tmp_path / "good.json").write_text(json.dumps(world))
    run("import", "good.json", "--store", "sqlite:///a.db", *LIBRARY[:2])
    (tmp_path / "bad.json").write_text('{"collections": {"boks": {}}}')
    done = run("import", "bad.json", "--store", "sqlite:///a.db", *LIBRARY[:2])
    assert "bad.json: /collections/boks: unknown collection" in done.stderr
    assert "did you mean 'books'" in done.stderr
    assert exported("--store", "sqlite:///a.db") == world


def test_a_world_that_does_not_fit_makes_no_database(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"collections": {"boks": {}}}')
    assert run("import", "bad.json", "--store", "sqlite:///a.db", *LIBRARY[:2]).exit_code == 2
    assert not (tmp_path / "a.db").exists()


@pytest.mark.parametrize("words", [["state", "check", "a.yaml"], ["routes"], ["spec"]])
def test_who_only_looks_needs_no_database_and_makes_none(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "a.yaml").write_bytes((DATA / "library-fixtures.yaml").read_bytes())
    settings = {"spec": str(DATA / "library.yaml"), "store": "sqlite:///a.db", "workers": 2}
    (tmp_path / "understudy.yaml").write_text(json.dumps(settings))
    assert CliRunner().invoke(main, words).exit_code == 0
    assert not (tmp_path / "a.db").exists()


def test_a_database_without_a_world_is_not_made_by_an_export(tmp_path: Path) -> None:
    done = run("export", "--store", "sqlite:///a.db")
    assert done.exit_code == 2
    assert "a.db is not there" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_two_places_are_one_too_many() -> None:
    done = run("export", "--url", "http://127.0.0.1:1", "--store", "sqlite:///a.db")
    assert (done.exit_code, "name one of them" in done.stderr) == (2, True)


def test_progress_is_told_only_where_it_takes_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = commands.Progress("fixtures")
    for now, done in ((0.0, 1000), (0.5, 2000), (1.5, 3000), (1.6, 4000), (1.7, 5000)):
        monkeypatch.setattr("time.monotonic", lambda now=now: now)
        progress(done, 5000)
    assert capsys.readouterr().err.splitlines() == [
        "fixtures: 3000 of 5000 documents checked",
        "fixtures: 5000 of 5000 documents checked",
    ]
