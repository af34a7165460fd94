"""Watching files: which ones count, and what is said of a reload."""

import asyncio
from pathlib import Path

import pytest

from mockserver.errors import SetupError
from mockserver.watch import is_watched, reload, watch
from mockserver.web.control import Route


class Mock:
    """A mock whose next reload is told beforehand."""

    def __init__(self, *paths: Path) -> None:
        self.paths = list(paths)
        self.paths_served = ["/a"]
        self.next_paths = ["/a"]
        self.dropped: list[str] = []
        self.error: Exception | None = None
        self.reloads = 0

    def watched_paths(self) -> list[Path]:
        return self.paths

    def routes(self) -> list[Route]:
        return [Route("GET", path, path, "crud") for path in self.paths_served]

    def reload(self) -> list[str]:
        self.reloads += 1
        if self.error is not None:
            raise self.error
        self.paths_served = self.next_paths
        return self.dropped


class Said:
    """What was said and complained."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.complaints: list[str] = []


@pytest.fixture
def said() -> Said:
    return Said()


def reloaded(mock: Mock, said: Said) -> None:
    reload(mock, ["a.yaml", "b.yaml"], said.lines.append, said.complaints.append)


def test_a_reload_says_which_files_changed(said: Said) -> None:
    reloaded(Mock(), said)
    assert said.lines == ["a.yaml, b.yaml changed: now serving the new version"]
    assert said.complaints == []


def test_a_reload_says_which_operations_came_and_went(said: Said) -> None:
    mock = Mock()
    mock.next_paths = ["/b"]
    reloaded(mock, said)
    assert said.lines[1:] == ["  new operation GET /b", "  no longer there: GET /a"]


def test_a_reload_says_what_it_dropped(said: Said) -> None:
    mock = Mock()
    mock.dropped = ["/collections/books/1: must be text"]
    reloaded(mock, said)
    assert said.lines[1:] == ["  dropped /collections/books/1: must be text"]


def test_broken_files_are_complained_about_in_one_line(said: Said) -> None:
    mock = Mock()
    mock.error = SetupError("not YAML:\n  at once", file="a.yaml", place="line 3")
    reloaded(mock, said)
    assert said.lines == []
    assert said.complaints == [
        "a.yaml, b.yaml changed, but a.yaml: line 3: not YAML: at once; "
        "still serving what was there before"
    ]


def test_a_bug_in_a_reload_is_logged_and_does_not_end_the_watching(
    said: Said, caplog: pytest.LogCaptureFixture
) -> None:
    mock = Mock()
    mock.error = ZeroDivisionError()
    reloaded(mock, said)
    assert "a bug while reading a.yaml, b.yaml anew" in caplog.text


def test_only_the_files_of_the_mock_count(tmp_path: Path) -> None:
    mine = tmp_path / "openapi.yaml"
    assert is_watched(mine, [mine])
    assert not is_watched(tmp_path / "openapi.yaml.swp", [mine])


def test_a_path_with_detours_is_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert is_watched(tmp_path.resolve() / "a.yaml", [tmp_path / "in" / ".." / "a.yaml"])


def test_a_link_counts_by_its_own_name_and_by_what_it_points_to(tmp_path: Path) -> None:
    target, link = tmp_path.resolve() / "target.yaml", tmp_path.resolve() / "link.yaml"
    target.touch()
    link.symlink_to(target)
    assert is_watched(link, [link])
    assert is_watched(target, [link])


def test_new_overlays_count_and_other_new_files_do_not(tmp_path: Path) -> None:
    folder = tmp_path.resolve()
    assert is_watched(folder / "50-new.yaml", [], folder)
    assert not is_watched(folder / "notes.md", [], folder)
    assert not is_watched(folder / "deeper" / "50-new.yaml", [], folder)


def test_a_changed_file_is_read_anew_and_its_neighbours_are_not(tmp_path: Path, said: Said) -> None:
    file = tmp_path / "openapi.yaml"
    file.touch()
    mock = Mock(file)

    async def change() -> None:
        watching = asyncio.create_task(watch(mock, said.lines.append, said.complaints.append))
        for _ in range(100):
            (tmp_path / "other.yaml").write_text("a")
            file.write_text("a")
            await asyncio.sleep(0.1)
            if said.lines:
                break
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(change())
    assert mock.reloads >= 1
    assert set(said.lines) == {"openapi.yaml changed: now serving the new version"}
