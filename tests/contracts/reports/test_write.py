import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from contracts.reports.write import paths_in, require_writable, tell, write, write_reports
from contracts.results import Report
from mockserver.errors import SetupError
from tests.contracts.reports.sample import clean_report


@dataclass
class Wanted:
    html: Path | None = None
    json: Path | None = None
    junit: Path | None = None
    har: Path | None = None
    quiet: bool = False


def test_every_kind_is_written_to_a_folder_that_is_made(report: Report, tmp_path: Path) -> None:
    written = write_reports(report, paths_in(tmp_path / "a" / "b"))
    assert [path.name for path in written] == [
        "report.html",
        "report.json",
        "junit.xml",
        "traffic.har",
    ]
    assert all(path.stat().st_size > 1000 for path in written)
    assert len(list((tmp_path / "a" / "b").iterdir())) == 4


def test_the_same_report_gives_the_same_bytes(report: Report, tmp_path: Path) -> None:
    one = [path.read_bytes() for path in write_reports(report, paths_in(tmp_path / "1"))]
    two = [path.read_bytes() for path in write_reports(report, paths_in(tmp_path / "2"))]
    assert one == two


def test_a_file_that_cannot_be_finished_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    write(path, "old")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SetupError, match="no space left on device"):
        write(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("place", ["folder", "file/report.json"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    path = tmp_path / place
    with pytest.raises(SetupError, match=str(path)):
        write(path, "x")
    with pytest.raises(SetupError, match="cannot be written"):
        require_writable({"json": path})


def test_an_unknown_kind_is_refused(report: Report, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="did you mean 'junit'"):
        write_reports(report, {"junitx": tmp_path / "x"})


def test_a_link_leads_on_to_its_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write(tmp_path / "link", "x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "x"


def test_a_device_is_written_to_and_not_replaced() -> None:
    write(Path(os.devnull), "x")
    assert not Path(os.devnull).is_file()


def test_the_terminal_hears_where_the_others_are(
    report: Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(report, Wanted(json=tmp_path / "report.json"), {})
    out = capsys.readouterr().out
    assert out.startswith("5 findings")
    assert str(tmp_path / "report.json") in out
    assert not re.search(r"^\s*::", out, re.MULTILINE)


def test_github_gets_annotations_and_a_summary(
    report: Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = tmp_path / "summary.md"
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    tell(report, Wanted(), environ)
    assert "\n::error title=variant-ambiguous" in capsys.readouterr().out
    assert summary.read_text("utf-8").startswith("## ❌ Contract")


def test_on_github_no_line_of_the_report_is_taken_for_a_command(
    report: Report, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(report, Wanted(), {"GITHUB_ACTIONS": "true"})
    commands, stop, shown = capsys.readouterr().out.partition("::stop-commands::")
    token, _, text = shown.partition("\n")
    assert stop
    assert "::error title=" in commands
    assert len(token) >= 32
    assert text.startswith("5 findings")
    assert text.endswith(f"\n::{token}::\n")


def test_the_report_is_printed_even_where_a_file_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SetupError):
        tell(replace(clean_report(), seed=3), Wanted(html=tmp_path), {})
    assert capsys.readouterr().out.startswith("clean\n")
