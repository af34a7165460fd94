"""The command line, without a server: what is printed, what is refused, and how."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockserver.cli import main
from mockserver.command_line import aligned
from mockserver.openapi import read_yaml
from mockserver.settings import SETTINGS

DATA = Path(__file__).parent.parent / "data"
LIBRARY = str(DATA / "library.yaml")
COMMANDS = (
    ["serve"],
    ["routes"],
    ["spec"],
    ["state"],
    ["state", "export"],
    ["state", "check"],
    ["state", "import"],
    ["state", "reset"],
)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No config file, and no settings in the environment."""
    monkeypatch.chdir(tmp_path)
    for row in SETTINGS.rows:
        monkeypatch.delenv(row.environment, raising=False)
    monkeypatch.delenv("PORT", raising=False)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], prog_name="mockserver")


def refused(*words: str | Path) -> str:
    """What is written to stderr by a command that must end with 2 and say nothing else."""
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


def test_the_routes_of_the_bundled_document_are_the_golden_ones() -> None:
    """Renew with: mockserver routes > tests/data/routes.txt."""
    assert run("routes").stdout == (DATA / "routes.txt").read_text("utf-8")


def test_routes_can_be_json() -> None:
    rows = json.loads(run("routes", "--spec", LIBRARY, "--json").stdout)
    assert rows[0].keys() == {"method", "path", "operationId", "answeredBy", "fidelity"}
    assert {"GET", "POST"} <= {row["method"] for row in rows}


def test_columns_begin_below_each_other_and_lines_end_without_spaces() -> None:
    assert aligned([("a", "long", "b"), ("long", "a", "")]) == "a     long  b\nlong  a"


@pytest.mark.parametrize(
    ("flags", "title"),
    [(["--published"], "Library"), (["--effective"], "Lending"), ([], "Lending")],
    ids=["published", "effective", "default"],
)
def test_overlays_are_in_the_effective_document_only(
    tmp_path: Path, flags: Sequence[str], title: str
) -> None:
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: t, version: '1'}\n"
        "actions: [{target: $.info, update: {title: Lending}}]\n"
    )
    result = run("spec", "--spec", LIBRARY, "--overlay", overlay, *flags)
    printed = tmp_path / "printed.yaml"
    printed.write_text(result.stdout)
    assert read_yaml(printed)["info"]["title"] == title


def test_the_document_can_be_json() -> None:
    printed = json.loads(run("spec", "--spec", LIBRARY, "--format", "json").stdout)
    assert printed["info"]["title"] == "Library"


def test_a_quirk_changes_the_effective_document() -> None:
    documented, observed = (run("spec", *words).stdout for words in ((), ("--profile", "observed")))
    assert documented
    assert documented != observed


def test_state_export_prints_the_fixtures() -> None:
    world = json.loads(run("state", "export").stdout)
    assert {"1", "101"} <= world["collections"]["users"].keys()


def test_what_is_exported_passes_the_check(tmp_path: Path) -> None:
    for form in ("json", "yaml"):
        file = tmp_path / f"world.{form}"
        file.write_text(run("state", "export", "--format", form).stdout)
        result = run("state", "check", file)
        assert result.exit_code == 0, result.stderr
        assert result.stdout.startswith("fits: ")


def test_a_fixture_file_that_does_not_fit_is_refused_with_its_place(tmp_path: Path) -> None:
    world = tmp_path / "world.yaml"
    world.write_text("collections: {userz: {'1': {}}}")
    told = refused("state", "check", world)
    assert told == (
        f"mockserver: {world}: /collections/userz: unknown collection (got 'userz'); "
        "did you mean 'users'?\n"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["serve", "--port", "x"], "mockserver: --port: must be a whole number from 0 to 65535"),
        (["serve", "--profile", "obsreved"], "did you mean 'observed'?"),
        (["serve", "--quirk", "event-type-empty-limit"], "did you mean 'event-type-empty-limits'?"),
        (["serve", "--port", "0", "--spec", "nowhere.yaml"], "mockserver: nowhere.yaml: no such"),
        (["serve", "--port", "0", "--store", "redis:"], "mockserver: --store: no store of"),
        (["serve", "--host", "nowhere.invalid"], "mockserver: --host: no such address"),
        (["serve", "--config", "nowhere.toml"], "mockserver: nowhere.toml: No such file"),
        (["state", "import", "nowhere.json"], "mockserver: nowhere.json: no such file"),
        (["state", "reset", "--url", "http://127.0.0.1:1"], "mockserver: --url: no mock answers"),
        (["state", "reset", "--url", "nonsense"], "mockserver: --url: no mock answers there"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(words: Sequence[str], told: str) -> None:
    message = refused(*words)
    assert told in message
    assert message.count("\n") == 1


def test_the_environment_and_the_config_file_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "understudy.toml").write_text(f"spec = '{LIBRARY}'\n")
    assert "/v1/authors" in run("routes").stdout
    monkeypatch.setenv("UNDERSTUDY_PROFIL", "observed")
    assert "did you mean 'UNDERSTUDY_PROFILE'?" in refused("routes")


def test_an_unknown_option_offers_the_nearest() -> None:
    assert "--port" in refused("serve", "--prot", "1")


def test_every_setting_is_an_option_of_serve() -> None:
    offered = run("serve", "--help").stdout
    assert [row.flag for row in SETTINGS.rows if row.flag not in offered] == []


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_help_of_every_command_has_examples(words: Sequence[str]) -> None:
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert f"mockserver {' '.join(words)}" in result.stdout.partition("Examples:")[2]


def test_the_version_is_told() -> None:
    from mockserver import __version__  # lazily, as users get it

    assert run("--version").stdout == f"mockserver, version {__version__}\n"


def test_help_loads_neither_the_mock_nor_the_server() -> None:
    program = (
        "import sys; import mockserver.cli\n"
        "slow = {'mockserver.app', 'connexion', 'uvicorn', 'httpx2', 'yaml', 'watchfiles'}\n"
        "print(sorted(slow & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert answer.stdout.decode().strip() == "[]"


def test_the_package_itself_is_light_and_lists_what_it_has() -> None:
    program = (
        "import sys, mockserver; print(*[m for m in sys.modules if m.startswith('mockserver.')])\n"
        "print(mockserver.Settings().port, mockserver.create_app.__name__, mockserver.__all__)"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    loaded, names = answer.stdout.decode().splitlines()
    assert loaded == ""
    assert names == "4010 create_app ['Settings', '__version__', 'create_app']"


def test_an_overlay_for_the_bundled_document_comes_on_top_of_its_own(tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: t, version: '1'}\n"
        "actions: [{target: $.components.schemas.ApiError, update: {description: Ours}}]\n"
    )
    printed = json.loads(run("spec", "--overlay", overlay, "--format", "json").stdout)
    assert printed["components"]["schemas"]["ApiError"]["description"] == "Ours"
    assert printed["x-understudy"]["domain"] == "calcom"


@pytest.mark.parametrize(
    "words",
    [
        ("serve", "--prot", "1"),
        ("serve", "extra"),
        ("nope",),
        ("state", "check"),
        ("spec", "--published", "--quirk", "event-type-update-drops-links"),
    ],
)
def test_wrong_words_are_told_in_one_line(words: Sequence[str]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert result.stderr.startswith("mockserver: ")
    assert result.stderr.count("\n") == 1


def test_the_product_can_be_imported_where_warnings_are_errors() -> None:
    code = "from mockserver import create_app; create_app"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
