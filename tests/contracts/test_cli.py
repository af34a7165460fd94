"""The commands as people type them: what they say, and how they end."""

import signal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contracts.cli import main
from tests.contracts.built_once import build_once
from tests.contracts.http_servers import free_port, said, serving

FEW = ("--suite", "auth", "--only", "GET /v2/me/", "--quiet")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    build_once(monkeypatch)


def run(*words: str, **environ: str) -> Result:
    result = CliRunner().invoke(main, words, env=environ)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def told(result: Result) -> str:
    """What stands on standard error, which is one sentence of the program."""
    [line] = result.stderr.splitlines()
    return line.removeprefix("contracts: ")


def test_a_clean_run_ends_with_0_and_says_so_first() -> None:
    result = run("check", *FEW)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "clean"


def test_findings_end_with_1() -> None:
    result = run("check", *FEW, "--min-coverage", "100")
    assert result.exit_code == 1
    assert result.stdout.startswith("1 finding\n")


def test_a_run_that_is_cut_short_ends_with_3() -> None:
    result = run("check", *FEW, "--budget", "1")
    assert result.exit_code == 3
    assert result.stdout.startswith("incomplete: the budget of 1 requests is spent")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--sed", "3"), "did you mean one of: '--seed'"),
        (("foo",), "must be `stub`, or a URL"),
        (("--suite", "exampels"), "did you mean 'examples'?"),
        (("--as", "owner"), "must look like NAME=VALUE"),
        (("--as", "owner=NOT_SET"), "the environment has no NOT_SET"),
        (("--min-coverage", "101"), "a percentage from 0 to 100"),
        (("--min-coverage", "fo=3"), "there is no such measure"),
        (("--baseline", "nowhere.yaml"), "nowhere.yaml: no such file"),
        (("--baseline", "bad.yaml"), "bad.yaml: line 2, column 1: not YAML"),
        (("--spec", "nowhere.yaml"), "nowhere.yaml: no such file"),
        (("--spec", "bad.yaml"), "bad.yaml: line 2, column 1: not YAML"),
        (("--spec", "empty.yaml"), "empty.yaml: an OpenAPI document is an object"),
        (("--spec", "new.yaml"), "only OpenAPI 3.0 is read (got '3.1.0')"),
        (("--deny", "GET /nothing"), "--deny: the document has no such operation"),
        (("--html", "."), "the report cannot be written: it is a folder"),
        (("--json", "bad.yaml/x"), "the report cannot be written"),
        (("--quirk", "nothing"), "unknown quirk"),
        (("--only", "GET /v2/mee/x"), "no case has this in its id"),
        (("https://me:word@api.test",), "must not hold a password"),
    ],
)
def test_wrong_use_ends_with_2_and_one_sentence(words: tuple[str, ...], text: str) -> None:
    Path("bad.yaml").write_text("a: [\n")
    Path("empty.yaml").write_text("")
    Path("new.yaml").write_text('openapi: 3.1.0\ninfo: {title: x, version: "1"}\npaths: {}\n')
    before = sorted(Path.cwd().iterdir())
    result = run("check", *words)
    assert result.exit_code == 2
    assert text.lower() in told(result).lower()
    assert sorted(Path.cwd().iterdir()) == before


@pytest.mark.parametrize("command", ["check", "plan"])
def test_a_key_on_the_command_line_is_not_repeated(command: str) -> None:
    result = run(command, "--as", "owner=cal_live_5ecret")
    assert result.exit_code == 2
    assert "5ecret" not in result.output


def test_an_unreachable_target_ends_with_3_and_one_sentence() -> None:
    result = run("check", f"http://127.0.0.1:{free_port()}", "--allow-writes")
    assert result.exit_code == 3
    assert "connection refused" in told(result)
    assert not list(Path.cwd().iterdir())


def test_a_target_that_is_no_api_ends_with_3_and_one_sentence() -> None:
    with serving(said(200, b"<html>", kind="text/html")) as server:
        result = run("check", server.url, "--html", "report.html")
    assert result.exit_code == 3
    assert "web page" in told(result)
    assert not Path("report.html").exists()


def test_a_plain_server_behind_https_ends_with_3_and_one_sentence() -> None:
    with serving(said(400)) as server:
        result = run("check", server.url.replace("http", "https"))
    assert result.exit_code == 3
    assert "does it speak https?" in told(result)


def test_sigterm_is_itself_again_after_a_run() -> None:
    before = signal.getsignal(signal.SIGTERM)
    run("check", *FEW)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_plan_tells_that_nothing_was_sent() -> None:
    result = run("plan", "https://api.test", "--suite", "auth", "--only", "GET /v2/me/")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "Nothing was sent to https://api.test."


@pytest.mark.parametrize(("content", "text"), [(None, "cannot be read"), ("x", "is no ledger")])
def test_cleaning_up_after_something_else_is_wrong_use(content: str | None, text: str) -> None:
    if content is not None:
        Path("ledger.jsonl").write_text(content)
    result = run("clean", "ledger.jsonl")
    assert result.exit_code == 2
    assert text in told(result)
